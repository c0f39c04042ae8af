using TraceReplay.Core;
using TraceReplay.Pools;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>Tries the other generations of an allocator where the one of the kernel's version does not fit the trace:
/// distributions backport (spec swiotlb.md, head).</summary>
public static class GenerationFit
{
    /// <summary>A model that agrees on at least this part of the compared allocations fits; CPUs that work in the allocator
    /// at the same time cost a few percent at most.</summary>
    private const double Fits = 0.95;

    private const int LeastCompared = 64;

    /// <summary>Finds a generation that fits clearly better.</summary>
    /// <param name="result">The replay with the generation of the kernel's version.</param>
    /// <returns>The better replay, or null if there is none or it is not needed.</returns>
    public static PoolReplayResult? FindBetter(PoolReplayResult result)
    {
        var geometry = result.Setup.Geometry;
        if (result.Compared < LeastCompared || result.Equal >= result.Compared * Fits || geometry.Kind == PoolKind.Iova)
        {
            return null;
        }

        var generations = PoolModels.All.Where(m => m.Kind == geometry.Kind).Select(m => m.Generation)
            .Distinct(StringComparer.Ordinal).ToArray();
        var replays = new PoolReplayResult?[generations.Length];
        Parallel.For(0, generations.Length, i => replays[i] = Try(result.Setup, generations[i]));
        var best = replays.Where(r => r is not null).MaxBy(r => r!.Equal);
        return best is not null && best.Equal >= best.Compared * Fits ? best : null;
    }

    private static PoolReplayResult? Try(PoolSetup setup, string generation)
    {
        try
        {
            return PoolReplay.Run(setup with { Geometry = setup.Geometry with { Kernel = generation } });
        }
        catch (ArgumentOutOfRangeException)
        {
            // A generation that could not have such a pool (areas before 6.0).
            return null;
        }
    }
}
