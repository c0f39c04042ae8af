using System.Globalization;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>Says in plain words what the rules found, each statement with its place.</summary>
internal static class TraceWording
{
    /// <summary>Fills in verdict, explanation, evidence and uncertainty.</summary>
    /// <param name="incident">What was found.</param>
    /// <param name="case">The case.</param>
    /// <param name="trials">The trials behind the culprits.</param>
    /// <param name="messages">Kernel messages.</param>
    /// <param name="typical">Index of the first failure that has the incident's cause.</param>
    /// <returns>The incident in words.</returns>
    public static Incident Describe(
        Incident incident, TraceCase @case, IReadOnlyList<DeviceTrial> trials, LogEvidence messages, int typical) =>
        incident with
        {
            Verdict = Verdict(incident, @case, TraceDiagnosis.Failure(@case, typical, incident.Cause)),
            Explanation = Explanation(incident, @case, messages, TraceDiagnosis.Failure(@case, typical, incident.Cause)),
            Evidence = Evidence(incident, @case, trials, messages),
            Uncertain = Uncertain(@case, incident),
            NextCapture = NextCapture(@case),
        };

    private static string Verdict(Incident incident, TraceCase @case, FailureReport typical)
    {
        var units = Wording.Units(incident.PoolKind);
        var pool = Wording.Pool(incident.PoolKind);
        var total = incident.FirstFailure!.TotalUnits ?? @case.Geometry.Units;
        switch (incident.Cause)
        {
            case Cause.SegmentLimit:
                return string.Create(CultureInfo.InvariantCulture,
                    $"{Wording.Device(typical.Device, typical.Driver)} asks for mappings larger than the {pool} can ever serve: {Wording.Bytes(typical.Bytes ?? 0)} where {Wording.Bytes(@case.MaxRequestUnits * @case.Geometry.UnitBytes)} is the limit. The pool was not full, and no pool size helps.");
            case Cause.Fragmentation:
                return string.Create(CultureInfo.InvariantCulture,
                    $"The {pool} is fragmented: at {Wording.Time(typical.TimeNs)} {typical.FreeUnits} of {total} {units} were free, but no run longer than {typical.LargestFreeRun}, and {Wording.Device(typical.Device, typical.Driver)} wanted {typical.Units} in a row. ")
                    + Toll(incident);
        }

        if (incident.Cause == Cause.Preallocation)
        {
            return PreallocationWording.Verdict(@case, typical) + Toll(incident);
        }

        var unknown = @case.Result.PriorAtMoment.Where(p => p.Device == 0).Sum(p => p.Units);
        if (incident.Culprits.Count == 0 && unknown > total / 2)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"The {pool} ran out at {Wording.Time(typical.TimeNs)}: {unknown} of {total} {units} ({Wording.Percent(unknown, total)}) were mapped before the trace began, by whom it does not tell. ") + Toll(incident);
        }

        if (incident.Culprits.Count == 0)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"The {pool} ran out at {Wording.Time(typical.TimeNs)}; no single device is to blame by replay. ") + Toll(incident);
        }

        var chief = incident.Culprits[0];
        var held = incident.Holders.FirstOrDefault(h => h.Device == chief.Device)?.Units ?? 0;
        var did = incident.Cause == Cause.Leak
            ? $"leaks in the {pool}: it maps and never unmaps, and"
            : $"exhausted the {pool}: it";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Wording.Device(chief.Device, chief.Driver)} {did} held {held} of {total} {units} ({Wording.Percent(held, total)}) when the first mapping failed at {Wording.Time(incident.FirstFailure!.TimeNs)}. ")
            + Toll(incident);
    }

    /// <summary>Who paid.</summary>
    private static string Toll(Incident incident)
    {
        var culprits = incident.Culprits.Select(c => c.Device).ToHashSet(StringComparer.Ordinal);
        var victims = incident.Reporters.Where(r => !culprits.Contains(r.Device)).ToList();
        var own = incident.Failures - victims.Sum(v => v.Failures);
        var text = Wording.Count(incident.Failures, "mapping") + " failed";
        if (victims.Count == 0)
        {
            return text + (incident.Reporters.Count == 1 && incident.Failures > 1 ? ", all of them its own." : ".");
        }

        var names = string.Join(" and ", victims.Select(v =>
            string.Create(CultureInfo.InvariantCulture, $"{Wording.Device(v.Device, v.Driver)} ({v.Failures})")));
        text += own > 0 ? string.Create(CultureInfo.InvariantCulture, $", {own} of them its own") : string.Empty;
        return text + (victims.Count == 1 ? "; the victim is " : "; the victims are ") + names + ".";
    }

    private static string Explanation(Incident incident, TraceCase @case, LogEvidence messages, FailureReport typical)
    {
        var units = Wording.Units(incident.PoolKind);
        var first = incident.FirstFailure!;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"The first refused request, {Wording.Bytes(first.Bytes ?? 0)} ({first.Units} {units}) for {Wording.Device(first.Device, first.Driver)}, found {first.UsedUnits} of {first.TotalUnits} {units} in use and no free run longer than {first.LargestFreeRun}. ");
        if (typical.TimeNs != first.TimeNs)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"Most failures are like the one at {Wording.Time(typical.TimeNs)}: {typical.Units} {units} wanted, {typical.FreeUnits} free, no run longer than {typical.LargestFreeRun}. ");
        }

        text.Append(CauseText(incident, @case)).Append(' ');
        var result = @case.Result;
        if (result.TransientPools > 0 || result.AddedPools > 0)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"This pool grows: {Wording.Count(result.AddedPools, "pool")} added, {Wording.Count(result.TransientPools, "transient pool")} made for one mapping each; a mapping fails only when memory for a transient pool is lacking too, and use above the total is normal here. ");
        }

        foreach (var culprit in incident.Culprits)
        {
            if (incident.Reporters.All(r => r.Device != culprit.Device))
            {
                if (messages.Named(culprit.Device) > 0)
                {
                    text.Append(CultureInfo.InvariantCulture,
                        $"{Wording.Device(culprit.Device, culprit.Driver)} did not fail within the trace; the kernel log names it at other times. ");
                    continue;
                }

                text.Append(CultureInfo.InvariantCulture,
                    $"{Wording.Device(culprit.Device, culprit.Driver)} itself never failed, so no kernel message names it. ");
            }
        }

        if (result.LeftBehindUnits > 0)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"Drivers gave back less than they had mapped: {result.LeftBehindUnits} {units} were left behind for ever (before 5.14 the kernel frees what the caller says). ");
        }

        foreach (var silent in incident.Reporters.Where(r => r.Named == 0 && @case.Facts.HasKernelLog))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{Wording.Device(silent.Device, silent.Driver)} is a silent victim: {Wording.Count(silent.Failures, "failure")}, but no line in the log names it. ");
        }

        if (messages.FailureCount > 0 && incident.Failures > messages.FailureCount)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"The log has only {Wording.Count(messages.FailureCount, "line")} for {Wording.Count(incident.Failures, "failure")}: the kernel prints at most 10 such lines in 5 s, for all devices together");
            text.Append(messages.Suppressed > 0
                ? string.Create(CultureInfo.InvariantCulture, $", and reports {messages.Suppressed} suppressed ones later")
                : ", and some drivers ask for no message at all");
            text.Append(". ");
        }

        return text.ToString().TrimEnd();
    }

    private static string CauseText(Incident incident, TraceCase @case)
    {
        var units = Wording.Units(incident.PoolKind);
        switch (incident.Cause)
        {
            case Cause.Leak:
                return LeakText(@case, units);
            case Cause.Fragmentation:
                return "There was room enough in all, but not in one piece: this is fragmentation, not size.";
            case Cause.SegmentLimit:
                return string.Create(CultureInfo.InvariantCulture,
                    $"One mapping can have at most {@case.MaxRequestUnits} {units} in a row, whatever is free.");
            case Cause.AreaExhaustion:
                return "The free units lay in areas that this request could not use.";
            case Cause.Livelock:
                return "This kernel's search never ends for such a request: expect a soft lockup, not a message.";
            case Cause.Unknown:
                return "What the trace shows of the pool does not explain the refusals: its size, its place or the kernel's generation is not what was assumed.";
            case Cause.NeedlessBounce:
                return string.Create(CultureInfo.InvariantCulture,
                    $"{Wording.Count(@case.Result.Setup.Reachable.Count, "mapping")} lay wholly within the mask of the device, which could have reached the buffer itself, and took the pool all the same; replayed without them, {@case.Try(new Change { WithoutReachable = true }).Failures} of {@case.Result.Failures.Count} requests fail.");
            case Cause.Preallocation:
                return PreallocationWording.Cause(@case);
            case Cause.MaskLimit:
                return "The pool lies where the device cannot reach.";
            default:
                return ComesBackDown(@case)
                    ? "Demand was larger than the pool, and it came back down afterwards: this is a matter of capacity."
                    : "Demand was larger than the pool; the trace ends before it shows whether it comes back down.";
        }
    }

    /// <summary>Whether use ever fell well below the level of the first failure afterwards.</summary>
    private static bool ComesBackDown(TraceCase @case)
    {
        var first = @case.Log[@case.Result.Failures[0].Operation].TimeNs;
        var level = @case.Result.Failures[0].UsedUnits * 0.9;
        return @case.Result.Occupancy.Slices.Any(s => s.TimeNs > first && s.UsedUnits < level);
    }

    private static string LeakText(TraceCase @case, string units)
    {
        var text = new StringBuilder();
        foreach (var leak in @case.Leaks)
        {
            var name = @case.DeviceName(leak.Device);
            var seconds = leak.UnitsPerSecond > 0 ? @case.Geometry.Units / leak.UnitsPerSecond : 0;
            text.Append(CultureInfo.InvariantCulture,
                $"{Wording.Device(name, @case.Facts.DriverOf(name))} mapped {leak.Mappings} times and never unmapped, from {Wording.Time(@case.Log[leak.FirstOperation].TimeNs)} to {Wording.Time(@case.Log[leak.LastOperation].TimeNs)}: {leak.UnitsPerSecond:F1} {units} per second, which fills the whole pool in {Wording.Seconds(seconds)}. ");
        }

        return text.ToString().TrimEnd();
    }

    private static List<Evidence> Evidence(
        Incident incident, TraceCase @case, IReadOnlyList<DeviceTrial> trials, LogEvidence messages)
    {
        var units = Wording.Units(incident.PoolKind);
        var list = new List<Evidence>();
        var first = incident.FirstFailure!;
        list.Add(new Evidence(string.Create(CultureInfo.InvariantCulture,
            $"first failing mapping: {Wording.Device(first.Device, first.Driver)}, {first.Bytes} bytes, {first.UsedUnits} of {first.TotalUnits} {units} in use, longest free run {first.LargestFreeRun}"), first.Source));
        foreach (var holder in incident.Holders.Where(h => h.Device.Length > 0).Take(3))
        {
            list.Add(new Evidence(string.Create(CultureInfo.InvariantCulture,
                $"{Wording.Device(holder.Device, holder.Driver)} holds {holder.Units} {units} in {Wording.Count(holder.Mappings, "mapping")}, the oldest made here"), OldestMapping(@case, holder.Device)));
        }

        list.AddRange(CallSites(@case, incident));
        var told = incident.Culprits.Select(c => c.Device).Concat(incident.Reporters.Select(r => r.Device))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var trial in trials.Where(t => told.Contains(@case.DeviceName(t.Device)))
            .OrderByDescending(t => t.HeldUnits).Take(4))
        {
            var name = @case.DeviceName(trial.Device);
            list.Add(new Evidence(string.Create(CultureInfo.InvariantCulture,
                $"replayed without {Wording.Device(name, @case.Facts.DriverOf(name))}: {Wording.Count(trial.FailuresWithout, "failure")} of the other devices (in reality {incident.Failures - trial.OwnFailures})"), default));
        }

        foreach (var leak in incident.Cause == Cause.Leak ? @case.Leaks : [])
        {
            list.Add(new Evidence($"{@case.DeviceName(leak.Device)}: first mapping that is never given back",
                @case.Log.PlaceOf(leak.FirstOperation)));
        }

        list.AddRange(incident.Cause == Cause.Preallocation ? PreallocationWording.Evidence(@case) : []);
        list.AddRange(LogLines(incident, messages));
        return list;
    }

    /// <summary>Where the holders' mappings were made, if the trace has call chains.</summary>
    private static IEnumerable<Evidence> CallSites(TraceCase @case, Incident incident)
    {
        foreach (var holder in incident.Holders.Where(h => h.Device.Length > 0).Take(3))
        {
            var sites = @case.Result.LiveAtMoment
                .Where(o => @case.Log[o].Stack != 0 && @case.DeviceName(@case.Log[o].Device) == holder.Device)
                .GroupBy(o => CallSite.Of(@case.Log.Names.Text(@case.Log[o].Stack)), StringComparer.Ordinal)
                .OrderByDescending(g => g.Count()).Take(4).ToList();
            if (sites.Count > 0)
            {
                yield return new Evidence(
                    $"call sites of {Wording.Device(holder.Device, holder.Driver)}: " + string.Join(", ", sites.Select(s =>
                        $"{(s.Key.Length == 0 ? "(unknown)" : s.Key)} ({Wording.Count(s.Count(), "mapping")})")),
                    @case.Log.PlaceOf(sites[0].First()));
            }
        }
    }

    private static IEnumerable<Evidence> LogLines(Incident incident, LogEvidence messages)
    {
        foreach (var message in messages.Failures.Take(1))
        {
            yield return new Evidence("the kernel log agrees: " + message.Text, message.Source);
        }

        // A later line of a device that the trace does not see failing (it ended before) is worth its own evidence.
        var known = incident.Reporters.Select(r => r.Device).ToHashSet(StringComparer.Ordinal);
        foreach (var message in messages.Failures.Where(m => m.Device.Length > 0 && !known.Contains(m.Device))
            .DistinctBy(m => m.Device, StringComparer.Ordinal).Take(2))
        {
            yield return new Evidence("outside the trace the kernel log also has: " + message.Text, message.Source);
        }

        foreach (var line in messages.Suppressions.Take(1))
        {
            yield return new Evidence("rate limiting: " + line.Text, line.Source);
        }
    }

    private static SourceRef OldestMapping(TraceCase @case, string device)
    {
        foreach (var operation in @case.Result.LiveAtMoment)
        {
            if (@case.DeviceName(@case.Log[operation].Device) == device)
            {
                return @case.Log.PlaceOf(operation);
            }
        }

        return default;
    }

    private static List<string> Uncertain(TraceCase @case, Incident incident)
    {
        var list = new List<string>(@case.Choice.Notes);
        var result = @case.Result;
        if (result.Setup.Prior.Units > 0)
        {
            var unknown = result.Setup.Prior.Holdings.Where(h => h.Device == 0).Sum(h => h.Units);
            if (unknown > 0)
            {
                list.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{unknown} {Wording.Units(incident.PoolKind)} were in use before the trace began; the trace does not tell by which device (receive rings and event buffers are usual)."));
            }
        }

        if (incident.Culprits.Count > 0 || incident.LeastSize is not null)
        {
            list.Add("In the replays of a changed world, requests that failed in reality live as long as others of their device and size: an estimate.");
        }

        if ((incident.Culprits.Count > 0 || incident.LeastSize is not null) && (result.TransientPools > 0 || result.AddedPools > 0))
        {
            list.Add("The replays of a changed world assume that the kernel finds memory for every pool that it adds; a machine short of memory in the DMA range may still fail.");
        }

        if (result.Compared > result.Equal)
        {
            list.Add(string.Create(CultureInfo.InvariantCulture,
                $"{result.Compared - result.Equal} of {result.Compared} compared allocations got another place than the model's: CPUs worked in the allocator at the same time, and a trace does not show the order inside its locks."));
        }

        if (result.ReleasesAreMissing)
        {
            list.Add(string.Create(CultureInfo.InvariantCulture,
                $"Releases are missing from the trace: {result.TakenTwice} mappings got places that were never seen to be given back. Who held the pool cannot be told; record the unmap function too."));
        }

        list.AddRange(LossBounds(@case, incident));
        return list;
    }

    /// <summary>Lost events widen the result: what was mapped before a loss and never seen again may be gone or not.</summary>
    private static IEnumerable<string> LossBounds(TraceCase @case, Incident incident)
    {
        var log = @case.Log;
        if (log.Losses.Count == 0)
        {
            yield break;
        }

        var events = log.Losses.Sum(l => l.Events);
        yield return string.Create(CultureInfo.InvariantCulture,
            $"The tracer lost events at {Wording.Count(log.Losses.Count, "place")} ({(events > 0 ? events : "an unknown number of")} events): releases may be among them.");
        foreach (var group in @case.Result.DoubtfulAtMoment().GroupBy(o => log[o].Device))
        {
            var doubtful = group.Sum(@case.Result.UnitsOf);
            var name = @case.DeviceName(group.Key);
            var held = incident.Holders.FirstOrDefault(h => h.Device == name)?.Units ?? doubtful;
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{Wording.Device(name, @case.Facts.DriverOf(name))} held between {held - doubtful} and {held} {Wording.Units(incident.PoolKind)} just before the first failure.");
        }
    }

    private static List<string> NextCapture(TraceCase @case)
    {
        var list = new List<string>();
        if (@case.Result.Setup.Prior.Units > @case.Geometry.Units / 10)
        {
            list.Add("Start the trace before the drivers load (boot options trace_event= and kprobe_event=), so that the holdings from before are seen.");
        }

        if (@case.Log.Losses.Count > 0)
        {
            list.Add("Record again with a larger buffer: echo 65536 > /sys/kernel/tracing/buffer_size_kb.");
        }

        return list;
    }
}
