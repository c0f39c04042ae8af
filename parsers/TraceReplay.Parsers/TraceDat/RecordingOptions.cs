using System.Globalization;
using System.Text;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Options of a trace.dat that say how it was recorded (libtracecmd include/private/trace-cmd-private.h).</summary>
internal sealed class RecordingOptions
{
    private const int Date = 1;
    private const int CpuStatistics = 2;
    private const int TraceClock = 4;
    private const int Uname = 5;
    private const int TimeOffset = 7;
    private const int CyclesToTime = 14;

    private (uint Multiplier, uint Shift, ulong Offset) _cycles;

    /// <summary>Content of trace_clock, empty if not there.</summary>
    public string Clock { get; private set; } = string.Empty;

    /// <summary>uname of the traced machine, empty if not there.</summary>
    public string Machine { get; private set; } = string.Empty;

    /// <summary>Loss counters, one text per CPU.</summary>
    public List<string> Statistics { get; } = [];

    /// <summary>What to add to the stamps, nanoseconds.</summary>
    public long OffsetNs { get; private set; }

    /// <summary>The stamps are wall time: recorded with <c>--date</c>.</summary>
    public bool IsWallTime { get; private set; }

    /// <summary>The file tells how cycles become nanoseconds.</summary>
    public bool HasNanoseconds => _cycles.Multiplier != 0;

    /// <summary>Time of a stamp.</summary>
    /// <param name="stamp">The stamp of a record.</param>
    /// <returns>Nanoseconds, or the bare number of a clock that does not count those.</returns>
    public long Nanoseconds(ulong stamp)
    {
        if (HasNanoseconds)
        {
            stamp = unchecked((ulong)(((UInt128)stamp * _cycles.Multiplier) >> (int)_cycles.Shift) + _cycles.Offset);
        }

        return unchecked((long)stamp + OffsetNs);
    }

    /// <summary>Takes an option; those that say other things are passed over.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="value">Its data.</param>
    /// <param name="bigEndian">Byte order of the file.</param>
    public void Take(int id, RandomContent value, bool bigEndian)
    {
        var text = id is TraceClock or Uname or CpuStatistics or TimeOffset or Date ? Encoding.UTF8.GetString(value.Slice(0, value.Length).Span).TrimEnd('\0') : string.Empty;
        switch (id)
        {
            case TraceClock:
                Clock = text.Trim();
                break;
            case Uname:
                Machine = text;
                break;
            case CpuStatistics:
                Statistics.Add(text);
                break;
            case TimeOffset when Number(text, out var offset):
                OffsetNs = unchecked(OffsetNs + offset);
                break;
            case Date when Number(text, out var offset):
                // Microseconds between the trace's clock and the wall; nanoseconds would be a thousand times as many.
                const long MostMicroseconds = 100_000_000_000_000_000;
                OffsetNs = unchecked(OffsetNs + (offset < MostMicroseconds ? offset * 1000 : offset));
                IsWallTime = true;
                break;
            case CyclesToTime when value.Length >= 16:
                var cursor = new ByteCursor(value, bigEndian);
                _cycles = (cursor.U32(), cursor.U32() & 63, cursor.U64());
                break;
            default:
                break;
        }
    }

    private static bool Number(string text, out long value)
    {
        var culture = CultureInfo.InvariantCulture;
        text = text.Trim();
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, culture, out value)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out value);
    }
}
