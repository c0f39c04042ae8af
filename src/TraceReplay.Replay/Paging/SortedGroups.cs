namespace TraceReplay.Replay.Paging;

/// <summary>Numbers in groups, sorted within each group, in bounded memory. They are announced one by one, then added in the same order.</summary>
/// <typeparam name="TKey">What groups them.</typeparam>
public sealed class SortedGroups<TKey>
    where TKey : notnull
{
    private const long RoomBytes = 12L << 20;
    private readonly Dictionary<TKey, (int From, int Count)> _groups = [];
    private readonly PagedArray<long> _values = new(RoomBytes);
    private bool _isOpen;

    /// <summary>The groups.</summary>
    public IReadOnlyCollection<TKey> Keys => _groups.Keys;

    /// <summary>Announces a number.</summary>
    /// <param name="key">Its group.</param>
    public void Expect(TKey key)
    {
        var (_, count) = _groups.GetValueOrDefault(key);
        _groups[key] = (0, checked(count + 1));
    }

    /// <summary>Adds a number that was announced.</summary>
    /// <param name="key">Its group.</param>
    /// <param name="value">The number.</param>
    public void Add(TKey key, long value)
    {
        if (!_isOpen)
        {
            Open();
        }

        ref var group = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_groups, key);
        _values[group.From + group.Count] = value;
        group.Count++;
    }

    /// <summary>Sorts the groups: all is added.</summary>
    public void Sort()
    {
        foreach (var (from, count) in _groups.Values)
        {
            PagedSort.Sort(_values, from, count);
        }
    }

    /// <summary>Numbers of a group.</summary>
    /// <param name="key">The group.</param>
    /// <returns>Their count, 0 for an unknown group.</returns>
    public int Count(TKey key) => _groups.GetValueOrDefault(key).Count;

    /// <summary>A number of a group.</summary>
    /// <param name="key">The group.</param>
    /// <param name="index">0 is the least.</param>
    /// <returns>The number.</returns>
    public long At(TKey key, int index) => _values[_groups[key].From + index];

    /// <summary>Gives each group its place.</summary>
    private void Open()
    {
        var next = 0;
        foreach (var key in _groups.Keys.ToList())
        {
            var count = _groups[key].Count;
            _groups[key] = (next, 0);
            next = checked(next + count);
        }

        _values.Resize(next);
        _isOpen = true;
    }
}
