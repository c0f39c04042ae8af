using System.CommandLine;
using System.CommandLine.Parsing;
using TraceReplay.Cli.Output;

namespace TraceReplay.Cli.Commands;

/// <summary>Options and arguments that several commands have in common.</summary>
internal static class SharedOptions
{
    public static Argument<string[]> Inputs()
    {
        var inputs = new Argument<string[]>("INPUT")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Files, folders, archives, compressed files, or - for standard input; the format is found from the bytes.",
        };
        inputs.Validators.Add(RefuseOptions);
        return inputs;
    }

    public static Option<string> Database() => new("--db")
    {
        HelpName = "FILE", Required = true, Description = "The database: an SQLite file, readable with any client.",
    };

    public static Option<string?> InputFormat() => new("--input-format")
    {
        HelpName = "NAME", Description = "Read every input as this format (tracereplay formats lists them).",
    };

    public static Option<int?> Year()
    {
        var option = new Option<int?>("--year")
        {
            HelpName = "N", Description = "Year of the last line of logs whose stamps have none (syslog); else it is found out where something tells it.",
        };
        option.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1970 or > 2199)
            {
                result.AddError("--year is a year from 1970 to 2199.");
            }
        });
        return option;
    }

    public static Option<string?> Binding() => new("--binding")
    {
        HelpName = "FILE", Description = "What your own probes mean (parsers/README.md).",
    };

    public static Option<string?> Catalog() => new("--catalog")
    {
        HelpName = "FILE", Description = "Further kernel messages to recognise, for example a vendor's own (parsers/README.md).",
    };

    public static Option<string[]> Pools() => Many(
        "--pool", "SPEC", "The pool to replay, for example swiotlb(kernel=6.1, size=64MiB, areas=4); what is missing comes from the input.");

    public static Option<string[]> WhatIfs() => Many(
        "--what-if", "SPEC", "Replay with a change, for example pool.size=128MiB or \"without device=0000:05:00.0\".");

    public static Option<string[]> KnownIssues() => Many(
        "--known-issues", "FILE|DIR", "Known issues of your own, beside those of this version (tracereplay known-issues lists them).");

    public static Option<string?> Output() => new("--output", "-o")
    {
        HelpName = "FILE", Description = "Write there instead of standard output; the file appears whole or not at all.",
    };

    public static Option<bool> NoColor()
    {
        var option = new Option<bool>("--no-color") { Description = "No colours (NO_COLOR and TERM=dumb are obeyed as well)." };
        option.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<bool>())
            {
                TerminalProfile.SwitchColorsOff();
            }
        });
        return option;
    }

    public static Option<string?> OneOf(string name, string description, params string[] values)
    {
        var option = new Option<string?>(name) { HelpName = string.Join('|', values), Description = description };
        option.Validators.Add(result => RefuseOthers(result, name, values));
        return option;
    }

    // An argument that takes many values takes a misspelt option as well: that is told, unless such a file is there.
    private static void RefuseOptions(ArgumentResult result)
    {
        foreach (var word in result.Tokens.Select(token => token.Value).Where(word => word is ['-', _, ..] && !Path.Exists(word)))
        {
            var known = (result.Parent as CommandResult)?.Command.Options.Select(option => option.Name) ?? [];
            var hint = Running.NearestWord.Hint(word, known);
            result.AddError($"there is no option '{word}'{(hint.Length > 0 ? "; " + hint : string.Empty)}");
        }
    }

    private static void RefuseOthers(OptionResult result, string name, string[] values)
    {
        foreach (var token in result.Tokens.Where(token => !values.Contains(token.Value, StringComparer.Ordinal)))
        {
            var hint = Running.NearestWord.Hint(token.Value, values);
            result.AddError($"{name} '{token.Value}' is not one of {string.Join(", ", values)}{(hint.Length > 0 ? "; " + hint : string.Empty)}");
        }
    }

    private static Option<string[]> Many(string name, string value, string description) => new(name)
    {
        HelpName = value, Description = description, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = static _ => [],
    };
}
