using System.Globalization;
using TraceReplay.Cli.Running;
using TraceReplay.Demand.Planning;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Cli.Parsing;

/// <summary>Reads numbers that may be bounds: <c>30</c> or <c>3..30</c>; sizes with units where bytes are meant.</summary>
internal static class BoundsText
{
    private const long Most = 1L << 40;

    /// <summary>Reads bounds.</summary>
    /// <param name="text">The text, null = not given.</param>
    /// <param name="option">The option, for the message.</param>
    /// <param name="isSize">Whether units such as 64KiB are allowed.</param>
    /// <returns>The bounds, null if not given.</returns>
    public static Bounds? Read(string? text, string option, bool isSize = false)
    {
        if (text is null)
        {
            return null;
        }

        var ends = text.Split("..");
        if (ends.Length is 1 or 2 && Number(ends[0], isSize, out var least) && Number(ends[^1], isSize, out var most) && least <= most)
        {
            return new Bounds(least, most);
        }

        throw new UsageException($"{option} '{text}' is not a number from 1, nor bounds A..B with A not above B",
            isSize ? "for example 4096, 64KiB or 4KiB..64KiB" : "for example 30 or 3..30");
    }

    private static bool Number(string text, bool isSize, out long value)
    {
        var trimmed = text.Trim();
        var read = isSize ? ByteSize.TryParse(trimmed, out value) : long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return read && value is >= 1 and <= Most;
    }
}
