using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>An array field: <c>{0x1000,0x2000}</c> as ftrace prints it, <c>ARRAY[00, 10, ..]</c> (raw bytes) as trace-cmd
/// and perf do where they cannot read the print format.</summary>
internal sealed class AddressList
{
    private ulong[] _values = new ulong[256];

    /// <summary>Number of elements.</summary>
    public int Count { get; private set; }

    /// <summary>The element at an index.</summary>
    /// <param name="index">Index below <see cref="Count"/>.</param>
    public ulong this[int index] => _values[index];

    /// <summary>Reads the array behind a key.</summary>
    /// <param name="body">The body.</param>
    /// <param name="key">The key with equals sign.</param>
    /// <param name="elementBytes">Bytes of an element, for raw arrays.</param>
    /// <returns>Whether the key is there.</returns>
    public bool Read(ReadOnlySpan<byte> body, ReadOnlySpan<byte> key, int elementBytes)
    {
        Count = 0;
        var at = 0;
        if (!BodyFields.Find(body, key, ref at) || at >= body.Length)
        {
            return false;
        }

        var text = body[at..];
        if (text[0] == (byte)'{')
        {
            Braces(text);
        }
        else if (text.StartsWith("ARRAY["u8))
        {
            RawBytes(text["ARRAY[".Length..], elementBytes);
        }

        return true;
    }

    private void Braces(ReadOnlySpan<byte> text)
    {
        var at = 1;
        while (at < text.Length && text[at] != (byte)'}')
        {
            if (!Ascii.Number(text, ref at, out var value))
            {
                return;
            }

            Add(value);
            if (at < text.Length && text[at] == (byte)',')
            {
                at++;
            }
        }
    }

    private void RawBytes(ReadOnlySpan<byte> text, int elementBytes)
    {
        var at = 0;
        var have = 0;
        ulong value = 0;
        while (at < text.Length && text[at] != (byte)']')
        {
            if (!Ascii.Hex(text, ref at, out var part))
            {
                return;
            }

            value |= (part & 0xff) << (8 * have);
            if (++have == elementBytes)
            {
                Add(value);
                (have, value) = (0, 0);
            }

            while (at < text.Length && text[at] is (byte)',' or (byte)' ')
            {
                at++;
            }
        }
    }

    private void Add(ulong value)
    {
        if (Count == _values.Length)
        {
            Array.Resize(ref _values, Count * 2);
        }

        _values[Count++] = value;
    }
}
