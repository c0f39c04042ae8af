using TraceReplay.Diagnosis;
using TraceReplay.Diagnosis.KnownIssues;

namespace TraceReplay.Analysis.Tests;

/// <summary>Every known issue is found in a log of its kind (real lines where a public report has them, else the spec's wording), and not
/// where the kernel has the fix, another driver reports, or the numbers do not fit.</summary>
public sealed class KnownIssueTests
{
    /// <summary>Issue, then the log that shows it.</summary>
    public static TheoryData<string, string> Shown => new()
    {
        { "nvme-max-mapping", Log("4.19.40", Slots("nvme 0000:01:00.0", 327680, 32768, 32)) },
        { "nvme-min-align-room", Log("5.17.3", Slots("nvme 0000:01:00.0", 262144, 32768, 128)) },
        { "swiotlb-livelock", Log("6.1.8", "watchdog: BUG: soft lockup - CPU#3 stuck for 26s! [fio:4711]", "RIP: 0010:swiotlb_do_find_slots+0x1fe/0x3e0", "nvme_prep_rq.part.0+0x31/0x120") },
        { "swiotlb-area-too-small", Log("6.2.4", "software IO TLB: area num 128.", "software IO TLB: mapped [mem 0x0000000078500000-0x0000000079500000] (16MB)", Slots("virtio-pci 0000:00:02.0", 196608, 8192, 900)) },
        { "swiotlb-untrusted-max-mapping", Log("6.6.9", "Kernel command line: intel_iommu=on root=/dev/sda1", Slots("mlx5_core 0000:52:00.0", 720896, 524288, 2048)) },
        { "swiotlb-64k-alignment", Log("6.8.0", Slots("nvme 0000:01:00.0", 262144, 32768, 128), release: "6.8.0-64k", machine: "aarch64") },
        { "usb-storage-5.2", Log("5.2.6-200.fc30.x86_64", Slots("xhci_hcd 0000:02:00.0", 421888, 32768, 1)) },
        { "usb-host-max-segment", Log("5.15.30", Slots("xhci_hcd 0000:02:00.0", 421888, 32768, 1)) },
        { "drm-import-3mib", Log("6.12.3", Slots("ast 0000:02:00.0", 3145728, 32768, 0)) },
        { "gpu-segment-size", Log("6.6.31", Slots("v3d fec00000.v3d", 524288, 32768, 12)) },
        { "mmc-segment-size", Log("6.1.31", Slots("dwmmc_starfive 16020000.mmc", 524288, 32768, 12)) },
        { "bcm2835-mmc-leak", Log("4.19.63-v8+", Slots("sdhci-iproc fe340000.emmc2", 4096, 32768, 32768)) },
        { "atl1c-lost-unmap", Log("3.8.0", "atl1c 0000:02:00.0: swiotlb buffer is full (sz: 1600 bytes)") },
        { "rtl8192ee-leak", Log("5.3.0", Slots("rtl8192ee 0000:05:00.0", 4000, 32768, 32768)) },
        { "rtlwifi-9100", Log("3.16.0-31-generic", "rtl8821ae 0000:02:00.0: swiotlb buffer is full (sz: 9100 bytes)") },
        { "mt7615-5.4", Log("5.4.93", Slots("mt7615e 0000:01:00.0", 3776, 32768, 31415)) },
        { "swiotlb-5.4-overflow-echo", Log("5.4.93", Slots("mt7615e 0000:01:00.0", 3776, 32768, 31415), "mt7615e 0000:01:00.0: overflow 0x0000000383a19000+3776 of DMA mask ffffffff bus mask 0") },
        { "amd-iommu-no-pool", Log("5.13.0", "rtw_8821ce 0000:06:00.0: enabling device (0000 -> 0003)", "Kernel panic - not syncing: Can not allocate SWIOTLB buffer earlier and can't now provide you with the DMA bounce buffer") },
        { "iommu-took-pool", Log("6.1.4", "software IO TLB: tearing down default memory pool", "iwlwifi 0000:06:00.0: Can not allocate SWIOTLB buffer earlier and can't now provide you with the DMA bounce buffer") },
        { "rpi-firmware-mix", Log("5.15.30-v8+", "Machine model: Raspberry Pi 4 Model B Rev 1.4", "Kernel panic - not syncing: Can not allocate SWIOTLB buffer earlier and can't now provide you with the DMA bounce buffer") },
        { "swiotlb-noforce", Log("6.1.4", "Kernel command line: swiotlb=noforce", "iwlwifi 0000:06:00.0: Can not allocate SWIOTLB buffer earlier and can't now provide you with the DMA bounce buffer") },
        { "swiotlb-pool-above-4g", Log("2.6.14", "Placing software IO TLB between 0x104466000 - 0x108466000") },
        { "gart-free-race", Log("2.6.12", "PCI-DMA: Out of IOMMU space for 53248 bytes at device 0000:03:05.0") },
        { "gart-bios-2.6.14", Log("2.6.14-rc5", "Kernel panic - not syncing: PCI-DMA: high address but no IOMMU.") },
        { "tce-64k-pages", Log("2.6.18", "iommu_alloc failed, tbl c0000000010d5c48 vaddr c0000000d875eff0 npages 1", machine: "ppc64") },
        { "tce-large-pool", Log("4.9.76", "lpfc 0001:01:00.0: iommu_alloc failed, tbl c0000000010d5c48 vaddr c0000000d875eff0 npages 1", machine: "ppc64le") },
        { "tce-mask-loop", Log("2.6.18", "BUG: soft lockup detected on CPU#2!", "NIP [c0000000000229a4] .iommu_range_alloc+0x1f4/0x2a0", machine: "ppc64") },
        { "tce-boundary-loop", Log("6.1.0", "watchdog: BUG: soft lockup - CPU#3 stuck for 26s! [fio:4711]", "NIP [c0000000000229a4] iommu_area_alloc+0x1f4/0x2a0", machine: "ppc64le") },
        { "tce-build-leak", Log("3.6.0", "tce_build_pSeriesLP: plpar_tce_put failed. rc=-4", "lpfc 0001:01:00.0: iommu_alloc failed, tbl c0000000010d5c48 vaddr c0000000d875eff0 npages 16", machine: "ppc64") },
        { "tce-wrong-free-2.6.12", Log("2.6.12", "iommu_free: invalid entry", machine: "ppc64") },
        { "overflow-buffer-panic", Log("3.6.0", "Kernel panic - not syncing: DMA: Random memory could be DMA written") },
        { "early-swiotlb-panic", Log("2.4.21", "Kernel panic: map_single: could not allocate software IO TLB (4096 bytes)") },
        { "sg-overflow-test-2.6.14", Log("2.6.14", "PCI-DMA: Out of SW-IOMMU space for 65536 bytes at device 0000:00:02.0") },
        { "coherent-panic-2.6.27", Log("2.6.18", "Kernel panic - not syncing: swiotlb_alloc_coherent: allocated memory is out of range for device") },
        { "dynamic-pool-no-memory", Log("6.12.117", "software IO TLB: Failed to allocate new pool") },
        { "cma-parallel-busy", Log("5.15.30", "cma: cma_alloc: reserved: alloc failed, req-size: 38 pages, ret: -16", "cma: cma_alloc: reserved: alloc failed, req-size: 128 pages, ret: -16") },
        { "cma-isolate-next-20220525", Log("5.18.0-next-20220525", "cma: cma_alloc: linux,cma: alloc failed, req-size: 128 pages, ret: -16") },
        { "cma-pinned-pages", Log("6.1.0", "cma: cma_alloc: linux,cma: alloc failed, req-size: 128 pages, ret: -16") },
        { "dmapool-atomic", Log("3.7.0", "ERROR: 256 KiB atomic DMA coherent pool is too small!", machine: "armv7l") },
        { "mpi3mr-pending", Log("6.1.0", "DMA-API: mpi3mr 0000:83:00.0: device driver has pending DMA allocations while released from device [count=1]") },
        { "dma-debug-blind", Log("6.1.0", "DMA-API: debugging out of memory - disabling") },
        { "iova-no-retry", Log("4.19.0", "DMAR: Allocating 1-page iova for 0000:03:00.0 failed") },
        { "iova-32bit-exhausted", Log("5.4.0", "hpsa 0000:03:00.0: DMAR: Allocating 1-page iova failed") },
        { "scsi-dma-2.4", Log("2.4.19", "Warning - running *really* short on DMA buffers") },
        { "lpfc-lun-depth", Log("2.6.32", "lpfc 0001:01:00.0: iommu_alloc failed, tbl c00000000263c480 vaddr c0000000d7967000 npages 10", machine: "ppc64") },
        { "xen-contiguous", Log("5.4.0", "Xen-SWIOTLB: Lowering to 32MB") },
        { "pool-shrunk-at-boot", Log("6.6.9", "software IO TLB: SWIOTLB bounce buffer size adjusted 32768 -> 16384 slabs") },
        { "unmap-size-leak", Log("4.9.76", "DMA-API: e1000 0000:00:03.0: device driver frees DMA memory with different size [device address=0x0000000078500000] [map size=4096 bytes] [unmap size=1500 bytes]") },
        { "megaraid-bug-on", Log("6.1.0", "megaraid_sas 0001:00:00.0: iommu_alloc failed, tbl c000000003476800 vaddr c0000000d7967000 npages 16", "kernel BUG at drivers/scsi/megaraid/megaraid_sas_base.c:1702!", machine: "ppc64le") },
        { "aacraid-bug-on", Log("2.6.32", "DMA: Out of SW-IOMMU space for 65536 bytes at device 0000:03:01.0", "kernel BUG at drivers/scsi/aacraid/aachba.c:1500!") },
        { "thunderbolt-bounce", Log("6.1.0", "Kernel command line: intel_iommu=on iommu.strict=1", Slots("mlx5_core 0000:52:00.0", 720896, 524288, 2048)) },
    };

    /// <summary>Issue, then a log that comes near to it and must not be taken for it.</summary>
    public static TheoryData<string, string> NotShown => new()
    {
        { "nvme-max-mapping", Log("5.10.7", Slots("nvme 0000:01:00.0", 327680, 32768, 32)) },
        { "nvme-max-mapping", Log("4.19.40", Slots("ast 0000:01:00.0", 327680, 32768, 32)) },
        { "nvme-min-align-room", Log("5.15.140", Slots("nvme 0000:01:00.0", 262144, 32768, 128)) },
        { "nvme-min-align-room", Log("5.17.3", Slots("nvme 0000:01:00.0", 262144, 32768, 32700)) },
        { "swiotlb-livelock", Log("6.1.192", "watchdog: BUG: soft lockup - CPU#3 stuck for 26s! [fio:4711]", "RIP: 0010:swiotlb_do_find_slots+0x1fe/0x3e0") },
        { "swiotlb-livelock", Log("6.1.8", "watchdog: BUG: soft lockup - CPU#3 stuck for 26s! [fio:4711]", "RIP: 0010:native_queued_spin_lock_slowpath+0x1fe/0x3e0") },
        { "usb-storage-5.2", Log("5.3.8", Slots("xhci_hcd 0000:02:00.0", 421888, 32768, 1)) },
        { "usb-storage-5.2", Log("5.2.6", Slots("nvme 0000:02:00.0", 421888, 32768, 1)) },
        { "usb-storage-5.2", Log("5.2.6", Slots("xhci_hcd 0000:02:00.0", 65536, 32768, 32760)) },
        { "drm-import-3mib", Log("6.17.0", Slots("ast 0000:02:00.0", 3145728, 32768, 0)) },
        { "iova-32bit-exhausted", Log("6.12.4", "DMAR: Allocating 1-page iova failed", "e1000e 0000:00:19.0: TX DMA map failed") },
        { "drm-import-3mib", Log("6.12.3", Slots("e1000 0000:02:00.0", 3145728, 32768, 0)) },
        { "atl1c-lost-unmap", Log("3.8.5", "atl1c 0000:02:00.0: swiotlb buffer is full (sz: 1600 bytes)") },
        { "atl1c-lost-unmap", Log("3.8.0", "e1000e 0000:02:00.0: swiotlb buffer is full (sz: 1600 bytes)") },
        { "rtl8192ee-leak", Log("5.3.0", Slots("iwlwifi 0000:05:00.0", 4000, 32768, 32768)) },
        { "rtlwifi-9100", Log("3.16.0", "rtl8821ae 0000:02:00.0: swiotlb buffer is full (sz: 2048 bytes)") },
        { "mt7615-5.4", Log("5.15.93", Slots("mt7615e 0000:01:00.0", 3776, 32768, 31415)) },
        { "swiotlb-noforce", Log("6.1.4", "Kernel command line: swiotlb=65536", "iwlwifi 0000:06:00.0: Can not allocate SWIOTLB buffer earlier and can't now provide you with the DMA bounce buffer") },
        { "swiotlb-pool-above-4g", Log("2.6.14", "Placing software IO TLB between 0x4821000 - 0x8821000") },
        { "swiotlb-area-too-small", Log("6.12.4", "software IO TLB: area num 128.", "software IO TLB: mapped [mem 0x0000000078500000-0x0000000079500000] (16MB)", Slots("virtio-pci 0000:00:02.0", 196608, 8192, 900)) },
        { "tce-64k-pages", Log("2.6.18", "iommu_alloc failed, tbl c0000000010d5c48 vaddr c0000000d875eff0 npages 10", machine: "ppc64") },
        { "tce-large-pool", Log("6.1.0", "lpfc 0001:01:00.0: iommu_alloc failed, tbl c0000000010d5c48 vaddr c0000000d875eff0 npages 1", machine: "ppc64le") },
        { "tce-large-pool", Log("4.9.76", "lpfc 0001:01:00.0: iommu_alloc failed, tbl c0000000010d5c48 vaddr c0000000d875eff0 npages 64", machine: "ppc64le") },
        { "cma-parallel-busy", Log("5.15.30", "cma: cma_alloc: reserved: alloc failed, req-size: 38 pages, ret: -12") },
        { "cma-parallel-busy", Log("5.15.60", "cma: cma_alloc: reserved: alloc failed, req-size: 38 pages, ret: -16") },
        { "cma-parallel-busy", Log("6.1.0", "cma: cma_alloc: reserved: alloc failed, req-size: 38 pages, ret: -16") },
        { "dmapool-atomic", Log("4.4.0", "ERROR: 256 KiB atomic DMA coherent pool is too small!", machine: "armv7l") },
        { "iova-no-retry", Log("5.15.0", "hpsa 0000:03:00.0: DMAR: Allocating 1-page iova failed") },
        { "scsi-dma-2.4", Log("2.6.18", "DMA: Out of SW-IOMMU space for 65536 bytes at device 0000:00:02.0") },
        { "overflow-buffer-panic", Log("6.1.0", Slots("nvme 0000:01:00.0", 65536, 32768, 32760)) },
        { "gart-free-race", Log("2.6.18", "PCI-DMA: Out of IOMMU space for 53248 bytes at device 0000:03:05.0") },
        { "early-swiotlb-panic", Log("2.6.18", "DMA: Out of SW-IOMMU space for 65536 bytes at device 0000:00:02.0") },
    };

    [Theory]
    [MemberData(nameof(Shown))]
    public void An_issue_is_found_in_a_log_of_its_kind(string issue, string log)
    {
        var report = Analyze(log);
        Assert.Contains(issue, Matches(report).Select(m => m.Id), StringComparer.Ordinal);
        Assert.All(Matches(report), m => Assert.NotEmpty(m.Why));
    }

    [Theory]
    [MemberData(nameof(NotShown))]
    public void An_issue_is_not_found_where_it_cannot_be(string issue, string log) =>
        Assert.DoesNotContain(issue, Matches(Analyze(log)).Select(m => m.Id), StringComparer.Ordinal);

    [Fact]
    public void Every_issue_is_shown_once()
    {
        var tested = Shown.Select(row => (string)row[0]).ToHashSet(StringComparer.Ordinal);
        string[] elsewhere = ["tce-cmo-entitlement"];
        Assert.Equal(KnownIssueCatalog.Shared.Issues.Select(i => i.Id).Except(elsewhere, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            tested.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void A_distribution_that_backports_lowers_the_match_and_says_so()
    {
        var upstream = Confidence("6.1.8");
        var enterprise = Confidence("5.14.0-162.el9.x86_64");
        Assert.True(enterprise.Confidence < upstream.Confidence);
        Assert.Contains("backport", enterprise.Why, StringComparison.Ordinal);
        Assert.Contains("which has the fix", upstream.Why, StringComparison.Ordinal);

        static KnownIssueMatch Confidence(string kernel) => Matches(Analyze(Log(kernel,
            "watchdog: BUG: soft lockup - CPU#3 stuck for 26s! [fio:4711]", "RIP: 0010:swiotlb_do_find_slots+0x1fe/0x3e0")))
            .Single(m => m.Id == "swiotlb-livelock");
    }

    [Fact]
    public void A_kernel_that_is_not_told_lowers_the_match()
    {
        var line = Slots("xhci_hcd 0000:02:00.0", 421888, 32768, 1);
        var told = Matches(Analyze(Log("5.2.6", line))).Single(m => m.Id == "usb-storage-5.2");
        var untold = Matches(Analyze("[   47.212609] " + line + "\n")).Single(m => m.Id == "usb-storage-5.2");
        Assert.True(untold.Confidence < told.Confidence);
        Assert.Contains("not told", untold.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_kernel_is_read_from_the_head_of_a_call_trace()
    {
        var log = "[   47.212609] " + Slots("xhci_hcd 0000:02:00.0", 421888, 32768, 1)
            + "\n[   47.212734] CPU: 0 PID: 454 Comm: usb-storage Tainted: P           OE     5.2.6-200.fc30.x86_64 #1\n";
        var match = Matches(Analyze(log)).Single(m => m.Id == "usb-storage-5.2");
        Assert.True(match.Confidence > 0.7);
        Assert.Contains("5.2.6-200.fc30.x86_64", match.Why, StringComparison.Ordinal);
        var other = "[  252.037146] CPU: 7 PID: 1174 Comm: modprobe Not tainted 6.1.4 #39\n[   47.212609] " + Slots("xhci_hcd 0000:02:00.0", 421888, 32768, 1) + "\n";
        Assert.Equal("6.1.4", Analyze(other).Machine.Kernel);
    }

    [Fact]
    public void Users_add_issues_of_their_own()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "own.issue"), """
                issue house-42
                title Our adapter asks for odd sizes
                pool swiotlb
                needs driver ouradapter
                needs bytes = 12345
                source our wiki
                """);
            var log = Log("6.1.8", Slots("ouradapter 0000:02:00.0", 12345, 32768, 32760));
            var found = Matches(Analyze(log, folder.FullName)).Single(m => m.Id == "house-42");
            Assert.Equal(0.8, found.Confidence);
            Assert.DoesNotContain("house-42", Matches(Analyze(log)).Select(m => m.Id), StringComparer.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("issue x\ntitle t\npool swiotlb\nsource s\n", 1, "needs")]
    [InlineData("issue x\ntitle t\npool swiotlb\nneeds colour red\nsource s\n", 4, "colour")]
    [InlineData("issue x\ntitle t\npool bathtub\nneeds driver a\nsource s\n", 1, "bathtub")]
    [InlineData("issue x\ntitle t\nflavour y\n", 3, "flavour")]
    [InlineData("title t\n", 1, "title")]
    [InlineData("issue x\ntitle t\npool swiotlb\nneeds bytes > many\nsource s\n", 4, "many")]
    [InlineData("issue x\ntitle t\npool swiotlb\nkernels 5.2 to 5.3\nneeds driver a\nsource s\n", 1, "5.2 to 5.3")]
    public void What_cannot_be_read_is_told_with_its_line(string text, int line, string word)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            var failure = Assert.Throws<AnalysisException>(() => Analyze(Log("6.1.8", Slots("a 0000:02:00.0", 1, 2, 3)), path));
            Assert.Equal((path, (long)line), (failure.Diagnostic.Source.Path, failure.Diagnostic.Source.Line));
            Assert.Contains(word, failure.Diagnostic.Message, StringComparison.Ordinal);
            Assert.NotEmpty(failure.Diagnostic.Hint);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Slots(string device, long bytes, long total, long used) =>
        $"{device}: swiotlb buffer is full (sz: {bytes} bytes), total {total} (slots), used {used} (slots)";

    private static string Log(string kernel, string line, string? second = null, string? third = null, string? release = null, string machine = "")
    {
        var lines = new[] { $"Linux version {release ?? kernel}{(machine.Length > 0 ? "-" + machine : string.Empty)} (build@host) (gcc) #1 SMP", line, second, third }.OfType<string>();
        return string.Concat(lines.Select((text, i) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"[    {i}.000000] {text}\n")));
    }

    private static IReadOnlyList<KnownIssueMatch> Matches(AnalysisReport report) =>
        [.. report.Incidents.SelectMany(i => i.KnownIssues), .. report.KnownIssues];

    private static AnalysisReport Analyze(string log, params string[] issues)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, log);
            return AnalysisJob.Run(new AnalysisOptions { Inputs = [path], KnownIssues = issues }, CancellationToken.None);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
