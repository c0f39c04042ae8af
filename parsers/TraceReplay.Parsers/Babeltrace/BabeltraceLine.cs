using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Babeltrace;

/// <summary>Reads lines of <c>babeltrace2</c>: <c>[07:39:13.123456789] (+0.000001) host event: { cpu_id = 1 }, { a = 1, s = "txt" }</c>.
/// Recordings of LTTng and of <c>perf data convert --to-ctf</c> come this way (spec formats.md 4.3).</summary>
internal sealed class BabeltraceLine
{
    private const long SecondNs = 1_000_000_000;
    private const long DayNs = 86_400 * SecondNs;

    private readonly TextBuffer _body = new();
    private readonly TextBuffer _place = new();
    private long _days;
    private long _last;

    /// <summary>The stamps are times of a day or dates: wall time.</summary>
    public bool IsWallTime { get; private set; }

    /// <summary>The fields of the line last read, as <see cref="FieldDump"/> takes them; those of a probe as ftrace prints them.</summary>
    public ReadOnlySpan<byte> Body => _body.Span;

    /// <summary>Whether a line has the form.</summary>
    /// <param name="line">The line.</param>
    /// <returns>True for an event.</returns>
    public static bool Is(ReadOnlySpan<byte> line) =>
        (line.StartsWith("["u8) || line.StartsWith("timestamp = "u8)) && line.IndexOf("{ "u8) > 0 && line.TrimEnd((byte)' ').EndsWith("}"u8);

    /// <summary>Splits a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="header">The parts but the body.</param>
    /// <returns>False if it is no event.</returns>
    public bool TryParse(ReadOnlySpan<byte> line, out LineHeader header)
    {
        header = default;
        (header.Cpu, header.Pid) = (-1, -1);
        if (!Is(line) || !Stamp(line, out header.Time, out header.Decimals, out var end))
        {
            return false;
        }

        line = line[end..];
        var scope = line.IndexOf("{ "u8);
        header.Name = NameOf(line[..Math.Max(scope, 0)]);
        if (header.Name.IsEmpty)
        {
            return false;
        }

        line = line[scope..];
        _body.Clear();
        _place.Clear();
        for (var at = 0; Next(line, ref at, out var name, out var value);)
        {
            Field(line[name], line[value], ref header);
        }

        Mark();
        return true;
    }

    private bool Stamp(ReadOnlySpan<byte> line, out long time, out int decimals, out int end)
    {
        (time, decimals) = (0, 9);
        var isNamed = line.StartsWith("timestamp = "u8);
        end = isNamed ? line.IndexOf((byte)',') : line.IndexOf((byte)']');
        if (end < 0)
        {
            return false;
        }

        var text = line[(isNamed ? 12 : 1)..end].Trim((byte)' ');
        var clock = text[(text.LastIndexOf((byte)' ') + 1)..];
        if (clock.IndexOf((byte)':') < 0)
        {
            var at = 0;
            return Ascii.Seconds(clock, ref at, out time, out decimals) && at == clock.Length;
        }

        if (!TimeOfDay(clock, out time))
        {
            return false;
        }

        if (clock.Length < text.Length)
        {
            // The date stands in front: yyyy-mm-dd.
            time += Date(text, out var date) ? (date - DateTime.UnixEpoch).Ticks * 100 : 0;
        }
        else
        {
            _days += time + (DayNs / 2) < _last ? 1 : 0;
            _last = time;
            time += _days * DayNs;
        }

        IsWallTime = true;
        return true;
    }

    private static bool Date(ReadOnlySpan<byte> text, out DateTime date) => DateTime.TryParseExact(
        System.Text.Encoding.ASCII.GetString(text[..Math.Min(text.Length, 10)]), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture,
        System.Globalization.DateTimeStyles.None, out date);

    private static bool TimeOfDay(ReadOnlySpan<byte> text, out long time)
    {
        time = 0;
        var at = 0;
        if (!Ascii.Decimal(text, ref at, out var hours) || hours > 23 || at >= text.Length || text[at++] != (byte)':'
            || !Ascii.Decimal(text, ref at, out var minutes) || minutes > 59 || at >= text.Length || text[at++] != (byte)':'
            || !Ascii.Seconds(text, ref at, out var seconds, out var decimals))
        {
            return false;
        }

        time = ((long)((hours * 60) + minutes) * 60 * SecondNs) + (decimals == 0 ? seconds * SecondNs : seconds);
        return decimals > 0 || seconds < 61;
    }

    /// <summary>The name is the last word before the first scope.</summary>
    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> before)
    {
        before = before.TrimEnd(" :,"u8);
        if (before.IndexOf(", name = "u8) is >= 0 and var named)
        {
            before = before[(named + 9)..];
            var comma = before.IndexOf((byte)',');
            before = comma < 0 ? before : before[..comma];
        }

        return before[(before.LastIndexOf((byte)' ') + 1)..];
    }

    /// <summary>The next <c>name = value</c> of any scope.</summary>
    private static bool Next(ReadOnlySpan<byte> text, ref int at, out Range name, out Range value)
    {
        (name, value) = (default, default);
        while (text[at..].IndexOf(" = "u8) is >= 0 and var equals)
        {
            var start = at + text.Slice(at, equals).LastIndexOfAny(" ,{"u8) + 1;
            name = new Range(start, at + equals);
            at += equals + 3;
            if (at < text.Length && text[at] == (byte)'{' && IsScope(text[name]))
            {
                // A scope with its name (--names scope): its fields come next.
                continue;
            }

            start = at;
            at = End(text, at);
            value = new Range(start, at);
            return true;
        }

        return false;
    }

    private static bool IsScope(ReadOnlySpan<byte> name) => name.EndsWith("context"u8) || name.EndsWith("fields"u8) || name.EndsWith("header"u8);

    /// <summary>Where a value ends: at the comma or brace behind it, outside quotes and brackets.</summary>
    private static int End(ReadOnlySpan<byte> text, int at)
    {
        var depth = 0;
        var isQuoted = false;
        for (; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'\\' when isQuoted:
                    at++;
                    break;
                case (byte)'"':
                    isQuoted = !isQuoted;
                    break;
                case (byte)'[' or (byte)'{' or (byte)'(' when !isQuoted:
                    depth++;
                    break;
                case (byte)']' or (byte)'}' or (byte)')' when !isQuoted && depth > 0:
                    depth--;
                    break;
                case (byte)',' or (byte)' ' or (byte)'}' when !isQuoted && depth == 0:
                    return at;
                default:
                    break;
            }
        }

        return text.Length;
    }

    private void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref LineHeader header)
    {
        if (name.SequenceEqual("cpu_id"u8))
        {
            header.Cpu = Ascii.Whole(value, out var cpu) && cpu <= 65535 ? (int)cpu : -1;
        }
        else if (name.SequenceEqual("perf_tid"u8) || name.SequenceEqual("common_pid"u8) || name.SequenceEqual("vtid"u8) || (name.SequenceEqual("tid"u8) && header.Pid < 0))
        {
            header.Pid = Ascii.Whole(value, out var pid) && pid <= int.MaxValue ? (int)pid : -1;
        }
        else if (name.SequenceEqual("procname"u8))
        {
            header.Comm = value.Trim((byte)'"');
        }
        else if (name.SequenceEqual("common_flags"u8))
        {
            // TRACE_FLAG_HARDIRQ 0x08, SOFTIRQ 0x10, NMI 0x40 (include/linux/trace_events.h).
            header.Interrupt = Ascii.Whole(value, out var flags) && (flags & 0x18) != 0 && (flags & 0x40) == 0;
        }
        else if (name.EndsWith("_probe_ip"u8) || name.EndsWith("_probe_func"u8))
        {
            _place.Clear();
            _place.Add(name.EndsWith("_probe_ip"u8) ? "("u8 : "(caller <- "u8);
            _place.Add(value.StartsWith("0x"u8) ? value[2..] : value);
            _place.Add(")"u8);
        }
        else if (!name.StartsWith("common_"u8) && !name.StartsWith("perf_"u8) && !name.EndsWith("_probe_ret_ip"u8))
        {
            _body.Add(" "u8);
            _body.Add(name);
            _body.Add("="u8);
            Value(value);
        }
    }

    private void Value(ReadOnlySpan<byte> value)
    {
        if (value.StartsWith("["u8))
        {
            // [ [0] = 1, [1] = 2 ] as {1,2}.
            _body.Add("{"u8);
            var isFirst = true;
            for (var rest = value; rest.IndexOf("] = "u8) is >= 0 and var index;)
            {
                rest = rest[(index + 4)..];
                var end = rest.IndexOfAny(", ]"u8);
                _body.Add(isFirst ? default : ","u8);
                _body.Add(end < 0 ? rest : rest[..end]);
                isFirst = false;
            }

            _body.Add("}"u8);
            return;
        }

        // An enumeration: ( "NAME" : container = 1 ).
        var number = value.StartsWith("("u8) ? value.LastIndexOf((byte)'=') : -1;
        _body.Add(number < 0 ? value : value[(number + 1)..].Trim(" )"u8));
    }

    /// <summary>Puts in front of the fields what tells their reader what they are; only probes print texts in quotes.</summary>
    private void Mark()
    {
        var fields = _body.Span.ToArray();
        _body.Clear();
        if (!_place.Span.IsEmpty)
        {
            _body.Add(_place.Span);
            _body.Add(fields);
            return;
        }

        _body.Add("[FAILED TO PARSE]"u8);
        for (var at = 0; at < fields.Length;)
        {
            var quote = fields.AsSpan(at).IndexOf((byte)'"');
            _body.Add(quote < 0 ? fields.AsSpan(at) : fields.AsSpan(at, quote));
            at = quote < 0 ? fields.Length : at + quote + 1;
        }
    }
}
