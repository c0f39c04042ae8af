using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>How far a text followed a template.</summary>
internal enum TemplateMatch
{
    /// <summary>Not at all.</summary>
    No,

    /// <summary>Up to the end of the text, with template left over: the line may have been wrapped.</summary>
    Partial,

    /// <summary>Wholly.</summary>
    Full,
}

/// <summary>One printk format as literals and fields. The longest literal is searched; what stands before and behind it is
/// compared from there, so that any prefix may precede the message.</summary>
internal sealed class MessageTemplate
{
    private readonly TemplatePart[] _parts;
    private readonly int _pivot;

    /// <summary>Compiles a template.</summary>
    /// <param name="versions">Kernel versions it was read in.</param>
    /// <param name="text">The wording as the catalog writes it.</param>
    /// <param name="parts">Literals and fields, without <see cref="Fault"/>.</param>
    public MessageTemplate(string versions, string text, IReadOnlyList<TemplatePart> parts)
    {
        Versions = versions;
        Text = text;
        _parts = [.. parts];
        _pivot = LongestOf(_parts);
        Weight = (_parts.Sum(p => p.Literal?.Length ?? 0) << 8) + _parts.Length;
    }

    /// <summary>Kernel versions it was read in, for people.</summary>
    public string Versions { get; }

    /// <summary>The wording as the catalog writes it: one for all choices it holds.</summary>
    public string Text { get; }

    /// <summary>Its pieces.</summary>
    public TemplatePart[] Parts => _parts;

    /// <summary>The template with its fields in braces.</summary>
    public string Sample => string.Concat(_parts.Select(p => p.Literal is null ? $"{{{p.Name}}}" : System.Text.Encoding.UTF8.GetString(p.Literal)));

    /// <summary>How much it says: bytes of its literals, then number of fields. Of several that fit the heaviest is meant.</summary>
    public int Weight { get; }

    /// <summary>Its longest literal.</summary>
    public string LongestLiteral => System.Text.Encoding.UTF8.GetString(Pivot);

    /// <summary>Its longest literal: the one that is searched.</summary>
    public byte[] Pivot => _parts[_pivot].Literal!;

    /// <summary>What is wrong with a template.</summary>
    /// <param name="parts">Its pieces.</param>
    /// <returns>The fault, null if it can be used.</returns>
    public static string? Fault(IReadOnlyList<TemplatePart> parts)
    {
        var pivot = LongestOf(parts);
        return pivot < 0 || parts[pivot].Literal!.Length < MessageFamily.ShortestAnchor ? "a wording needs a literal of four characters or more"
            : parts.Take(pivot).Any(p => p.Literal is null && p.Type is FieldType.Text or FieldType.Rest) ? "free text ({name:s}, {name:r}) cannot stand before the longest literal"
            : parts.SkipLast(1).Any(p => p.Literal is null && p.Type == FieldType.Rest) ? "{name:r} takes the rest of the line: nothing can stand behind it"
            : null;
    }

    /// <summary>Writes choices out: one template for every combination, neighbouring literals joined.</summary>
    /// <param name="wording">What may stand at each place.</param>
    /// <returns>The pieces of each.</returns>
    public static IEnumerable<IReadOnlyList<TemplatePart>> Expand(IEnumerable<TemplatePart[]> wording)
    {
        IEnumerable<IReadOnlyList<TemplatePart>> all = [[]];
        foreach (var choices in wording)
        {
            all = all.SelectMany(begun => choices, Join);
        }

        return all;
    }

    /// <summary>Compares without regard to letter case: messages must then be given in small letters.</summary>
    public void IgnoreCase()
    {
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i] = _parts[i] with { Literal = _parts[i].Literal is { } literal ? System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(literal).ToLowerInvariant()) : null };
        }
    }

    private static int LongestOf(IReadOnlyList<TemplatePart> parts)
    {
        var best = -1;
        for (var i = 0; i < parts.Count; i++)
        {
            best = parts[i].Literal is { } literal && (best < 0 || literal.Length > parts[best].Literal!.Length) ? i : best;
        }

        return best;
    }

    private static IReadOnlyList<TemplatePart> Join(IReadOnlyList<TemplatePart> begun, TemplatePart next)
    {
        if (next.Literal is { Length: 0 })
        {
            return begun;
        }

        return begun.Count > 0 && begun[^1].Literal is { } before && next.Literal is { } more
            ? [.. begun.SkipLast(1), next with { Literal = [.. before, .. more] }]
            : [.. begun, next];
    }

    /// <summary>Compares a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="at">Where <see cref="Pivot"/> first stands in it.</param>
    /// <param name="values">Where each part stands; as long as <see cref="Parts"/>.</param>
    /// <param name="known">Parts that the message holds whole: all, or those before its end cut it.</param>
    /// <returns>How far it follows.</returns>
    public TemplateMatch Match(ReadOnlySpan<byte> message, int at, Span<Range> values, out int known)
    {
        known = 0;
        while (true)
        {
            if (Backward(message, at, values))
            {
                var result = Forward(message, at, values, out known);
                if (result != TemplateMatch.No)
                {
                    return result;
                }
            }

            var next = message[(at + 1)..].IndexOf(Pivot);
            if (next < 0)
            {
                return TemplateMatch.No;
            }

            at += 1 + next;
        }
    }

    private bool Backward(ReadOnlySpan<byte> message, int at, Span<Range> values)
    {
        for (var i = _pivot - 1; i >= 0; i--)
        {
            var part = _parts[i];
            var before = message[..at];
            var length = part.Literal is null ? FieldBefore(before, i) : before.EndsWith(part.Literal) ? part.Literal.Length : 0;
            if (length == 0)
            {
                return false;
            }

            values[i] = new Range(at - length, at);
            at -= length;
        }

        return true;
    }

    /// <summary>Length of the field that ends a text, 0 if it cannot stand there.</summary>
    private int FieldBefore(ReadOnlySpan<byte> text, int index)
    {
        var type = _parts[index].Type;
        if (type == FieldType.Word && index > 0 && _parts[index - 1].Literal is { } delimiter)
        {
            var start = text.LastIndexOf(delimiter) + delimiter.Length;
            return start < delimiter.Length || text[start..].Contains((byte)' ') ? 0 : text.Length - start;
        }

        var length = 0;
        while (length < text.Length && Belongs(text[^(length + 1)], type))
        {
            length++;
        }

        return length;
    }

    private TemplateMatch Forward(ReadOnlySpan<byte> message, int at, Span<Range> values, out int reached)
    {
        for (reached = _pivot; reached < _parts.Length; reached++)
        {
            var rest = message[at..];
            var part = _parts[reached];
            int length;
            if (part.Literal is null)
            {
                length = FieldLength(rest, reached);
            }
            else if (rest.StartsWith(part.Literal))
            {
                length = part.Literal.Length;
            }
            else
            {
                return part.Literal.AsSpan().StartsWith(rest) ? TemplateMatch.Partial : TemplateMatch.No;
            }

            if (length < 0)
            {
                return rest.IsEmpty || rest.SequenceEqual("-"u8) ? TemplateMatch.Partial : TemplateMatch.No;
            }

            values[reached] = new Range(at, at + length);
            at += length;
        }

        return TemplateMatch.Full;
    }

    /// <summary>Length of a field, -1 if it cannot stand there.</summary>
    private int FieldLength(ReadOnlySpan<byte> rest, int index)
    {
        var type = _parts[index].Type;
        if (type == FieldType.Rest)
        {
            return rest.Length;
        }

        var next = index + 1 < _parts.Length ? _parts[index + 1].Literal : null;
        if (type is FieldType.Text or FieldType.Word && next is not null)
        {
            var end = rest.IndexOf(next);
            return end >= 0 && (type == FieldType.Text || !rest[..end].Contains((byte)' ')) ? end : -1;
        }

        var length = 0;
        while (length < rest.Length && Belongs(rest[length], type))
        {
            length++;
        }

        return length == 0 || (type == FieldType.Decimal && !Ascii.IsDigit(rest[length - 1])) ? -1 : length;
    }

    private static bool Belongs(byte b, FieldType type) => type switch
    {
        FieldType.Decimal => Ascii.IsDigit(b) || b == (byte)'-',
        FieldType.Hex or FieldType.Number or FieldType.Pages => Ascii.HexValue(b) < 16 || b == (byte)'x',
        FieldType.Text => true,
        _ => b > (byte)' ',
    };
}
