using System.Globalization;
using TraceReplay.Cli.Running;

namespace TraceReplay.Cli.Parsing;

/// <summary>Reads the times of <c>--since</c> and <c>--until</c>: seconds of the trace's clock, or a number with a unit.</summary>
internal static class TimeText
{
    private static readonly (string Suffix, long Nanoseconds)[] Units =
        [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("min", 60_000_000_000), ("s", 1_000_000_000), ("h", 3_600_000_000_000)];

    /// <summary>Reads a time.</summary>
    /// <param name="text">The text, null = not given.</param>
    /// <param name="option">The option, for the message.</param>
    /// <returns>Nanoseconds, null if not given.</returns>
    public static long? Read(string? text, string option)
    {
        if (text is null)
        {
            return null;
        }

        var number = text.Trim();
        var scale = 1_000_000_000L;
        foreach (var (suffix, nanoseconds) in Units)
        {
            if (number.EndsWith(suffix, StringComparison.Ordinal))
            {
                (number, scale) = (number[..^suffix.Length].TrimEnd(), nanoseconds);
                break;
            }
        }

        var digits = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (decimal.TryParse(number, digits, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) < long.MaxValue / (decimal)scale)
        {
            return (long)decimal.Round(value * scale);
        }

        throw new UsageException($"{option} '{text}' is not a time", "a time is seconds of the trace's clock (29.863996) or a number with ns, us, ms, s, min or h");
    }
}
