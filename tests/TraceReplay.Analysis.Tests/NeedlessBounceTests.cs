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
    [InlineData("2.4.21", "64b")]
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

    // x86-64 of 2.4.21 (pci-gart.c, pci_alloc_consistent) took the aperture for coherent memory above 4 GiB whatever the mask; streaming maps
    // that end at the mask's last byte took it too. What lies above a 32-bit mask needs it.
    [Theory]
    [InlineData("alloc", 0x1_2000_0000, "64b", Cause.NeedlessBounce)]
    [InlineData("map", 0xfff8_0000, "32b", Cause.NeedlessBounce)]
    [InlineData("map", 0x1_2000_0000, "32b", Cause.Capacity)]
    public void On_kernel_24_the_aperture_went_to_who_did_not_need_it(string op, long memory, string mask, Cause cause)
    {
        var rows = new List<string> { "# kernel=2.4.21", "# pool=gart units=130 unit_bytes=4096", "time_ns,op,device,size,id,dma_addr,phys_addr,dma_mask,pool,result" };
        string Row(int time, string kind, string device, int page, long at, string bits, bool ok) => string.Create(CultureInfo.InvariantCulture,
            $"{time},{kind},{device},4096,{time},{(ok ? $"0x{page * 4096:x}" : string.Empty)},0x{at:x},{bits},gart,{(ok ? "ok" : "ENOMEM")}");
        rows.AddRange(Enumerable.Range(0, 128).Select(i => Row(1000 + i, op, "0000:01:00.0", i, memory + (i * 4096), mask, ok: true)));
        rows.Add(Row(2000, "map", "0000:02:00.0", 128, 0x2_0000_0000, "32b", ok: true));
        rows.AddRange(Enumerable.Range(0, 4).Select(i => Row(2001 + i, "map", "0000:02:00.0", 0, 0x2_0001_0000 + (i * 4096), "32b", ok: false)));
        File.WriteAllLines(_file, rows);
        var incident = Assert.Single(AnalysisJob.Run(new AnalysisOptions { Inputs = [_file] }, CancellationToken.None).Incidents);
        Assert.Equal((cause, 4L), (incident.Cause, incident.Failures));
    }

    // The tracer says it itself: the device's mask, the address, and that the bounce was not forced.
    [Theory]
    [InlineData("NORMAL", 0x2000_0000, Cause.NeedlessBounce)]
    [InlineData("FORCE", 0x2000_0000, Cause.Capacity)]
    [InlineData("NORMAL", 0x1_2000_0000, Cause.Capacity)]
    public void In_a_recording_the_bounce_tells_whether_it_was_needed(string how, long memory, Cause cause)
    {
        var rows = new List<string> { "# tracer: nop", "#", "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION", "#              | |         |   |||||     |         |" };
        var boot = Path.Combine(Path.GetDirectoryName(_file)!, "dmesg.txt");
        File.WriteAllText(boot, "[    0.000000] Linux version 6.12.1 (a@b) #1 SMP\n[    0.100000] software IO TLB: mapped [mem 0x0000000010000000-0x0000000010040000] (0MB)\n[    0.100000] software IO TLB: area num 1.\n");
        void Map(int at, long address, string bus)
        {
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"            fio-100     [000] .....    10.{at:000000}: swiotlb_bounced: dev_name: 0000:01:00.0 dma_mask=ffffffff dev_addr={address:x} size=4096 {how}"));
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"            fio-100     [000] .....    10.{at:000000}: dma_map_phys: 0000:01:00.0 dir=TO_DEVICE dma_addr={bus} size=4096 phys_addr={address:x} attrs="));
        }

        for (var i = 0; i < 64; i++)
        {
            Map(i, memory + (i * 4096), string.Create(CultureInfo.InvariantCulture, $"{0x1000_0000 + (i * 4096):x}"));
        }

        for (var i = 0; i < 4; i++)
        {
            Map(100 + i, memory + 0x100000 + (i * 4096), "ffffffffffffffff");
        }

        rows.AddRange(Enumerable.Range(0, 64).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"            fio-100     [000] .....    11.{i:000000}: dma_unmap_phys: 0000:01:00.0 dir=TO_DEVICE dma_addr={0x1000_0000 + (i * 4096):x} size=4096 attrs=")));
        var trace = Path.Combine(Path.GetDirectoryName(_file)!, "trace.txt");
        File.WriteAllLines(trace, rows);
        var incident = Assert.Single(AnalysisJob.Run(new AnalysisOptions { Inputs = [boot, trace] }, CancellationToken.None).Incidents);
        Assert.Equal((cause, 4L, true), (incident.Cause, incident.Failures, incident.FromTrace));
    }

    [Fact]
    public void A_device_that_needs_the_pool_is_a_matter_of_capacity() =>
        Assert.Equal(Cause.Capacity, Assert.Single(Analyze("2.6.16", "nslabs=128 base=0x10000000", "0x0fffffff").Incidents).Cause);

    [Fact]
    public void Forced_bouncing_is_on_purpose() =>
        Assert.Equal(Cause.Capacity, Assert.Single(Analyze("6.1.0", "nslabs=128 base=0x10000000 forced=1", "64b").Incidents).Cause);
}
