namespace TraceReplay.Parsers.KernelLog;

/// <summary>What a field of a template may hold.</summary>
internal enum FieldType
{
    /// <summary><c>d</c>: decimal, maybe negative.</summary>
    Decimal,

    /// <summary><c>x</c>: hexadecimal, with or without <c>0x</c>.</summary>
    Hex,

    /// <summary><c>n</c>: decimal, or hexadecimal with <c>0x</c>.</summary>
    Number,

    /// <summary><c>p</c>: hexadecimal where the message names no device, else decimal: <c>npages</c> of ppc64, whose print
    /// format changed from %lx to %lu in the same release that put the device in front.</summary>
    Pages,

    /// <summary><c>w</c>: a word without blanks.</summary>
    Word,

    /// <summary><c>s</c>: any text up to the next literal.</summary>
    Text,

    /// <summary><c>r</c>: the rest of the line.</summary>
    Rest,
}

/// <summary>A piece of a template: a literal, or a field.</summary>
/// <param name="Literal">The bytes of a literal, null for a field.</param>
/// <param name="Name">Name of a field.</param>
/// <param name="Type">What the field may hold.</param>
internal sealed record TemplatePart(byte[]? Literal, string Name, FieldType Type);
