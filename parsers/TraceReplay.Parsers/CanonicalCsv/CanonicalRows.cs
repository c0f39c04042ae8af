using System.Buffers.Text;
using System.Globalization;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.CanonicalCsv;

/// <summary>Turns rows of the canonical schema into events and facts.</summary>
internal sealed partial class CanonicalRows(SourceJob job, CanonicalColumns row, PoolAddresses pools)
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
            case "map" or "unmap" or "alloc" or "free" when NamedAllocator() is { } pool:
                return Allocation(time, pool, op is "map" or "alloc", op is "alloc" or "free", failed, out problem);
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

    /// <summary><c>forced|interrupt|truncated|coherent</c>, and <c>units?</c> for a value that stands there without being told.</summary>
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
                var f when f.SequenceEqual("coherent"u8) => item.Fields | EventFields.Coherent,
                var f when f.SequenceEqual("dma_addr?"u8) => item.Fields & ~EventFields.DmaAddr,
                var f when f.SequenceEqual("phys_addr?"u8) => item.Fields & ~EventFields.PhysAddr,
                var f when f.SequenceEqual("size?"u8) => item.Fields & ~EventFields.Bytes,
                var f when f.SequenceEqual("units?"u8) => item.Fields & ~EventFields.Units,
                var f when f.SequenceEqual("arg?"u8) => item.Fields & ~EventFields.Arg,
                _ => item.Fields,
            };
        }
    }

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
