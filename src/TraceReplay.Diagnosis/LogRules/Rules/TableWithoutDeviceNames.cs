using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A TCE failure that names no device is of a kernel before 3.4: no direct windows yet, so that every mapping of every device
/// of the slot goes through one table of the firmware's size (256 MiB to 2 GiB), whatever the devices could reach.</summary>
internal static class TableWithoutDeviceNames
{
    /// <summary>One host adapter alone may keep 8,182 commands of 64 pages in flight, eight tables of 256 MiB (spec demand-side.md 1.2), so
    /// demand is the usual cause; the lines do not exclude a leak.</summary>
    private const double Usual = 0.5;

    public static LogRule Rule { get; } = new("table-without-device-names", "a driver of that era that forgets to unmap", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact is { Kind: PoolKind.Tce, Device.Length: 0, Family: "tce-alloc-failed" or "tce-panic" } && !l.HasRoom).ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Capacity, Usual,
                "The line names no device, so the kernel is older than 3.4: there, all DMA of all devices of the slot goes through one table that the firmware sized (often 256 MiB), and one host adapter's commands in flight can want several times that.") with
            {
                Lines = lines,
                Doubts = ["A size printed by map_sg is hexadecimal, by map_single decimal, and the lines look the same; it is read as hexadecimal where no device is named."],
            };
        }
    }
}
