namespace TraceReplay.Parsers.PerfData;

/// <summary>What the samples of one event hold (struct perf_event_attr, include/uapi/linux/perf_event.h).</summary>
/// <param name="Type">Kind of event: 2 = tracepoint.</param>
/// <param name="SampleType">Bits of <c>sample_type</c>.</param>
/// <param name="ReadFormat">Bits of <c>read_format</c>.</param>
/// <param name="ClockId">POSIX clock of the times, -1 = perf's own.</param>
internal readonly record struct PerfAttribute(uint Type, ulong SampleType, ulong ReadFormat, int ClockId)
{
    /// <summary>Bytes up to the clock id: what every version since 2.6.31 has, or has as zero.</summary>
    public const int Bytes = 96;

    private const int UseClockId = 25;

    /// <summary>Whether its samples carry an ftrace record.</summary>
    public bool IsTracepoint => Type == 2;

    /// <summary>Reads it.</summary>
    /// <param name="bytes">The structure; a shorter one is of an older perf.</param>
    /// <returns>The attribute.</returns>
    public static PerfAttribute Read(ReadOnlySpan<byte> bytes)
    {
        Span<byte> whole = stackalloc byte[Bytes];
        whole.Clear();
        bytes[..Math.Min(bytes.Length, Bytes)].CopyTo(whole);
        var cursor = new SpanCursor(whole);
        var type = cursor.U32();
        _ = cursor.Take(20);
        var sampleType = cursor.U64();
        var readFormat = cursor.U64();
        var flags = cursor.U64();
        _ = cursor.Take(44);
        var clock = (int)cursor.U32();
        return new PerfAttribute(type, sampleType, readFormat, (flags >> UseClockId & 1) != 0 ? clock : -1);
    }
}
