namespace TraceReplay.Pools.Specs;

/// <summary>A change to the machine or its load, to be replayed: <c>pool.size=128MiB</c>, <c>pool.areas=1</c>,
/// <c>without device=0000:05:00.0</c>, <c>device(0000:05:00.0).max-outstanding=32</c>,
/// <c>device(0000:05:00.0).dma-mask=64</c>, <c>max-mapping=256KiB</c>, <c>lun-depth=1</c>, <c>model=swiotlb(kernel=6.12)</c>,
/// <c>smallest pool.size</c>. Several, with commas between, are one what-if.</summary>
/// <param name="Text">As written.</param>
/// <param name="Changes">The changes, at least one, in the order written.</param>
public sealed record WhatIfSpec(string Text, IReadOnlyList<WhatIfChange> Changes)
{
    /// <summary>Reads a what-if.</summary>
    /// <param name="text">The spec.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="SpecException">It cannot be read, or says something impossible.</exception>
    public static WhatIfSpec Parse(string text) =>
        new(text, [.. SpecGrammar.ReadChanges(text).Select(change => WhatIfReader.Read(text, change))]);
}

/// <summary>One change of a what-if.</summary>
public abstract record WhatIfChange
{
    /// <summary>Another size of the pool.</summary>
    /// <param name="Bytes">Size, bytes, above 0.</param>
    public sealed record PoolSize(long Bytes) : WhatIfChange;

    /// <summary>Another number of areas or sub-pools.</summary>
    /// <param name="Areas">Areas, at least 1.</param>
    public sealed record PoolAreas(int Areas) : WhatIfChange;

    /// <summary>A device's mappings left out.</summary>
    /// <param name="Device">Name of the device.</param>
    public sealed record WithoutDevice(string Device) : WhatIfChange;

    /// <summary>A device held to a number of mappings at once.</summary>
    /// <param name="Device">Name of the device.</param>
    /// <param name="Mappings">Most mappings held, at least 1.</param>
    public sealed record MaxOutstanding(string Device, int Mappings) : WhatIfChange;

    /// <summary>Another DMA mask of a device.</summary>
    /// <param name="Device">Name of the device.</param>
    /// <param name="Bits">Bits, 16 to 64.</param>
    public sealed record DmaMask(string Device, int Bits) : WhatIfChange;

    /// <summary>Larger mappings split.</summary>
    /// <param name="Bytes">Most bytes of one mapping, above 0.</param>
    public sealed record MaxMapping(long Bytes) : WhatIfChange;

    /// <summary>Another queue depth of every LUN path.</summary>
    /// <param name="Commands">Commands that one LUN path may have at once, 1 to 65,535.</param>
    public sealed record LunDepth(int Commands) : WhatIfChange;

    /// <summary>Another allocator.</summary>
    /// <param name="Pool">The pool.</param>
    public sealed record Model(PoolSpec Pool) : WhatIfChange;

    /// <summary>The question for the least size without failure.</summary>
    public sealed record SmallestPoolSize : WhatIfChange;
}
