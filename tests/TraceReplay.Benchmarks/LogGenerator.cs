using System.Globalization;
using System.Text;

namespace TraceReplay.Benchmarks;

/// <summary>Writes a kernel log of any size with a seed: the boot lines and the running messages of a busy server, some of them
/// near misses (words of the messages that are looked for), and a share of real pool messages of several families.</summary>
internal static class LogGenerator
{
    // What a line of a server's log is made of: {d} a number up to 99, {h} eight hexadecimal digits, {p} a PCI device, {k} up to
    // 29,999. The wordings are those of mainline kernels; about 93 bytes a line with its stamp.
    private static readonly string[] Others =
    [
        "audit: type=1400 audit(1695{k}.{d}:{k}): apparmor=\"STATUS\" operation=\"profile_load\" profile=\"unconfined\" name=\"nvidia_modprobe\" pid={k}",
        "pci {p}: BAR {d}: assigned [mem 0x{h}-0x{h} 64bit pref]",
        "ACPI: Reserving FACP table memory at [mem 0x{h}-0x{h}]",
        "EXT4-fs (sda{d}): mounted filesystem with ordered data mode. Quota mode: none.",
        "usb {d}-{d}: new high-speed USB device number {d} using xhci_hcd",
        "systemd-journald[{k}]: Sent WATCHDOG=1 notification.",
        "IPv6: ADDRCONF(NETDEV_CHANGE): veth{h}: link becomes ready",
        "docker0: port {d}(veth{h}) entered forwarding state",
        "e1000e {p} enp0s31f6: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx",
        "ata{d}: SATA link up 6.0 Gbps (SStatus 133 SControl 300), device {h}, {d} ports",
        "nvme nvme{d}: I/O {d} (I/O Cmd) QID {d} timeout, aborting",
        "perf: interrupt took too long ({k} > {k}), lowering kernel.perf_event_max_sample_rate to {k}",
        "device veth{h} entered promiscuous mode",
        "TCP: request_sock_TCP: Possible SYN flooding on port {k}. Sending cookies.  Check SNMP counters.",
        "[UFW BLOCK] IN=eth0 OUT= MAC={h}{h} SRC=10.{d}.{d}.{d} DST=10.{d}.{d}.{d} LEN=40 TOS=0x00 PREC=0x00 TTL=2{d} ID={k} PROTO=TCP SPT={k} DPT={k} WINDOW=1024 RES=0x00 SYN URGP=0",
        "XFS (dm-{d}): Ending clean mount",
        "mlx5_core {p}: Port module event: module {d}, Cable plugged",
        "BTRFS info (device sdb{d}): relocating block group {k}{k} flags data",

        // Near misses: full buffers, mappings, DMA and the IOMMU, but no failure.
        "DMAR: RMRR base: 0x{h} end: 0x{h}",
        "pci {p}: Adding to iommu group {d}",
        "x86/PAT: memtype_reserve failed [mem 0x{h}-0x{h}], track uncached-minus, req uncached-minus",
        "workqueue: drm_fb_helper_damage_work hogged CPU for >{k}us {d} times, consider switching to WQ_UNBOUND",
        "iTCO_wdt {p}: unable to reset NO_REBOOT flag, device disabled by hardware/BIOS",
        "ata{d}.00: configured for UDMA/133",
    ];

    private static readonly string[] Hits =
    [
        "virtio_scsi {p}: swiotlb buffer is full (sz: {k} bytes), total 32768 (slots), used {k} (slots)",
        "nvme {p}: swiotlb buffer is full (sz: {k} bytes), total 32768 (slots), used {k} (slots)",
        "e1000 {p}: swiotlb buffer is full (sz: {d} bytes), total 32768 (slots), used {k} (slots)",
        "swiotlb_tbl_map_single: {k} callbacks suppressed",
        "lpfc {p}: iommu_alloc failed, tbl c000000{h}0 vaddr c00000{h}00 npages {d}",
        "mpt3sas_cm{d} {p}: dma_map_sg failed: request for {k} bytes!",
        "cma: cma_alloc: reserved: alloc failed, req-size: {d} pages, ret: -12",
        "DMAR: Allocating {d}-page iova for {p} failed",
        "r8169 {p} enp2s0: Rx DMA map failed",
        "e1000e {p}: DMA-API: exceeded 7 overlapping mappings of cacheline 0x{h}",
    ];

    /// <summary>Writes whole lines until a size is reached.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="bytes">Least size, bytes.</param>
    /// <param name="hitsPerMille">Lines in a thousand that are pool messages, 0 to 1000.</param>
    /// <param name="seed">The same seed gives the same bytes.</param>
    /// <returns>Lines written.</returns>
    public static long Write(Stream output, long bytes, int hitsPerMille, int seed)
    {
        var dice = new Random(seed);
        byte[][] others = [.. Others.Select(Encoding.ASCII.GetBytes)];
        byte[][] hits = [.. Hits.Select(Encoding.ASCII.GetBytes)];
        var block = new byte[1 << 20];
        var (at, written, lines, microseconds) = (0, 0L, 0L, 0L);
        while (written + at < bytes)
        {
            const int Longest = 1024;
            if (at > block.Length - Longest)
            {
                output.Write(block, 0, at);
                written += at;
                at = 0;
            }

            var from = dice.Next(1000) < hitsPerMille ? hits : others;
            microseconds += dice.Next(200);
            Stamp(block, ref at, microseconds);
            Line(block, ref at, from[dice.Next(from.Length)], dice);
            lines++;
        }

        output.Write(block, 0, at);
        return lines;
    }

    private static void Stamp(byte[] block, ref int at, long microseconds)
    {
        block[at++] = (byte)'[';
        _ = (microseconds / 1_000_000).TryFormat(block.AsSpan(at + 5), out var length, provider: CultureInfo.InvariantCulture);
        var pad = Math.Max(0, 5 - length);
        block.AsSpan(at + 5, length).CopyTo(block.AsSpan(at + pad));
        block.AsSpan(at, pad).Fill((byte)' ');
        at += pad + length;
        block[at++] = (byte)'.';
        _ = (microseconds % 1_000_000).TryFormat(block.AsSpan(at), out length, "D6", CultureInfo.InvariantCulture);
        at += length;
        block[at++] = (byte)']';
        block[at++] = (byte)' ';
    }

    private static void Line(byte[] block, ref int at, ReadOnlySpan<byte> template, Random dice)
    {
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] != (byte)'{')
            {
                block[at++] = template[i];
                continue;
            }

            at += Field(block.AsSpan(at), (char)template[i + 1], dice);
            i += 2;
        }

        block[at++] = (byte)'\n';
    }

    private static int Field(Span<byte> room, char kind, Random dice)
    {
        int length;
        switch (kind)
        {
            case 'h':
                _ = ((uint)dice.Next()).TryFormat(room, out length, "x8", CultureInfo.InvariantCulture);
                return length;
            case 'p':
                "0000:00:"u8.CopyTo(room);
                _ = dice.Next(32).TryFormat(room[8..], out _, "x2", CultureInfo.InvariantCulture);
                ".0"u8.CopyTo(room[10..]);
                return 12;
            default:
                _ = dice.Next(kind == 'd' ? 100 : 30_000).TryFormat(room, out length, provider: CultureInfo.InvariantCulture);
                return length;
        }
    }
}
