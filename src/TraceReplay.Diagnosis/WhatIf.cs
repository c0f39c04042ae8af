using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Pools.Specs;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>What one what-if of the user gave.</summary>
/// <param name="Spec">As written.</param>
/// <param name="Change">The change that was replayed.</param>
/// <param name="Failures">Failures left.</param>
/// <param name="PeakUsedUnits">Highest use, units.</param>
/// <param name="Note">What else to know.</param>
public sealed record WhatIfResult(string Spec, Change Change, long Failures, long PeakUsedUnits, string Note);

/// <summary>Answers the user's what-ifs by replay.</summary>
public static class WhatIf
{
    /// <summary>Answers them side by side.</summary>
    /// <param name="case">The case.</param>
    /// <param name="specs">The questions.</param>
    /// <returns>An answer each, in order.</returns>
    public static IReadOnlyList<WhatIfResult> Answer(TraceCase @case, IReadOnlyList<WhatIfSpec> specs)
    {
        // Wrong questions are refused before any replay begins.
        foreach (var spec in specs)
        {
            Check(@case, spec);
        }

        var answers = new WhatIfResult[specs.Count];
        Parallel.For(0, specs.Count, i => answers[i] = Answer(@case, specs[i]));
        return answers;
    }

    private static void Check(TraceCase @case, WhatIfSpec spec)
    {
        var change = new Change();
        foreach (var part in spec.Changes.Where(p => p is not WhatIfChange.SmallestPoolSize))
        {
            change = Apply(@case, change, part, []);
        }

        if (change.Geometry is { } asked && asked.Kind != @case.Geometry.Kind)
        {
            throw new SpecException(spec.Text, 0, $"a {@case.Geometry.Kind.Name()} model",
                "the trace's requests are those of that pool, and cannot be put to another kind");
        }

        if (change.MaxCommandsPerConsumer < long.MaxValue && ConsumerLoad.Measure(@case.Result).DeepestQueue == 0)
        {
            throw new SpecException(spec.Text, 0, "another change: the trace does not say for which LUN (H:C:T:L) a mapping was made",
                "record SCSI commands too (scsi:scsi_dispatch_cmd_start), or fill the column lun");
        }

        PossiblePool.Require(change.Geometry, spec.Text);
    }

    private static WhatIfResult Answer(TraceCase @case, WhatIfSpec spec)
    {
        var change = new Change();
        var notes = new List<string>();
        foreach (var part in spec.Changes)
        {
            change = Apply(@case, change, part, notes);
        }

        var result = @case.Try(change);
        if (result.Livelock)
        {
            notes.Add("this kernel's search never ends for some request: expect a soft lockup");
        }

        if (result.Deferred > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{result.Deferred} requests wait because of the cap"));
        }

        if (change.MaxCommandsPerConsumer < long.MaxValue)
        {
            // A request that waits is not tried again at a later time: what it would have pushed back is not in the trace.
            var load = ConsumerLoad.Measure(@case.Result);
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"one LUN had up to {load.DeepestQueue} commands at once, {load.BusiestLuns} LUNs were busy or waiting together; commands that wait are left out, so the load later on is a lower bound"));
        }

        return new WhatIfResult(spec.Text, change, result.Failures, result.PeakUsedUnits, string.Join("; ", notes));
    }

    private static Change Apply(TraceCase @case, Change change, WhatIfChange part, List<string> notes)
    {
        var geometry = change.Geometry ?? @case.Geometry;
        switch (part)
        {
            case WhatIfChange.PoolSize size:
                return change with { Geometry = LeastSizeSearch.Resized(geometry, size.Bytes / geometry.UnitBytes) };
            case WhatIfChange.PoolAreas areas:
                return change with { Geometry = geometry with { Areas = areas.Areas } };
            case WhatIfChange.WithoutDevice without:
                return change with { WithoutDevice = Device(@case, without.Device, notes) };
            case WhatIfChange.MaxOutstanding cap:
                return change with { CappedDevice = Device(@case, cap.Device, notes), MaxOutstanding = cap.Mappings };
            case WhatIfChange.MaxMapping limit:
                return change with { MaxMappingBytes = limit.Bytes };
            case WhatIfChange.LunDepth depth:
                return change with { MaxCommandsPerConsumer = depth.Commands };
            case WhatIfChange.Model model:
                return change with { Geometry = model.Pool.Resolve(geometry).Geometry };
            case WhatIfChange.DmaMask mask:
                return Unmasked(@case, change, mask, notes);
            case WhatIfChange.SmallestPoolSize:
                return Smallest(@case, change, notes);
            default:
                return change;
        }
    }

    private static Change Unmasked(TraceCase @case, Change change, WhatIfChange.DmaMask mask, List<string> notes)
    {
        var device = Device(@case, mask.Device, notes);
        if (@case.Choice.Forced == true)
        {
            notes.Add("bouncing is forced on this machine: the mask makes no difference");
            return change;
        }

        if (mask.Bits < 64)
        {
            notes.Add("whether this mask reaches every buffer depends on the memory: only 64 bits surely do");
            return change;
        }

        return change with { WithoutDevice = device };
    }

    private static Change Smallest(TraceCase @case, Change change, List<string> notes)
    {
        var step = 128L * (change.Geometry ?? @case.Geometry).Areas;
        if (LeastSizeSearch.Find(@case.Result, @case.Lifetimes, step, change == new Change() ? null : change) is not { } units)
        {
            notes.Add("no size up to 64 times the present one is without failure");
            return change;
        }

        notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"smallest size without failure: {units} {Wording.Units(@case.Geometry.Kind)} ({Wording.Bytes(units * @case.Geometry.UnitBytes)}), a lower bound where the load was held back by its failures"));
        return change with { Geometry = LeastSizeSearch.Resized(change.Geometry ?? @case.Geometry, units) };
    }

    private static int Device(TraceCase @case, string name, List<string> notes)
    {
        var before = @case.Log.Names.Count;
        var id = @case.Log.Names.Intern(name);
        if (id >= before)
        {
            notes.Add($"no mapping of {name} is in the trace");
        }

        return id;
    }
}
