using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Replay.Tests.Paging;

/// <summary>A replay of very many operations takes no more memory than one of few, and gives the same as one in memory.</summary>
public class BoundedReplayTests
{
    private const int Live = 200;

    [Fact]
    public void Memory_does_not_grow_with_the_operations()
    {
        // 120 bytes and more for each of two million operations would be a quarter of a GB.
        const int operations = 2_000_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var setup = Setup(new OperationLog(4 << 20), operations);
        var result = PoolReplay.Run(setup);
        var lifetimes = Lifetimes.Learn(result);
        var without = Counterfactual.Run(result, lifetimes, new Change { WithoutDevice = setup.Log.Names.Intern("dev1") });
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.InRange(held, 0, 48 << 20);
        Assert.True(setup.Log.SpilledBytes > 200 << 20);
        Assert.InRange(result.Mapped, operations / 2, (operations / 2) + Live);
        Assert.Equal((result.Mapped, result.Mapped), (result.Compared, result.Equal));
        Assert.Equal(0, without.Failures);
        GC.KeepAlive(lifetimes);
    }

    [Fact]
    public void Paging_changes_nothing()
    {
        const int operations = 60_000;
        var inMemory = PoolReplay.Run(Setup(new OperationLog(long.MaxValue), operations));
        var paged = PoolReplay.Run(Setup(new OperationLog(0), operations));

        Assert.Equal(0, inMemory.Setup.Log.SpilledBytes);
        Assert.True(paged.Setup.Log.SpilledBytes > 0);
        Assert.Equal((inMemory.Mapped, inMemory.Equal, inMemory.PeakUsedUnits, inMemory.PeakTimeNs), (paged.Mapped, paged.Equal, paged.PeakUsedUnits, paged.PeakTimeNs));
        Assert.Equal(inMemory.LiveAtMoment, paged.LiveAtMoment);
        Assert.Equal(Enumerable.Range(0, operations).Select(i => (inMemory.Mates[i], inMemory.FirstUnits[i])), Enumerable.Range(0, operations).Select(i => (paged.Mates[i], paged.FirstUnits[i])));
        var change = new Change { Geometry = LeastSizeSearch.Resized(inMemory.Setup.Geometry, 256) };
        var (a, b) = (Counterfactual.Run(inMemory, Lifetimes.Learn(inMemory), change), Counterfactual.Run(paged, Lifetimes.Learn(paged), change));
        Assert.True(a.Failures > 0);
        Assert.Equal((a.Failures, a.PeakUsedUnits), (b.Failures, b.PeakUsedUnits));
        Assert.Equal(a.FailedOperations, b.FailedOperations);
    }

    /// <summary>Devices that map and unmap in turn, with a bounded number of mappings alive; the model itself says where.</summary>
    private static PoolSetup Setup(OperationLog log, int operations)
    {
        var geometry = new PoolGeometry { Kind = PoolKind.Swiotlb, Kernel = "5.15", Units = 4096, UnitBytes = 2048, Areas = 1, BaseKnown = true, Base = 1 << 30 };
        var pool = log.PoolIndex(new PoolKey(PoolKind.Swiotlb, 0));
        log.Sources.Add("made");
        var model = PoolModels.Create(geometry);
        var random = new Random(3);
        var live = new List<(DmaOperation Map, long First, long Units)>();
        for (var i = 0; i < operations; i++)
        {
            if (live.Count > 0 && (live.Count == Live || random.Next(2) == 0))
            {
                var at = random.Next(live.Count);
                var (map, first, units) = live[at];
                (live[at], live[^1]) = (live[^1], live[at]);
                live.RemoveAt(live.Count - 1);
                model.Unmap(first, units, 0);
                log.Add(map with { Kind = OperationKind.Unmap, TimeNs = i * 1000L, Line = i, Event = i });
            }
            else
            {
                var operation = new DmaOperation
                {
                    Kind = OperationKind.Map, Result = OperationResult.Mapped, TimeNs = i * 1000L, Line = i, Event = i, Pool = pool,
                    Device = log.Names.Intern("dev" + random.Next(4)), Bytes = 2048 * random.Next(1, 9), UsedUnits = -1, PhysAddr = (ulong)i << 12,
                };
                var answer = model.Map(new MapRequest { Bytes = operation.Bytes, PhysAddr = operation.PhysAddr, SegmentBoundary = ulong.MaxValue, Device = operation.Device, Limit = operation.Limit });
                operation.BusAddr = geometry.Base + ((ulong)answer.FirstUnit * 2048);
                log.Add(in operation);
                live.Add((operation, answer.FirstUnit, answer.Units));
            }
        }

        return new PoolSetup(log, pool, geometry, DeviceProfiles.Learn(log, _ => null));
    }
}
