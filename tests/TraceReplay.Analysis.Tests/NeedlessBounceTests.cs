using System.Globalization;
using TraceReplay.Diagnosis;

namespace TraceReplay.Analysis.Tests;

/// <summary>Kernels whose mask checks were off: an adapter that reaches all memory takes the pool, and a device that needs it is refused.</summary>
public sealed class NeedlessBounceTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("tracereplay-needless-").FullName, "trace.csv");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    private AnalysisReport Analyze(string kernel, string pool, string hbaMask)
    {
        var rows = new List<string> { "# schema=tracereplay-dma-1", "# kernel=" + kernel, "# pool=swiotlb " + pool, "time_ns,op,device,size,dma_addr,phys_addr,dma_mask,pool,result" };
        for (var i = 0; i < 60; i++)
        {
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"{1000 + i},map,0000:01:00.0,4096,0x{0x10000000 + (i * 4096):x},0x{0x2000_0000L + (i * 4096):x},{hbaMask},swiotlb,ok"));
        }

        for (var i = 0; i < 8; i++)
        {
            var place = i < 4 ? string.Create(CultureInfo.InvariantCulture, $"0x{0x10000000 + ((60 + i) * 4096):x}") : string.Empty;
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"{2000 + i},map,0000:02:00.0,4096,{place},0x{0x2_0000_0000L + (i * 4096):x},32b,swiotlb,{(i < 4 ? "ok" : "ENOMEM")}"));
        }

        File.WriteAllLines(_file, rows);
        return AnalysisJob.Run(new AnalysisOptions { Inputs = [_file] }, CancellationToken.None);
    }

    [Theory]
    [InlineData("2.6.9", "0xffffffffffffffff")]
    [InlineData("2.6.16", "32b")]
    [InlineData("6.1.0", "64b")]
    public void What_the_device_reaches_by_itself_took_the_pool(string kernel, string mask)
    {
        var incident = Assert.Single(Analyze(kernel, "nslabs=128 base=0x10000000", mask).Incidents);
        Assert.Equal((Cause.NeedlessBounce, 4L), (incident.Cause, incident.Failures));
        Assert.Contains(incident.Remedies, r => r is { Kind: "mask", Proven: true, FailuresAfter: 0 });
        Assert.Contains("60 mappings lay wholly within the mask", incident.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_needs_the_pool_is_a_matter_of_capacity() =>
        Assert.Equal(Cause.Capacity, Assert.Single(Analyze("2.6.16", "nslabs=128 base=0x10000000", "0x0fffffff").Incidents).Cause);

    [Fact]
    public void Forced_bouncing_is_on_purpose() =>
        Assert.Equal(Cause.Capacity, Assert.Single(Analyze("6.1.0", "nslabs=128 base=0x10000000 forced=1", "64b").Incidents).Cause);
}
