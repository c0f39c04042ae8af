using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>A body of raw fields, <c>name=value name=value</c>, as libtraceevent prints it where it cannot read the print
/// format (<c>[FAILED TO PARSE]</c>: 64-bit fields are decimal) or is told to (<c>trace-cmd report -R</c>: in the base of the print
/// format, without <c>0x</c>). Spec formats.md 2.2.</summary>
internal readonly ref struct FieldDump
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly bool _isDecimal;

    private FieldDump(ReadOnlySpan<byte> body, bool isDecimal)
    {
        _body = body;
        _isDecimal = isDecimal;
    }

    /// <summary>The fields without the mark in front.</summary>
    public ReadOnlySpan<byte> Body => _body;

    /// <summary>Recognises such a body.</summary>
    /// <param name="body">A body.</param>
    /// <param name="first">The name, with equals sign, that one of the event's raw fields has and its printed form has not at this place.</param>
    /// <param name="dump">The fields.</param>
    /// <returns>Whether it is one.</returns>
    public static bool Is(ReadOnlySpan<byte> body, ReadOnlySpan<byte> first, out FieldDump dump)
    {
        var isFailed = body.StartsWith("[FAILED TO PARSE]"u8);
        var fields = isFailed ? body["[FAILED TO PARSE]".Length..].TrimStart((byte)' ') : body;
        dump = new FieldDump(fields, isFailed);
        return isFailed || fields.StartsWith(first);
    }

    /// <summary>Reads a number.</summary>
    /// <param name="key">Field name with equals sign.</param>
    /// <param name="value">The number.</param>
    /// <returns>Whether it is there.</returns>
    public bool Number(ReadOnlySpan<byte> key, out ulong value)
    {
        value = 0;
        return Find(key, out var at) && Ascii.Number(_body, ref at, out value);
    }

    /// <summary>Reads an address, which the print formats give in hexadecimal.</summary>
    /// <param name="key">Field name with equals sign.</param>
    /// <param name="value">The address.</param>
    /// <returns>Whether it is there.</returns>
    public bool Address(ReadOnlySpan<byte> key, out ulong value)
    {
        value = 0;
        if (!Find(key, out var at))
        {
            return false;
        }

        return _isDecimal || _body[at..].StartsWith("0x"u8) ? Ascii.Number(_body, ref at, out value) : Ascii.Hex(_body, ref at, out value);
    }

    /// <summary>Reads a word.</summary>
    /// <param name="key">Field name with equals sign.</param>
    /// <returns>What stands up to the next blank, empty if it is not there.</returns>
    public ReadOnlySpan<byte> Word(ReadOnlySpan<byte> key)
    {
        if (!Find(key, out var at))
        {
            return default;
        }

        var end = _body[at..].IndexOf((byte)' ');
        return end < 0 ? _body[at..] : _body.Slice(at, end);
    }

    private bool Find(ReadOnlySpan<byte> key, out int at)
    {
        for (at = 0; _body[at..].IndexOf(key) is >= 0 and var found;)
        {
            var start = at + found;
            at = start + key.Length;
            if (start == 0 || _body[start - 1] == (byte)' ')
            {
                return true;
            }
        }

        return false;
    }
}
