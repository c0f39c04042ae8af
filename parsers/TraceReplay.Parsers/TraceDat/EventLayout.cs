using System.Globalization;
using System.Text;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>One field of a binary event record.</summary>
/// <param name="Name">Field name.</param>
/// <param name="Offset">Offset in the record.</param>
/// <param name="Size">Bytes; 0 = to the record's end.</param>
/// <param name="IsSigned">Two's complement.</param>
/// <param name="IsDynamic">The field holds length and offset of the data (<c>__data_loc</c>, <c>__rel_loc</c>).</param>
/// <param name="IsRelative">The offset counts from behind the field.</param>
/// <param name="IsText">Characters.</param>
/// <param name="IsArray">Declared with brackets.</param>
internal sealed record EventField(string Name, int Offset, int Size, bool IsSigned, bool IsDynamic, bool IsRelative, bool IsText, bool IsArray);

/// <summary>Layout of a binary event as its format description tells (Documentation/trace/events.rst).</summary>
/// <param name="Id">Number in the records.</param>
/// <param name="Name">Event name.</param>
/// <param name="Fields">Fields without the common ones.</param>
/// <param name="PrintFormat">The print format.</param>
internal sealed record EventLayout(int Id, string Name, EventField[] Fields, string PrintFormat)
{
    /// <summary>The name as bytes.</summary>
    public byte[] NameBytes { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>Reads a description.</summary>
    /// <param name="text">Its text.</param>
    /// <returns>The layout, null if it is none.</returns>
    public static EventLayout? Parse(string text)
    {
        var id = -1;
        var name = string.Empty;
        var print = string.Empty;
        var fields = new List<EventField>();
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var trimmed = text.AsSpan(range).Trim();
            if (trimmed.StartsWith("name: ", StringComparison.Ordinal))
            {
                name = trimmed[6..].ToString();
            }
            else if (trimmed.StartsWith("ID: ", StringComparison.Ordinal))
            {
                _ = int.TryParse(trimmed[4..], NumberStyles.None, CultureInfo.InvariantCulture, out id);
            }
            else if (trimmed.StartsWith("print fmt: ", StringComparison.Ordinal))
            {
                print = trimmed["print fmt: ".Length..].ToString();
            }
            else if (trimmed.StartsWith("field:", StringComparison.Ordinal) && Field(trimmed) is { } field)
            {
                fields.Add(field);
            }
        }

        return id < 0 || name.Length == 0 ? null : new EventLayout(id, name, [.. fields], print);
    }

    /// <summary>A field by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The field, null if the event has none of that name.</returns>
    public EventField? Find(string name) => Array.Find(Fields, f => f.Name == name);

    private static EventField? Field(ReadOnlySpan<char> line)
    {
        var declaration = line["field:".Length..];
        declaration = (declaration.IndexOf(';') is >= 0 and var end ? declaration[..end] : declaration).TrimEnd();
        if (declaration.StartsWith("common_", StringComparison.Ordinal) || declaration.Contains(" common_", StringComparison.Ordinal))
        {
            return null;
        }

        var bracket = declaration.LastIndexOf('[');
        var isDynamic = declaration.StartsWith("__data_loc", StringComparison.Ordinal) || declaration.StartsWith("__rel_loc", StringComparison.Ordinal);
        var bare = bracket > 0 && declaration.EndsWith(']') ? declaration[..bracket].TrimEnd() : declaration;
        return new EventField(
            bare[(bare.LastIndexOf(' ') + 1)..].ToString(),
            Number(line, "offset:"),
            Number(line, "size:"),
            Number(line, "signed:") == 1,
            isDynamic,
            declaration.StartsWith("__rel_loc", StringComparison.Ordinal),
            declaration.Contains("char", StringComparison.Ordinal) && !declaration.Contains("unsigned char", StringComparison.Ordinal),
            declaration.Contains('['));
    }

    private static int Number(ReadOnlySpan<char> line, string key)
    {
        foreach (var range in line.Split(';'))
        {
            var part = line[range].Trim();
            if (part.StartsWith(key, StringComparison.Ordinal))
            {
                return int.TryParse(part[key.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
            }
        }

        return 0;
    }
}
