using TraceReplay.Core;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report.Tests;

public class AmountsTests
{
    [Theory]
    [InlineData(ClockDomain.BootPrintk, 1_500_000_000L, "1.500000 s")]
    [InlineData(ClockDomain.WallNoYear, 2_297_981_000_000_000L, "Jan 27 14:19:41 (year not known)")]
    [InlineData(ClockDomain.WallNoYear, (366 + 59) * 86_400_000_000_000L, "Feb 29 00:00:00 (year not known)")]
    [InlineData(ClockDomain.WallLocalUnknownZone, 1_700_000_000_000_000_000L, "2023-11-14 22:13:20 local time")]
    [InlineData(ClockDomain.WallUtc, 1_700_000_000_000_000_000L, "2023-11-14 22:13:20 UTC")]
    [InlineData(ClockDomain.WallUtc, TraceEvent.NoTime, "an unknown time")]
    public void A_moment_is_told_on_its_own_clock(ClockDomain clock, long timeNs, string text) =>
        Assert.Equal(text, Amounts.Moment(timeNs, clock));

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue + 1)]
    public void No_time_is_too_far(long timeNs) => Assert.NotEmpty(Amounts.Moment(timeNs, ClockDomain.WallUtc));
}
