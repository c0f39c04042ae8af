using TraceReplay.Diagnosis;

namespace TraceReplay.Analysis.Tests;

/// <summary>Whole logs in the kernel's own formats, from bytes to diagnosis.</summary>
public sealed class LogSceneTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("tracereplay-scene-").FullName, "dmesg.txt");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    private AnalysisReport Analyze(params string[] lines)
    {
        File.WriteAllLines(_file, lines);
        return AnalysisJob.Run(new AnalysisOptions { Inputs = [_file] }, CancellationToken.None);
    }

    [Theory]
    [InlineData("RIP: 0010:swiotlb_tbl_map_single+0x1f4/0x6d0", "watchdog: BUG: soft lockup - CPU#3 stuck for 26s! [kworker/3:1H:412]")]
    [InlineData("pc : swiotlb_find_slots.isra.0+0x1a0/0x300", "watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [fio:1412]")]
    public void A_cpu_stuck_in_the_search_is_a_livelock(string at, string lockup)
    {
        var report = Analyze(
            "[    0.000000] Linux version 5.15.0-91-generic (buildd@host) (gcc 11.4.0) #101-Ubuntu SMP",
            "[ 1028.100000] " + lockup, "[ 1028.100010] Modules linked in: nvme nvme_core", "[ 1028.100020] CPU: 3 PID: 412 Comm: kworker/3:1H Not tainted 5.15.0-91-generic",
            "[ 1028.100030] " + at);
        var incident = Assert.Single(report.Incidents);
        Assert.Equal((Cause.Livelock, 0L), (incident.Cause, incident.Failures));
        Assert.True(incident.Confidence >= 0.9);
    }

    [Fact]
    public void A_cpu_stuck_elsewhere_is_none_of_ours() => Assert.Empty(Analyze(
        "[    0.000000] Linux version 5.15.0-91-generic (buildd@host) (gcc 11.4.0) #101-Ubuntu SMP",
        "[ 1028.100000] watchdog: BUG: soft lockup - CPU#3 stuck for 26s! [kworker/3:1H:412]",
        "[ 1028.100030] RIP: 0010:smp_call_function_many_cond+0x12c/0x2a0").Incidents);

    [Fact]
    public void Growth_is_not_read_across_boots()
    {
        string[] Boot(int used, double at) =>
        [
            "[    0.000000] Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP",
            .. Enumerable.Range(0, 4).Select(i => FormattableString.Invariant(
                $"[ {at + i:0.000000}] e1000 0000:00:03.0: swiotlb buffer is full (sz: 4096 bytes), total 32768 (slots), used {used} (slots)")),
        ];
        var incident = Assert.Single(Analyze([.. Boot(32768, 900), .. Boot(30000, 300), .. Boot(32768, 700)]).Incidents);
        Assert.Equal((Cause.Unknown, 12L), (incident.Cause, incident.Failures));
    }

    [Fact]
    public void A_driver_that_asserts_that_mappings_never_fail_stops_the_machine()
    {
        var incident = Analyze(
            "[   10.000000] megaraid_sas 0001:00:00.0: iommu_alloc failed, tbl c000000003473400 vaddr c00000003f580000 npages 32",
            "[   10.000100] ------------[ cut here ]------------",
            "[   10.000110] kernel BUG at drivers/scsi/megaraid/megaraid_sas_base.c:1312!").Incidents[0];
        Assert.Contains("this crash is a consequence of it", incident.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_panic_of_an_exhausted_pool_is_the_refused_request_itself()
    {
        var incident = Assert.Single(Analyze(
            "[ 4123.123456] ahci 0000:00:1f.2: swiotlb buffer is full (sz: 65536 bytes)",
            "[ 4123.123460] DMA: Out of SW-IOMMU space for 65536 bytes at device 0000:00:1f.2",
            "[ 4123.123470] Kernel panic - not syncing: DMA: Random memory could be DMA written").Incidents);
        Assert.Equal(1, incident.Failures);
        Assert.Contains("This panic is the kernel's own answer to an exhausted pool", incident.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_crash_is_a_fault_of_its_own()
    {
        var incident = Analyze(
            "iommu_alloc failed, tbl c00000000263c480 vaddr c000000133b00000 npages 10",
            "Oops: Kernel access of bad area, sig: 11 [#1]", "NIP [C00000000000F7D0] .validate_sp+0x30/0xc0").Incidents[0];
        Assert.Contains("a fault of its own", incident.Explanation, StringComparison.Ordinal);
        Assert.Equal(Cause.Capacity, incident.Cause);
    }

    [Fact]
    public void Counts_that_no_kernel_prints_do_not_break_the_report()
    {
        var incident = Analyze(
            "[   10.000000] e1000 0000:00:03.0: swiotlb buffer is full (sz: 9223372036854775807 bytes), total 9223372036854775807 (slots), used 9223372036854775807 (slots)",
            "[   15.000000] swiotlb_tbl_map_single: 9223372036854775807 callbacks suppressed",
            "[   20.000000] swiotlb_tbl_map_single: 9223372036854775807 callbacks suppressed").Incidents[0];
        Assert.Equal(Cause.SegmentLimit, incident.Cause);
    }

    [Fact]
    public void What_a_limit_shared_by_all_messages_hid_is_a_range()
    {
        var incident = Analyze(
            "Jan 27 14:19:41 host kernel: iommu_alloc failed, tbl c00000000263c480 vaddr c000000133b00000 npages 10",
            "Jan 27 14:19:48 host kernel: printk: 415 messages suppressed.",
            "Jan 27 14:19:48 host kernel: iommu_alloc failed, tbl c00000000263c480 vaddr c00000016d350000 npages 10").Incidents[0];
        Assert.Equal(new FailureRange(2, 417), incident.FailureRange);
        var own = Analyze(
            "[   10.000000] e1000 0000:00:03.0: swiotlb buffer is full (sz: 4096 bytes), total 1024 (slots), used 1024 (slots)",
            "[   15.100000] swiotlb_tbl_map_single: 40 callbacks suppressed",
            "[   15.100010] e1000 0000:00:03.0: swiotlb buffer is full (sz: 4096 bytes), total 1024 (slots), used 1024 (slots)").Incidents[0];
        Assert.Equal(new FailureRange(42, null), own.FailureRange);
    }
}
