using System.Globalization;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>Turns one replayed pool into its report and, if mappings failed, its incident.</summary>
public static class TraceDiagnosis
{
    /// <summary>Reports the pool.</summary>
    /// <param name="id">Number of the pool in the report.</param>
    /// <param name="result">The trace as it happened.</param>
    /// <param name="choice">Its geometry.</param>
    /// <returns>The pool's part of the report.</returns>
    public static PoolReport Pool(int id, PoolReplayResult result, GeometryChoice choice)
    {
        var geometry = result.Setup.Geometry;
        return new PoolReport
        {
            Id = id,
            Kind = geometry.Kind,
            Model = $"{result.Model} (kernel {geometry.Kernel})",
            UnitBytes = geometry.UnitBytes,
            Units = geometry.Units,
            Areas = geometry.Areas,
            Base = geometry.BaseKnown ? geometry.Base : null,
            More = More(result),
            GeometryFrom = choice.Origin,
            PeakUsedUnits = result.PeakUsedUnits,
            PeakTimeNs = result.PeakTimeNs,
            Failures = result.Failures.Count,
            HeldBeforeTraceUnits = result.Setup.Prior.Units,
            Mappings = result.Mapped,
            Occupancy = [.. result.Occupancy.Slices.Select(s => new OccupancyPoint(s.TimeNs, s.UsedUnits, s.LargestFreeRun, s.Failures))],
            FailureTimesNs = FailureTimes(result),
        };
    }

    private static Dictionary<string, long> More(PoolReplayResult result)
    {
        var more = new Dictionary<string, long>(result.Setup.Geometry.More, StringComparer.Ordinal);
        if (result.AddedPools > 0 || result.TransientPools > 0)
        {
            more["added_pools"] = result.AddedPools;
            more["transient_pools"] = result.TransientPools;
        }

        return more;
    }

    /// <summary>Diagnoses the failures of a pool.</summary>
    /// <param name="id">Number of the incident.</param>
    /// <param name="pool">Number of the pool.</param>
    /// <param name="case">The case; it must have failures.</param>
    /// <returns>The incident.</returns>
    public static Incident Incident(int id, int pool, TraceCase @case)
    {
        var causes = @case.FailureCauses();
        var counts = causes.GroupBy(c => c).Select(g => new CauseCount(g.Key, g.Count()))
            .OrderByDescending(c => c.Failures).ThenBy(c => c.Cause).ToList();
        var cause = counts[0].Cause;
        var trials = @case.DeviceTrials();
        var ranked = @case.Result.ReleasesAreMissing ? [] : CulpritRule.Rank(trials, causes.Length, @case.Result.Failures[0].UsedUnits, UnknownUnits(@case));
        var culprits = ranked.Select(r => new Culprit(
            @case.DeviceName(r.Trial.Device), @case.Facts.DriverOf(@case.DeviceName(r.Trial.Device)),
            Math.Round(r.Blame, 4), r.Trial.FailuresWithout)).ToList();
        var (remedies, least) = RemedySearch.Find(@case, cause, culprits);
        var messages = LogEvidence.For(@case.Facts, @case.Geometry.Kind, FailureFilter.All);
        var last = @case.Log[@case.Result.Failures[^1].Operation].TimeNs;
        var incident = new Incident
        {
            Id = id,
            Pool = pool,
            PoolKind = @case.Geometry.Kind,
            FromTrace = true,
            Cause = cause,
            Confidence = Confidence(@case, counts, culprits),
            FirstFailure = Failure(@case, 0, causes[0]),
            Failures = causes.Length,
            Suppressed = messages.Suppressed,
            LastFailureTimeNs = last,
            Causes = counts,
            Reporters = Reporters(@case, messages),
            Holders = HolderTable.Build(@case.Result, @case.Facts),
            Culprits = culprits,
            LeastSize = least,
            Remedies = remedies,
        };
        return TraceWording.Describe(incident, @case, trials, messages, Array.IndexOf(causes, cause));
    }

    private static long UnknownUnits(TraceCase @case) =>
        @case.Result.PriorAtMoment.Where(p => p.Device == 0).Sum(p => p.Units);

    private static List<Reporter> Reporters(TraceCase @case, LogEvidence messages) =>
        [.. @case.Result.Failures.GroupBy(f => @case.Log[f.Operation].Device)
            .Select(g => (Name: @case.DeviceName(g.Key), Failures: g.LongCount()))
            .OrderByDescending(r => r.Failures).ThenBy(r => r.Name, StringComparer.Ordinal)
            .Select(r => new Reporter(r.Name, @case.Facts.DriverOf(r.Name), r.Failures, messages.Named(r.Name)))];

    internal static FailureReport Failure(TraceCase @case, int index, Cause cause)
    {
        var failure = @case.Result.Failures[index];
        var operation = @case.Log[failure.Operation];
        var device = @case.DeviceName(operation.Device);
        return new FailureReport
        {
            TimeNs = operation.TimeNs,
            Device = device,
            Driver = @case.Facts.DriverOf(device),
            Bytes = operation.Bytes > 0 ? operation.Bytes : failure.Units * @case.Geometry.UnitBytes,
            Units = failure.Units,
            UsedUnits = failure.UsedUnits,
            FreeUnits = failure.FreeUnits,
            LargestFreeRun = failure.LargestFreeRun,
            TotalUnits = failure.TotalUnits,
            Cause = cause,
            Task = operation.Comm == 0
                ? string.Empty
                : string.Create(CultureInfo.InvariantCulture, $"{@case.DeviceName(operation.Comm)}-{operation.Pid}"),
            Source = @case.Log.PlaceOf(failure.Operation),
        };
    }

    /// <summary>Confidence: how one-sided the causes are, how exact the model was, whether a culprit was proven, and
    /// whether events were lost.</summary>
    private static double Confidence(TraceCase @case, List<CauseCount> counts, List<Culprit> culprits)
    {
        var failures = (double)@case.Result.Failures.Count;
        var confidence = 0.75 + (0.2 * counts[0].Failures / failures);
        confidence += culprits.Count > 0 && culprits[0].FailuresWithout == 0 ? 0.05 : 0;
        confidence -= @case.Result.FailuresModelWouldServe > failures / 2 ? 0.15 : 0;
        confidence -= @case.Log.Losses.Count > 0 ? 0.2 : 0;
        confidence -= UnknownUnits(@case) > @case.Result.Failures[0].UsedUnits / 2 ? 0.4 : 0;
        confidence -= @case.Result.ReleasesAreMissing ? 0.5 : 0;
        confidence -= counts[0].Cause == Cause.Unknown ? 0.5 : 0;
        return Math.Round(Math.Clamp(confidence, 0.05, 0.99), 2);
    }

    private static List<long> FailureTimes(PoolReplayResult result)
    {
        const int most = 512;
        var step = Math.Max(1, result.Failures.Count / most);
        return [.. result.Failures.Where((_, i) => i % step == 0).Select(f => result.Setup.Log[f.Operation].TimeNs)];
    }
}
