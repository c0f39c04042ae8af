using TraceReplay.Cli.Help;
using TraceReplay.Cli.Running;

namespace TraceReplay.Cli;

/// <summary>The program.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => arguments.Length == 0
        ? Welcome.Write()
        : CommandRun.Run(CommandTree.Create(), arguments);
}
