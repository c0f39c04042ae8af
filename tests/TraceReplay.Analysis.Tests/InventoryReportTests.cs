using TraceReplay.TestSupport;

namespace TraceReplay.Analysis.Tests;

/// <summary>A machine's inventory beside a log: in the report, from the files and from the database alike.</summary>
public sealed class InventoryReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tracereplay").FullName;

    private string Database => Path.Combine(_folder, "case.db");

    public InventoryReportTests()
    {
        Copy("sos_commands/kernel/dmesg", "dmesg.swiotlb_full_and_silent_nic.txt");
        Copy("sos_commands/scsi/lsscsi", "lsscsi.fc_list.txt");
        Copy("sos_commands/scsi/lsscsi_-H", "lsscsi.hosts_list.txt");
        Copy("etc/modprobe.d/lpfc.conf", "modprobe-options.lpfc.conf");
        Write("proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 lpfc.lpfc_lun_queue_depth=16\n");
        Write("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
        Write("sys/class/scsi_host/host3/can_queue", "4096\n");
        Write("sys/class/scsi_host/host3/sg_tablesize", "64\n");
    }

    private string Case => Path.Combine(_folder, "sosreport");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Hosts_paths_and_parameters_are_summed_up()
    {
        var report = AnalysisJob.Run(new AnalysisOptions { Inputs = [Case] }, CancellationToken.None);

        var inventory = report.Machine.Inventory!;
        Assert.Equal(20, inventory.LunPaths);
        Assert.Contains(inventory.Hosts, h => h is { LunPaths: 6, Facts: { Host: 3, Driver: "lpfc", SgTablesize: 64 } });
        Assert.Equal((1L, 32L), inventory.QueueDepth);
        Assert.Equal("16", inventory.Parameters.Single(p => p.Parameter == "lpfc_lun_queue_depth").Value);
    }

    [Fact]
    public void What_sources_do_not_agree_on_is_said_with_both_places()
    {
        var report = AnalysisJob.Run(new AnalysisOptions { Inputs = [Case] }, CancellationToken.None);

        var conflict = Assert.Single(report.Warnings, w => w.Code == "TR0320");
        Assert.Contains("can_queue", conflict.Message, StringComparison.Ordinal);
        Assert.Contains("8182", conflict.Message, StringComparison.Ordinal);
        Assert.Contains("4096", conflict.Message, StringComparison.Ordinal);
        Assert.Contains("host3/can_queue:1", conflict.Message, StringComparison.Ordinal);
        Assert.Contains(report.Warnings, w => w.Message.Contains("1 configuration files (etc/passwd)", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stored_case_has_the_same_inventory()
    {
        var direct = AnalysisJob.Run(new AnalysisOptions { Inputs = [Case] }, CancellationToken.None);
        IngestJob.Run([Case], new(), Database, null, CancellationToken.None);
        var stored = StoredJob.Run(Database, new AnalysisOptions { Inputs = [] });

        Assert.Equivalent(direct.Machine.Inventory, stored.Machine.Inventory);
        Assert.Equal(direct.Warnings.Select(w => w.Message), stored.Warnings.Select(w => w.Message), StringComparer.Ordinal);
    }

    [Fact]
    public void An_inventory_alone_is_no_case_and_plan_is_named()
    {
        Directory.Delete(Path.Combine(Case, "sos_commands/kernel"), recursive: true);
        var failure = Assert.Throws<AnalysisException>(() => AnalysisJob.Run(new AnalysisOptions { Inputs = [Case] }, CancellationToken.None));

        Assert.Contains("tracereplay plan", failure.Diagnostic.Hint, StringComparison.Ordinal);
    }

    private void Copy(string name, string fixture) =>
        Write(name, File.ReadAllText(Places.InCheckout("tests", "TraceReplay.Parsers.Tests", "fixtures", fixture)));

    private void Write(string name, string text)
    {
        var path = Path.Combine(Case, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
