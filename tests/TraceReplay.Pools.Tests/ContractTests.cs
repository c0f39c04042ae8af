using FsCheck;
using FsCheck.Fluent;
using TraceReplay.Core;
using TraceReplay.Pools.Tests.Twins;

namespace TraceReplay.Pools.Tests;

/// <summary>What <see cref="IPoolModel"/> promises of any model: forcing, releasing and asking about any range, in the
/// pool or not, keeps the books right and throws nothing.</summary>
public class ContractTests
{
    private const int Units = 1024;

    public static TheoryData<string> Models => [.. PoolModels.All.Select(info => info.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Forced_and_released_ranges_are_counted(string name)
    {
        var runs = ArbMap.Default.GeneratorFor<ulong>().ArrayOf().Resize(120).ToArbitrary();
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(20), Prop.ForAll(runs, seeds => Run(Create(name), seeds)));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Ranges_outside_the_pool_do_nothing(string name)
    {
        var pool = Create(name);
        foreach (var (first, units) in new[] { (-5L, 3L), (Units, 1L << 40), (long.MaxValue, 1L), (0L, 0L), (3L, -7L), (long.MinValue, 1L) })
        {
            if (pool.Kind != PoolKind.Iova)
            {
                Assert.Equal(0, pool.Occupy(first, units));
            }

            pool.Unmap(first, units, 0);
            Assert.Equal(0, pool.UsedUnits);
        }

        Assert.Equal(MapOutcome.Failed, pool.Map(default).Outcome);
        Assert.Equal(MapOutcome.Failed, pool.Map(new MapRequest { Bytes = -1, Units = -1 }).Outcome);
        Assert.Equal(0, pool.UsedUnits);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_search_index_read_from_the_model_can_be_set_again(string name)
    {
        var pool = Create(name);
        for (var i = 0; i < 20; i++)
        {
            pool.Map(new MapRequest { Bytes = 4096, Units = 1 + i, Cpu = i });
        }

        for (var area = 0; area < pool.Areas; area++)
        {
            var index = pool.SearchIndex(area);
            pool.SetSearchIndex(area, index);
            Assert.Equal(index, pool.SearchIndex(area));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_largest_free_run_can_be_had_from_a_fresh_pool_and_not_from_a_full_one(string name)
    {
        var pool = Create(name);
        Assert.InRange(pool.LargestFreeRun(), 1, Units);
        pool.Occupy(0, Units);
        Assert.Equal(0, pool.LargestFreeRun());
    }

    private static void Run(IPoolModel pool, ulong[] seeds)
    {
        var taken = new HashSet<long>();
        for (var i = 0; i < seeds.Length; i++)
        {
            var dice = new Dice(seeds[i] + ((ulong)i << 32));
            var first = 64 + dice.Below(Units - 64 - 40); // beyond what a table may keep for itself
            var units = 1 + dice.Below(40);
            if (dice.Below(3) > 0)
            {
                var free = Range(first, units).Count(unit => !taken.Contains(unit));
                Assert.Equal(free, pool.Occupy(first, units));
                taken.UnionWith(Range(first, units));
            }
            else if (pool.Kind != PoolKind.Iova) // there only whole mappings are given back
            {
                pool.Unmap(first, units, 0);
                taken.ExceptWith(Range(first, units));
            }

            Assert.Equal(taken.Count, pool.UsedUnits);
            Assert.Equal(taken.Count, Enumerable.Range(0, pool.Areas).Sum(pool.AreaUsed));
            var asked = 64 + dice.Below(Units - 64 - 8);
            Assert.Equal(!Range(asked, 8).Any(taken.Contains), pool.IsFree(asked, 8));
        }
    }

    private static IEnumerable<long> Range(long first, long units)
    {
        for (var unit = first; unit < first + units; unit++)
        {
            yield return unit;
        }
    }

    private static IPoolModel Create(string name)
    {
        var info = PoolModels.All.Single(info => info.Name == name);
        return info.Create(new PoolGeometry
        {
            Kind = info.Kind,
            Kernel = info.Generation,
            Units = Units,
            UnitBytes = info.Kind switch { PoolKind.Swiotlb => 2048, PoolKind.ScsiDma => 512, _ => 4096 },
            Areas = info.Kind == PoolKind.Swiotlb ? 4 : 0,
        });
    }
}
