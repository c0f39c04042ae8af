namespace TraceReplay.Core.Tests;

public sealed class ClockNamesTests
{
    [Fact]
    public void Every_clock_has_a_name_of_its_own_that_leads_back()
    {
        var clocks = Enum.GetValues<ClockDomain>();
        Assert.Equal(clocks.Length, clocks.Select(c => c.Name()).Distinct(StringComparer.Ordinal).Count());
        Assert.All(clocks, clock => Assert.Equal(clock, ClockNames.Parse(clock.Name())));
        Assert.Null(ClockNames.Parse("sundial"));
    }
}
