using TraceReplay.Diagnosis.Knowledge;

namespace TraceReplay.Diagnosis.Advice;

/// <summary>What to record next, as commands for this kernel and pool, those first that decide most (<c>*.captures</c>).</summary>
public static class CaptureCatalog
{
    private const int Most = 7;

    private static readonly Lazy<IReadOnlyList<AdviceEntry>> Entries = new(() =>
        AdviceEntry.Read("captures.", "capture", ["decides", "command"]));

    /// <summary>The captures for an incident.</summary>
    /// <param name="evidence">Its evidence.</param>
    /// <returns>Sentences: what it decides, then the command.</returns>
    public static IReadOnlyList<string> For(CaseEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return
        [
            .. Entries.Value.Where(e => e.Fits(evidence))
                .Select(e => e.Text("command", evidence) is { } command ? $"{e.Text("decides", evidence)}: {command}" : null)
                .OfType<string>().Distinct(StringComparer.Ordinal).Take(Most),
        ];
    }
}
