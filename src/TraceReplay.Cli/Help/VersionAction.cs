using System.CommandLine;
using System.CommandLine.Invocation;
using TraceReplay.Cli.Output;

namespace TraceReplay.Cli.Help;

/// <summary><c>--version</c>.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionAction).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
        StandardStream.Out.Write($"tracereplay {version}\n");
        return ExitCode.Done;
    }
}
