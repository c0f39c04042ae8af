using System.IO.Hashing;
using System.Text;

namespace TraceReplay.Core;

/// <summary>Interns byte strings (device, task and event names, stacks) to small integers. One writer; readers on other
/// threads may resolve ids that were handed to them through a synchronising channel.</summary>
public sealed class NameTable
{
    private readonly Lock _gate = new();
    private volatile byte[][] _bytes = new byte[256][];
    private volatile string?[] _texts = new string?[256];
    private int[] _buckets = new int[1024];
    private int[] _next = new int[256];
    private int _count = 1;

    /// <summary>Creates a table that holds only id 0, the absent name.</summary>
    public NameTable()
    {
        _bytes[0] = [];
        _texts[0] = string.Empty;
    }

    /// <summary>An empty table for batches that have no names.</summary>
    public static NameTable Shared { get; } = new();

    /// <summary>Number of ids given out, including id 0.</summary>
    public int Count => _count;

    /// <summary>The id of a name, adding it at the first sight.</summary>
    /// <param name="name">UTF-8 bytes, kept as they are.</param>
    /// <returns>An id above 0, or 0 for an empty name.</returns>
    public int Intern(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return 0;
        }

        var hash = Hash(name);
        var bytes = _bytes;
        for (var id = _buckets[hash & (uint)(_buckets.Length - 1)]; id != 0; id = _next[id])
        {
            if (name.SequenceEqual(bytes[id]))
            {
                return id;
            }
        }

        return Add(name.ToArray(), hash);
    }

    /// <summary>The id of a name given as text.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Its id.</returns>
    public int Intern(string name) => Intern(Encoding.UTF8.GetBytes(name));

    /// <summary>The name of an id as text; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <param name="id">An id of this table.</param>
    /// <returns>The text, empty for id 0.</returns>
    public string Text(int id)
    {
        var texts = _texts;
        return (id < texts.Length ? texts[id] : null) ?? MakeText(id);
    }

    /// <summary>The bytes of an id.</summary>
    /// <param name="id">An id of this table.</param>
    /// <returns>The bytes as they stood in the source.</returns>
    public ReadOnlySpan<byte> Bytes(int id) => _bytes[id];

    private static uint Hash(ReadOnlySpan<byte> name)
    {
        var hash = XxHash3.HashToUInt64(name);
        return (uint)(hash ^ (hash >> 32));
    }

    private string MakeText(int id)
    {
        var text = Encoding.UTF8.GetString(_bytes[id]);
        lock (_gate)
        {
            if (id < _texts.Length)
            {
                _texts[id] = text;
            }
        }

        return text;
    }

    private int Add(byte[] name, uint hash)
    {
        lock (_gate)
        {
            var id = _count;
            if (id == _bytes.Length)
            {
                Grow();
            }

            _bytes[id] = name;
            var bucket = hash & (uint)(_buckets.Length - 1);
            _next[id] = _buckets[bucket];
            _buckets[bucket] = id;
            _count = id + 1;
            return id;
        }
    }

    private void Grow()
    {
        var size = _bytes.Length * 2;
        var bytes = new byte[size][];
        _bytes.CopyTo(bytes, 0);
        var texts = new string?[size];
        _texts.CopyTo(texts, 0);
        var next = new int[size];
        var buckets = new int[size * 4];
        for (var id = 1; id < _count; id++)
        {
            var bucket = Hash(bytes[id]) & (uint)(buckets.Length - 1);
            next[id] = buckets[bucket];
            buckets[bucket] = id;
        }

        (_bytes, _texts, _next, _buckets) = (bytes, texts, next, buckets);
    }
}
