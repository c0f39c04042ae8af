using TraceReplay.Core;

namespace TraceReplay.Pools.Tests;

/// <summary>No operation of a model with a table takes memory: a replay of millions of events does not wake the
/// collector.</summary>
public class AllocationTests
{
    private const int Operations = 20_000;

    public static TheoryData<string> Models => [.. PoolModels.All
        .Where(info => info.Kind is not (PoolKind.Iova or PoolKind.ScsiDma))
        .Select(info => info.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Map_and_unmap_take_no_memory(string name)
    {
        var info = PoolModels.All.Single(info => info.Name == name);
        var pool = info.Create(new PoolGeometry
        {
            Kind = info.Kind, Kernel = info.Generation, Units = 2048, UnitBytes = info.Kind == PoolKind.Swiotlb ? 2048 : 4096,
        });
        var live = new MapResult[Operations];
        Run(pool, live, 1); // the model's phases and chains are made at the first requests of their kind
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(pool, live, 2);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Run(IPoolModel pool, MapResult[] live, int seed)
    {
        var (count, state) = (0, (ulong)seed);
        for (var i = 0; i < Operations; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            var size = 1 + (long)(state >> 58);
            var result = pool.Map(new MapRequest
            {
                Bytes = size * 2000, Units = size, PhysAddr = (state >> 40) << 9, Cpu = (int)(state >> 61), Extra = i % 3,
            });
            if (result.Ok)
            {
                live[count++] = result;
            }
            else if (count > 0)
            {
                count--;
                pool.Unmap(live[count / 2].FirstUnit, live[count / 2].Units, 0);
                live[count / 2] = live[count];
            }
        }

        while (count > 0)
        {
            count--;
            pool.Unmap(live[count].FirstUnit, live[count].Units, 0);
        }
    }
}
