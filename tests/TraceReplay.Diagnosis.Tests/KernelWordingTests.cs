using TraceReplay.Core;
using TraceReplay.Diagnosis.Knowledge;

namespace TraceReplay.Diagnosis.Tests;

/// <summary>A wording bounds the kernel where no line tells its version.</summary>
public class KernelWordingTests
{
    private static readonly SourceRef At = new("dmesg.txt", 1);

    private static LogMessageFact Tce(string device) => new("tce-alloc-failed", PoolKind.Tce, true, 0, "iommu_alloc failed", At) { Device = device };

    private static LogMessageFact Swiotlb(long? total) => new("swiotlb-full", PoolKind.Swiotlb, true, 0, "swiotlb buffer is full", At) { TotalUnits = total };

    [Fact]
    public void A_line_of_ppc64_without_device_is_of_before_3_4_and_one_with_it_of_later()
    {
        Assert.Equal("before 3.4", KernelWording.Of([Tce("")])!.ToString());
        Assert.Equal("3.4 or later", KernelWording.Of([Tce("0000:01:00.0")])!.ToString());
        Assert.Null(KernelWording.Of([Tce(""), Tce("0000:01:00.0")]));
    }

    [Fact]
    public void A_line_that_its_end_cuts_would_have_named_the_device_in_front() =>
        Assert.Equal("before 3.4", KernelWording.Of([Tce("") with { Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["cut"] = "the line ends early" } }])!.ToString());

    [Fact]
    public void A_pool_that_tells_its_use_is_of_4_19_or_later()
    {
        Assert.Equal("4.19 or later", KernelWording.Of([Swiotlb(32768)])!.ToString());
        Assert.Null(KernelWording.Of([Swiotlb(null)]));
    }

    [Theory]
    [InlineData("3.6 - 5.13", 0.0)]
    [InlineData("2.6.0 - 3.6", 0.55)]
    [InlineData("- 3.6", 0.8)]
    public void What_the_wording_rules_out_is_no_candidate(string range, double factor)
    {
        var kernel = KernelIdentity.Of(new MachineFact(At)) with { Wording = KernelWording.Of([Tce("")]) };

        Assert.Equal(factor, KernelRange.Read(range, string.Empty)!.Fit(kernel).Factor);
    }
}
