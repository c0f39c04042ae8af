namespace TraceReplay.Parsers.CanonicalCsv;

/// <summary>One element of a scatter-gather list.</summary>
/// <param name="Physical">Address of the buffer.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Address">Bus address, null if it was not mapped.</param>
internal readonly record struct SgElement(ulong Physical, long Bytes, ulong? Address);

/// <summary>What the rows of a file mapped under an <c>id</c> and did not give back yet: a release names the id alone.
/// Bounded; what is forgotten is released without its size.</summary>
internal sealed class LiveLists
{
    private const int Most = 1 << 20;
    private readonly Dictionary<string, SgElement[]> _lists = new(StringComparer.Ordinal);
    private long _elements;

    /// <summary>A mapping was made.</summary>
    /// <param name="id">Its identity, empty = it has none.</param>
    /// <param name="elements">Its elements.</param>
    public void Add(string id, ReadOnlySpan<SgElement> elements)
    {
        if (id.Length == 0 || _elements + elements.Length > Most)
        {
            return;
        }

        Remove(id, out _);
        _lists[id] = elements.ToArray();
        _elements += elements.Length;
    }

    /// <summary>A mapping is given back.</summary>
    /// <param name="id">Its identity.</param>
    /// <param name="elements">What was mapped under it.</param>
    /// <returns>False if nothing is known under the id.</returns>
    public bool Remove(string id, out SgElement[] elements)
    {
        elements = [];
        if (id.Length == 0 || !_lists.Remove(id, out var known))
        {
            return false;
        }

        elements = known;
        _elements -= known.Length;
        return true;
    }
}
