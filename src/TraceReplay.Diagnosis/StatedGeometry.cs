using TraceReplay.Core;
using TraceReplay.Pools.Specs;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>Geometry of a pool whose size only a statement can tell (GART, Calgary, the SCSI pool of 2.4): what a source
/// states, else the kernel's default, made large enough for what the trace mapped.</summary>
internal static class StatedGeometry
{
    /// <summary>Chooses it.</summary>
    public static GeometryChoice Choose(PoolKind kind, CaseFacts facts, OperationLog log, int pool)
    {
        var notes = new List<string>();
        var stated = facts.Geometry.Where(g => g.Kind == kind && g.Units is > 0).OrderBy(g => g.Origin).FirstOrDefault();
        var kernel = facts.Machine.KernelVersion ?? facts.Machine.KernelRelease;
        if (kernel is null)
        {
            kernel = PoolDefaults.Kernel(kind);
            notes.Add($"The kernel version is not in the input: {kernel} is assumed.");
        }

        var usual = PoolDefaults.For(kind, kernel);
        if (stated is null)
        {
            notes.Add($"The size of the pool is not in the input: the default of {usual.Units} units is assumed.");
        }

        var geometry = usual with
        {
            Units = Math.Max(stated?.Units ?? usual.Units, EndOfMappings(log, pool)),
            UnitBytes = stated?.UnitBytes ?? usual.UnitBytes,
            Base = stated?.Base ?? 0,
            BaseKnown = true,
        };
        return new GeometryChoice(geometry, stated?.Origin ?? GeometryOrigin.Default, null, false, notes);
    }

    private static long EndOfMappings(OperationLog log, int pool)
    {
        long end = 0;
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.Pool == pool && operation is { Kind: OperationKind.Map, Result: OperationResult.Mapped, BusAddr: < 1UL << 30 })
            {
                end = Math.Max(end, (long)operation.BusAddr + Math.Max(1, operation.Units));
            }
        }

        return end;
    }
}
