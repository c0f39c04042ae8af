using System.Globalization;
using System.Text.RegularExpressions;

namespace TraceReplay.Parsers.Multipath;

/// <summary>The kinds of lines that <c>multipath -ll</c> has printed since 0.4.5 (libmultipath/print.c): the map with its name,
/// its size line, path groups, paths. Before 0.4.9 values stood in brackets and the tree was drawn with <c>\_</c>.</summary>
internal static partial class MultipathLine
{
    // Every pattern takes a time proportional to the line; the limit is for a machine that stands still, not for content.
    private const int MatchMs = 60_000;

    /// <summary>A map's first line: <c>mpatha (3600…) dm-2 IBM,2107900</c>, maybe behind <c>create: </c> or <c>reload: </c>. The
    /// kernel's own multipath of NVMe has <c>[nvme]:nvme0n1</c> for the node.</summary>
    [GeneratedRegex(
        @"^(?:[a-z]*: )?(?<map>[^\s()|]{1,128})(?: \((?<wwid>[^()]{1,200})\))?(?: +(?<dm>dm-\d{1,9}|\[nvme\]:\S{1,64}))?(?: +(?<vendor>[^,]{0,32}),(?<model>.{0,64}))?\s*$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, MatchMs)]
    public static partial Regex Map();

    /// <summary>The line with the size: <c>size=10G features='0' ...</c> or <c>[size=10 GB][features="0"]...</c>.</summary>
    [GeneratedRegex(@"^\[?size=(?<number>[\d.]{1,20}) ?(?<unit>[KMGTPE]?)i?B?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, MatchMs)]
    public static partial Regex Size();

    /// <summary>A path group: <c>`-+- policy='round-robin 0' prio=1 status=active</c> or <c>\_ round-robin 0 [prio=50][active]</c>.</summary>
    [GeneratedRegex(
        @"^(?>[\s|`]*)(?:[-+]{2,3} policy='(?<policy>[^']{0,64})' prio=\S+ status=(?<status>\w+)|\\_ (?<old>[a-z-]+ \d+)(?: \[prio=-?\d+\])?(?:\[(?<was>\w+)\])?)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, MatchMs)]
    public static partial Regex Group();

    /// <summary>A path: <c>| `- 3:0:0:1 sdc 8:32 active ready running</c>, also a row of the table of paths, which has the WWID first.</summary>
    [GeneratedRegex(
        @"^(?>[\s|`\\_+-]*)(?:(?<uuid>\S{8,128}) +)?(?<address>\d{1,9}:\d{1,9}:\d{1,9}:\d{1,20}|#:#:#:#) +(?<node>[a-zA-Z][\w!-]{0,31}|-) +(?<dev>\d+:\d+|#:#)(?<state>.{0,200})$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, MatchMs)]
    public static partial Regex Path();

    /// <summary>Features and policy of a size line.</summary>
    [GeneratedRegex(@"features=(?:'(?<new>[^']{0,128})'|""?(?<old>[^\]""]{0,128})""?\])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, MatchMs)]
    public static partial Regex Features();

    /// <summary>Bytes of a size.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="unit">Its unit: nothing, K, M, G, T, P or E, of 1024.</param>
    /// <returns>Bytes, null if it is no number or too large.</returns>
    public static long? Bytes(string number, string unit)
    {
        var power = unit.Length == 0 ? 0 : "KMGTPE".IndexOf(unit[0], StringComparison.Ordinal) + 1;
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value * Math.Pow(1024, power) is var bytes && bytes < 9e18 ? (long)bytes : null;
    }
}
