namespace TraceReplay.Demand.Planning;

/// <summary>What a user states over an inventory; it counts for every host.</summary>
public static class PlanOverrides
{
    /// <summary>A host with what the user states in place of what was read.</summary>
    /// <param name="numbers">The user's numbers.</param>
    /// <param name="host">The host as read.</param>
    /// <param name="hosts">Hosts that stated LUNs are spread over.</param>
    /// <returns>The host to plan with.</returns>
    public static HostInput Apply(this PlanNumbers numbers, HostInput host, int hosts)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentNullException.ThrowIfNull(host);
        var changed = host with
        {
            QueueDepth = Stated(numbers.CommandsPerLun, "--commands-per-lun") ?? host.QueueDepth,
            TotalDepth = numbers.CommandsPerLun is null ? host.TotalDepth : null,
            CanQueue = Stated(numbers.CanQueue, "--can-queue") ?? host.CanQueue,
            Segments = Stated(numbers.Segments, "--segments") ?? host.Segments,
            SegmentBytes = Stated(numbers.SegmentBytes, "--segment-bytes") ?? host.SegmentBytes,
        };
        if (Stated(numbers.Luns, "--luns") is { } luns)
        {
            var paths = luns.Times(Stated(numbers.Paths, "--paths") ?? Estimate.Exactly(1, Basis.Assumed, "one path to each LUN"));
            changed = changed with
            {
                LunPaths = paths with { Least = paths.Least / hosts, Most = (paths.Most + hosts - 1) / hosts, Source = "--luns times --paths, spread over the hosts" },
                TotalDepth = null,
            };
        }

        if (numbers.MaxSectorsKb is not { } largest)
        {
            return changed;
        }

        // A request touches one segment more than it fills if it begins inside one (spec demand-side.md 1.2).
        var limit = new Bounds((largest.Least * 1024 / changed.SegmentBytes.Most) + 1, (largest.Most * 1024 / changed.SegmentBytes.Least) + 1);
        return changed with { Segments = changed.Segments.AtMost(Stated(limit, "--max-sectors-kb")!) };
    }

    private static Estimate? Stated(Bounds? bounds, string option) =>
        bounds is { } stated ? Estimate.Stated(stated.Least, stated.Most, option) : null;
}
