using System.Globalization;

namespace TraceReplay.Core;

/// <summary>Times of <see cref="ClockDomain.WallNoYear"/>: nanoseconds since the beginning of the year that the log begins in, whose number is
/// not known. Every year counts 366 days, so that 29 February has its place whatever the year is.</summary>
public static class YearlessTime
{
    /// <summary>Nanoseconds of such a year.</summary>
    public const long YearNs = 366 * DayNs;

    private const long DayNs = 86_400L * 1_000_000_000L;
    private const int SomeLeapYear = 2000;
    private const long NsPerTick = 100;

    /// <summary>The time of a stamp of the first year.</summary>
    /// <param name="month">1 to 12.</param>
    /// <param name="day">1 to 31.</param>
    /// <param name="ofDayNs">Nanoseconds since midnight.</param>
    /// <returns>The time, null if no year has such a day.</returns>
    public static long? Of(int month, int day, long ofDayNs) => month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(SomeLeapYear, month)
        ? null : ((new DateOnly(SomeLeapYear, month, day).DayOfYear - 1) * DayNs) + ofDayNs;

    /// <summary>Which year of the log a time lies in: 0 = the first.</summary>
    /// <param name="timeNs">The time.</param>
    /// <returns>The year's index; the clock may have been set back to one before.</returns>
    public static long YearOf(long timeNs) => Math.DivRem(timeNs, YearNs) is var (years, rest) && rest < 0 ? years - 1 : years;

    /// <summary>Whether it is 29 February.</summary>
    /// <param name="timeNs">The time.</param>
    /// <returns>True in that day.</returns>
    public static bool IsLeapDay(long timeNs) => Stamp(timeNs) is { Month: 2, Day: 29 };

    /// <summary>The time once the year is known.</summary>
    /// <param name="timeNs">The time.</param>
    /// <param name="firstYear">The log's first year.</param>
    /// <returns>Nanoseconds since 1970; 29 February of a year without one is 1 March.</returns>
    public static long InYear(long timeNs, int firstYear)
    {
        var stamp = Stamp(timeNs);
        var year = (int)Math.Clamp(firstYear + YearOf(timeNs), 1700, 2200);
        var day = Math.Min(stamp.Day, DateTime.DaysInMonth(year, stamp.Month));
        var start = new DateTime(year, stamp.Month, day, 0, 0, 0, DateTimeKind.Utc).AddDays(stamp.Day - day);
        return ((start - DateTime.UnixEpoch).Ticks * NsPerTick) + (timeNs - (YearOf(timeNs) * YearNs)) % DayNs;
    }

    /// <summary>A time as people write it.</summary>
    /// <param name="timeNs">The time.</param>
    /// <returns>For example <c>Apr 12 10:00:00</c>.</returns>
    public static string Text(long timeNs) => Stamp(timeNs).ToString("MMM d HH:mm:ss", CultureInfo.InvariantCulture);

    private static DateTime Stamp(long timeNs) =>
        new DateTime(SomeLeapYear, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddTicks((timeNs - (YearOf(timeNs) * YearNs)) / NsPerTick);
}
