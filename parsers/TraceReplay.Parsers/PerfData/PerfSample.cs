using TraceReplay.Parsers.TraceDat;

namespace TraceReplay.Parsers.PerfData;

/// <summary>One sample: where its parts stand in the file.</summary>
/// <param name="Time">Nanoseconds.</param>
/// <param name="Pid">Task id.</param>
/// <param name="Cpu">CPU, -1 if not recorded.</param>
/// <param name="Raw">The ftrace record.</param>
/// <param name="Chain">Addresses of the call chain, 8 bytes each.</param>
internal readonly record struct PerfSample(ulong Time, int Pid, int Cpu, ReadOnlyMemory<byte> Raw, ReadOnlyMemory<byte> Chain)
{
    // Bits of sample_type (include/uapi/linux/perf_event.h).
    private const ulong Ip = 1;
    private const ulong Tid = 1 << 1;
    private const ulong HasTime = 1 << 2;
    private const ulong Address = 1 << 3;
    private const ulong Read = 1 << 4;
    private const ulong CallChain = 1 << 5;
    private const ulong Id = 1 << 6;
    private const ulong HasCpu = 1 << 7;
    private const ulong Period = 1 << 8;
    private const ulong StreamId = 1 << 9;
    private const ulong HasRaw = 1 << 10;
    private const ulong Identifier = 1 << 16;

    /// <summary>Reads the body of a sample record; the parts stand in this order.</summary>
    /// <param name="cursor">At the body.</param>
    /// <param name="file">The file.</param>
    /// <param name="sample">The sample.</param>
    /// <returns>False if it carries no event.</returns>
    /// <exception cref="InvalidDataException">It is longer than its record.</exception>
    public static bool TryRead(ByteCursor cursor, PerfDataFile file, out PerfSample sample)
    {
        var type = file.SampleType;
        if ((type & Identifier) != 0)
        {
            type = file.SampleTypeOfId.GetValueOrDefault(cursor.U64(), type);
        }

        Pass(ref cursor, type, Ip);
        var pid = -1;
        if ((type & Tid) != 0)
        {
            _ = cursor.U32();
            pid = (int)cursor.U32();
        }

        var time = (type & HasTime) != 0 ? cursor.U64() : 0;
        Pass(ref cursor, type, Address);
        Pass(ref cursor, type, Id);
        Pass(ref cursor, type, StreamId);
        var cpu = -1;
        if ((type & HasCpu) != 0)
        {
            cpu = (int)Math.Min(cursor.U32(), 65535);
            _ = cursor.U32();
        }

        Pass(ref cursor, type, Period);
        Pass(ref cursor, type, Read);
        var chain = (type & CallChain) != 0 ? cursor.Slice((long)Math.Min(cursor.U64(), 1 << 16) * 8) : default;
        var raw = (type & HasRaw) != 0 ? cursor.Slice(cursor.U32()) : default;
        sample = new PerfSample(time, pid, cpu, raw, chain);
        return raw.Length >= 8;
    }

    private static void Pass(ref ByteCursor cursor, ulong type, ulong bit)
    {
        if ((type & bit) != 0)
        {
            _ = cursor.U64();
        }
    }
}
