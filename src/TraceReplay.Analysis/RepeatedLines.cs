using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Diagnosis;

namespace TraceReplay.Analysis;

/// <summary>What is said of a log that repeats another.</summary>
internal static class RepeatedLines
{
    /// <summary>The notice.</summary>
    /// <param name="path">The later log.</param>
    /// <param name="overlap">What it repeats.</param>
    /// <returns>A warning: counts are lower than the lines of all logs together.</returns>
    public static Diagnostic Notice(string path, LogOverlap overlap)
    {
        // From a boot to 1970 are years: what is said of the clocks themselves tells that (TR0314).
        const long Years = 100_000_000L * 1_000_000_000L;
        var clocks = overlap.OffsetNs == 0 ? string.Empty : Math.Abs(overlap.OffsetNs) > Years ? " (on another clock)" : string.Create(
            CultureInfo.InvariantCulture, $" (its clock is {overlap.OffsetNs / 1e9:F3} s ahead)");
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{overlap.Lines.Count} of its {overlap.Records} kernel messages stand in {overlap.Path} too{clocks}: they are counted once");
        return new Diagnostic("TR0311", Severity.Warning, text, new SourceRef(path, 0));
    }

    /// <summary>What is said where logs are too long to be compared whole.</summary>
    /// <param name="path">The log at whose end it is known.</param>
    /// <returns>A warning: counts may be higher than what happened.</returns>
    public static Diagnostic Partial(string path) => new("TR0315", Severity.Warning,
        string.Create(CultureInfo.InvariantCulture, $"the logs hold more than {LogDuplicates.Most:#,0} kernel messages with times: those behind are not compared, and count again where another log holds them too"),
        new SourceRef(path, 0), "give the logs of one boot once");
}
