using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.CanonicalCsv;

/// <summary>Turns rows of the canonical schema into events and facts.</summary>
internal sealed class CanonicalRows(SourceJob job, CanonicalColumns row, PoolAddresses pools)
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int MostDevices = 4096;

    private static readonly Dictionary<string, EventKind>.AlternateLookup<ReadOnlySpan<char>> Kinds =
        EventKindNames.All.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => (EventKind)p.i, StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly List<SgElement> _elements = [];
    private readonly LiveLists _live = new();
    private readonly HashSet<int> _devices = [];

    /// <summary>Reads one row.</summary>
    /// <param name="problem">What is wrong with it.</param>
    /// <returns>False if it cannot be used.</returns>
    public bool Read(out string problem)
    {
        problem = string.Empty;
        const int Longest = 32;
        Span<char> op = stackalloc char[Longest];
        var field = row["op"];
        op = field.Length <= Longest ? op[..Encoding.Latin1.GetChars(field, op)] : default;
        var isTimed = Time(out var time);
        if (!isTimed && !(row["time_ns"].IsEmpty && op is "lost" or "stack"))
        {
            problem = "no time_ns, time_s or time that can be read";
            return false;
        }

        time = isTimed ? time : TraceEvent.NoTime;
        var failed = row["result"] is { IsEmpty: false } result && !Ascii.EqualsIgnoreCase(result, "ok"u8);
        switch (op)
        {
            case "map_sg" or "unmap_sg":
                return Elements(time, op is "map_sg", failed, out problem);
            case "map" or "unmap" when AllocatorOf(row["pool"]) is { } pool:
                return Allocation(time, pool, op is "map", failed, out problem);
            case "lost":
                Lost(time);
                return true;
            case "pool" or "snapshot":
                return Pool(op is "pool", time, out problem);
            case "reset":
                return Single(time, EventKind.Other, failed, out problem);
            default:
                if (Kinds.TryGetValue(op, out var kind))
                {
                    return Single(time, kind, failed, out problem);
                }

                problem = "op is not one of map unmap alloc free map_sg unmap_sg sync fail snapshot lost pool reset, nor another kind of event";
                return false;
        }
    }

    private bool Single(long time, EventKind kind, bool failed, out string problem)
    {
        problem = string.Empty;
        var hasSize = row.Size("size", out var bytes);
        if (!hasSize && kind is EventKind.Map or EventKind.Alloc or EventKind.Fail && row["event"].IsEmpty)
        {
            problem = "size is missing or no number of bytes";
            return false;
        }

        ref var item = ref Begin(time, kind);
        item.Bytes = bytes;
        item.Fields |= hasSize ? EventFields.Bytes : EventFields.None;
        if (row.Hex("dma_addr", out var address) || failed)
        {
            item.DmaAddr = failed ? TraceEvent.MappingError : address;
            item.Fields |= EventFields.DmaAddr;
        }

        if (row.Hex("phys_addr", out var physical))
        {
            item.PhysAddr = physical;
            item.Fields |= EventFields.PhysAddr;
        }

        Allocator(ref item);
        Flags(ref item);
        return true;
    }

    /// <summary>What only probes of an allocator tell.</summary>
    private void Allocator(ref TraceEvent item)
    {
        if (row.Signed("units", out var units))
        {
            item.Units = units;
            item.Fields |= EventFields.Units;
        }

        if (row.Signed("arg", out var arg))
        {
            item.Arg = arg;
            item.Fields |= EventFields.Arg;
        }

        item.UsedUnits = row.Signed("used_units", out var used) ? used : -1;
        item.Limit = row.Hex("limit", out var limit) ? limit : DeviceMask();
        item.PoolRef = row.Hex("pool_ref", out var pool) ? pool : 0;
        State(ref item);
    }

    private void State(ref TraceEvent item)
    {
        const int Most = 1024;
        var field = row["state"];
        if (field.IsEmpty)
        {
            return;
        }

        Span<int> values = stackalloc int[Most];
        var count = 0;
        foreach (var part in field.Split((byte)' '))
        {
            if (count == Most || !Utf8Parser.TryParse(field[part], out int value, out _))
            {
                break;
            }

            values[count++] = value;
        }

        job.SetState(ref item, values[..count]);
    }

    /// <summary><c>forced|interrupt|truncated</c>, and <c>units?</c> for a value that stands there without being told.</summary>
    private void Flags(ref TraceEvent item)
    {
        var field = row["flags"];
        foreach (var part in field.Split((byte)'|'))
        {
            item.Fields = field[part] switch
            {
                var f when f.SequenceEqual("forced"u8) => item.Fields | EventFields.Forced,
                var f when f.SequenceEqual("interrupt"u8) => item.Fields | EventFields.Interrupt,
                var f when f.SequenceEqual("truncated"u8) => item.Fields | EventFields.Truncated,
                var f when f.SequenceEqual("dma_addr?"u8) => item.Fields & ~EventFields.DmaAddr,
                var f when f.SequenceEqual("phys_addr?"u8) => item.Fields & ~EventFields.PhysAddr,
                var f when f.SequenceEqual("size?"u8) => item.Fields & ~EventFields.Bytes,
                var f when f.SequenceEqual("units?"u8) => item.Fields & ~EventFields.Units,
                var f when f.SequenceEqual("arg?"u8) => item.Fields & ~EventFields.Arg,
                _ => item.Fields,
            };
        }
    }

    private bool Elements(long time, bool isMap, bool failed, out string problem)
    {
        problem = string.Empty;
        _elements.Clear();
        if (!isMap && row["sg"].IsEmpty && _live.Remove(Id(), out var known))
        {
            _elements.AddRange(known);
        }

        foreach (var text in Encoding.UTF8.GetString(row["sg"]).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = text.Split(':').Select(Encoding.UTF8.GetBytes).ToArray();
            if (!CanonicalColumns.Hex(parts[0], out var physical) || (isMap && (parts.Length < 2 || !CanonicalColumns.Size(parts[1], out _))))
            {
                problem = "sg is not phys:len[:dma] joined by ;";
                return false;
            }

            _ = CanonicalColumns.Size(parts.Length > 1 ? parts[1] : [], out var bytes);
            var hasDma = CanonicalColumns.Hex(parts.Length > 2 ? parts[2] : [], out var address);
            _elements.Add(new SgElement(physical, bytes, hasDma ? address : null));
        }

        if (_elements.Count == 0)
        {
            problem = "sg is empty";
            return false;
        }

        if (isMap && !failed)
        {
            _live.Add(Id(), CollectionsMarshal.AsSpan(_elements));
        }

        if (AllocatorOf(row["pool"]) is { } pool)
        {
            Allocations(time, pool, isMap, failed, isList: true);
            return true;
        }

        var mapped = MappedElements(isMap && failed);
        for (var i = 0; i < (isMap && failed ? mapped + 1 : mapped); i++)
        {
            Element(time, i, isMap ? EventKind.Map : EventKind.Unmap, isRefused: i == mapped);
        }

        for (var i = 0; isMap && failed && i < mapped; i++)
        {
            Element(time, i, EventKind.Unmap, isRefused: false);
        }

        return true;
    }

    private void Element(long time, int index, EventKind kind, bool isRefused)
    {
        var element = _elements[index];
        ref var item = ref Begin(time, kind);
        item.PhysAddr = element.Physical;
        item.Bytes = element.Bytes;
        item.Arg = index;
        item.DmaAddr = isRefused ? TraceEvent.MappingError : element.Address ?? 0;
        item.Fields |= EventFields.PhysAddr | EventFields.Bytes | EventFields.Arg
            | (isRefused || element.Address is not null ? EventFields.DmaAddr : EventFields.None);
    }

    /// <summary>Of a list that failed, what was mapped is given back at once; the first element without an address was
    /// refused, and what comes after it never tried.</summary>
    private int MappedElements(bool failed) => failed
        ? _elements.Take(_elements.Count - 1).TakeWhile(element => element.Address is not null).Count()
        : _elements.Count;

    /// <summary>A list that is one request of its pool, or its release.</summary>
    private bool Allocation(long time, PoolKind pool, bool isMap, bool failed, out string problem)
    {
        problem = string.Empty;
        var hasAddress = row.Hex("dma_addr", out var address);
        var hasSize = row.Size("size", out var bytes);
        _ = row.Hex("phys_addr", out var physical);
        if (!isMap && _live.Remove(Id(), out var known) && !hasAddress)
        {
            (address, bytes, physical, hasAddress) = (known[0].Address ?? 0, known[0].Bytes, known[0].Physical, true);
        }

        if (!hasAddress && !failed)
        {
            problem = isMap ? "dma_addr is missing" : "dma_addr is missing, and nothing is mapped under this id";
            return false;
        }

        if (isMap && !hasSize)
        {
            problem = "size is missing or no number of bytes";
            return false;
        }

        _elements.Clear();
        _elements.Add(new SgElement(physical, bytes, failed ? null : address));
        if (isMap && !failed)
        {
            _live.Add(Id(), CollectionsMarshal.AsSpan(_elements));
        }

        Allocations(time, pool, isMap, failed && isMap, isList: false);
        return true;
    }

    /// <summary>What a pool's allocator did for a list: one request for each element.</summary>
    private void Allocations(long time, PoolKind pool, bool isMap, bool failed, bool isList)
    {
        ref var first = ref Begin(time, EventKind.Other);
        var template = first;
        template.Fields |= EventFields.PhysAddr | EventFields.Bytes | EventFields.Units | EventFields.DmaAddr
            | (isList ? EventFields.Arg : EventFields.None);
        failed &= isMap;
        var mapped = MappedElements(failed);
        for (var i = 0; i < (failed ? mapped + 1 : mapped); i++)
        {
            ref var item = ref i == 0 ? ref first : ref job.NewEvent();
            Fill(ref item, in template, pool, i, !isMap ? EventKind.PoolUnmap : i < mapped ? EventKind.PoolMapped : EventKind.PoolMapFailed);
        }

        for (var i = 0; failed && i < mapped; i++)
        {
            Fill(ref job.NewEvent(), in template, pool, i, EventKind.PoolUnmap);
        }
    }

    private void Fill(ref TraceEvent item, in TraceEvent template, PoolKind pool, int index, EventKind kind)
    {
        var element = _elements[index];
        item = template;
        item.Kind = kind;
        item.PhysAddr = element.Physical;
        item.Bytes = element.Bytes;
        // A release of a whole list gives back what its request took, which a pool may have rounded up.
        var isWhole = kind == EventKind.PoolUnmap && !template.Fields.HasFlag(EventFields.Arg);
        item.Units = isWhole ? 0 : pools.UnitsOf(pool, element.Physical, element.Bytes);
        item.DmaAddr = kind == EventKind.PoolMapFailed ? TraceEvent.MappingError : pools.UnitOf(pool, element.Address ?? 0);
        // The chain of a list: its first segment begins it, the others go on where the last one ended.
        item.Arg = index;
    }

    private string Id() => Encoding.UTF8.GetString(row["id"]);

    private static PoolKind? AllocatorOf(ReadOnlySpan<byte> name) =>
        !name.IsEmpty && PoolKindNames.Parse(Encoding.UTF8.GetString(name)) is { } kind && PoolAddresses.IsAllocator(kind) ? kind : null;

    private void Lost(long time)
    {
        ref var item = ref Begin(time, EventKind.Lost);
        var isTold = row.Size("size", out var count);
        item.Bytes = isTold ? count : 0;
        item.Fields |= isTold ? EventFields.Bytes : EventFields.None;
        Flags(ref item);
        job.Lost += item.Bytes;
        job.Fact(new LossFact(item.Cpu, item.Bytes > 0 ? item.Bytes : -1, false, job.At(row.Line)));
    }

    private bool Pool(bool isGeometry, long time, out string problem)
    {
        problem = string.Empty;
        if (PoolKindNames.Parse(Encoding.UTF8.GetString(row["pool"])) is not { } kind || !row.Size("size", out var bytes))
        {
            problem = "pool and size are needed";
            return false;
        }

        long unitBytes = kind == PoolKind.Swiotlb ? 2048 : 4096;
        var source = job.At(row.Line);
        job.Fact(isGeometry
            ? new PoolGeometryFact(kind, source, GeometryOrigin.Trace) { Units = bytes / unitBytes, UnitBytes = unitBytes }
            : new UsageFact(kind, UsageMoment.Sample, time, bytes / unitBytes, null, source));
        return true;
    }

    private ref TraceEvent Begin(long time, EventKind kind)
    {
        ref var item = ref job.NewEvent();
        item.Line = row.Line;
        item.TimeNs = time;
        item.Kind = kind;
        item.NameId = job.Names.Intern(row["event"] is { IsEmpty: false } ? row.Text("event") : row["op"]);
        item.DeviceId = job.Names.Intern(row.Text("device"));
        item.CommId = job.Names.Intern(row.Text("comm"));
        item.ConsumerId = job.Names.Intern(row.Text("lun"));
        item.TextId = job.Names.Intern(row.Text(!row["text"].IsEmpty ? "text" : !row["stack"].IsEmpty ? "stack" : "id"));
        item.Cpu = row.Number("cpu", out var cpu) && cpu < 65536 ? (int)cpu : -1;
        item.Pid = row.Number("pid", out var pid) && pid <= int.MaxValue ? (int)pid : -1;
        item.Pool = row["pool"] is { IsEmpty: false } pool ? PoolKindNames.Parse(Encoding.UTF8.GetString(pool)) ?? PoolKind.Unknown : PoolKind.Unknown;
        item.Direction = Direction(row["dir"]);
        item.AlignMask = row.Hex("align_mask", out var mask) ? mask : row.Size("align_mask", out var bytes) ? (ulong)bytes : 0;
        Driver(item.DeviceId);
        return ref item;
    }

    /// <summary>The mask of the device: hexadecimal, or a number of bits (<c>32b</c>).</summary>
    private ulong DeviceMask()
    {
        const int MostBits = 64;
        if (row.Hex("dma_mask", out var mask))
        {
            return mask;
        }

        var text = row["dma_mask"];
        return text is [.., (byte)'b'] && CanonicalColumns.Number(text[..^1], out var bits) && bits is > 0 and <= MostBits
            ? ulong.MaxValue >> (MostBits - (int)bits) : 0;
    }

    /// <summary>A driver's name is told once for each device.</summary>
    private void Driver(int device)
    {
        if (device != 0 && row["driver"] is { IsEmpty: false } && _devices.Count < MostDevices && _devices.Add(device))
        {
            job.Fact(new DeviceFact(job.Names.Text(device), job.At(row.Line)) { Driver = Encoding.UTF8.GetString(row.Text("driver")) });
        }
    }

    private static byte Direction(ReadOnlySpan<byte> text) => text switch
    {
        _ when text.SequenceEqual("0"u8) || Ascii.EqualsIgnoreCase(text, "bidirectional"u8) => 0,
        _ when text.SequenceEqual("1"u8) || Ascii.EqualsIgnoreCase(text, "to_device"u8) => 1,
        _ when text.SequenceEqual("2"u8) || Ascii.EqualsIgnoreCase(text, "from_device"u8) => 2,
        _ when text.SequenceEqual("3"u8) || Ascii.EqualsIgnoreCase(text, "none"u8) => 3,
        _ => 255,
    };

    private bool Time(out long time)
    {
        if (row.Signed("time_ns", out time))
        {
            return true;
        }

        // An exponent is what a spreadsheet leaves of a number: its last digits are gone.
        var seconds = row["time_s"];
        const decimal Most = long.MaxValue / NanosecondsPerSecond;
        if (decimal.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < Most)
        {
            time = (long)(value * NanosecondsPerSecond);
            return true;
        }

        if (DateTimeOffset.TryParse(Encoding.UTF8.GetString(row["time"]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var wall))
        {
            time = (wall.UtcDateTime - DateTime.UnixEpoch).Ticks * 100;
            return true;
        }

        return false;
    }
}
