using TraceReplay.Pools;

namespace TraceReplay.Diagnosis.Knowledge;

/// <summary>The kernels that something is true of: from a version up to, not including, another, without the stable releases that
/// changed it earlier.</summary>
/// <param name="From">First version, null = from the beginning.</param>
/// <param name="To">First version it is no longer true of, null = to this day.</param>
/// <param name="Fixed">Stable releases from which it is no longer true within their series.</param>
public sealed record KernelRange(KernelVersion? From, KernelVersion? To, IReadOnlyList<KernelVersion> Fixed)
{
    /// <summary>All kernels.</summary>
    public static KernelRange All { get; } = new(null, null, []);

    /// <summary>How well a kernel fits, as a factor on confidence: 0 = it does not.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <returns>The factor and the reason in words, empty if there is no limit to speak of.</returns>
    public (double Factor, string Reason) Fit(KernelIdentity kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        if (From is null && To is null)
        {
            return (1, string.Empty);
        }

        if (kernel.Version is not { } version)
        {
            return kernel.Wording is not { } wording ? (0.55, $"the kernel's version is not told; it must be {this}")
                : !Meets(wording) ? (0, $"the wording is of a kernel {wording}, not {this}")
                : Holds(wording) ? (0.8, $"the kernel's version is not told, but its wording is of {wording}")
                : (0.55, $"the kernel's version is not told, only that it is {wording}; it must be {this}");
        }

        if (To is { } to && version >= to)
        {
            return (0, $"{kernel.Release} is not {this}");
        }

        if (kernel.Lineage == KernelLineage.Backports)
        {
            return From is { } first && version < first
                ? (0.4, $"{kernel.Release} is older than {first}, but its distribution backports, so it may have what upstream has in {this}")
                : (0.6, $"{kernel.Release} has the number of an affected kernel ({this}); its distribution may have backported the fix");
        }

        if (From is { } from && version < from)
        {
            return (0, $"{kernel.Release} is not {this}");
        }

        var stable = Fixed.Where(f => IsSameSeries(f, version)).Cast<KernelVersion?>().FirstOrDefault();
        return stable switch
        {
            null => kernel.Lineage == KernelLineage.SeriesOnly
                ? (0.85, $"{kernel.Release} is {this}; which fixes its distribution added is not told")
                : (1, $"{kernel.Release} is {this}"),
            { } release when kernel.Lineage == KernelLineage.SeriesOnly =>
                (0.6, $"{kernel.Release} is {this}, unless it is based on {release} or later"),
            { } release when version >= release => (0, $"{kernel.Release} has the change of {release}"),
            { } release => (1, $"{kernel.Release} is older than {release}, which has the fix"),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => (From, To) switch
    {
        (null, null) => "any kernel",
        (null, { } to) => $"before {to}",
        ({ } from, null) => $"{from} or later",
        var (from, to) => $"{from} or later and before {to}",
    };

    /// <summary>Reads <c>5.2 - 5.3</c>, <c>- 2.6.14</c>, <c>6.0 -</c>; the second version is the first without it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="stable">Stable releases, separated by blanks.</param>
    /// <returns>The range, null if it cannot be read.</returns>
    public static KernelRange? Read(string text, string stable)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(stable);
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var dash = Array.IndexOf(words, "-");
        if (words.Length == 0)
        {
            return All;
        }

        if (dash < 0 || dash > 1 || words.Length - dash > 2)
        {
            return null;
        }

        KernelVersion? from = dash == 1 ? Version(words[0]) : null;
        KernelVersion? to = words.Length > dash + 1 ? Version(words[dash + 1]) : null;
        var fixes = stable.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Version).ToList();
        return (dash == 1 && from is null) || (words.Length > dash + 1 && to is null) || fixes.Contains(null)
            ? null
            : new KernelRange(from, to, [.. fixes.OfType<KernelVersion>()]);
    }

    /// <summary>Whether a kernel can be in both ranges.</summary>
    private bool Meets(KernelRange other) => !(To is { } to && other.From is { } begin && begin >= to) && !(From is { } from && other.To is { } end && from >= end);

    /// <summary>Whether every kernel of another range is in this one.</summary>
    private bool Holds(KernelRange other) => (From is not { } from || (other.From is { } begin && begin >= from))
        && (To is not { } to || (other.To is { } end && end <= to)) && Fixed.Count == 0;

    private static KernelVersion? Version(string word) => KernelVersion.TryParse(word, out var version) ? version : null;

    private static bool IsSameSeries(KernelVersion a, KernelVersion b) =>
        a.Major == b.Major && a.Minor == b.Minor && (a.Major > 2 || a.Patch == b.Patch);
}
