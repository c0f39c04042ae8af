using System.Globalization;
using System.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>The values of a matched template, by name.</summary>
internal sealed class MessageFields
{
    private readonly MessageTemplate _template;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Reads the values.</summary>
    /// <param name="template">The template.</param>
    /// <param name="message">The message.</param>
    /// <param name="places">Where the template's parts stand in it.</param>
    /// <param name="known">Parts that stand in it.</param>
    public MessageFields(MessageTemplate template, ReadOnlySpan<byte> message, ReadOnlySpan<Range> places, int known)
    {
        _template = template;
        for (var i = 0; i < known; i++)
        {
            if (template.Parts[i].Literal is null)
            {
                _values[template.Parts[i].Name] = Encoding.UTF8.GetString(message[places[i]]);
            }
        }
    }

    /// <summary>All values as they stand in the message.</summary>
    public Dictionary<string, string> Values => _values;

    /// <summary>The text of a field.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The text, empty if there is no such field.</returns>
    public string Text(string name) => _values.GetValueOrDefault(name, string.Empty);

    /// <summary>A field as a number of its type.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isHexPages">How a field of type pages is to be read.</param>
    /// <returns>The number, null if there is none or it does not fit.</returns>
    public long? Number(string name, bool isHexPages = false)
    {
        if (!_values.TryGetValue(name, out var text))
        {
            return null;
        }

        var type = TypeOf(name);
        return Parse(text, type == FieldType.Hex || (type == FieldType.Pages && isHexPages));
    }

    /// <summary>A field as an address: hexadecimal with or without <c>0x</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The address, null if there is none.</returns>
    public ulong? Address(string name) =>
        ulong.TryParse(Digits(Text(name)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;

    private FieldType TypeOf(string name)
    {
        foreach (var part in _template.Parts)
        {
            if (part.Literal is null && part.Name == name)
            {
                return part.Type;
            }
        }

        return FieldType.Text;
    }

    private static long? Parse(string text, bool isHex)
    {
        var style = isHex || text.StartsWith("0x", StringComparison.Ordinal) ? NumberStyles.AllowHexSpecifier : NumberStyles.AllowLeadingSign;
        return long.TryParse(Digits(text), style, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static string Digits(string text) => text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
}
