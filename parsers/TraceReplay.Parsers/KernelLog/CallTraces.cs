using System.Text;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Who called for a mapping, according to a call trace.</summary>
/// <param name="Function">The first function above the DMA API and the layers that map on behalf of drivers.</param>
/// <param name="Module">Its module, empty if built in or not told.</param>
internal readonly record struct TraceCaller(string? Function, string? Module);

/// <summary>Reads the call trace that stands behind a line.</summary>
internal static class CallTraces
{
    // x86 prints 20 to 40 frames; registers and modules may stand between head and frames on some architectures.
    private const int MostLines = 96;
    private const int MostOthers = 12;

    /// <summary>What belongs to the DMA API, to the pools below it and to the printing of the trace (kernel/dma, lib/swiotlb.c,
    /// arch/*/kernel/*iommu*.c, mm/cma.c): beginnings of names.</summary>
    private static readonly string[] Api =
    [
        "dma_", "__dma_", "pci_map_", "pci_alloc_consistent", "swiotlb_", "iommu_", "__iommu_", "ppc_iommu_", "intel_", "__intel_", "amd_iommu", "gart_",
        "nommu_", "calgary_", "xen_swiotlb_", "alloc_iommu", "report_addr", "map_single", "__map_single", "scsi_dma_map", "skb_dma_map", "cma_alloc", "__cma_alloc",
        "alloc_contig", "debug_dma_", "check_", "add_dma_entry", "err_printk", "sba_", "ccio_", "arm_dma_", "arm_iommu_", "__arm_", "__alloc_from_", "atomic_pool",
        "coherent_", "vio_dma_", "tce_", "map_sg", "map_page", "get_dma_ops", "pool_alloc_",
    ];

    /// <summary>Layers that map for the drivers above them.</summary>
    private static readonly string[] Layers =
        ["usb_hcd_map_urb", "usb_hcd_submit_urb", "usb_submit_urb", "virtqueue_add", "vring_", "ttm_", "drm_", "vb2_", "snd_dma_", "snd_pcm_", "snd_malloc", "sg_alloc", "__vb2"];

    /// <summary>Reads the trace behind the line last read.</summary>
    /// <param name="lines">The log.</param>
    /// <returns>Who called, empty if the trace does not tell.</returns>
    public static TraceCaller Read(LineReader lines)
    {
        // Kernels without frame pointers doubt every frame (? name+...): then those are all there is.
        var caller = Read(lines, allFrames: false, out var hasFrames);
        return hasFrames ? caller : Read(lines, allFrames: true, out _);
    }

    private static TraceCaller Read(LineReader lines, bool allFrames, out bool hasFrames)
    {
        var isBelow = false;
        var others = 0;
        hasFrames = false;
        for (var ahead = 0; ahead < MostLines && others < MostOthers && lines.TryPeek(ahead, out var raw); ahead++)
        {
            var text = Envelope.Strip(raw).Message;
            if (text.IndexOf("cut here"u8) >= 0 || text.IndexOf("end trace"u8) >= 0)
            {
                break;
            }

            if (!Frame(text, out var function, out var module, out var isDoubtful))
            {
                others++;
                continue;
            }

            others = 0;
            if (isDoubtful && !allFrames)
            {
                continue;
            }

            hasFrames = true;
            if (Is(function, Api) || (isBelow && Is(function, Layers)))
            {
                isBelow = true;
            }
            else if (isBelow)
            {
                return new TraceCaller(Encoding.UTF8.GetString(function), Encoding.UTF8.GetString(module));
            }
        }

        return default;
    }

    /// <summary>Reads a frame: <c> dma_map_page+0x10/0x20 [module]</c> in the shapes of all architectures; what the unwinder is not
    /// sure of is <c>? name+...</c>.</summary>
    private static bool Frame(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> function, out ReadOnlySpan<byte> module, out bool isDoubtful)
    {
        function = module = default;
        isDoubtful = false;
        var plus = text.LastIndexOf("+0x"u8);
        if (plus <= 0 || text[plus..].IndexOf((byte)'/') < 0)
        {
            return false;
        }

        var start = text[..plus].LastIndexOfAny(" .(:"u8) + 1;
        function = text[start..plus];
        isDoubtful = text[..start].TrimEnd(" .("u8).EndsWith("?"u8);
        var open = text[plus..].IndexOf((byte)'[');
        var close = open < 0 ? -1 : text[(plus + open)..].IndexOfAny((byte)']', (byte)' ');
        module = close > 1 ? text.Slice(plus + open + 1, close - 1) : default;
        return !function.IsEmpty;
    }

    private static bool Is(ReadOnlySpan<byte> function, string[] beginnings)
    {
        foreach (var beginning in beginnings)
        {
            if (function.Length >= beginning.Length && System.Text.Ascii.Equals(function[..beginning.Length], beginning))
            {
                return true;
            }
        }

        return false;
    }
}
