namespace TraceReplay.Diagnosis;

/// <summary>What replaying without a device, and with it alone, gave.</summary>
/// <param name="Device">Device in the log's names.</param>
/// <param name="HeldUnits">Units it held just before the first failure.</param>
/// <param name="OwnFailures">Its own failing requests.</param>
/// <param name="FailuresWithout">Failures of the others that are left without it.</param>
/// <param name="FailuresAlone">Its own failures when it has the pool to itself.</param>
public sealed record DeviceTrial(
    int Device, long HeldUnits, long OwnFailures, long FailuresWithout, long FailuresAlone);

/// <summary>Names the devices to blame, from counterfactual replays. Not having failed is no alibi, and having failed is
/// no proof: a device is to blame if others' failures vanish without it, or if it exhausts the pool all by itself.</summary>
public static class CulpritRule
{
    /// <summary>A device that failed and itself held at least this part of what was in use exhausted the pool with its
    /// own mappings, even if its waiting demand is no longer seen in the trace.</summary>
    private const double OwnWeight = 0.5;

    /// <summary>At the brink any relief helps; a device that held less than this part of what the chief culprit held was
    /// only at the margin.</summary>
    private const double MarginOfChief = 0.25;

    /// <summary>Ranks the culprits.</summary>
    /// <param name="trials">A trial for each device.</param>
    /// <param name="failures">Failures in the trace.</param>
    /// <param name="usedUnits">Units in use just before the first failure.</param>
    /// <param name="unknownUnits">Of those, units whose device is not known (mapped before the trace).</param>
    /// <returns>Culprits with the part of the failures that vanish without them, most to blame first.</returns>
    public static IReadOnlyList<(DeviceTrial Trial, double Blame)> Rank(
        IReadOnlyList<DeviceTrial> trials, long failures, long usedUnits, long unknownUnits)
    {
        if (failures == 0)
        {
            return [];
        }

        var candidates = new List<(DeviceTrial Trial, double Blame)>();
        foreach (var trial in trials)
        {
            var others = failures - trial.OwnFailures;
            var spared = Math.Max(0, others - trial.FailuresWithout);
            var ownFault = trial.OwnFailures > 0
                && (trial.FailuresAlone > 0 || trial.HeldUnits >= usedUnits * OwnWeight);
            if (spared > 0 || ownFault)
            {
                var own = trial.OwnFailures;
                candidates.Add((trial, Math.Min(1, (spared + own) / (double)failures)));
            }
        }

        if (candidates.Count == 0)
        {
            return [];
        }

        var chief = candidates.MaxBy(c => (c.Trial.HeldUnits, c.Blame));
        // Where an unknown holder has the bulk, nobody who held little is to blame for it.
        var margin = Math.Max(chief.Trial.HeldUnits, unknownUnits) * MarginOfChief;
        return [.. candidates.Where(c => c.Trial.HeldUnits >= margin || c.Trial.FailuresAlone > 0)
            .OrderByDescending(c => c.Blame).ThenByDescending(c => c.Trial.HeldUnits)];
    }
}
