using TraceReplay.Core;

namespace TraceReplay.Pools;

/// <summary>What is known of one model: which kernels it stands for and how sure that is.</summary>
/// <param name="Kind">Kind of pool.</param>
/// <param name="Generation">Generation, unique within the kind (<c>G4</c>).</param>
/// <param name="First">First kernel version the table gives to it.</param>
/// <param name="Kernels">Kernels it stands for, with the open ends named.</param>
/// <param name="KernelFile">File of the kernel whose allocator it answers like.</param>
/// <param name="SpecSection">Where the algorithm is described.</param>
/// <param name="Verified">How its answers are known to be the kernel's.</param>
/// <param name="Create">Makes a model of this generation.</param>
public sealed record PoolModelInfo(
    PoolKind Kind,
    string Generation,
    KernelVersion First,
    string Kernels,
    string KernelFile,
    string SpecSection,
    string Verified,
    Func<PoolGeometry, IPoolModel> Create)
{
    /// <summary><see cref="Verified"/> of a model for whose kernels nobody ran the kernel's code: it equals a restatement of
    /// the description, bit by bit.</summary>
    public const string PlainTwin = "plain twin of the spec, no vectors";

    /// <summary>Name of the model (<c>swiotlb-G4</c>).</summary>
    public string Name => Kind.Name() + "-" + Generation;
}
