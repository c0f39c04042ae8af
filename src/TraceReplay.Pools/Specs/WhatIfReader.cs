namespace TraceReplay.Pools.Specs;

/// <summary>Gives the words of a what-if spec their meaning.</summary>
internal static class WhatIfReader
{
    private const int MostCommands = 65_535;

    private static readonly string[] PoolProperties = ["pool.size", "pool.areas", "max-mapping", "lun-depth"];

    private static readonly string[] Openings =
    [
        .. PoolProperties, "without device=...", "device(...).max-outstanding", "device(...).dma-mask", "model=...",
        "smallest pool.size",
    ];

    private static readonly string[] DeviceProperties = ["max-outstanding", "dma-mask"];

    /// <summary>Checks and converts one change.</summary>
    /// <exception cref="SpecException">A word is not known or a value is impossible.</exception>
    public static WhatIfChange Read(string text, SpecChange change) => change switch
    {
        SpecChange.Smallest smallest => Expect(text, smallest.Property, "pool.size", new WhatIfChange.SmallestPoolSize()),
        SpecChange.Without without =>
            Expect(text, without.Subject, "device", new WhatIfChange.WithoutDevice(without.Name.Text)),
        SpecChange.OfDevice device => OfDevice(text, device),
        SpecChange.Model model => new WhatIfChange.Model(PoolSpecReader.Read(text, model.Pool)),
        SpecChange.Set set => Set(text, set),
        _ => throw new SpecException(text, 0, "a change"),
    };

    private static WhatIfChange Set(string text, SpecChange.Set set) => set.Property.Text switch
    {
        "pool.size" => new WhatIfChange.PoolSize(SpecValue.Size(text, set.Value)),
        "pool.areas" => new WhatIfChange.PoolAreas(SpecValue.Areas(text, set.Value)),
        "max-mapping" => new WhatIfChange.MaxMapping(SpecValue.Size(text, set.Value)),
        "lun-depth" => new WhatIfChange.LunDepth((int)SpecValue.Number(text, set.Value, 1, MostCommands)),
        _ => throw new SpecException(text, set.Property.At, "one of " + string.Join(", ", Openings),
            NearestName.Hint(set.Property.Text, PoolProperties)),
    };

    private static WhatIfChange OfDevice(string text, SpecChange.OfDevice device) => device.Property.Text switch
    {
        "max-outstanding" => new WhatIfChange.MaxOutstanding(
            device.Name.Text, (int)SpecValue.Number(text, device.Value, 1, int.MaxValue)),
        "dma-mask" => new WhatIfChange.DmaMask(device.Name.Text, SpecValue.Bits(text, device.Value, 16, 64)),
        _ => throw new SpecException(text, device.Property.At, "one of " + string.Join(", ", DeviceProperties),
            NearestName.Hint(device.Property.Text, DeviceProperties)),
    };

    private static WhatIfChange Expect(string text, SpecWord word, string name, WhatIfChange change) =>
        string.Equals(word.Text, name, StringComparison.Ordinal)
            ? change
            : throw new SpecException(text, word.At, $"'{name}'", NearestName.Hint(word.Text, [name]));
}
