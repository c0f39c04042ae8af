using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Running;
using TraceReplay.Store;

namespace TraceReplay.Cli.Commands;

/// <summary><c>serve</c>: the findings as live pages on this machine. The web framework is loaded by a program of its own, so that no other
/// command has to start with it.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var database = SharedOptions.Database();
        var port = new Option<int?>("--port") { HelpName = "N", Description = "Port on 127.0.0.1; any that is free if not given." };
        var command = new Command("serve", "Show a database as pages on 127.0.0.1: incidents, use over time, holders at any moment, failures, SQL.") { database, port };
        HelpPage.SetExamples(command, "tracereplay serve --db case.db", "tracereplay serve --db case.db --port 8080");
        command.SetAction(parsed => Job.Run(stop => Serve(parsed.GetRequiredValue(database), parsed.GetValue(port), stop)));
        return command;
    }

    private static int Serve(string database, int? port, CancellationToken stop)
    {
        if (port is < 0 or > ushort.MaxValue)
        {
            throw new UsageException($"--port {port} is not a port", "ports are 1 to 65535");
        }

        // What is wrong with the database is told here, in the words of every other command.
        QueryRunner.Open(database).Dispose();
        var program = Path.Combine(AppContext.BaseDirectory, "web", "TraceReplay.Web");
        if (!File.Exists(program))
        {
            throw new UsageException($"{program} is missing", "build the whole program: dotnet build -c Release src/TraceReplay.Cli");
        }

        var start = new ProcessStartInfo(program, ["--db", Path.GetFullPath(database), "--port", (port ?? 0).ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false, RedirectStandardInput = true,
        };
        using var server = Process.Start(start)!;
        using var registration = stop.Register(server.StandardInput.Close);
        server.WaitForExit();
        return stop.IsCancellationRequested ? ExitCode.Interrupted : server.ExitCode;
    }
}
