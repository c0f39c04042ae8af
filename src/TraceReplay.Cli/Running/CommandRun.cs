using System.CommandLine;
using System.CommandLine.Parsing;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;

namespace TraceReplay.Cli.Running;

/// <summary>Parses the command line, tells what is wrong with it, or runs the command.</summary>
internal static class CommandRun
{
    private static readonly ParserConfiguration Configuration = new()
    {
        // @NAME is a saved query, never a file of arguments.
        ResponseFileTokenReplacer = null,
        EnablePosixBundling = false,
    };

    public static int Run(RootCommand root, string[] arguments)
    {
        var parsed = root.Parse(arguments, Configuration);
        if (parsed.Errors.Count > 0 && parsed.Action is not (HelpPageAction or VersionAction))
        {
            return WriteUsageErrors(root, parsed);
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
        });
    }

    private static int WriteUsageErrors(RootCommand root, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var name = command == root ? HelpPage.ProgramName : $"{HelpPage.ProgramName} {command.Name}";
        foreach (var message in parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal).Take(parsed.UnmatchedTokens.Count > 0 ? 1 : 4))
        {
            ErrorText.Write("TR0901", message, string.Empty, Hint(parsed, message));
        }

        ErrorText.WriteLine($"try: {name} --help");
        return ExitCode.Usage;
    }

    private static string Hint(ParseResult parsed, string message)
    {
        var unknown = parsed.UnmatchedTokens.FirstOrDefault(token => message.Contains($"'{token}'", StringComparison.Ordinal));
        return unknown is null ? string.Empty : NearestWord.Hint(unknown, Names(parsed.CommandResult));
    }

    private static IEnumerable<string> Names(CommandResult result)
    {
        for (SymbolResult? at = result; at is not null; at = at.Parent)
        {
            if (at is not CommandResult { Command: var command })
            {
                continue;
            }

            foreach (var symbol in command.Subcommands.Cast<Symbol>().Concat(command.Options).Where(symbol => !symbol.Hidden))
            {
                yield return symbol.Name;
            }
        }
    }
}
