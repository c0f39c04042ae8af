using System.CommandLine;
using System.CommandLine.Help;
using TraceReplay.Cli.Commands;
using TraceReplay.Cli.Help;

namespace TraceReplay.Cli;

/// <summary>All commands. A command is one file in Commands/ and one line here.</summary>
internal static class CommandTree
{
    /// <summary>What the program is, in one line.</summary>
    public const string Purpose = "Find out which device filled a DMA pool, from traces and kernel logs.";

    /// <summary>Builds the tree.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand(Purpose)
        {
            AnalyzeCommand.Create(),
            IngestCommand.Create(),
            ReplayCommand.Create(),
            DiagnoseCommand.CreateDiagnose(),
            DiagnoseCommand.CreateReport(),
            QueryCommand.Create(),
            ExportCommand.Create(),
            ServeCommand.Create(),
            PlanCommand.Create(),
            GenerateCommand.Create(),
            SimulateCommand.Create(),
            PoolsCommand.Create(),
            FormatsCommand.Create(),
            MessagesCommand.Create(),
            KnownIssuesCommand.Create(),
            CaptureScriptCommand.Create(),
            QueriesCommand.Create(),
            SchemaCommand.Create(),
        };
        foreach (var option in root.Options)
        {
            switch (option)
            {
                case HelpOption help:
                    help.Action = new HelpPageAction();
                    help.Description = "Show this help; with a command, the help of that command.";
                    break;
                case VersionOption version:
                    version.Action = new VersionAction();
                    version.Description = "Show the version.";
                    break;
            }
        }

        root.SetAction(_ => Welcome.Write());
        return root;
    }
}
