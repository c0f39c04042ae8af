using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Messages;

/// <summary>The messages with the least and most of each number: of a family in all, and of a kind's use within each gap between stretches,
/// so that a thinned series keeps its peaks and falls.</summary>
internal sealed class Extremes
{
    private const int MostFamilies = 256;
    private readonly Dictionary<(PoolKind Kind, string Family, int Counts), KeptMessage?[]> _ofFamily = [];
    private Dictionary<(long Gap, PoolKind Kind), (KeptMessage Least, KeptMessage Most)> _ofGap = [];

    /// <summary>All of them; some more than once.</summary>
    public IEnumerable<KeptMessage> All =>
        _ofFamily.Values.SelectMany(v => v).OfType<KeptMessage>().Concat(_ofGap.Values.SelectMany(g => new[] { g.Least, g.Most }));

    /// <summary>Looks at a message.</summary>
    /// <param name="kept">The message.</param>
    /// <param name="counts">Whether it counts.</param>
    public void Note(KeptMessage kept, int counts)
    {
        var fact = kept.Fact;
        var key = (fact.Kind, fact.Family, counts);
        if (!_ofFamily.TryGetValue(key, out var found))
        {
            if (_ofFamily.Count >= MostFamilies)
            {
                return;
            }

            _ofFamily.Add(key, found = new KeptMessage?[8]);
        }

        Note(found, 0, kept, fact.Bytes, f => f.Bytes);
        Note(found, 2, kept, fact.Pages, f => f.Pages);
        Note(found, 4, kept, fact.UsedUnits, f => f.UsedUnits);
        Note(found, 6, kept, fact.TotalUnits, f => f.TotalUnits);
    }

    /// <summary>Looks at a failing line between two stretches.</summary>
    /// <param name="gap">Number of the gap.</param>
    /// <param name="kept">The line.</param>
    public void NoteInGap(long gap, KeptMessage kept)
    {
        if (!kept.Fact.IsFailure || Used(kept) is not { } used)
        {
            return;
        }

        var key = (gap, kept.Fact.Kind);
        var (least, most) = _ofGap.GetValueOrDefault(key, (kept, kept));
        _ofGap[key] = (IsBefore(used, kept, Used(least)!.Value, least, 1) ? kept : least, IsBefore(used, kept, Used(most)!.Value, most, -1) ? kept : most);
    }

    /// <summary>Every second stretch is gone: gaps become one with their neighbours.</summary>
    public void JoinGaps()
    {
        var before = _ofGap;
        _ofGap = [];
        foreach (var ((gap, _), (least, most)) in before)
        {
            NoteInGap(gap / 2, least);
            NoteInGap(gap / 2, most);
        }
    }

    /// <summary>Forgets messages.</summary>
    /// <param name="isGone">Which.</param>
    public void Remove(Predicate<LogMessageFact> isGone)
    {
        foreach (var found in _ofFamily.Values)
        {
            for (var i = 0; i < found.Length; i++)
            {
                found[i] = found[i] is { } kept && isGone(kept.Fact) ? null : found[i];
            }
        }

        foreach (var key in _ofGap.Where(g => isGone(g.Value.Least.Fact) || isGone(g.Value.Most.Fact)).Select(g => g.Key).ToList())
        {
            _ofGap.Remove(key);
        }
    }

    private static long? Used(KeptMessage kept) => kept.TableUse?.UsedUnits ?? kept.Fact.UsedUnits;

    private static bool IsBefore(long value, KeptMessage kept, long other, KeptMessage otherKept, int sign) =>
        value * sign < other * sign || (value == other && kept.Ordinal < otherKept.Ordinal);

    private static void Note(KeptMessage?[] found, int at, KeptMessage kept, long? value, Func<LogMessageFact, long?> of)
    {
        if (value is not { } some)
        {
            return;
        }

        if (found[at] is not { } least || some < of(least.Fact))
        {
            found[at] = kept;
        }

        if (found[at + 1] is not { } most || some > of(most.Fact))
        {
            found[at + 1] = kept;
        }
    }
}
