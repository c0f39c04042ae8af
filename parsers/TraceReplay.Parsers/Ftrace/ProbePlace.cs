using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Where a probe was hit. The print format puts that into brackets in front of the fields; raw fields (<c>trace-cmd report
/// -R</c>) have it as fields of their own.</summary>
internal static class ProbePlace
{
    /// <summary>Turns raw fields of a probe into what the print format makes of them.</summary>
    /// <param name="body">A body.</param>
    /// <param name="buffer">Where the new body goes.</param>
    /// <returns>The new body, or the given one if it is of another kind.</returns>
    public static ReadOnlySpan<byte> InBrackets(ReadOnlySpan<byte> body, TextBuffer buffer)
    {
        var fields = body.StartsWith("[FAILED TO PARSE] __probe_"u8) ? body["[FAILED TO PARSE] ".Length..] : body;
        if (!fields.StartsWith("__probe_"u8))
        {
            return body;
        }

        buffer.Clear();
        buffer.Add(fields.StartsWith("__probe_func="u8) ? "(caller <- "u8 : "("u8);
        buffer.Add(Value(ref fields));
        buffer.Add(")"u8);
        if (fields.StartsWith(" __probe_ret_ip="u8))
        {
            _ = Value(ref fields);
        }

        buffer.Add(fields);
        return buffer.Span;
    }

    /// <summary>Takes <c>name=value</c> off the front.</summary>
    private static ReadOnlySpan<byte> Value(scoped ref ReadOnlySpan<byte> fields)
    {
        var text = fields[(fields.IndexOf((byte)'=') + 1)..];
        var end = text.IndexOf((byte)' ');
        var value = end < 0 ? text : text[..end];
        fields = end < 0 ? default : text[end..];
        return value;
    }
}
