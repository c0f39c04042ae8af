using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Diagnosis.Knowledge;

namespace TraceReplay.Diagnosis.Advice;

/// <summary>What remedies and captures have in common: for which pools, kernels and evidence they are, and where they stand in the
/// list.</summary>
/// <param name="Block">The entry.</param>
/// <param name="Pools">Kinds of pool, empty = any.</param>
/// <param name="Kernels">Kernels.</param>
/// <param name="Needs">Conditions that must hold; what is not told counts as holding unless <paramref name="Strict"/>.</param>
/// <param name="Not">Conditions that must not hold.</param>
/// <param name="Strict">What is not told counts as not holding.</param>
/// <param name="Order">Place in the list, low = first.</param>
internal sealed record AdviceEntry(
    KnowledgeBlock Block, IReadOnlyList<PoolKind> Pools, KernelRange Kernels, IReadOnlyList<Condition> Needs,
    IReadOnlyList<Condition> Not, IReadOnlyList<Condition> Strict, int Order)
{
    /// <summary>A distribution's kernel that is older than what an entry is for may have it by a backport (0.4), but the spelling of its own age
    /// is the safer one.</summary>
    private const double LeastFit = 0.5;

    /// <summary>Keys every entry may have.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["pool", "kernels", "needs", "if-told", "not", "order"];

    /// <summary>Reads the entries of this assembly.</summary>
    /// <param name="prefix">Begin of the files' names.</param>
    /// <param name="kind">Word that begins an entry.</param>
    /// <param name="keys">Further keys.</param>
    /// <returns>The entries, in their order.</returns>
    public static IReadOnlyList<AdviceEntry> Read(string prefix, string kind, IEnumerable<string> keys) =>
    [
        .. KnowledgeFiles.Resources(prefix).SelectMany(file => KnowledgeBlock.Read(file.Name, file.Text, kind, [.. Keys, .. keys]))
            .Select(Of).OrderBy(e => e.Order),
    ];

    /// <summary>Whether it belongs to the evidence.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <returns>True if it does.</returns>
    public bool Fits(CaseEvidence evidence)
    {
        var kind = evidence.Incident?.PoolKind ?? PoolKind.Unknown;

        // A kernel that is not told is taken for a present one, unless its wording is of an old one: advice for old ones only would mislead.
        var isOld = evidence.Kernel is { Version: not null } or { Wording.To: not null };
        var isAge = (isOld || Kernels.To is null) && Kernels.Fit(evidence.Kernel).Factor >= LeastFit;
        return (Pools.Count == 0 || Pools.Contains(kind)) && isAge
            && Needs.All(c => c.Ask(evidence).Told == Told.Yes) && Strict.All(c => c.Ask(evidence).Told != Told.No)
            && Not.All(c => c.Ask(evidence).Told != Told.Yes);
    }

    /// <summary>A text of the entry, filled.</summary>
    /// <param name="key">Key.</param>
    /// <param name="evidence">The evidence.</param>
    /// <returns>The first of the key's texts whose values are known, null if there is none.</returns>
    public string? Text(string key, CaseEvidence evidence) =>
        Block.All(key).Select(line => Placeholders.Fill(line.Text, evidence)).FirstOrDefault(text => text is not null);

    private static AdviceEntry Of(KnowledgeBlock block)
    {
        var pools = block.Text("pool").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new AdviceEntry(
            block,
            [.. pools.Select(name => PoolKindNames.Parse(name) ?? throw new KnowledgeException(block.Path, block.Line, $"'{name}' is no kind of pool", string.Empty))],
            KernelRange.Read(block.Text("kernels"), string.Empty) ?? throw new KnowledgeException(block.Path, block.Line, "kernels cannot be read", "kernels FROM - TO"),
            Conditions(block, "needs"), Conditions(block, "not"), Conditions(block, "if-told"),
            int.TryParse(block.Text("order"), NumberStyles.None, CultureInfo.InvariantCulture, out var order) ? order : 50);
    }

    private static List<Condition> Conditions(KnowledgeBlock block, string key) =>
        [.. block.All(key).Select(line => ConditionGrammar.Read(line, block.Path))];
}
