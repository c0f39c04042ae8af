using System.Text;
using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store.Writing;

/// <summary>The devices of the database: found by exact name, added at the first sight, completed by facts.</summary>
internal sealed class DeviceRows : IDisposable
{
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private readonly Statement _insert;
    private readonly Statement _update;
    private long _nextId = 1;
    private long[] _local = new long[64];

    public DeviceRows(Connection connection)
    {
        using (var all = connection.Prepare("SELECT id, name, bytes FROM device ORDER BY id"))
        {
            while (all.Step())
            {
                var bytes = all.IsNull(2) ? all.Bytes(1) : all.Bytes(2);
                _ids[Encoding.Latin1.GetString(bytes)] = all.Int64(0);
                _nextId = all.Int64(0) + 1;
            }
        }

        _insert = connection.Prepare("INSERT INTO device(id, name, bytes) VALUES(?,?,?)");
        _update = connection.Prepare(
            "UPDATE device SET driver = coalesce(?, driver), bus = coalesce(?, bus), "
            + "dma_mask = coalesce(?, dma_mask), dma_mask_bits = coalesce(?, dma_mask_bits) WHERE id = ?");
    }

    /// <summary>Row id of a device of the current source's name table, 0 for none.</summary>
    public long Row(int local, NameTable names)
    {
        if (local < _local.Length && _local[local] != 0)
        {
            return _local[local];
        }

        if (local == 0)
        {
            return 0;
        }

        if (local >= _local.Length)
        {
            Array.Resize(ref _local, Math.Max(local + 1, _local.Length * 2));
        }

        return _local[local] = Row(names.Bytes(local));
    }

    /// <summary>Stores what a fact says of a device; the latest fact wins.</summary>
    public void Note(DeviceFact fact)
    {
        long? mask = fact.DmaMaskBits is { } bits ? (bits >= 64 ? -1L : (1L << Math.Max(bits, 0)) - 1) : null;
        _update.BindOrNull(1, fact.Driver).BindOrNull(2, fact.Bus).Bind(3, mask).Bind(4, fact.DmaMaskBits)
            .Bind(5, Row(Encoding.UTF8.GetBytes(fact.Name))).Run();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _update.Dispose();
    }

    /// <summary>Row id of a device by the bytes of its name.</summary>
    public long Row(ReadOnlySpan<byte> name)
    {
        // Latin-1 maps bytes to chars one to one: a key for any bytes.
        var key = Encoding.Latin1.GetString(name);
        if (_ids.TryGetValue(key, out var id))
        {
            return id;
        }

        var (text, exact) = NameRows.Readable(name);
        _insert.Bind(1, _nextId).Bind(2, text);
        _ = exact ? _insert.BindNull(3) : _insert.BindBlob(3, name);
        _insert.Run();
        _ids[key] = _nextId;
        return _nextId++;
    }
}
