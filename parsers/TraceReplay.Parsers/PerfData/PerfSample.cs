namespace TraceReplay.Parsers.PerfData;

/// <summary>One sample.</summary>
/// <param name="Time">Nanoseconds.</param>
/// <param name="Pid">Task id.</param>
/// <param name="Cpu">CPU, -1 if not recorded.</param>
/// <param name="Raw">The ftrace record.</param>
/// <param name="Chain">Addresses of the call chain, 8 bytes each.</param>
internal readonly record struct PerfSample(ulong Time, int Pid, int Cpu, byte[] Raw, byte[] Chain)
{
    // Bits of sample_type (include/uapi/linux/perf_event.h).
    private const ulong Ip = 1;
    private const ulong Tid = 1 << 1;
    private const ulong HasTime = 1 << 2;
    private const ulong Address = 1 << 3;
    private const ulong HasRead = 1 << 4;
    private const ulong CallChain = 1 << 5;
    private const ulong Id = 1 << 6;
    private const ulong HasCpu = 1 << 7;
    private const ulong Period = 1 << 8;
    private const ulong StreamId = 1 << 9;
    private const ulong HasRaw = 1 << 10;
    private const ulong Identifier = 1 << 16;

    // Bits of read_format.
    private const ulong TotalTimes = 1 | 2;
    private const ulong ReadId = 4;
    private const ulong ReadGroup = 8;
    private const ulong ReadLost = 16;

    // An ftrace record begins with 8 common bytes.
    private const int ShortestRaw = 8;
    private const ulong MostFrames = 1 << 10;

    /// <summary>Reads the body of a sample record; the parts stand in this order.</summary>
    /// <param name="record">The body.</param>
    /// <param name="file">The file.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="isDamaged">It is longer than its record.</param>
    /// <returns>False if it carries no event.</returns>
    public static bool TryRead(ReadOnlySpan<byte> record, PerfDataFile file, out PerfSample sample, out bool isDamaged)
    {
        var cursor = new SpanCursor(record);
        var attribute = AttributeOf(record, file);
        var type = attribute.SampleType;
        Pass(ref cursor, type & Identifier);
        Pass(ref cursor, type & Ip);
        var pid = -1;
        if ((type & Tid) != 0)
        {
            _ = cursor.U32();
            pid = (int)cursor.U32();
        }

        var time = (type & HasTime) != 0 ? cursor.U64() : 0;
        Pass(ref cursor, type & Address);
        Pass(ref cursor, type & Id);
        Pass(ref cursor, type & StreamId);
        var cpu = -1;
        if ((type & HasCpu) != 0)
        {
            cpu = (int)Math.Min(cursor.U32(), 65535);
            _ = cursor.U32();
        }

        Pass(ref cursor, type & Period);
        if ((type & HasRead) != 0)
        {
            PassRead(ref cursor, attribute.ReadFormat);
        }

        ReadOnlySpan<byte> chain = default;
        if ((type & CallChain) != 0)
        {
            var frames = cursor.U64();
            chain = cursor.Take(frames > ulong.MaxValue / 8 ? ulong.MaxValue : frames * 8);
            chain = chain[..(int)Math.Min((ulong)chain.Length, MostFrames * 8)];
        }

        var raw = (type & HasRaw) != 0 ? cursor.Take(cursor.U32()) : default;
        isDamaged = cursor.IsCut;
        var isEvent = !isDamaged && raw.Length >= ShortestRaw;
        sample = isEvent ? new PerfSample(time, pid, cpu, raw.ToArray(), chain.ToArray()) : default;
        return isEvent;
    }

    /// <summary>The id stands in front, or behind parts whose presence all events of a file share.</summary>
    private static PerfAttribute AttributeOf(ReadOnlySpan<byte> record, PerfDataFile file)
    {
        var type = file.First.SampleType;
        var cursor = new SpanCursor(record);
        if ((type & Identifier) == 0)
        {
            if ((type & Id) == 0)
            {
                return file.First;
            }

            Pass(ref cursor, type & Ip);
            Pass(ref cursor, type & Tid);
            Pass(ref cursor, type & HasTime);
            Pass(ref cursor, type & Address);
        }

        return file.ById.GetValueOrDefault(cursor.U64(), file.First);
    }

    private static void PassRead(ref SpanCursor cursor, ulong format)
    {
        var each = 8UL + ((format & ReadId) != 0 ? 8UL : 0) + ((format & ReadLost) != 0 ? 8UL : 0);
        var times = (ulong)System.Numerics.BitOperations.PopCount(format & TotalTimes) * 8;
        if ((format & ReadGroup) == 0)
        {
            _ = cursor.Take(each + times);
            return;
        }

        var count = cursor.U64();
        _ = cursor.Take(times);
        _ = cursor.Take(count > ushort.MaxValue ? ulong.MaxValue : count * each);
    }

    private static void Pass(ref SpanCursor cursor, ulong bit)
    {
        if (bit != 0)
        {
            _ = cursor.U64();
        }
    }
}
