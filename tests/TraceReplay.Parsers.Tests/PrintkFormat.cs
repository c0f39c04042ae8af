using System.Text.RegularExpressions;

namespace TraceReplay.Parsers.Tests;

/// <summary>Fills a printk format as a kernel would (Documentation/core-api/printk-formats.rst).</summary>
internal static partial class PrintkFormat
{
    public const string Driver = "e1000";
    public const string Device = "0000:00:03.0";
    public const long Number = 42;

    /// <summary>The first line of what a format prints; its first two strings are a driver and a device.</summary>
    /// <param name="format">The format.</param>
    /// <param name="function">What a third string is: mostly the function's own name.</param>
    public static string Render(string format, string function = "word")
    {
        var strings = 0;
        var pointers = 0;
        return Conversion().Replace(format.Split("\\n")[0], match => match.Value switch
        {
            "%%" => "%",
            ['%', 'p', .. var kind] => Pointer(kind, pointers++),
            [.., 's'] => strings++ switch { 0 => Driver, 1 => Device, _ => function },
            [.., 'd' or 'u' or 'i'] => "42",
            [.., 'c'] => "c",
            var number => (number.Contains('#', StringComparison.Ordinal) ? "0x" : string.Empty) + "1ffc0",
        });
    }

    private static string Pointer(string kind, int index) => kind switch
    {
        ['a', ..] => index == 0 ? "0x000000007bfdd000" : "0x000000007ffdd000",
        ['G', ..] => "GFP_KERNEL|GFP_DMA32",
        ['O', ..] => "/pci@800000020000003/ethernet@0",
        ['s' or 'S' or 'f' or 'F', ..] => "swiotlb_init+0x1/0x2",
        _ => index == 0 ? "00000000deadbeef" : "00000000feadbeef",
    };

    [GeneratedRegex(@"%(?:%|p(?:ad?|Gg|OFn?|[sSfF])?|[-+ #0]*\d*(?:\.\d+)?(?:hh|ll|[hlLztj])?[diouxXcs])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Conversion();
}
