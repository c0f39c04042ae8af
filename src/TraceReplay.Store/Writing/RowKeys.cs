using System.Runtime.CompilerServices;

namespace TraceReplay.Store.Writing;

/// <summary>A small hash table from keys to row ids for the per-event path: open addressing, no removal, bounded.</summary>
/// <typeparam name="TKey">A plain struct.</typeparam>
internal sealed class RowKeys<TKey>
    where TKey : struct, IRowKey<TKey>
{
    /// <summary>Keys kept at most. An input made to have a new key in every event starts the table anew: the rows are
    /// then stored again, which costs room and nothing else.</summary>
    private const int MaxKeys = 1 << 20;

    private TKey[] _keys = new TKey[1024];
    private long[] _rows = new long[1024];
    private int _count;

    /// <summary>The row of a key, 0 if it is not known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Find(in TKey key)
    {
        var mask = _rows.Length - 1;
        for (var at = (int)(key.Hash() & (uint)mask); ; at = (at + 1) & mask)
        {
            var row = _rows[at];
            if (row == 0 || key.Same(in _keys[at]))
            {
                return row;
            }
        }
    }

    /// <summary>Adds a key that <see cref="Find"/> did not know.</summary>
    public void Add(in TKey key, long row)
    {
        if (_count >= MaxKeys)
        {
            Array.Clear(_rows);
            _count = 0;
        }
        else if (_count * 2 >= _rows.Length)
        {
            Grow();
        }

        Place(in key, row);
        _count++;
    }

    private void Place(in TKey key, long row)
    {
        var mask = _rows.Length - 1;
        var at = (int)(key.Hash() & (uint)mask);
        while (_rows[at] != 0)
        {
            at = (at + 1) & mask;
        }

        _keys[at] = key;
        _rows[at] = row;
    }

    private void Grow()
    {
        var (keys, rows) = (_keys, _rows);
        _keys = new TKey[keys.Length * 2];
        _rows = new long[keys.Length * 2];
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] != 0)
            {
                Place(in keys[i], rows[i]);
            }
        }
    }
}

/// <summary>A key of <see cref="RowKeys{TKey}"/>.</summary>
/// <typeparam name="TSelf">The key itself.</typeparam>
internal interface IRowKey<TSelf>
    where TSelf : struct
{
    /// <summary>A well mixed hash.</summary>
    uint Hash();

    /// <summary>Whether two keys are equal.</summary>
    bool Same(in TSelf other);
}
