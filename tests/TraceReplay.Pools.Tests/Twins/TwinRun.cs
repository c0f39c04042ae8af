using FsCheck;
using FsCheck.Fluent;
using TraceReplay.Core;

namespace TraceReplay.Pools.Tests.Twins;

/// <summary>Runs random operations through a model and its plain twin, and holds what must be true of any pool after
/// each.</summary>
public sealed class TwinRun
{
    private readonly IPoolModel _fast;
    private readonly PlainPool _plain;
    private readonly Action<MapRequest, MapResult> _isAllowed;
    private readonly List<MapResult> _live = [];
    private readonly HashSet<long> _taken = [];

    private TwinRun(IPoolModel fast, PlainPool plain, Action<MapRequest, MapResult> isAllowed)
    {
        _fast = fast;
        _plain = plain;
        _isAllowed = isAllowed;
    }

    /// <summary>Checks many random runs.</summary>
    /// <param name="pools">Makes a fresh model and twin; the dice choose the geometry.</param>
    /// <param name="request">Makes a request.</param>
    /// <param name="isAllowed">Further truths about an answer.</param>
    public static void Check(
        Func<Dice, (IPoolModel Fast, PlainPool Plain)> pools, Func<Dice, MapRequest> request, Action<MapRequest, MapResult> isAllowed)
    {
        var runs = ArbMap.Default.GeneratorFor<ulong>().ArrayOf().Resize(400).ToArbitrary();
        var property = Prop.ForAll(runs, seeds =>
        {
            var (fast, plain) = pools(new Dice(seeds.Length == 0 ? 0 : seeds[0] ^ (ulong)seeds.Length));
            var run = new TwinRun(fast, plain, isAllowed);
            for (var i = 0; i < seeds.Length; i++)
            {
                run.Step(new Dice(seeds[i] + ((ulong)i << 32)), request);
            }

            run.End();
        });
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), property);
    }

    private void Step(Dice dice, Func<Dice, MapRequest> request)
    {
        var goal = dice.Below(10);
        if (goal == 0 && _fast.Kind == PoolKind.Swiotlb)
        {
            MapAndBack(request(dice));
        }
        else if (goal < 6 || _live.Count == 0)
        {
            Map(request(dice));
        }
        else
        {
            Unmap((int)dice.Below(_live.Count), (int)dice.Below(2));
        }

        Assert.Equal(_taken.Count, _fast.UsedUnits);
        Assert.Equal(_fast.UsedUnits, Enumerable.Range(0, _fast.Areas).Sum(_fast.AreaUsed));
    }

    /// <summary>What was taken and given back leaves no trace but the index.</summary>
    private void MapAndBack(MapRequest request)
    {
        var before = State();
        var hints = Enumerable.Range(0, _fast.Areas).Select(_fast.SearchIndex).ToArray();
        var first = _fast.Map(request);
        _fast.Unmap(first.FirstUnit, first.Units, 0);
        for (var area = 0; area < hints.Length; area++)
        {
            _fast.SetSearchIndex(area, hints[area]);
        }

        Assert.Equal(before, State());
        Map(request);
        if (first.Ok)
        {
            Assert.Equal(first, _live[^1]);
        }
    }

    private string State()
    {
        var text = new StringWriter();
        _fast.WriteState(text);
        return text.ToString();
    }

    private void Map(MapRequest request)
    {
        var result = _fast.Map(request);
        var answer = result.Outcome switch
        {
            MapOutcome.Mapped => $"{result.FirstUnit} {result.Units} {result.Offset}",
            MapOutcome.Livelock => PlainPool.Hang,
            _ => PlainPool.Fail,
        };
        Assert.Equal(_plain.Map(request), answer);
        if (!result.Ok)
        {
            return;
        }

        Assert.Equal(result.Units, _fast.UnitsFor(request));
        Assert.True(result.Units <= MostUnits, "larger than any request can be");
        for (var unit = result.FirstUnit; unit < result.FirstUnit + result.Units; unit++)
        {
            Assert.True(_taken.Add(unit), $"unit {unit} was taken before");
        }

        Assert.False(_fast.IsFree(result.FirstUnit, 1));
        Assert.InRange(result.FirstUnit, 0, _fast.Geometry.Units - result.Units);
        _isAllowed(request, result);
        _live.Add(result);
    }

    /// <summary>A DMA mask makes TCE pools run into one another, and leaves hints that do.</summary>
    private long MostUnits => _fast.Kind == PoolKind.Tce ? _fast.Geometry.Units : _fast.MaxRequestUnits;

    private void Unmap(int picked, int cpu)
    {
        var held = _live[picked];
        _live.RemoveAt(picked);
        _fast.Unmap(held.FirstUnit, held.Units, cpu);
        _plain.Unmap(held.FirstUnit, held.Units, cpu);
        for (var unit = held.FirstUnit; unit < held.FirstUnit + held.Units; unit++)
        {
            _taken.Remove(unit);
        }

        Assert.True(_fast.IsFree(held.FirstUnit, held.Units));
        var used = _fast.UsedUnits;
        _fast.Unmap(held.FirstUnit, held.Units, cpu); // a second time: nothing happens
        Assert.Equal(used, _fast.UsedUnits);
    }

    private void End()
    {
        for (var unit = 0L; unit < Math.Min(_fast.Geometry.Units, 4096); unit++)
        {
            Assert.Equal(_plain.IsUsed(unit), !_fast.IsFree(unit, 1));
        }

        while (_live.Count > 0)
        {
            Unmap(_live.Count - 1, 0);
        }

        Assert.Equal(0, _fast.UsedUnits);
    }
}
