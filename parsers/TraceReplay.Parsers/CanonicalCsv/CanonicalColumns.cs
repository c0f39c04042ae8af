using CsvHelper;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.CanonicalCsv;

/// <summary>The fields of a row by the names of the header, which may stand in any order and case.</summary>
internal sealed class CanonicalColumns
{
    private readonly CsvReader _csv;
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private byte[] _room = new byte[256];

    /// <summary>Prepares for a file.</summary>
    /// <param name="csv">Its reader.</param>
    public CanonicalColumns(CsvReader csv) => _csv = csv;

    /// <summary>Text fields are escaped (<see cref="EscapedText"/>).</summary>
    public bool IsEscaped { get; set; }

    /// <summary>Line of the row.</summary>
    public long Line => _csv.LineNumber;

    /// <summary>A field without blanks around it.</summary>
    /// <param name="name">Column.</param>
    /// <returns>Its bytes, empty if there is no such column or field.</returns>
    public ReadOnlySpan<byte> this[string name]
    {
        get
        {
            if (!_indexes.TryGetValue(name, out var index))
            {
                _indexes.Add(name, index = _csv.TryGetFieldIndex(name, out var found) ? found : -1);
            }

            return index < 0 ? default : _csv.GetSpan(index).Trim(" \t"u8);
        }
    }

    /// <summary>A text field, escapes taken off.</summary>
    /// <param name="name">Column.</param>
    /// <returns>Its bytes; valid until the next call.</returns>
    public ReadOnlySpan<byte> Text(string name)
    {
        var field = this[name];
        if (!IsEscaped)
        {
            return field;
        }

        if (_room.Length < field.Length)
        {
            _room = new byte[field.Length * 2];
        }

        return EscapedText.Read(field, _room);
    }

    /// <summary>A decimal number.</summary>
    public bool Number(string name, out long value) => Number(this[name], out value);

    /// <summary>A decimal number, maybe negative.</summary>
    public bool Signed(string name, out long value)
    {
        var field = this[name];
        var isNegative = field.StartsWith("-"u8);
        var isRead = Number(isNegative ? field[1..] : field, out value);
        value = isNegative ? -value : value;
        return isRead;
    }

    /// <summary>An address: it needs its <c>0x</c>, a bare number would be ambiguous.</summary>
    public bool Hex(string name, out ulong value) => Hex(this[name], out value);

    /// <summary>Bytes: decimal or hexadecimal, with K, M or G of 1024.</summary>
    public bool Size(string name, out long value) => Size(this[name], out value);

    /// <summary>Decimal digits and nothing else.</summary>
    public static bool Number(ReadOnlySpan<byte> text, out long value)
    {
        var at = 0;
        var isRead = Ascii.Decimal(text, ref at, out var number) && at == text.Length && number <= long.MaxValue;
        value = isRead ? (long)number : 0;
        return isRead;
    }

    /// <summary><c>0x</c> and hexadecimal digits.</summary>
    public static bool Hex(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        var at = 2;
        return text.Length > 2 && text[0] == (byte)'0' && (text[1] | 0x20) == 'x' && Ascii.Hex(text, ref at, out value) && at == text.Length;
    }

    /// <summary>As the method of the same name.</summary>
    public static bool Size(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.IsEmpty)
        {
            return false;
        }

        var shift = (text[^1] & ~0x20) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        var digits = shift > 0 ? text[..^1] : text;
        if (Hex(digits, out var hex))
        {
            value = hex <= long.MaxValue ? (long)hex : -1;
        }
        else if (!Number(digits, out value))
        {
            return false;
        }

        if (value < 0 || value > long.MaxValue >> shift)
        {
            return false;
        }

        value <<= shift;
        return true;
    }
}
