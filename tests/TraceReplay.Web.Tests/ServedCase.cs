using System.Text;
using TraceReplay.Analysis;
using TraceReplay.Report;
using TraceReplay.TestSupport;

namespace TraceReplay.Web.Tests;

/// <summary>The sample in which the reporter is innocent, diagnosed into a database and served for all tests.</summary>
public sealed class ServedCase : IAsyncLifetime, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tracereplay-web-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private Task _server = Task.CompletedTask;

    public string Address { get; private set; } = string.Empty;

    public string Database => Path.Combine(_folder, "case.db");

    public async Task InitializeAsync()
    {
        var hosts = Path.Combine(_folder, "scsi-hosts.txt");
        await File.WriteAllLinesAsync(hosts,
        [
            "/sys/class/scsi_host/host3/proc_name:lpfc", "/sys/class/scsi_host/host3/can_queue:8182", "/sys/class/scsi_host/host3/cmd_per_lun:3",
            "/sys/class/scsi_host/host3/lpfc_lun_queue_depth:30", "/sys/class/scsi_host/host3/sg_tablesize:64",
        ]);
        AnalysisJob.Run(new AnalysisOptions
        {
            Inputs = [Places.InCheckout("sample-logs", "06-greedy-vs-innocent", "input"), hosts], Database = Database, ReportJson = Json,
        }, CancellationToken.None);
        Address = await Serve(Database);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _server;
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Serves a database on a free port until the tests end.</summary>
    private async Task<string> Serve(string database)
    {
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _server = Task.Run(() => CaseServer.RunAsync(database, 0, address => ready.TrySetResult(address), _stop.Token));
        await Task.WhenAny(ready.Task, _server);
        return await ready.Task;
    }

    private static string Json(Diagnosis.AnalysisReport report)
    {
        using var stream = new MemoryStream();
        JsonReport.Write(report, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
