using TraceReplay.Parsers.ProbeDefinitions;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Values of one probe line, by what they tell.</summary>
internal sealed class ProbeValues
{
    private readonly ulong[] _values = new ulong[(int)ProbeField.Count];
    private readonly int[] _areas = new int[512];
    private ulong _present;
    private int _textStart;
    private int _textLength;

    /// <summary>Number of ints in <see cref="Areas"/>, 0 = the line has no area state.</summary>
    private int _areaInts;

    /// <summary>Pairs (used, next index) by area.</summary>
    public ReadOnlySpan<int> Areas => _areas.AsSpan(0, _areaInts);

    /// <summary>Sum of the areas' use.</summary>
    public long AreasUsed { get; private set; }

    /// <summary>Whether a value was read.</summary>
    /// <param name="field">Which.</param>
    /// <returns>True if the line has it.</returns>
    public bool Has(ProbeField field) => (_present >> (int)field & 1) != 0;

    /// <summary>A value, 0 if absent.</summary>
    /// <param name="field">Which.</param>
    public ulong this[ProbeField field] => Has(field) ? _values[(int)field] : 0;

    /// <summary>The device text of the line, empty if it has none.</summary>
    /// <param name="body">The body that was read.</param>
    /// <returns>Name or pointer.</returns>
    public ReadOnlySpan<byte> Device(ReadOnlySpan<byte> body) => body.Slice(_textStart, _textLength);

    /// <summary>Reads a line by its plan.</summary>
    /// <param name="body">The body.</param>
    /// <param name="plan">The plan.</param>
    /// <returns>False if the fields stand differently in this line.</returns>
    public bool Read(ReadOnlySpan<byte> body, ProbePlan plan)
    {
        _present = 0;
        (_textStart, _textLength) = (0, 0);
        _areaInts = plan.Areas * 2;
        AreasUsed = 0;
        _areas.AsSpan(0, _areaInts).Clear();
        var at = ProbePlan.PlaceLength(body);
        var fields = plan.Fields;
        for (var i = 0; i < fields.Length; i++)
        {
            ref readonly var field = ref fields[i];
            if (!body[at..].StartsWith(field.Key))
            {
                return false;
            }

            at += field.Key.Length;
            if (!Value(body, ref at, field, i + 1 < fields.Length ? fields[i + 1].Key : null))
            {
                return false;
            }
        }

        return at == body.Length || !body[at..].Contains((byte)'=');
    }

    private bool Value(ReadOnlySpan<byte> body, ref int at, in PlanField field, byte[]? next)
    {
        if ((uint)at < (uint)body.Length && body[at] == (byte)'"')
        {
            return Quoted(body, ref at, field.Field, next);
        }

        var start = at;
        var isNumber = Ascii.Number(body, ref at, out var value) && (at == body.Length || body[at] == (byte)' ');
        if (!isNumber)
        {
            // (fault), symbols, arrays: not a value that any meaning uses. Raw fields have no quotes around a name.
            at = End(body, start, next);
            if (field.Field == ProbeField.Device && at > start && body[start] != (byte)'(')
            {
                (_textStart, _textLength) = (start, at - start);
            }

            return true;
        }

        if (field.Field == ProbeField.Device)
        {
            (_textStart, _textLength) = (start, at - start);
        }
        else if (field.Field < ProbeField.Count)
        {
            _values[(int)field.Field] = value;
            _present |= 1UL << (int)field.Field;
        }
        else
        {
            Area(field, value);
        }

        return true;
    }

    private void Area(in PlanField field, ulong value)
    {
        var number = (int)Math.Min(value, int.MaxValue);
        if (field.Field == ProbeField.AreaUsed)
        {
            _areas[field.Area * 2] = number;
            AreasUsed += number;
        }
        else
        {
            _areas[(field.Area * 2) + 1] = number;
        }
    }

    /// <summary>A quoted text ends where the next field begins: the kernel does not escape quotes in it.</summary>
    private bool Quoted(ReadOnlySpan<byte> body, ref int at, ProbeField field, byte[]? next)
    {
        var start = ++at;
        while (true)
        {
            var close = next is null ? body[at..].LastIndexOf((byte)'"') : body[at..].IndexOf((byte)'"');
            if (close < 0)
            {
                return false;
            }

            at += close + 1;
            if (next is null || body[at..].StartsWith(next))
            {
                break;
            }
        }

        if (field == ProbeField.Device)
        {
            (_textStart, _textLength) = (start, at - 1 - start);
        }

        return true;
    }

    private static int End(ReadOnlySpan<byte> body, int start, byte[]? next)
    {
        var end = next is null ? -1 : body[start..].IndexOf(next);
        return end < 0 ? body.Length : start + end;
    }
}
