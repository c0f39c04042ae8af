using System.Text;
using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store.Writing;

/// <summary>Stores the names of one source at their first use: local id of its <see cref="NameTable"/> to row id.</summary>
internal sealed class NameRows : IDisposable
{
    private readonly Statement _insert;
    private readonly long _source;
    private long _nextId;
    private int[] _rows = new int[256];

    public NameRows(Connection connection, long source)
    {
        _source = source;
        _nextId = connection.Scalar("SELECT max(id) FROM name") + 1;
        _insert = connection.Prepare("INSERT INTO name(id, source_id, text, bytes) VALUES(?,?,?,?)");
    }

    /// <summary>Row id of a name, 0 for the absent name.</summary>
    public long Row(int local, NameTable names)
    {
        if (local < _rows.Length && _rows[local] != 0)
        {
            return _rows[local];
        }

        return local == 0 ? 0 : Add(local, names);
    }

    public void Dispose() => _insert.Dispose();

    private long Add(int local, NameTable names)
    {
        if (local >= _rows.Length)
        {
            Array.Resize(ref _rows, Math.Max(local + 1, _rows.Length * 2));
        }

        var (text, exact) = Readable(names.Bytes(local));
        _insert.Bind(1, _nextId).Bind(2, _source).Bind(3, text);
        _ = exact ? _insert.BindNull(4) : _insert.BindBlob(4, names.Bytes(local));
        _insert.Run();
        _rows[local] = checked((int)_nextId);
        return _nextId++;
    }

    /// <summary>Text for people, and whether it is the exact name.</summary>
    internal static (string Text, bool Exact) Readable(ReadOnlySpan<byte> bytes)
    {
        // NUL would end the text for most SQLite clients; a real U+FFFD in a name is exact.
        var text = Encoding.UTF8.GetString(bytes).Replace('\0', '\ufffd');
        var exact = Encoding.UTF8.GetByteCount(text) == bytes.Length
            && Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(bytes);
        return (text, exact);
    }
}
