using System.Globalization;
using TraceReplay.Pools;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>A smaller queue depth of each LUN, tried by replay: commands of a LUN beyond it wait instead of taking the
/// pool. Only where the trace says for which LUN (H:C:T:L) a mapping was made.</summary>
internal static class QueueDepthRemedy
{
    /// <summary>Finds the largest depth at which nothing fails, or tells what depth 1 leaves.</summary>
    /// <param name="case">The case.</param>
    /// <param name="cause">Its main cause.</param>
    /// <param name="culprits">Its culprits.</param>
    /// <returns>One remedy, or none.</returns>
    public static IReadOnlyList<Remedy> Find(TraceCase @case, Cause cause, IReadOnlyList<Culprit> culprits)
    {
        var load = ConsumerLoad.Measure(@case.Result);
        var deepest = load.DeepestQueue;
        if (deepest <= 1 || culprits.Count == 0)
        {
            return [];
        }

        long Failures(long depth) => @case.Try(new Change { MaxCommandsPerConsumer = depth }).Failures;
        var atOne = Failures(1);
        if (atOne > 0)
        {
            return atOne >= @case.Result.Failures.Count ? [] :
            [
                new Remedy(Setting(culprits[0].Driver, 1), "queue-depth", Proven: true, atOne, Note(load, 1, atOne, @case, cause)),
            ];
        }

        // What was refused held the load back: there must be room for every LUN that was busy or waited, not only for those
        // that got in.
        var room = Math.Max(1, (long)(@case.Geometry.Units / Math.Max(1, load.BusiestLuns * load.UnitsPerCommand)));
        var (low, high) = (1L, Math.Min(deepest, room + 1));
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = Failures(middle) == 0 ? (middle, high) : (low, middle);
        }

        return [new Remedy(Setting(culprits[0].Driver, low), "queue-depth", Proven: true, 0, Note(load, low, 0, @case, cause))];
    }

    /// <summary>The driver's own parameter (spec demand-side.md 3), else the queue depth that every SCSI device has.</summary>
    private static string Setting(string driver, long depth) => driver switch
    {
        "lpfc" => Assign("lpfc_lun_queue_depth", depth),
        "qla2xxx" => Assign("ql2xmaxqdepth", depth),
        "ibmvfc" => Assign("scsi_qdepth", depth),
        _ => string.Create(CultureInfo.InvariantCulture, $"a queue depth of {depth} for each LUN (echo {depth} > /sys/block/sdX/device/queue_depth)"),
    };

    private static string Note(LunLoad load, long depth, long after, TraceCase @case, Cause cause)
    {
        var asked = depth * load.BusiestLuns * load.UnitsPerCommand;
        if (cause == Cause.Preallocation)
        {
            return PreallocationWording.DepthNote(load, depth, after, @case);
        }

        var note = string.Create(CultureInfo.InvariantCulture,
            $"Commands of a LUN beyond this wait in its queue instead of taking the pool; one LUN had up to {load.DeepestQueue} at once. {load.BusiestLuns} LUNs were busy or waiting together: {asked:F0} of {@case.Geometry.Units} {Wording.Units(@case.Geometry.Kind)} at this depth. ");
        return note + (after == 0
            ? "More LUNs at once need more room." + WhereSet(@case)
            : string.Create(CultureInfo.InvariantCulture, $"Even so {after} of {@case.Result.Failures.Count} failures stay: too many LUNs are busy at once."));
    }

    /// <summary>Where parameters of modules stand: modprobe.d came with 2.6's module-init-tools, 2.4 has modules.conf.</summary>
    public static string WhereSet(TraceCase @case) =>
        KernelVersion.TryParse(@case.Geometry.Kernel, out var kernel) && kernel < new KernelVersion(2, 6)
            ? " Module parameters stand in /etc/modules.conf (options DRIVER NAME=VALUE); reload the driver or rebuild the initrd."
            : " Module parameters stand in /etc/modprobe.d (options DRIVER NAME=VALUE); reload the driver or rebuild the initramfs.";

    private static string Assign(string name, long value) => string.Create(CultureInfo.InvariantCulture, $"{name}={value}");
}
