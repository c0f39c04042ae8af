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
}
