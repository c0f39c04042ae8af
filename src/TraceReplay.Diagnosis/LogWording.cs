using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;
using TraceReplay.Diagnosis.LogRules.Rules;

namespace TraceReplay.Diagnosis;

/// <summary>A log's diagnosis in words: what is proven, what is suggested, what cannot be told.</summary>
internal static class LogWording
{
    private const double Likely = 0.6;

    /// <summary>Two or three sentences: what happened, why as far as told, and what the log does not say.</summary>
    public static string Verdict(LogCase log, Combination result, IReadOnlyList<Reporter> reporters)
    {
        var lead = result.Cause == Cause.Unknown ? "Why is not told: " : result.Confidence switch
        {
            >= Conclusion.Proven => "Proven: ",
            >= Likely => "Likely: ",
            _ => "Suspected, not proven: ",
        };
        var holder = !AsksForHolder(log, result) ? string.Empty : reporters.Any(r => r.Device.Length > 0)
            ? " Who holds the pool is not in the log: the devices named are those that asked last."
            : " Neither who asked nor who holds the pool is in the log.";
        return $"{What(log, reporters)} {lead}{Why(log, result)}{holder}";
    }

    /// <summary>The reasons, the strongest first, then what speaks for something else, then notes and hidden lines.</summary>
    public static string Explanation(LogCase log, Combination result)
    {
        List<string> parts = [.. result.Deciding.Select(c => c.Because)];
        foreach (var other in result.Conclusions.Where(c => c.Use == ConclusionUse.Supports && c.Cause != result.Cause))
        {
            parts.Add(result.Cause == Cause.Unknown ? "A hint, too weak to go by: " + other.Because
                : other.Lines is { Count: > 0 } lines && lines.Count < log.Lines.Count
                    ? $"Of the lines, {FailureLine.Count(lines)} {(FailureLine.Count(lines) == 1 ? "shows" : "show")} {other.Cause.Name()}: {other.Because}"
                    : $"Against it speaks ({other.Cause.Name()}): {other.Because}");
        }

        if (result.Cause != Cause.Unknown && Unexplained(log, result) is { Count: > 0 } full)
        {
            parts.Add($"Of the lines, {FailureLine.Count(full)} found the pool nearly full (for example {full[0].Units} {Wording.Units(log.Kind)} wanted, {full[0].Free} of {full[0].Total} free): that is another matter, too much demand or a leak.");
        }

        parts.AddRange(result.Conclusions.Where(c => c.Use == ConclusionUse.Opposes).Select(c => c.Because));
        if (parts.Count == 0)
        {
            parts.Add(log.Lines.Any(l => l.IsShort)
                ? "The pool was nearly full when it refused. Whether demand is too large, one device holds too much, or mappings leak, these lines cannot tell."
                : log.Kind == PoolKind.Driver
                    ? "The drivers say that mappings failed, and no line of the kernel says in which pool or why."
                    : "These lines tell what was asked for, but not how full the pool was.");
        }

        parts.AddRange(result.Conclusions.Where(c => c.Use == ConclusionUse.Notes).Select(c => c.Because));
        parts.AddRange(Hidden(log));
        return string.Join(' ', parts.Distinct(StringComparer.Ordinal));
    }

    /// <summary>What stays open.</summary>
    public static List<string> Uncertain(LogCase log, Combination result)
    {
        List<string> open = [.. result.Conclusions.Where(c => c.Use == ConclusionUse.Notes || c.Cause == result.Cause || result.Cause == Cause.Unknown).SelectMany(c => c.Doubts)];
        open.AddRange(result.Deciding.Where(c => c.Confidence < Conclusion.Proven && c.Rule is not null)
            .Select(c => $"What else could look like this: {c.Rule!.CounterExamples}."));

        return [.. open.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Lines of a pool short of room that no conclusion speaks of.</summary>
    private static List<FailureLine> Unexplained(LogCase log, Combination result)
    {
        var told = result.Conclusions.Where(c => c.Use == ConclusionUse.Supports).ToList();
        return told.Any(c => c.Lines is null) ? [] : [.. log.Lines.Where(l => l.IsShort && told.All(c => !c.Lines!.Contains(l)))];
    }

    private static bool AsksForHolder(LogCase log, Combination result) => log.Kind is not (PoolKind.DmaDebug or PoolKind.Driver)
        && result.Cause is Cause.Unknown or Cause.Capacity or Cause.Leak or Cause.Fragmentation
        && result.Deciding.All(c => c.Rule != CmaBuffersInUse.Rule);

    private static string What(LogCase log, IReadOnlyList<Reporter> reporters)
    {
        if (log.Lines.Count == 0)
        {
            return $"No line says that the {Wording.Pool(log.Kind)} refused anything, yet something is wrong with it.";
        }

        var (noun, verb) = log.Kind switch
        {
            PoolKind.Cma or PoolKind.Coherent => ("allocation", "refused"),
            PoolKind.DmaDebug => ("fault", "reported"),
            _ => ("mapping", "refused"),
        };
        var place = log.Kind switch
        {
            PoolKind.DmaDebug => " by dma-debug",
            PoolKind.Driver => " (drivers' own lines; which pool refused is not told)",
            _ => " by the " + Wording.Pool(log.Kind),
        };
        var named = reporters.Where(r => r.Device.Length > 0).Take(3).Select(r => $"{Wording.Device(r.Device, r.Driver)} ({r.Failures})").ToList();
        var others = log.Facts.Messages.Devices.Others(log.Kind).AboutDevices;
        var more = reporters.Count(r => r.Device.Length > 0) - named.Count + others;
        var who = named.Count == 0 ? string.Empty : $", for {string.Join(", ", named)}{(more > 0 ? $" and {(others > 0 ? "about " : string.Empty)}{more} more" : string.Empty)}";
        return $"{Wording.Count(log.LineCount, noun)} {(log.LineCount == 1 ? "was" : "were")} {verb}{place}{who}.";
    }

    private static string Why(LogCase log, Combination result) => result.Cause switch
    {
        Cause.SegmentLimit => "what was asked for is larger than one mapping in this pool can ever be; no pool size helps.",
        Cause.Capacity when log.Kind == PoolKind.DmaDebug => "more mappings were alive at once than dma-debug has entries for.",
        Cause.Capacity when log.Kind is PoolKind.Cma or PoolKind.Coherent => "it is too small for what is asked of it.",
        Cause.Capacity when log.Kind == PoolKind.Iova => "there was no room for more addresses, or no memory to keep account of them.",
        Cause.Capacity => "demand at its height is more than the pool has.",
        Cause.Leak when log.Kind == PoolKind.DmaDebug => "mappings are not given back as they should be.",
        Cause.Leak => "mappings are made that are never given back.",
        Cause.Fragmentation => "enough was free by number, but not in one usable run.",
        Cause.AreaExhaustion => "what was free lay where these requests cannot go.",
        Cause.MaskLimit => "the pool lies where the device cannot reach.",
        Cause.PoolUnavailable => "there is no pool to take from.",
        Cause.Livelock => "the search for a free run never ends.",
        Cause.NeedlessBounce => "mappings that their devices could reach directly took the pool.",
        Cause.Preallocation => "it is held for commands that are not in flight.",
        _ when log.Lines.Count == 0 => "what the log has of it is too weak to name a cause by.",
        _ when log.Lines.Any(l => l.IsShort) => "the pool was nearly full, by too much demand, by one that holds too much, or by a leak.",
        _ when log.Lines.Any(l => CmaNoFreeRun.ReturnOf(l.Fact) == CmaNoFreeRun.OutOfMemory) => "no free run of that length was left, in an area that is full or in pieces.",
        _ when log.Kind == PoolKind.Driver => "no line of a pool stands beside them.",
        _ => "the lines do not tell how full the pool was.",
    };

    private static IEnumerable<string> Hidden(LogCase log)
    {
        if (log.Messages.Suppressed == 0)
        {
            yield break;
        }

        var range = log.Messages.Range;
        yield return range.Most is { } most
            ? string.Create(CultureInfo.InvariantCulture,
                $"Rate limiting hid {log.Messages.Suppressed} more lines. On this kernel one limit covers all messages, so between {range.Least} and {most} requests failed; as the lines that got through are of this kind, the upper end is the likelier.")
            : string.Create(CultureInfo.InvariantCulture,
                $"Rate limiting hid {log.Messages.Suppressed} more lines, so at least {range.Least} mappings failed; which devices the hidden ones were for is not known.");
    }
}
