using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;
using System.Text;
using TraceReplay.Cli.Output;

namespace TraceReplay.Cli.Help;

/// <summary><c>--help</c>.</summary>
internal sealed class HelpPageAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        StandardStream.Out.Write(HelpPage.For(parseResult.CommandResult.Command));
        return ExitCode.Done;
    }
}

/// <summary>The help of a command: purpose, examples first, then arguments, options and sub-commands.</summary>
internal static class HelpPage
{
    public const string ProgramName = "tracereplay";

    private const int WidestName = 28;

    // The tree belongs to System.CommandLine; what it has no place for is kept beside it.
    private static readonly ConditionalWeakTable<Command, string[]> Examples = [];

    /// <summary>Gives a command its examples, each as it would be typed.</summary>
    public static void SetExamples(Command command, params string[] examples) => Examples.AddOrUpdate(command, examples);

    /// <summary>The page of a command.</summary>
    public static string For(Command command)
    {
        var page = new StringBuilder();
        page.Append(command.Description).Append("\n\n");
        page.Append("Usage: ").Append(Usage(command)).Append('\n');
        if (Examples.TryGetValue(command, out var examples))
        {
            page.Append("\nExamples:\n");
            foreach (var example in examples)
            {
                page.Append("  ").Append(example).Append('\n');
            }
        }

        Section(page, "Commands", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => (sub.Name, sub.Description)));
        Section(page, "Arguments", command.Arguments.Where(argument => !argument.Hidden)
            .Select(argument => (argument.HelpName ?? argument.Name, argument.Description)));
        Section(page, "Options", Options(command).Select(option => (Spell(option), option.Description)));
        if (command is RootCommand)
        {
            page.Append("\nExit codes: 0 done; 1 the job failed; 2 wrong usage; 3 done, and --fail-on matched; 130 interrupted.\n");
        }

        return page.ToString();
    }

    private static string Usage(Command command)
    {
        var usage = new StringBuilder(ProgramName);
        if (command is RootCommand)
        {
            return usage.Append(" COMMAND [ARGUMENTS]").ToString();
        }

        usage.Append(' ').Append(command.Name);
        foreach (var argument in command.Arguments)
        {
            var name = argument.HelpName ?? argument.Name;
            usage.Append(argument.Arity.MinimumNumberOfValues == 0 ? $" [{name}]" : $" {name}");
            usage.Append(argument.Arity.MaximumNumberOfValues > 1 ? "..." : string.Empty);
        }

        foreach (var option in command.Options.Where(option => option.Required))
        {
            usage.Append(' ').Append(Spell(option));
        }

        return usage.Append(" [OPTIONS]").ToString();
    }

    private static IEnumerable<Option> Options(Command command)
    {
        var inherited = command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive);
        return command.Options.Concat(inherited).Where(option => !option.Hidden).OrderBy(option => option is HelpOption or VersionOption);
    }

    private static string Spell(Option option)
    {
        var value = option.HelpName is { Length: > 0 } name ? " " + name : string.Empty;
        var many = option.Arity.MaximumNumberOfValues > 1 ? "..." : string.Empty;
        var shorts = option.Aliases.Where(alias => alias is ['-', >= 'a' and <= 'z']).OrderBy(alias => alias, StringComparer.Ordinal);
        return string.Join(", ", shorts.Take(1).Append(option.Name)) + value + many;
    }

    private static void Section(StringBuilder page, string title, IEnumerable<(string Name, string? Text)> rows)
    {
        var lines = rows.ToArray();
        if (lines.Length == 0)
        {
            return;
        }

        page.Append('\n').Append(title).Append(":\n");
        var width = Math.Min(WidestName, lines.Max(line => line.Name.Length));
        var room = Math.Max(30, Math.Min(TerminalProfile.Output.Width, 120) - width - 4);
        foreach (var (name, text) in lines)
        {
            page.Append("  ").Append(name.PadRight(width)).Append(name.Length > width ? "\n" + new string(' ', width + 4) : "  ");
            Wrap(page, text ?? string.Empty, room, width + 4);
            page.Append('\n');
        }
    }

    private static void Wrap(StringBuilder page, string text, int room, int indent)
    {
        var column = 0;
        foreach (var word in text.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > room)
            {
                page.Append('\n').Append(' ', indent);
                column = 0;
            }
            else if (column > 0)
            {
                page.Append(' ');
                column++;
            }

            page.Append(word);
            column += word.Length;
        }
    }
}
