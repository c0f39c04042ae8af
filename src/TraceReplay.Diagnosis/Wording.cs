using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis;

/// <summary>Numbers and units in the words of the field.</summary>
public static class Wording
{
    /// <summary>The word for a pool's units.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <returns>Plural.</returns>
    public static string Units(PoolKind kind) => kind switch
    {
        PoolKind.Swiotlb or PoolKind.SwiotlbXen => "slots",
        PoolKind.Tce or PoolKind.Calgary or PoolKind.Sba => "entries",
        PoolKind.Gart or PoolKind.Cma or PoolKind.Coherent => "pages",
        PoolKind.Iova => "page frames",
        PoolKind.ScsiDma => "sectors",
        _ => "units",
    };

    /// <summary>The pool in words.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <returns>A noun phrase.</returns>
    public static string Pool(PoolKind kind) => kind switch
    {
        PoolKind.Swiotlb => "software IO TLB (swiotlb)",
        PoolKind.SwiotlbXen => "Xen software IO TLB",
        PoolKind.Tce => "TCE table",
        PoolKind.Gart => "GART aperture",
        PoolKind.Calgary => "Calgary table",
        PoolKind.Iova => "IOVA space",
        PoolKind.Coherent => "coherent pool",
        PoolKind.Cma => "CMA area",
        PoolKind.ScsiDma => "SCSI DMA pool",
        _ => "DMA pool",
    };

    /// <summary>A device with its driver.</summary>
    /// <param name="device">Device, may be empty.</param>
    /// <param name="driver">Driver, may be empty.</param>
    /// <returns><c>0000:00:05.0 (dmalab)</c>.</returns>
    public static string Device(string device, string driver) =>
        device.Length == 0 ? "an unknown device" : driver.Length == 0 ? device : $"{device} ({driver})";

    /// <summary>A size in bytes as people say it.</summary>
    /// <param name="bytes">Bytes.</param>
    /// <returns>Exact, in the largest unit that divides it.</returns>
    public static string Bytes(long bytes)
    {
        (long Size, string Name)[] units = [(1L << 30, "GiB"), (1L << 20, "MiB"), (1L << 10, "KiB")];
        foreach (var (size, name) in units)
        {
            if (bytes >= size && bytes % size == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / size} {name}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
    }

    /// <summary>A time stamp in seconds as the trace prints it.</summary>
    /// <param name="timeNs">Nanoseconds.</param>
    /// <returns>Six decimals with <c>s</c>, or <c>an unknown time</c>.</returns>
    public static string Time(long timeNs) => timeNs == TraceEvent.NoTime
        ? "an unknown time"
        : string.Create(CultureInfo.InvariantCulture, $"{timeNs / 1_000_000_000}.{timeNs % 1_000_000_000 / 1000:D6} s");

    /// <summary>A duration.</summary>
    /// <param name="seconds">Seconds.</param>
    /// <returns>Three digits at most, with <c>s</c>.</returns>
    public static string Seconds(double seconds) => seconds >= 10
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds:G2} s");

    /// <summary>The remedy that makes this kind of pool larger.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <returns>A noun phrase.</returns>
    public static string LargerPool(PoolKind kind) => kind switch
    {
        PoolKind.Swiotlb => "a larger pool (swiotlb=)",
        PoolKind.Tce => "a larger DMA window",
        _ => "a larger pool",
    };

    /// <summary>A share as a percentage.</summary>
    /// <param name="part">Part.</param>
    /// <param name="whole">Whole.</param>
    /// <returns>Whole percent, one decimal below 10.</returns>
    public static string Percent(double part, double whole)
    {
        var percent = whole <= 0 ? 0 : 100 * part / whole;
        return percent is > 0 and < 10 || (percent > 99 && percent < 100)
            ? string.Create(CultureInfo.InvariantCulture, $"{percent:F1} %")
            : string.Create(CultureInfo.InvariantCulture, $"{percent:F0} %");
    }

    /// <summary>A count with its noun.</summary>
    /// <param name="count">Count.</param>
    /// <param name="noun">Singular.</param>
    /// <param name="plural">Plural, null = noun + s.</param>
    /// <returns><c>1 failure</c>, <c>206 failures</c>.</returns>
    public static string Count(long count, string noun, string? plural = null) => string.Create(
        CultureInfo.InvariantCulture, $"{count} {(count == 1 ? noun : plural ?? noun + "s")}");
}
