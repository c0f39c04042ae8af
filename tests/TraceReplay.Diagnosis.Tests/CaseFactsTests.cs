using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests;

public class CaseFactsTests
{
    private static LogMessageFact Full(string path, long time) =>
        new("swiotlb-full", PoolKind.Swiotlb, true, time, "swiotlb buffer is full", new SourceRef(path, 1));

    [Fact]
    public void The_same_line_in_two_sources_counts_once()
    {
        var facts = new CaseFacts();
        facts.Add(Full("dmesg", 5));
        facts.Add(Full("journal", 5));
        facts.Add(Full("journal", 6));
        Assert.Equal(2, facts.Messages.Count);
        Assert.Equal(1, facts.RepeatedMessages);
    }

    [Fact]
    public void Two_equal_lines_of_one_source_are_two()
    {
        var facts = new CaseFacts();
        facts.Add(Full("dmesg", 5));
        facts.Add(Full("dmesg", 5));
        facts.Add(Full("journal", 5));
        facts.Add(Full("journal", 5));
        Assert.Equal(2, facts.Messages.Count);
    }

    [Fact]
    public void Lines_without_a_time_are_never_taken_for_one()
    {
        var facts = new CaseFacts();
        facts.Add(Full("a", TraceEvent.NoTime));
        facts.Add(Full("b", TraceEvent.NoTime));
        Assert.Equal(2, facts.Messages.Count);
    }

    [Fact]
    public void A_bus_name_is_no_driver()
    {
        var facts = new CaseFacts();
        facts.Add(new DeviceFact("0000:00:05.0", default) { Driver = "pci" });
        Assert.Equal(string.Empty, facts.DriverOf("0000:00:05.0"));
        facts.Add(new DeviceFact("0000:00:05.0", default) { Driver = "dmalab" });
        Assert.Equal("dmalab", facts.DriverOf("0000:00:05.0"));
    }
}
