namespace TraceReplay.Parsers.ProbeDefinitions;

/// <summary>A dynamic event as <c>kprobe_events</c> or <c>dynamic_events</c> defines it.</summary>
/// <param name="Event">Event name without its group.</param>
/// <param name="Function">Function it probes, without offset and compiler suffix (<c>.isra.0</c>).</param>
/// <param name="Offset">Offset into the function, bytes.</param>
/// <param name="IsReturn">It fires on return (<c>r:</c>, <c>%return</c>).</param>
/// <param name="Arguments">Field name and fetch expression, in order.</param>
internal sealed record ProbeDefinition(
    string Event, string Function, int Offset, bool IsReturn, IReadOnlyList<KeyValuePair<string, string>> Arguments)
{
    /// <summary>Reads one line (Documentation/trace/kprobetrace.rst, fprobetrace.rst).</summary>
    /// <param name="line">A line such as <c>p:gt/map_in swiotlb_tbl_map_single+5 orig=%si:x64</c>.</param>
    /// <returns>The definition, null if the line is none.</returns>
    public static ProbeDefinition? Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || words[0].Length == 0)
        {
            return null;
        }

        var colon = words[0].IndexOf(':', StringComparison.Ordinal);
        var type = colon < 0 ? words[0] : words[0][..colon];
        if (colon <= 0 || !"prf".Contains(type[0], StringComparison.Ordinal) || type.AsSpan(1).ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        var name = words[0][(colon + 1)..];
        name = name[(name.LastIndexOf('/') + 1)..];
        var place = words[1];
        var isReturn = type[0] == 'r' || place.EndsWith("%return", StringComparison.Ordinal);
        place = place.EndsWith("%return", StringComparison.Ordinal) ? place[..^"%return".Length] : place;
        var (function, offset) = SplitPlace(place);
        var arguments = words.Skip(2)
            .Select(word => (word, at: word.IndexOf('=', StringComparison.Ordinal)))
            .Where(x => x.at > 0)
            .Select(x => KeyValuePair.Create(x.word[..x.at], x.word[(x.at + 1)..]))
            .ToArray();
        return name.Length == 0 ? null : new ProbeDefinition(name, function, offset, isReturn, arguments);
    }

    /// <summary>Takes module, compiler suffix and offset off a symbol.</summary>
    /// <param name="place">For example <c>mod:func.isra.0+0x10</c>.</param>
    /// <returns>Function and offset.</returns>
    public static (string Function, int Offset) SplitPlace(string place)
    {
        var offset = 0;
        var plus = place.IndexOf('+', StringComparison.Ordinal);
        if (plus > 0)
        {
            var text = place[(plus + 1)..];
            var isHex = text.StartsWith("0x", StringComparison.Ordinal);
            _ = int.TryParse(
                isHex ? text.AsSpan(2) : text,
                isHex ? System.Globalization.NumberStyles.AllowHexSpecifier : System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out offset);
            place = place[..plus];
        }

        place = place[(place.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var dot = place.IndexOf('.', StringComparison.Ordinal);
        return (dot > 0 ? place[..dot] : place, offset);
    }
}
