using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Report.Wording;

/// <summary>Numbers as people read them, the same in every output: invariant culture, a unit beside every value.</summary>
public static class Amounts
{
    private static readonly string[] BinaryUnits = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>A count; grouped by thousands from five digits on, so that slot numbers read as the kernel prints them.</summary>
    /// <param name="value">The count.</param>
    /// <returns>The text.</returns>
    public static string Count(long value) => value is > -10_000 and < 10_000
        ? value.ToString(CultureInfo.InvariantCulture)
        : value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A size. Whole multiples of a binary unit are exact; others keep at most one decimal from 10 KiB on, so that
    /// 1442 stays 1442 bytes.</summary>
    /// <param name="bytes">The size.</param>
    /// <returns>The text with its unit.</returns>
    public static string Bytes(long bytes)
    {
        var unit = 0;
        var divisor = 1L;
        while (unit + 1 < BinaryUnits.Length && bytes >= divisor * 1024)
        {
            divisor *= 1024;
            unit++;
        }

        if (unit > 0 && bytes % divisor != 0 && bytes < 10 * 1024)
        {
            return $"{Count(bytes)} bytes";
        }

        var number = ((double)bytes / divisor).ToString("0.#", CultureInfo.InvariantCulture);
        return $"{number} {(bytes == 1 ? "byte" : BinaryUnits[unit])}";
    }

    /// <summary>A point in time of a source's clock, seconds with the microseconds that kernels print.</summary>
    /// <param name="timeNs">The time.</param>
    /// <returns>The text with its unit, or a phrase if there is no time.</returns>
    public static string Moment(long timeNs) => timeNs == TraceEvent.NoTime
        ? "an unknown time"
        : $"{SecondsText(timeNs, 6)} s";

    /// <summary>A point in time of a source whose clock may be the wall's.</summary>
    /// <param name="timeNs">The time.</param>
    /// <param name="clock">The source's clock.</param>
    /// <returns>A date where the clock is the wall's (the year left out where it is not known), else seconds with their unit.</returns>
    public static string Moment(long timeNs, ClockDomain clock)
    {
        const long NsPerTick = 100;
        if (clock == ClockDomain.WallNoYear && timeNs != TraceEvent.NoTime)
        {
            return YearlessTime.Text(timeNs) + " (year not known)";
        }

        if (timeNs == TraceEvent.NoTime || clock is not (ClockDomain.WallUtc or ClockDomain.WallLocalUnknownZone))
        {
            return Moment(timeNs);
        }

        var date = DateTime.UnixEpoch.AddTicks(timeNs / NsPerTick);
        return date.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + (clock == ClockDomain.WallUtc ? " UTC" : " local time");
    }

    /// <summary>A point in time for an axis: as many decimals as the span needs.</summary>
    /// <param name="timeNs">The time.</param>
    /// <param name="spanNs">Length of the axis.</param>
    /// <returns>The text with its unit.</returns>
    public static string Tick(long timeNs, long spanNs)
    {
        var decimals = spanNs switch
        {
            >= 100_000_000_000 => 0,
            >= 1_000_000_000 => 1,
            >= 10_000_000 => 3,
            _ => 6,
        };
        return $"{SecondsText(timeNs, decimals)} s";
    }

    /// <summary>A length of time in its most telling unit.</summary>
    /// <param name="seconds">The length.</param>
    /// <returns>The text with its unit.</returns>
    public static string Duration(double seconds) => seconds switch
    {
        >= 86_400 => Of(seconds / 86_400, "0.#", "days"),
        >= 5_400 => Of(seconds / 3_600, "0.#", "h"),
        >= 120 => Of(seconds / 60, "0.#", "min"),
        >= 1 => Of(seconds, "0.0", "s"),
        >= 0.001 => Of(seconds * 1e3, "0.#", "ms"),
        _ => Of(seconds * 1e6, "0", "µs"),
    };

    /// <summary>A part of a whole, in percent. Never rounds to 100 what is not whole, nor to 0 what is not nothing.</summary>
    /// <param name="share">0 to 1.</param>
    /// <returns>The text with its unit.</returns>
    public static string Percent(double share)
    {
        var percent = share * 100;
        var rounded = share switch
        {
            > 0 and < 1 => Math.Clamp(Math.Round(percent, 1), 0.1, 99.9),
            _ => percent,
        };
        return Of(rounded, share is 0 or 1 ? "0" : "0.0", "%");
    }

    /// <summary>A rate of growth with its sign.</summary>
    /// <param name="perSecond">Units per second.</param>
    /// <returns>The text.</returns>
    public static string Growth(double perSecond) => Math.Abs(perSecond) < 0.05
        ? "steady"
        : string.Create(CultureInfo.InvariantCulture, $"{(perSecond > 0 ? "+" : "-")}{Math.Abs(perSecond):0.#}/s");

    /// <summary>Seconds with a fixed number of decimals, exact (no floating point).</summary>
    /// <param name="timeNs">Nanoseconds.</param>
    /// <param name="decimals">0 to 9; further digits are cut off, as kernels do.</param>
    /// <returns>The digits without a unit.</returns>
    public static string SecondsText(long timeNs, int decimals)
    {
        var magnitude = timeNs < 0 ? (UInt128)(-(Int128)timeNs) : (UInt128)timeNs;
        var whole = (ulong)(magnitude / 1_000_000_000);
        var fraction = ((ulong)(magnitude % 1_000_000_000)).ToString("D9", CultureInfo.InvariantCulture)[..decimals];
        var sign = timeNs < 0 ? "-" : string.Empty;
        var digits = whole.ToString(CultureInfo.InvariantCulture);
        return decimals == 0 ? sign + digits : $"{sign}{digits}.{fraction}";
    }

    private static string Of(double value, string format, string unit) =>
        $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}";
}
