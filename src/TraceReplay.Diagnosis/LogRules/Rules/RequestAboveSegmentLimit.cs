using System.Globalization;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A request above 256 KiB never fits into the software IO TLB, whatever is free (spec swiotlb.md 2 and 6: IO_TLB_SEGSIZE
/// is 128 slots in every version since 2.4.19, and a dynamic pool refuses such a request at once).</summary>
internal static class RequestAboveSegmentLimit
{
    /// <summary>Arithmetic, not judgement; what is left are kernels patched to longer segments.</summary>
    private const double Certain = 0.99;

    private const double NearlyEmpty = 0.2;

    public static LogRule Rule { get; } = new("request-above-segment-limit",
        "a vendor's kernel with IO_TLB_SEGSIZE raised has longer segments", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var above = log.Lines.Where(l => l.IsAboveSegmentLimit).ToList();
        if (above.Count == 0)
        {
            yield break;
        }

        var sizes = above.Select(l => l.Fact.Bytes!.Value).Distinct().Order().ToList();
        var asked = sizes.Count == 1 ? Wording.Bytes(sizes[0]) : $"{Wording.Bytes(sizes[0])} to {Wording.Bytes(sizes[^1])}";
        var empty = above.Where(l => l.IsNumbered && l.Used < l.Total * NearlyEmpty).MinBy(l => l.Used);
        var free = empty is not null
            ? string.Create(CultureInfo.InvariantCulture, $" The pool was nearly empty ({empty.Used} of {empty.Total} slots in use) and refused it all the same.")
            : string.Empty;
        yield return Conclusion.For(Cause.SegmentLimit, Certain,
            $"{(above.Count == log.Lines.Count ? "Every refused request is" : Wording.Count(FailureLine.Count(above), "refused request") + (above.Count == 1 ? " is" : " are"))} "
            + $"above 256 KiB ({asked}): one mapping can never have more than 128 slots of 2 KiB in a row, however large the pool is and whatever is free.{free}") with
        {
            Lines = above,
            Doubts = log.Of("swiotlb-overflow").Any(m => m.Fields.ContainsKey("limit")) ? [] : ["Why the device bounces at all (its DMA mask, swiotlb=force, an untrusted port, memory encryption) is not in these lines; a device that reaches all memory never meets this limit."],
        };
    }
}
