using System.Globalization;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Diagnosis.Capture;
using TraceReplay.Diagnosis.Knowledge;
using TraceReplay.Pools;

namespace TraceReplay.Diagnosis.Advice;

/// <summary>Fills <c>{name}</c> in the texts of knowledge files with what the evidence gives; a text whose values are not known is not
/// used.</summary>
internal static class Placeholders
{
    private const long DefaultSlots = 32768;
    private const long SlotBytes = GeometryChoice.SlotBytes;

    private static readonly Dictionary<string, Func<CaseEvidence, string?>> Values = new(StringComparer.Ordinal)
    {
        ["kernel"] = e => e.Kernel.Release is { Length: > 0 } release ? release : null,
        ["swiotlb-now"] = e => Slots(e) is { } now ? Invariant(now) : null,
        ["swiotlb-now-bytes"] = e => Slots(e) is { } now ? Wording.Bytes(now * SlotBytes) : null,
        ["swiotlb-double"] = e => Parameter(e, (Slots(e) ?? DefaultSlots) * 2),
        ["swiotlb-double-bytes"] = e => Wording.Bytes(BootParameter.SlotsGiven(VersionText(e), (Slots(e) ?? DefaultSlots) * 2) * SlotBytes),
        ["swiotlb-one-area"] = e => Slots(e) is { } now ? string.Create(CultureInfo.InvariantCulture, $"swiotlb={BootParameter.SlotsGiven(VersionText(e), now)},1{Forced(e)}") : null,
        ["swiotlb-option"] = e => Option(e, "swiotlb="),
        ["areas"] = e => e.Number("areas") is > 1 and var areas ? Invariant((long)areas) : null,
        ["disk-kib"] = e => Invariant(DiskKib(e)),
        ["oversized"] = Oversized,
        ["largest"] = e => e.Number("bytes") is { } bytes ? Wording.Bytes((long)bytes) : null,
        ["disk-commands"] = DiskCommands,
        ["reporters"] = e => e.Incident is { } incident && incident.Reporters.Any(r => r.Device.Length > 0)
            ? string.Join(" and ", incident.Reporters.Where(r => r.Device.Length > 0).Take(3).Select(r => Wording.Device(r.Device, r.Driver))) : null,
        ["first-device"] = e => e.Incident?.Reporters.Select(r => r.Device).FirstOrDefault(d => d.Length > 0),
        ["tce-entries"] = e => e.Number("total") is > 0 and var total ? Invariant((long)total) : null,
        ["probes"] = Probes,
        ["probe-file"] = _ => "probes.txt",
        ["machine"] = Machine,
        ["cma-double"] = e => Mib(e, PoolKind.Cma) is { } mib ? Invariant(mib * 2) + "M" : null,
        ["coherent-double"] = e => Kib(e) is { } kib ? Invariant(kib * 2) + "K" : null,
        ["gart-order"] = e => Mib(e, PoolKind.Gart) is { } mib ? Invariant(GartOrder(mib * 2)) : null,
        ["gart-order-mib"] = e => Mib(e, PoolKind.Gart) is { } mib ? Invariant(32L << (int)GartOrder(mib * 2)) : null,
    };

    /// <summary>Names that texts may use.</summary>
    public static IReadOnlyCollection<string> Names => Values.Keys;

    /// <summary>Fills a text.</summary>
    /// <param name="text">Text with <c>{name}</c>.</param>
    /// <param name="evidence">The evidence.</param>
    /// <returns>The text, null if a value is not known.</returns>
    public static string? Fill(string text, CaseEvidence evidence)
    {
        var filled = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            var close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0 || !Values.TryGetValue(text[(open + 1)..close], out var value))
            {
                var end = open < 0 ? text.Length : open + 1;
                filled.Append(text.AsSpan(at, end - at));
                at = end;
                continue;
            }

            if (value(evidence) is not { } words)
            {
                return null;
            }

            filled.Append(text.AsSpan(at, open - at)).Append(words);
            at = close + 1;
        }

        return filled.ToString();
    }

    private static long? Slots(CaseEvidence evidence) => evidence.Number("total") is > 0 and var total ? (long)total
        : CommandLinePool.Read(evidence.Facts.Machine.CommandLine, VersionText(evidence))?.Slots;

    private static string Parameter(CaseEvidence evidence, long slots) => BootParameter.For(
        VersionText(evidence), slots, Forced(evidence).Length > 0, evidence.Facts.Machine.Arch is "ppc64" or "ppc64le" ? 16 : 12);

    private static string Forced(CaseEvidence evidence) =>
        Option(evidence, "swiotlb=")?.Split(['=', ',']).Contains("force", StringComparer.Ordinal) == true ? ",force" : string.Empty;

    private static string? Option(CaseEvidence evidence, string name) =>
        evidence.Words("cmdline").LastOrDefault(w => w.StartsWith(name, StringComparison.Ordinal));

    private static string VersionText(CaseEvidence evidence) => (evidence.Kernel.Version ?? new KernelVersion(6, 1)).ToString();

    /// <summary>What requests of disks are to be held to, KiB: what one mapping can have, less NVMe's alignment; where that is not the
    /// matter, half of what was refused, as a power of two.</summary>
    private static long DiskKib(CaseEvidence evidence)
    {
        const long least = 16;
        var limit = evidence.Words("reporter").Any(d => Glob.Matches("nvme*", d)) ? 252L : 256;
        return evidence.Incident?.Cause == Cause.SegmentLimit || evidence.Number("bytes") is not { } bytes ? limit
            : Math.Min(limit, Math.Max(least, 1L << System.Numerics.BitOperations.Log2((ulong)Math.Max(1, (long)bytes / 2048))));
    }

    /// <summary>The devices whose own requests are above the segment limit, by their lines; all that failed where no line gives a size.</summary>
    private static string? Oversized(CaseEvidence evidence)
    {
        var above = evidence.Facts.Messages.Where(m => m.IsFailure && m.Device.Length > 0 && m.Bytes > LogRules.FailureLine.SegmentLimitBytes - 4096)
            .Select(m => m.Device).ToHashSet(StringComparer.Ordinal);
        var devices = (evidence.Incident?.Reporters ?? []).Where(r => r.Device.Length > 0 && (above.Count == 0 || above.Contains(r.Device))).Take(3).ToList();
        return devices.Count == 0 ? null : string.Join(" and ", devices.Select(r => Wording.Device(r.Device, r.Driver)));
    }

    /// <summary>One command for each disk of the devices that failed; a class of disks where none is known by name.</summary>
    private static string? DiskCommands(CaseEvidence evidence)
    {
        const int most = 4;
        var limit = DiskKib(evidence);
        var devices = evidence.Incident?.Reporters.Select(r => r.Device).ToHashSet(StringComparer.Ordinal) ?? [];
        var disks = evidence.Facts.Consumers.Where(c => devices.Contains(c.Device)).SelectMany(c => new[] { c.Alias, c.Consumer })
            .Where(IsDisk).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(most).ToList();
        return disks.Count == 0 ? null
            : string.Join("; ", disks.Select(d => string.Create(CultureInfo.InvariantCulture, $"echo {limit} > /sys/block/{d}/queue/max_sectors_kb")));
    }

    private static bool IsDisk(string name) => name.Length is > 2 and < 32 && name.All(char.IsAsciiLetterOrDigit)
        && (name.StartsWith("sd", StringComparison.Ordinal) || name.StartsWith("nvme", StringComparison.Ordinal)
            || name.StartsWith("vd", StringComparison.Ordinal) || name.StartsWith("mmcblk", StringComparison.Ordinal));

    private static string? Probes(CaseEvidence evidence)
    {
        var kind = evidence.Incident?.PoolKind ?? PoolKind.Swiotlb;
        var lines = AllocatorProbes.For(kind, evidence.Kernel.Version ?? new KernelVersion(6, 1), Convention(evidence));
        return lines.Count == 0 ? null
            : string.Join("; ", lines.Select(line => $"echo '{line}' >> kprobe_events"));
    }

    /// <summary>Where the architecture is not told, a TCE table is ppc64's; elsewhere arguments go by number, and before kernels know that,
    /// x86-64's registers are named as such.</summary>
    private static CallConvention Convention(CaseEvidence evidence) =>
        CallConvention.Of(evidence.Facts.Machine.Arch ?? (evidence.Incident?.PoolKind == PoolKind.Tce ? "ppc64le" : null))
        ?? (evidence.Kernel.Version is null || evidence.Kernel.Version >= CallConvention.ByNumberFrom ? CallConvention.ByNumber : CallConvention.All[0]);

    private static string Machine(CaseEvidence evidence)
    {
        var arch = evidence.Facts.Machine.Arch;
        var convention = Convention(evidence);
        if (convention.Machine == arch || evidence.Incident?.PoolKind == PoolKind.Tce)
        {
            return convention.Machine;
        }

        var told = arch is null ? "the architecture is not told" : $"for {arch} no registers are known here";
        return ReferenceEquals(convention, CallConvention.ByNumber)
            ? $"{told}: $argN is the Nth argument on any that kprobes can fetch it for, from 4.20 on"
            : $"{told}: these are the registers of {convention.Machine}, other machines have others";
    }

    private static long? Mib(CaseEvidence evidence, PoolKind kind) => evidence.Facts.Messages
        .Where(m => m.Kind == kind).Select(m => m.Fields.GetValueOrDefault("mib")).Where(t => t is not null)
        .Select(t => long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).FirstOrDefault(n => n > 0) is var mib and > 0 ? mib : null;

    private static long? Kib(CaseEvidence evidence) => evidence.Facts.Messages
        .Where(m => m.Kind == PoolKind.Coherent && m.Family != "atomic-pool-missing").Select(m => m.Fields.GetValueOrDefault("kib")).Where(t => t is not null)
        .Select(t => long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).FirstOrDefault(n => n > 0) is var kib and > 0 ? kib : null;

    /// <summary><c>iommu=memaper=N</c> makes an aperture of 32 MiB shifted left by N, half of which is used for mappings
    /// (spec iommu-pools.md 2.1, 2.6).</summary>
    private static long GartOrder(long mib)
    {
        var order = 0L;
        while (order < 6 && 16L << (int)order < mib)
        {
            order++;
        }

        return order;
    }

    private static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);
}
