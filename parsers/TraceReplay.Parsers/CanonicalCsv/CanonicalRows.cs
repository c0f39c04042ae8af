using System.Globalization;
using System.Text;
using CsvHelper;
using TraceReplay.Core;

namespace TraceReplay.Parsers.CanonicalCsv;

/// <summary>Turns rows of the canonical schema into events and facts.</summary>
internal sealed class CanonicalRows(SourceJob job)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly List<SgElement> _elements = [];

    /// <summary>Reads the comment lines in front (<c># clock=mono</c>, <c># pool=swiotlb nslabs=32768 areas=8</c>).</summary>
    /// <param name="head">First bytes of the source.</param>
    public void Metadata(ReadOnlySpan<byte> head)
    {
        head = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        for (long line = 1; head.StartsWith("#"u8); line++)
        {
            var text = Encoding.UTF8.GetString(Text.HeadLines.Next(ref head)).TrimStart('#', ' ');
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(w => w.Split('=', 2)).Where(w => w.Length == 2)
                .GroupBy(w => w[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First()[1], StringComparer.Ordinal);
            Metadata(words, line);
        }
    }

    /// <summary>Reads one row.</summary>
    /// <param name="csv">The reader at the row.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <returns>False if it cannot be used.</returns>
    public bool Row(CsvReader csv, out string problem)
    {
        var op = Field(csv, "op").ToLowerInvariant();
        problem = string.Empty;
        if (!Time(csv, out var time))
        {
            problem = "no time_ns, time_s or time that can be read";
            return false;
        }

        var failed = Field(csv, "result") is { Length: > 0 } result && !string.Equals(result, "ok", StringComparison.OrdinalIgnoreCase);
        switch (op)
        {
            case "map_sg" or "unmap_sg":
                return Elements(csv, time, op == "map_sg", failed, out problem);
            case "map" or "unmap" or "alloc" or "free" or "sync" or "fail" or "reset":
                return Single(csv, time, op, failed, out problem);
            case "lost":
                Lost(csv, time);
                return true;
            case "pool" or "snapshot":
                return Pool(csv, op, time, out problem);
            default:
                problem = "op is not one of map unmap alloc free map_sg unmap_sg sync fail snapshot lost pool reset";
                return false;
        }
    }

    private void Metadata(Dictionary<string, string> words, long line)
    {
        if (words.TryGetValue("clock", out var clock))
        {
            job.Clock = clock switch
            {
                "mono" => ClockDomain.Mono,
                "mono-raw" or "mono_raw" => ClockDomain.MonoRaw,
                "boot" => ClockDomain.Boot,
                "wall" or "utc" => ClockDomain.WallUtc,
                "ftrace-global" => ClockDomain.FtraceGlobal,
                _ => ClockDomain.FtraceLocal,
            };
        }

        if (words.TryGetValue("kernel", out var kernel))
        {
            job.Incident.Kernel ??= KernelIdentity.KernelVersion.Number(kernel);
            job.Fact(new MachineFact(job.At(line)) { KernelRelease = kernel, KernelVersion = job.Incident.Kernel?.ToString() });
        }

        if (words.TryGetValue("lost", out var lost) && Number(lost, out var count))
        {
            job.Lost += count;
            job.Fact(new LossFact(-1, count, false, job.At(line)));
        }

        if (words.TryGetValue("pool", out var pool) && PoolKindNames.Parse(pool) is { } kind)
        {
            job.Fact(new PoolGeometryFact(kind, job.At(line), GeometryOrigin.Trace)
            {
                Units = words.TryGetValue("nslabs", out var slabs) && Number(slabs, out var units) ? units : null,
                UnitBytes = kind == PoolKind.Swiotlb ? 2048 : null,
                Areas = words.TryGetValue("areas", out var areas) && Number(areas, out var n) && n < 65536 ? (int)n : null,
            });
        }
    }

    private bool Single(CsvReader csv, long time, string op, bool failed, out string problem)
    {
        problem = string.Empty;
        var hasSize = Size(Field(csv, "size"), out var bytes);
        if (!hasSize && op is "map" or "alloc" or "fail")
        {
            problem = "size is missing or no number of bytes";
            return false;
        }

        ref var item = ref Begin(csv, time, op switch
        {
            "map" => EventKind.Map,
            "unmap" => EventKind.Unmap,
            "alloc" => EventKind.Alloc,
            "free" => EventKind.Free,
            "sync" => EventKind.Sync,
            "fail" => EventKind.Fail,
            _ => EventKind.Other,
        });
        item.Bytes = bytes;
        item.Fields |= hasSize ? EventFields.Bytes : EventFields.None;
        if (Hex(Field(csv, "dma_addr"), out var address) || failed)
        {
            item.DmaAddr = failed ? TraceEvent.MappingError : address;
            item.Fields |= EventFields.DmaAddr;
        }

        if (Hex(Field(csv, "phys_addr"), out var physical))
        {
            item.PhysAddr = physical;
            item.Fields |= EventFields.PhysAddr;
        }

        return true;
    }

    private bool Elements(CsvReader csv, long time, bool isMap, bool failed, out string problem)
    {
        problem = string.Empty;
        _elements.Clear();
        foreach (var text in Field(csv, "sg").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = text.Split(':');
            if (!Hex(parts[0], out var physical) || (isMap && (parts.Length < 2 || !Size(parts[1], out _))))
            {
                problem = "sg is not phys:len[:dma] joined by ;";
                return false;
            }

            _ = Size(parts.Length > 1 ? parts[1] : string.Empty, out var bytes);
            var hasDma = Hex(parts.Length > 2 ? parts[2] : string.Empty, out var address);
            _elements.Add(new SgElement(physical, bytes, hasDma ? address : null));
        }

        if (_elements.Count == 0)
        {
            problem = "sg is empty";
            return false;
        }

        for (var i = 0; i < _elements.Count; i++)
        {
            var element = _elements[i];
            ref var item = ref Begin(csv, time, isMap ? EventKind.Map : EventKind.Unmap);
            item.PhysAddr = element.Physical;
            item.Bytes = element.Bytes;
            item.Arg = i;
            item.DmaAddr = failed ? TraceEvent.MappingError : element.Address ?? 0;
            item.Fields |= EventFields.PhysAddr | EventFields.Bytes | EventFields.Arg
                | (failed || element.Address is not null ? EventFields.DmaAddr : EventFields.None);
        }

        return true;
    }

    private void Lost(CsvReader csv, long time)
    {
        ref var item = ref Begin(csv, time, EventKind.Lost);
        item.Bytes = Size(Field(csv, "size"), out var count) ? count : 0;
        job.Lost += item.Bytes;
        job.Fact(new LossFact(item.Cpu, item.Bytes > 0 ? item.Bytes : -1, false, job.At(csv.LineNumber)));
    }

    private bool Pool(CsvReader csv, string op, long time, out string problem)
    {
        problem = string.Empty;
        if (PoolKindNames.Parse(Field(csv, "pool")) is not { } kind || !Size(Field(csv, "size"), out var bytes))
        {
            problem = "pool and size are needed";
            return false;
        }

        long unitBytes = kind == PoolKind.Swiotlb ? 2048 : 4096;
        var source = job.At(csv.LineNumber);
        job.Fact(op == "pool"
            ? new PoolGeometryFact(kind, source, GeometryOrigin.Trace) { Units = bytes / unitBytes, UnitBytes = unitBytes }
            : new UsageFact(kind, UsageMoment.Sample, time, bytes / unitBytes, null, source));
        return true;
    }

    private ref TraceEvent Begin(CsvReader csv, long time, EventKind kind)
    {
        ref var item = ref job.NewEvent();
        item.Line = csv.LineNumber;
        item.TimeNs = time;
        item.Kind = kind;
        item.NameId = job.Names.Intern(Field(csv, "op"));
        item.DeviceId = job.Names.Intern(Field(csv, "device"));
        item.CommId = job.Names.Intern(Field(csv, "comm"));
        item.ConsumerId = job.Names.Intern(Field(csv, "lun"));
        var stack = Field(csv, "stack");
        item.TextId = job.Names.Intern(stack.Length > 0 ? stack : Field(csv, "id"));
        item.Cpu = Number(Field(csv, "cpu"), out var cpu) && cpu < 65536 ? (int)cpu : -1;
        item.Pid = Number(Field(csv, "pid"), out var pid) && pid <= int.MaxValue ? (int)pid : -1;
        item.Pool = PoolKindNames.Parse(Field(csv, "pool")) ?? PoolKind.Unknown;
        item.Direction = Field(csv, "dir").ToLowerInvariant() switch
        {
            "bidirectional" or "0" => 0,
            "to_device" or "1" => 1,
            "from_device" or "2" => 2,
            "none" or "3" => 3,
            _ => 255,
        };
        item.AlignMask = Size(Field(csv, "align_mask"), out var mask) ? (ulong)mask : 0;
        return ref item;
    }

    private static bool Time(CsvReader csv, out long time)
    {
        if (Number(Field(csv, "time_ns"), out time))
        {
            return true;
        }

        // An exponent is what a spreadsheet leaves of a number: its last digits are gone.
        var seconds = Field(csv, "time_s");
        const decimal Most = long.MaxValue / NanosecondsPerSecond;
        if (decimal.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < Most)
        {
            time = (long)(value * NanosecondsPerSecond);
            return true;
        }

        if (DateTimeOffset.TryParse(Field(csv, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var wall))
        {
            time = (wall.UtcDateTime - DateTime.UnixEpoch).Ticks * 100;
            return true;
        }

        return false;
    }

    private static string Field(CsvReader csv, string name) => csv.TryGetFieldIndex(name, out var index) ? csv.GetString(index).Trim() : string.Empty;

    private static bool Number(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>Addresses need their <c>0x</c>: a bare number would be ambiguous.</summary>
    private static bool Hex(string text, out ulong value)
    {
        value = 0;
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static bool Size(string text, out long value)
    {
        value = 0;
        if (text.Length == 0)
        {
            return false;
        }

        var shift = char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        var digits = shift > 0 ? text[..^1] : text;
        var isRead = Hex(digits, out var hex) ? hex <= long.MaxValue : Number(digits, out value);
        value = hex > 0 && hex <= long.MaxValue ? (long)hex : value;
        if (!isRead || value > long.MaxValue >> shift)
        {
            return false;
        }

        value <<= shift;
        return true;
    }

    private readonly record struct SgElement(ulong Physical, long Bytes, ulong? Address);
}
