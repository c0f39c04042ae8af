using System.Diagnostics;

namespace TraceReplay.Store.Tests;

/// <summary>The test program as a process of its own that writes to a database until it is killed, or that
/// measures the bulk load.</summary>
internal static class ChildProcess
{
    public static int Main(string[] args)
    {
        if (args is ["bench", .. var rest])
        {
            return LoadBenchmark.Run(rest);
        }

        if (args is not ["write", var path, var wholeSources])
        {
            Console.Error.WriteLine("usage: write DATABASE WHOLE-SOURCES | bench [DATABASE [EVENTS]]");
            return 2;
        }

        using var database = TraceDatabase.Open(path, DatabaseAccess.Create);
        for (var i = 0; i < int.Parse(wholeSources); i++)
        {
            Samples.Store(database, $"whole{i}", seed: i, batches: 2);
        }

        using var writer = database.BeginSource(Samples.Info("endless"));
        writer.Write(Samples.AllFacts("endless")[0]);
        for (var i = 0; ; i++)
        {
            var batch = Samples.Batch(writer.Info.Names, seed: i);
            for (var repeat = 0; repeat < 20; repeat++)
            {
                writer.Write(batch);
            }

            Console.WriteLine(writer.Events);
        }
    }

    /// <summary>Starts this program; it has begun an endless source when it prints a number.</summary>
    public static Process Start(string path, int wholeSources)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ChildProcess).Assembly.Location, "write", path, wholeSources.ToString()])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        return Process.Start(start)!;
    }
}
