using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Times of stamps without a year, until it is found out (<see cref="LogYears"/>): <see cref="YearlessTime"/> shifted to where no real time
/// lies, so that none is ever taken for a date.</summary>
internal static class PendingTime
{
    // Real times lie within 292 years of 1970 or of a boot, and kernels' clocks do not count below zero by years.
    private const long Shift = long.MinValue / 2;
    private const long Most = (MostYears + 10) * YearlessTime.YearNs;

    /// <summary>Most years that a log may span.</summary>
    public const int MostYears = 50;

    /// <summary>The time of a stamp.</summary>
    /// <param name="month">1 to 12; 0 = not known.</param>
    /// <param name="day">1 to 31.</param>
    /// <param name="ofDayNs">Nanoseconds since midnight.</param>
    /// <returns>The time, <see cref="TraceEvent.NoTime"/> if there is no such day.</returns>
    public static long Of(int month, int day, long ofDayNs) => YearlessTime.Of(month, day, ofDayNs) is { } time ? Shift + time : TraceEvent.NoTime;

    /// <summary>Whether a time is one whose year is to be found out.</summary>
    /// <param name="timeNs">The time.</param>
    /// <returns>False for real times and for <see cref="TraceEvent.NoTime"/>.</returns>
    public static bool Is(long timeNs) => timeNs is > Shift - Most and < Shift + Most;

    /// <summary>Moves a time by years of 366 days.</summary>
    /// <param name="timeNs">A pending time.</param>
    /// <param name="years">How many.</param>
    /// <returns>Another one.</returns>
    public static long AddYears(long timeNs, long years) => timeNs + (years * YearlessTime.YearNs);

    /// <summary>The time without the shift.</summary>
    /// <param name="timeNs">A pending time.</param>
    /// <returns>A time of <see cref="YearlessTime"/>.</returns>
    public static long Yearless(long timeNs) => timeNs - Shift;
}
