using System.CommandLine;
using TraceReplay.Analysis;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Parsing;
using TraceReplay.Cli.Running;
using TraceReplay.Diagnosis;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Cli.Commands;

/// <summary>The options that say what of a case is replayed and reported; the same for inputs and for a database.</summary>
internal sealed class CaseSelection
{
    private const string AnyCause = "any";
    private readonly Option<string[]> _pools = SharedOptions.Pools();
    private readonly Option<string[]> _whatIfs = SharedOptions.WhatIfs();
    private readonly Option<string?> _failOn = new("--fail-on")
    {
        HelpName = "CAUSE|any", Description = "Exit with 3 if an incident has this cause, or any: for scripts.",
    };

    private readonly Option<string?> _since = new("--since")
    {
        HelpName = "T", Description = "Leave out failures before this time of the trace, seconds.",
    };

    private readonly Option<string?> _until = new("--until") { HelpName = "T", Description = "Leave out failures after this time." };

    private readonly Option<string?> _device = new("--device")
    {
        HelpName = "GLOB", Description = "Only incidents of these devices, for example 0000:05:*.",
    };

    private readonly Option<string[]> _knownIssues = SharedOptions.KnownIssues();

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _pools, _whatIfs, _failOn, _since, _until, _device, _knownIssues })
        {
            command.Add(option);
        }
    }

    /// <summary>Reads them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="inputs">The inputs, none for a database.</param>
    /// <returns>What to analyse.</returns>
    public AnalysisOptions Read(ParseResult parsed, string[] inputs)
    {
        var options = new AnalysisOptions
        {
            Inputs = inputs,
            Pools = parsed.GetValue(_pools) ?? [],
            WhatIfs = parsed.GetValue(_whatIfs) ?? [],
            SinceNs = TimeText.Read(parsed.GetValue(_since), "--since"),
            UntilNs = TimeText.Read(parsed.GetValue(_until), "--until"),
            KnownIssues = parsed.GetValue(_knownIssues) ?? [],
            DeviceGlob = parsed.GetValue(_device),
            ReportJson = ReportFormat.JsonText,
        };
        CheckSpecs(options);
        return options;
    }

    /// <summary>What <c>--fail-on</c> asks, as a question to a report.</summary>
    public Func<AnalysisReport, bool> FailOn(ParseResult parsed)
    {
        var cause = parsed.GetValue(_failOn);
        if (cause is not (null or AnyCause) && !CauseNames.All.Contains(cause, StringComparer.Ordinal))
        {
            var near = NearestWord.Hint(cause, CauseNames.All);
            throw new UsageException($"--fail-on '{cause}' is not a cause",
                near.Length > 0 ? near : $"causes are {AnyCause}, {string.Join(", ", CauseNames.All)}");
        }

        return report => cause is not null && report.Incidents.Any(incident => cause == AnyCause
            || incident.Cause.Name() == cause || incident.Causes.Any(count => count.Cause.Name() == cause));
    }

    /// <summary>A finding of nothing must not be mistaken for a clean machine where the user left something out.</summary>
    public void RemarkOnLimits(ParseResult parsed, AnalysisReport report)
    {
        var limits = new Option<string?>[] { _since, _until, _device }.Where(option => parsed.GetValue(option) is not null).ToArray();
        if (report.Incidents.Count == 0 && limits.Length > 0)
        {
            ErrorText.WriteLine($"note: only what {string.Join(", ", limits.Select(option => option.Name))} left in was looked at");
        }
    }

    // Read here for the caret under the wrong word, before any input is opened.
    private static void CheckSpecs(AnalysisOptions options)
    {
        foreach (var spec in options.Pools)
        {
            PoolSpec.Parse(spec);
        }

        foreach (var spec in options.WhatIfs)
        {
            WhatIfSpec.Parse(spec);
        }
    }
}
