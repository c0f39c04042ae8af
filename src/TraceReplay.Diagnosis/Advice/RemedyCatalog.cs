using TraceReplay.Diagnosis.Knowledge;

namespace TraceReplay.Diagnosis.Advice;

/// <summary>What an operator can do, in the spelling of the machine's kernel and drivers; and what people try in vain
/// (<c>*.remedies</c>). Nothing here is proven for the case: what a replay proves comes from <see cref="RemedySearch"/>.</summary>
public static class RemedyCatalog
{
    private const string Useless = "useless";
    private const int MostUseless = 3;
    private const int MostUseful = 8;

    private static readonly Lazy<IReadOnlyList<AdviceEntry>> Entries = new(() =>
        AdviceEntry.Read("remedies.", "remedy", ["change", "kind", "risk", "basis", "note"]));

    /// <summary>The remedies for an incident.</summary>
    /// <param name="evidence">Its evidence.</param>
    /// <param name="known">Remedies found by replay.</param>
    /// <returns>All remedies: those found, then those of the catalogue, useful ones first.</returns>
    public static IReadOnlyList<Remedy> For(CaseEvidence evidence, IReadOnlyList<Remedy> known)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(known);
        var kinds = known.Where(r => r.Proven && r.Kind != Useless).Select(r => r.Kind).ToHashSet(StringComparer.Ordinal);
        var proven = known.Where(r => r.Kind == Useless).ToList();
        var found = Entries.Value.Where(e => e.Fits(evidence)).Select(e => Remedy(e, evidence)).OfType<Remedy>()
            .Where(r => !kinds.Contains(r.Kind) || IsSpelling(r, known)).Where(r => !IsTriedAlready(r, proven) && !IsProvenOtherwise(r, known)).DistinctBy(r => r.Change, StringComparer.Ordinal).ToList();
        return
        [
            .. known.Where(r => r.Kind != Useless),
            .. found.Where(r => r.Kind != Useless).Take(MostUseful),
            .. proven,
            .. found.Where(r => r.Kind == Useless).Take(MostUseless),
        ];
    }

    /// <summary>A cap was proven for the device; how its driver spells it is told nowhere else.</summary>
    private static bool IsSpelling(Remedy remedy, IReadOnlyList<Remedy> known) => remedy.Kind == "cap-device"
        && !(remedy.Change.Contains("/device/queue_depth", StringComparison.Ordinal) && known.Any(k => k.Change.Contains("/device/queue_depth", StringComparison.Ordinal)));

    /// <summary>A replay has shown which value a parameter must have: no second value for it.</summary>
    private static bool IsProvenOtherwise(Remedy remedy, IReadOnlyList<Remedy> known) => known.Any(k =>
        k.Kind == "queue-depth" && k.Change.IndexOf('=', StringComparison.Ordinal) is > 0 and var end
        && remedy.Change.Contains(" " + k.Change[..(end + 1)], StringComparison.Ordinal));

    /// <summary>A replay has shown already that a larger pool is of no use.</summary>
    private static bool IsTriedAlready(Remedy remedy, List<Remedy> proven) =>
        remedy.Kind == Useless && remedy.Change.Contains("larger pool", StringComparison.Ordinal)
        && proven.Any(p => p.Change.Contains("larger", StringComparison.Ordinal));

    private static Remedy? Remedy(AdviceEntry entry, CaseEvidence evidence) => entry.Text("change", evidence) is not { } change
        ? null
        : new Remedy(change, entry.Block.Required("kind"), Proven: false, null, entry.Text("note", evidence) ?? string.Empty)
        {
            Basis = entry.Block.Text("basis") is { Length: > 0 } basis ? basis : "experience",
            Risk = entry.Block.Text("risk"),
        };
}
