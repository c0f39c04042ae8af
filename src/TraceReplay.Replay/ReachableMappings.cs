using TraceReplay.Pools;
using TraceReplay.Replay.Paging;

namespace TraceReplay.Replay;

/// <summary>Finds mappings that took the pool although their device could have reached the buffer itself: the last byte lies within the
/// device's mask (the test of kernels since 2.6.33, spec swiotlb.md 4). Before that, the masks were tested too strictly or not at all.</summary>
public static class ReachableMappings
{
    /// <summary>From here on a reachable buffer is bounced only on purpose.</summary>
    private static readonly KernelVersion ExactTest = new(2, 6, 33);

    /// <summary>Finds them.</summary>
    /// <param name="setup">The pool; only a software IO TLB or a GART serves some devices and not others.</param>
    /// <param name="maskBits">Bits of a device's mask by its name, null if not told.</param>
    /// <param name="isForced">Every mapping bounces on purpose; null = not told.</param>
    /// <returns>Indices of map operations.</returns>
    public static OperationSet Find(PoolSetup setup, Func<string, int?> maskBits, bool? isForced)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(maskBits);
        var found = new OperationSet();
        if (isForced == true || setup.Geometry.Kind is not (Core.PoolKind.Swiotlb or Core.PoolKind.Gart))
        {
            return found;
        }

        // On later kernels a mask from elsewhere proves nothing while it is not known whether bouncing is forced.
        var trustsFacts = isForced == false || (KernelVersion.TryParse(setup.Geometry.Kernel, out var kernel) && kernel.CompareTo(ExactTest) < 0);
        var log = setup.Log;
        var masks = new Dictionary<int, ulong>();
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.Pool != setup.Pool || operation.Kind != OperationKind.Map || operation.PhysAddr == 0 || operation.Bytes <= 0)
            {
                continue;
            }

            var mask = log.Bounces.GetValueOrDefault(operation.Device).Forced > 0 ? 0
                : operation.Limit != 0 ? operation.Limit : MaskOf(operation.Device);
            if (mask != 0 && operation.PhysAddr <= mask && mask - operation.PhysAddr >= (ulong)operation.Bytes - 1)
            {
                found.Add(i);
            }
        }

        return found;

        ulong MaskOf(int device)
        {
            if (!masks.TryGetValue(device, out var mask))
            {
                var stated = log.Bounces.GetValueOrDefault(device).Mask;
                mask = stated != 0 ? stated : trustsFacts ? Ones(maskBits(log.Names.Text(device))) : 0;
                masks.Add(device, mask);
            }

            return mask;
        }
    }

    private static ulong Ones(int? bits) => bits switch
    {
        null or <= 0 => 0,
        >= 64 => ulong.MaxValue,
        { } some => (1UL << some) - 1,
    };
}
