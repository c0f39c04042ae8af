using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>What a message means beside others: boots of one log, lines printed twice, hidden and repeated lines, traces and
/// crashes behind a failure.</summary>
public class LogContextTests
{
    private const string Banner = "Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP";

    private static string Full(double time, int used = 32768, string device = "0000:05:00.0") =>
        FormattableString.Invariant($"[{time,12:0.000000}] ahci {device}: swiotlb buffer is full (sz: 65536 bytes), total 32768 (slots), used {used} (slots)\n");

    [Theory]
    [InlineData("pci 0000:00:02.0: swiotlb buffer is full (sz: 262144 bytes), total 524288 (slots), used 523", "swiotlb-full", "0000:00:02.0", 262144L, 524288L)]
    [InlineData("pci 0000:00:02.0: swiotlb buffer is full (sz: 262144 bytes), tot", "swiotlb-full", "0000:00:02.0", 262144L, null)]
    [InlineData("ibmvfc 30000004: iommu_alloc failed, tbl c0000003f8d5c800 vaddr c0000003da7a0000 npag", "tce-alloc-failed", "30000004", null, null)]
    [InlineData("cma: cma_alloc: linux,cma: alloc failed, req-size: 20", "cma-alloc-failed", "", null, null)]
    [InlineData("net eth0: DMA-API: device driver tries to free DMA memory it has not allocated [device address=0x00000000443d7040] [size=2048", "dma-debug-error", "eth0", null, null)]
    public void A_message_that_its_end_cuts_tells_what_stands_in_it_whole(string text, string family, string device, long? bytes, long? total)
    {
        var message = Assert.Single(Reading.Text($"[  311.000001] {text}\n").Of<LogMessageFact>());

        Assert.Equal((family, device, bytes, total), (message.Family, message.Device, message.Bytes, message.TotalUnits));
        Assert.Null(message.UsedUnits);
        Assert.Null(message.Pages);
        Assert.True(message.Fields.ContainsKey("cut") || bytes is not null);
    }

    [Fact]
    public void A_cut_message_without_stamp_does_not_take_the_next_one_for_its_rest()
    {
        var sink = Reading.Text(
            "pci 0000:00:02.0: swiotlb buffer is full (sz: 262144 bytes), total 524288 (slots), used 523\n"
            + "nvme 0000:00:03.0: swiotlb buffer is full (sz: 4096 bytes), total 524288 (slots), used 524288 (slots)\n"
            + "ibmvfc 30000004: iommu_alloc failed, tbl c0000003f8d5c800 vaddr c0000003da7a0000 npag\n"
            + "cma: cma_alloc: linux,cma: alloc failed, req-size: 2025 pages, ret: -12\n");

        Assert.Equal(
            [("0000:00:02.0", 262144L, null, 1L), ("0000:00:03.0", 4096L, 524288L, 2L), ("30000004", null, null, 3L), ("", null, null, 4L)],
            sink.Of<LogMessageFact>().Select(m => (m.Device, m.Bytes, m.UsedUnits, m.Source.Line)));
    }

    [Theory]
    [InlineData("\"2026-11-27T10:00:00.000Z\",\"host\",\"kernel\",\"nvme 0000:00:03.0: swiotlb buffer is full (sz: 4096 bytes), total 9 (slots), used 8 (slots)\"")]
    [InlineData("{\"message\":\"nvme 0000:00:03.0: swiotlb buffer is full (sz: 4096 bytes), total 9 (slots), used 8 (slots)\",\"host\":\"a\"}")]
    [InlineData("Nov 27, 2026 @ 10:00:00.000\tnvme 0000:00:03.0: swiotlb buffer is full (sz: 4096 bytes), total 9 (slots), used 8 (slots)")]
    public void A_table_or_JSON_around_a_message_does_not_hide_its_device(string line)
    {
        var message = Assert.Single(Reading.Text(line + "\n").Of<LogMessageFact>());

        Assert.Equal(("nvme", "0000:00:03.0", 8L), (message.Driver, message.Device, message.UsedUnits));
    }

    [Theory]
    [InlineData("I saw iommu_alloc failed, tbl and then")]
    [InlineData("we got DMA-API: device driver tries to free DMA memory it has not allocated [device addr")]
    public void Prose_that_quotes_part_of_a_message_is_none(string text) => Assert.Empty(Reading.Text(text + "\n").Of<LogMessageFact>());

    [Fact]
    public void Stamps_that_fall_back_begin_another_boot()
    {
        var sink = Reading.Text(Full(500) + Full(501) + Full(40) + Full(41));

        Assert.Equal([1, 1, 2, 2], Failures(sink).Select(f => f.Boot));
        Assert.Equal([(1, 1L), (2, 3L)], sink.Of<BootFact>().Select(b => (b.Number, b.Source.Line)));
    }

    [Fact]
    public void Stamps_of_old_kernels_wrap_after_five_minutes()
    {
        var sink = Reading.Text(Full(4294667.296) + Full(4294967.1) + Full(0.5) + Full(900) + Full(40));

        Assert.Equal([1, 1, 1, 1, 2], Failures(sink).Select(f => f.Boot));
    }

    [Fact]
    public void A_banner_begins_another_boot_even_where_stamps_rise()
    {
        var sink = Reading.Text($"[    0.000000] {Banner}\n" + Full(40) + $"[    0.000000] {Banner}\n" + Full(90));

        Assert.Equal([1, 2], Failures(sink).Select(f => f.Boot));
        Assert.Equal([("6.1.0-18-amd64", 1L), ("6.1.0-18-amd64", 3L)], sink.Of<BootFact>().Select(b => (b.Kernel, b.Source.Line)));
    }

    [Theory]
    [InlineData("-- Reboot --")]
    [InlineData("-- Boot 0123456789abcdef0123456789abcdef --")]
    [InlineData("Nov 23 01:00:00 host kernel: " + Banner)]
    public void Wall_clocks_know_boots_by_marks(string mark)
    {
        var line = Full(0)[15..];
        var sink = Reading.Text($"Nov 22 06:13:21 host kernel: {line}{mark}\nNov 23 01:00:09 host kernel: {line}");

        Assert.Equal([1, 2], Failures(sink).Select(f => f.Boot));
    }

    [Fact]
    public void One_boot_is_not_told()
    {
        var sink = Reading.Text($"[    0.000000] {Banner}\n" + Full(40) + Full(40.5) + Full(39.9));

        Assert.Empty(sink.Of<BootFact>());
        Assert.All(Failures(sink), f => Assert.Equal(1, f.Boot));
    }

    [Fact]
    public void A_ring_buffer_printed_twice_counts_once()
    {
        var first = $"[    0.000000] {Banner}\n[    0.300000] software IO TLB: mapped [mem 0x7a000000-0x7e000000] (64MB)\n" + Full(40) + Full(41);
        var sink = Reading.Text(first + first + Full(42));

        Assert.Equal([40, 41, 42], Failures(sink).Select(f => f.TimeNs / 1_000_000_000));
        Assert.All(Failures(sink), f => Assert.Equal(1, f.Boot));
        Assert.Empty(sink.Of<BootFact>());
        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.PrintedTwice.Code && d.Message.StartsWith("3 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Boot_ids_of_a_journal_are_kept()
    {
        static string Record(char boot, int time) =>
            $$"""{"_BOOT_ID":"{{new string(boot, 32)}}","__REALTIME_TIMESTAMP":"17953280{{time}}000000","_SOURCE_MONOTONIC_TIMESTAMP":"{{time}}000000","_TRANSPORT":"kernel","MESSAGE":"{{Full(0)[15..^1]}}"}""" + "\n";
        var sink = Reading.Text(Record('a', 10) + Record('b', 11) + Record('b', 12) + Record('a', 13));

        Assert.Equal([1, 2, 2, 1], Failures(sink).Select(f => f.Boot));
        Assert.Equal([new string('a', 32), new string('b', 32)], sink.Of<BootFact>().Select(b => b.Id), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("swiotlb_tbl_map_single: 72 callbacks suppressed", PoolKind.Swiotlb, "swiotlb-full")]
    [InlineData("swiotlb_map: 72 callbacks suppressed", PoolKind.Swiotlb, "swiotlb-full")]
    [InlineData("ppc_iommu_map_sg: 72 callbacks suppressed", PoolKind.Tce, "tce-alloc-failed")]
    [InlineData("cma_alloc: 72 callbacks suppressed", PoolKind.Cma, "cma-alloc-failed")]
    [InlineData("report_addr: 72 callbacks suppressed", PoolKind.Swiotlb, "swiotlb-overflow")]
    [InlineData("swiotlb_dyn_alloc: 72 output lines suppressed due to ratelimiting", PoolKind.Swiotlb, "swiotlb-grow-failed")]
    [InlineData("some_driver_function: 72 callbacks suppressed", PoolKind.Unknown, null)]
    public void Hidden_lines_are_those_of_the_function(string text, PoolKind kind, string? family)
    {
        var fact = Assert.Single(Reading.Text($"[   12.345678] {text}\n").Of<LogMessageFact>());

        Assert.Equal((72L, kind, false), (fact.Suppressed, fact.Kind, fact.IsFailure));
        Assert.Equal(family, fact.Fields.GetValueOrDefault("of"));
    }

    [Theory]
    [InlineData("printk: 72 messages suppressed.", "swiotlb buffer is full (sz: 81 bytes)", PoolKind.Swiotlb)]
    [InlineData("printk: 72 messages suppressed.", "TX DMA map failed", PoolKind.Driver)]
    [InlineData("net_ratelimit: 72 callbacks suppressed", "TX DMA map failed", PoolKind.Driver)]
    [InlineData("net_ratelimit: 72 callbacks suppressed", "swiotlb buffer is full (sz: 81 bytes)", PoolKind.Unknown)]
    [InlineData("printk: 72 messages suppressed.", "link is up", PoolKind.Unknown)]
    public void Hidden_lines_of_a_shared_limit_are_those_of_the_line_behind(string text, string next, PoolKind kind)
    {
        var fact = Reading.Text($"[   12.345678] {text}\n[   12.345680] e1000 0000:00:03.0: {next}\n").Of<LogMessageFact>().First();

        Assert.Equal((72L, kind, kind != PoolKind.Unknown), (fact.Suppressed, fact.Kind, fact.Fields.ContainsKey("of")));
    }

    [Theory]
    [InlineData("Nov 22 06:13:22 host last message repeated 5 times", 5)]
    [InlineData("Nov 22 06:13:22 host kernel: last message repeated 5 times", 5)]
    [InlineData("Nov 22 06:13:22 host last message buffered 5 times", 5)]
    public void Repeats_of_syslogd_are_of_the_line_before(string repeat, long times)
    {
        var sink = Reading.Text($"Nov 22 06:13:21 host kernel: {Full(0)[15..]}{repeat}\nNov 22 06:13:23 host sshd[1]: x\nNov 22 06:14:00 host last message repeated 9 times\n");

        var fact = Assert.Single(sink.Of<LogMessageFact>(), f => !f.IsFailure);
        Assert.Equal((times, PoolKind.Swiotlb, "swiotlb-full", "0000:05:00.0"), (fact.Suppressed, fact.Kind, fact.Fields["of"], fact.Device));
    }

    [Fact]
    public void Repeats_of_rsyslog_stand_in_the_line()
    {
        var fact = Assert.Single(Reading.Text($"Nov 22 06:13:21 host kernel: message repeated 5 times: [ {Full(12).TrimEnd()}]\n").Of<LogMessageFact>());

        Assert.Equal((true, 4L, "0000:05:00.0", 32768L), (fact.IsFailure, fact.Suppressed, fact.Device, fact.UsedUnits));
    }

    [Theory]
    [InlineData("Call Trace:", " dump_stack+0x5c/0x80", " swiotlb_tbl_map_single+0x55/0x6c0", " dma_direct_map_page+0xd0/0x1b0", " ? __kmalloc+0x1/0x2", " mlx5e_sq_xmit+0x2f1/0x9a0 [mlx5_core]", "mlx5e_sq_xmit", "mlx5_core")]
    [InlineData("Call trace:", " dump_backtrace+0x0/0x1d0", " dma_map_page_attrs+0x1ec/0x250", " usb_hcd_map_urb_for_dma+0x3a0/0x5a4", " usb_submit_urb+0x2fc/0x5d0", " usb_stor_msg_common+0xa8/0x160 [usb_storage]", "usb_stor_msg_common", "usb_storage")]
    [InlineData("Backtrace: ", "[<c001c5f0>] (show_stack+0x0/0x1c) from [<c01974a4>] (dump_stack+0x86/0xa0)", "[<c01974a4>] (dump_stack+0x0/0xa0) from [<c04d8a3c>] (arm_dma_map_page+0x6c/0x90)", "[<c04d8a3c>] (arm_dma_map_page+0x0/0x90) from [<bf0113ec>] (fec_enet_start_xmit+0x204/0x400 [fec])", "", "", "fec_enet_start_xmit", "fec")]
    [InlineData("Call Trace:", " [<ffffffff8105a0c5>] warn_slowpath_common+0x85/0xc0", " [<ffffffff812a1b2c>] check_unmap+0x47c/0x940", " [<ffffffff812a2159>] debug_dma_unmap_page+0x59/0x60", " [<ffffffffa0088f1e>] ? e1000_clean+0x1/0x2 [e1000]", " [<ffffffffa0088f1e>] e1000_unmap_and_free_tx_resource+0x6e/0xa0 [e1000]", "e1000_unmap_and_free_tx_resource", "e1000")]
    [InlineData("Call Trace:", "[c0000001e7bb3bc0] [c00000000000fa18] .show_stack+0xd8/0x1d0 (unreliable)", "[c0000001e7bb3bc0] [c000000000021b30] .iommu_map_sg+0x230/0x370", "[c0000001e7bb3bc0] [c000000000022f30] .pci_map_sg+0x30/0x70", "[c0000001e7bb3bc0] [d000000000134f30] .lpfc_scsi_prep_dma_buf+0x70/0x1f0 [lpfc]", "", "lpfc_scsi_prep_dma_buf", "lpfc")]
    [InlineData("Call Trace:", " [<ffffffffb3530644>] ? dump_stack+0x5c/0x78", " [<ffffffffb355adb1>] ? swiotlb_alloc_coherent+0x131/0x150", " [<ffffffffc07e5400>] ? udmabuf_platform_driver_probe+0x450/0x800 [udmabuf]", "", "", "udmabuf_platform_driver_probe", "udmabuf")]
    public void A_trace_names_the_driver_function_above_the_dma_api(string head, string f1, string f2, string f3, string f4, string f5, string function, string module)
    {
        var trace = string.Concat(new[] { "CPU: 0 PID: 1 Comm: x", head, f1, f2, f3, f4, f5 }.Where(l => l.Length > 0).Select(l => $"[   12.400000] {l}\n"));

        var facts = Reading.Text(Full(12.3) + trace + "[   13.000000] nothing\n").Of<LogMessageFact>().ToArray();

        var call = Assert.Single(facts, f => f.Family == "call-trace");
        Assert.Equal((function, module, PoolKind.Swiotlb, "0000:05:00.0", false), (call.Function, call.Fields["module"], call.Kind, call.Device, call.IsFailure));
        Assert.Equal("swiotlb-full", call.Fields["of"]);
    }

    [Fact]
    public void A_trace_of_something_else_is_left_alone() =>
        Assert.Empty(Reading.Text("[    1.000000] BUG: something\n[    1.000000] Call Trace:\n[    1.000000]  dma_map_page+0x1/0x2\n[    1.000000]  foo+0x1/0x2\n").Of<LogMessageFact>());

    [Theory]
    [InlineData("kernel BUG at drivers/scsi/megaraid/megaraid_sas_base.c:2211!", "driver-bug-on-map-failure")]
    [InlineData("kernel BUG at drivers/scsi/aacraid/aachba.c:1412!", "driver-bug-on-map-failure")]
    [InlineData("kernel BUG at mm/slab.c:3011!", "crash-after-map-failure")]
    [InlineData("Kernel panic - not syncing: Fatal exception", "crash-after-map-failure")]
    public void A_crash_counts_only_behind_a_failure(string crash, string family)
    {
        Assert.Empty(Reading.Text($"[   12.400000] {crash}\n").Of<LogMessageFact>());
        Assert.Contains(Reading.Text(Full(12.3) + $"[   12.400000] {crash}\n").Of<LogMessageFact>(), f => f.Family == family && !f.IsFailure);
    }

    private static LogMessageFact[] Failures(RecordingSink sink) => [.. sink.Of<LogMessageFact>().Where(f => f.IsFailure)];
}
