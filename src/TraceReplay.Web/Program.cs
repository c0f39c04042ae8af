using System.Globalization;
using TraceReplay.Store;
using TraceReplay.Web;

// Started by `tracereplay serve`, which holds this program's standard input open as long as it lives itself.
var database = Value("--db");
if (database is null || !int.TryParse(Value("--port") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > ushort.MaxValue)
{
    await Console.Error.WriteLineAsync("usage: TraceReplay.Web --db FILE [--port N]").ConfigureAwait(false);
    return 2;
}

try
{
    QueryRunner.Open(database).Dispose();
    using var stop = new CancellationTokenSource();
    var parent = Task.Run(() =>
    {
        while (Console.In.Read() >= 0)
        {
            // Nothing is said there; the end is what counts.
        }

        stop.Cancel();
    });
    await CaseServer.RunAsync(database, port, address => Console.Out.WriteLine(address), stop.Token).ConfigureAwait(false);
    return 0;
}
catch (StoreException failure)
{
    await Console.Error.WriteLineAsync($"error TR0906: {failure.Message}\n  hint: {failure.Hint}").ConfigureAwait(false);
    return 1;
}
catch (IOException failure)
{
    await Console.Error.WriteLineAsync($"error TR0907: {failure.Message}\n  hint: choose another port with --port, or leave it out for any free one").ConfigureAwait(false);
    return 1;
}

string? Value(string name)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
