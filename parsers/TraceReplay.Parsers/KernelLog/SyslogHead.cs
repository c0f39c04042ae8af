namespace TraceReplay.Parsers.KernelLog;

/// <summary>What syslog daemons put between the stamp and the message: host, tag, facility, structured data.</summary>
internal static class SyslogHead
{
    private const int MostWords = 4;

    /// <summary>Passes over <c>host kernel: </c>, <c>host tag[123]: </c>, <c>kernel: </c>; BusyBox puts <c>kern.warn</c> before the tag,
    /// systemd a zone before the host, Solaris an id behind the tag.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Behind the stamp; moved behind the tag.</param>
    /// <returns>The host, empty if none stands there.</returns>
    public static ReadOnlySpan<byte> HostAndTag(ReadOnlySpan<byte> line, scoped ref int at)
    {
        var rest = line[at..];
        var colon = rest.IndexOf(": "u8);
        var behind = 2;
        if (colon < 0 && rest.EndsWith(":"u8))
        {
            colon = rest.Length - 1;
        }

        // Some daemons write no blank: kernel:[   12.3].
        if (rest.IndexOf("kernel:["u8) is >= 0 and var tight && (colon < 0 || tight < colon))
        {
            (colon, behind) = (tight + "kernel".Length, 1);
        }

        if (colon <= 0 || rest[0] == (byte)'[' || !IsHead(rest[..colon]))
        {
            return default;
        }

        at = Math.Min(line.Length, at + colon + behind);
        SkipBlanks(line, ref at);
        SolarisId(line, ref at);
        return Host(rest[..colon]);
    }

    /// <summary>The host in front of the tag; a zone may stand before it (<c>CET host kernel</c>).</summary>
    private static ReadOnlySpan<byte> Host(ReadOnlySpan<byte> head)
    {
        const int LongestZone = 5;
        var first = head.IndexOf((byte)' ');
        if (first < 0)
        {
            return default;
        }

        var rest = head[(first + 1)..];
        var second = rest.IndexOf((byte)' ');
        var isZone = second > 0 && first <= LongestZone && !head[..first].ContainsAnyInRange((byte)'a', (byte)'z') && !head[..first].Contains((byte)'.');
        return isZone ? rest[..second] : head[..first];
    }

    /// <summary>Passes over <c>host kernel: </c> behind a boot stamp (journalctl -o short-monotonic).</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Behind the stamp; moved behind the tag.</param>
    public static void KernelTag(ReadOnlySpan<byte> line, ref int at)
    {
        const int LongestHost = 255;
        var rest = line[at..];
        var tag = rest[..Math.Min(rest.Length, LongestHost)].IndexOf(" kernel: "u8);
        if (tag > 0 && !rest[..tag].Contains((byte)' '))
        {
            at += tag + " kernel: ".Length;
        }
        else if (rest.StartsWith("kernel: "u8))
        {
            at += "kernel: ".Length;
        }
    }

    /// <summary>Passes over what RFC 5424 puts behind the stamp: <c>host app procid msgid structured-data </c>.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Behind the stamp; moved to the message.</param>
    /// <returns>False if it is none; nothing is moved then.</returns>
    public static bool Structured(ReadOnlySpan<byte> line, ref int at)
    {
        const int Words = 4;
        var p = at;
        for (var i = 0; i < Words; i++)
        {
            var blank = line[p..].IndexOf((byte)' ');
            if (blank <= 0)
            {
                return false;
            }

            p += blank + 1;
        }

        if (p >= line.Length)
        {
            return false;
        }

        if (line[p] == (byte)'-')
        {
            p++;
        }
        else
        {
            var before = p;
            while (p < line.Length && line[p] == (byte)'[' && Element(line, ref p))
            {
            }

            if (p == before)
            {
                return false;
            }
        }

        at = p;
        SkipBlanks(line, ref at);
        at += line[at..].StartsWith("\uFEFF"u8) ? 3 : 0;
        return true;
    }

    /// <summary>Passes over <c>[id name="value"]</c>; quotes and backslashes in values are escaped by a backslash.</summary>
    private static bool Element(ReadOnlySpan<byte> line, ref int at)
    {
        var isQuoted = false;
        for (var p = at + 1; p < line.Length; p++)
        {
            switch (line[p])
            {
                case (byte)'\\':
                    p++;
                    break;
                case (byte)'"':
                    isQuoted = !isQuoted;
                    break;
                case (byte)']' when !isQuoted:
                    at = p + 1;
                    return true;
                default:
                    break;
            }
        }

        return false;
    }

    /// <summary>Host and tag are few words, and the tag is no device: those hold a colon (0000:00:03.0) or are named behind a driver.</summary>
    private static bool IsHead(ReadOnlySpan<byte> head)
    {
        var blanks = head.Count((byte)' ');
        var tag = head[(head.LastIndexOf((byte)' ') + 1)..];
        return blanks == 0 ? tag.StartsWith("kern"u8) || tag.EndsWith("]"u8) : blanks < MostWords && !tag.Contains((byte)':') && !tag.IsEmpty;
    }

    private static void SolarisId(ReadOnlySpan<byte> line, ref int at)
    {
        if (line[at..].StartsWith("[ID "u8) && line[at..].IndexOf("] "u8) is > 0 and < 40 and var end)
        {
            at += end + 2;
        }
    }

    private static void SkipBlanks(ReadOnlySpan<byte> line, ref int at)
    {
        while (at < line.Length && line[at] == (byte)' ')
        {
            at++;
        }
    }
}
