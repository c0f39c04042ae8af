using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>The part of an event line before its body: task, CPU, time, event name (spec formats.md 2.1, 2.2).</summary>
internal ref struct LineHeader
{
    // "%16s-%-7d ": the task name is right-aligned to 16, so the dash stands at this index in untouched lines.
    private const int CommWidth = 16;

    // No header is longer; a search for the dash that goes on would only find one in the body.
    private const int SearchWidth = 80;

    /// <summary>Task name without padding.</summary>
    public ReadOnlySpan<byte> Comm;

    /// <summary>Task id.</summary>
    public int Pid;

    /// <summary>CPU number.</summary>
    public int Cpu;

    /// <summary>Raised in interrupt context.</summary>
    public bool Interrupt;

    /// <summary>Nanoseconds, or the bare number of an integer clock.</summary>
    public long Time;

    /// <summary>Decimals of the stamp; 0 = an integer clock.</summary>
    public int Decimals;

    /// <summary>The time counts from the beginning of the trace.</summary>
    public bool IsRelative;

    /// <summary>Event name.</summary>
    public ReadOnlySpan<byte> Name;

    /// <summary>What follows the event name's colon, without leading blanks.</summary>
    public ReadOnlySpan<byte> Body;

    /// <summary>Splits a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="header">The parts.</param>
    /// <returns>False if the line is no event line.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out LineHeader header)
    {
        header = default;
        if (line.Length > CommWidth + 16 && line[CommWidth] == (byte)'-' && header.AfterDash(line, CommWidth + 1))
        {
            header.Comm = line[..CommWidth].TrimStart((byte)' ');
            return true;
        }

        return header.Search(line);
    }

    /// <summary>Lines whose columns were moved (instances, quoting, lost blanks): the last dash that fits is the one
    /// behind the task name, because a name may hold anything, but the columns behind it may not.</summary>
    private bool Search(ReadOnlySpan<byte> line)
    {
        var window = line[..Math.Min(line.Length, SearchWidth)];
        for (var dash = window.LastIndexOf((byte)'-'); dash > 0; dash = window[..dash].LastIndexOf((byte)'-'))
        {
            if (AfterDash(line, dash + 1))
            {
                Comm = CommBefore(line[..dash]);
                return !Comm.IsEmpty;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> CommBefore(ReadOnlySpan<byte> text)
    {
        // An instance prefix ("myinst: ") is followed by the padded name.
        var name = text.Length > CommWidth ? text[^CommWidth..] : text;
        return name.TrimStart((byte)' ');
    }

    private bool AfterDash(ReadOnlySpan<byte> line, int at)
    {
        if (!Ascii.Decimal(line, ref at, out var pid) || pid > int.MaxValue)
        {
            return false;
        }

        SkipBlanks(line, ref at);
        if (at < line.Length && line[at] == (byte)'(')
        {
            var close = line[at..].IndexOf((byte)')');
            at += close is > 0 and < 10 ? close + 1 : 0;
            SkipBlanks(line, ref at);
        }

        if (at >= line.Length || line[at] != (byte)'[')
        {
            return false;
        }

        at++;
        if (!Ascii.Decimal(line, ref at, out var cpu) || cpu > 65535 || at >= line.Length || line[at] != (byte)']')
        {
            return false;
        }

        at++;
        Pid = (int)pid;
        Cpu = (int)cpu;
        return AfterCpu(line, at);
    }

    /// <summary>Reads flags, stamp and event name.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Behind the CPU column.</param>
    /// <returns>Whether the line has them.</returns>
    private bool AfterCpu(ReadOnlySpan<byte> line, int at)
    {
        SkipBlanks(line, ref at);
        if (at < line.Length && !Ascii.IsDigit(line[at]))
        {
            var flags = line[at..];
            var length = flags.IndexOf((byte)' ');
            if (length is < 3 or > 7)
            {
                return false;
            }

            // z and Z (NMI) are what a breakpoint-based kprobe makes of any context: they tell nothing.
            Interrupt = flags[2] is (byte)'h' or (byte)'H' or (byte)'s';
            at += length;
            SkipBlanks(line, ref at);
        }

        if (!Ascii.Seconds(line, ref at, out Time, out Decimals) || at >= line.Length || line[at] != (byte)':')
        {
            return false;
        }

        return NameAndBody(line[(at + 1)..]);
    }

    /// <summary>Splits what follows the stamp.</summary>
    /// <param name="rest">The line behind the stamp's colon.</param>
    /// <returns>Whether an event's name stands there.</returns>
    public bool NameAndBody(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart((byte)' ');
        if (rest.Length > 2 && rest[0] == (byte)'(' && rest[1] is (byte)'+' or (byte)'-')
        {
            // The difference column of trace-cmd report --ts-diff.
            rest = rest[(rest.IndexOf((byte)')') + 1)..].TrimStart((byte)' ');
        }

        var colon = rest.IndexOf((byte)':');
        if (colon < 0)
        {
            Name = rest.TrimEnd((byte)' ');
            Body = default;
            return Name.SequenceEqual("<stack trace>"u8) || Name.SequenceEqual("<user stack trace>"u8) || IsFunction();
        }

        Name = rest[..colon];
        if (Name.IsEmpty || Name.Length > 128)
        {
            return false;
        }

        var body = rest[(colon + 1)..];
        var start = 0;
        while (start < body.Length && body[start] == (byte)' ')
        {
            start++;
        }

        Body = body[start..];
        return true;
    }

    /// <summary>The function tracer prints <c>func &lt;-caller</c> in place of an event.</summary>
    private bool IsFunction()
    {
        var isFunction = Name.IndexOf(" <-"u8) > 0;
        Name = isFunction ? "function"u8 : Name;
        return isFunction;
    }

    private static void SkipBlanks(ReadOnlySpan<byte> line, ref int at)
    {
        while ((uint)at < (uint)line.Length && line[at] == (byte)' ')
        {
            at++;
        }
    }
}
