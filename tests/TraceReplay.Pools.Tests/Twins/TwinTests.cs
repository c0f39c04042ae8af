using TraceReplay.Core;

namespace TraceReplay.Pools.Tests.Twins;

/// <summary>Every model against its plain twin under random operations.</summary>
public class TwinTests
{
    public static TheoryData<string> Swiotlb => Generations(PoolKind.Swiotlb);

    public static TheoryData<string> Tce =>
        [.. PoolModels.All.Where(info => info is { Kind: PoolKind.Tce, Generation: not "P0" }).Select(info => info.Generation)];

    public static TheoryData<string> Gart => Generations(PoolKind.Gart);

    public static TheoryData<string> Iova => Generations(PoolKind.Iova);

    [Theory]
    [MemberData(nameof(Swiotlb))]
    public void Swiotlb_answers_as_the_plain_scan(string generation) => TwinRun.Check(
        dice =>
        {
            var geometry = new PoolGeometry
            {
                Kind = PoolKind.Swiotlb,
                Kernel = generation,
                Units = dice.Of(128L, 256, 512, 1024, 2048),
                UnitBytes = 2048,
                Areas = dice.Of(1, 1, 2, 4, 8),
                Base = SwiotlbTruths.Base,
                PageShift = dice.Of(12, 12, 12, 14, 16),
            };
            return (PoolModels.Create(geometry), new PlainSwiotlb(generation, geometry));
        },
        SwiotlbRequest,
        (request, result) => SwiotlbTruths.Check(generation, request, result));

    [Theory]
    [MemberData(nameof(Tce))]
    public void Tce_answers_as_the_plain_scan(string generation) => TwinRun.Check(
        dice =>
        {
            var geometry = new PoolGeometry
            {
                Kind = PoolKind.Tce,
                Kernel = generation,
                Units = dice.Of(256L, 511, 1024, 1600),
                UnitBytes = dice.Of(4096L, 65536),
                Areas = dice.Of(0, 4),
                More = More(("offset", dice.Of(0L, 1, 0x100, 0x7ff)), ("blocksize", dice.Of(16L, 1))),
            };
            return (PoolModels.Create(geometry), new PlainTce(generation, geometry));
        },
        dice => new MapRequest
        {
            Cpu = (int)dice.Below(16),
            Device = (int)dice.Below(3),
            Units = dice.Of(1 + dice.Below(4), 1 + dice.Below(24), 1 + dice.Below(200)),
            AlignMask = dice.Of(0UL, 0, 0, 2, 4, 7),
            Extra = dice.Below(3),
            Limit = dice.Of(ulong.MaxValue, ulong.MaxValue, 0xfffff, 0x3fffff, 0xffffff),
            SegmentBoundary = dice.Of(0xffffffffUL, 0xffffffff, ulong.MaxValue, 0xffff, 0xfffff),
        },
        (_, _) => { });

    [Theory]
    [MemberData(nameof(Gart))]
    public void Gart_answers_as_the_plain_scan(string generation) => Aperture(PoolKind.Gart, generation);

    [Fact]
    public void Calgary_answers_as_the_plain_scan() => Aperture(PoolKind.Calgary, "C1");

    [Theory]
    [MemberData(nameof(Iova))]
    public void Iova_answers_as_the_plain_walk(string generation) => TwinRun.Check(
        dice =>
        {
            var geometry = new PoolGeometry
            {
                Kind = PoolKind.Iova,
                Kernel = generation,
                Units = 0x100400,
                UnitBytes = 4096,
                More = More(("start_pfn", dice.Of(1L, 16)), ("fast", dice.Of(0L, 1)), ("ncpus", 2)),
            };
            return (PoolModels.Create(geometry), new PlainIova(generation, geometry));
        },
        dice => new MapRequest
        {
            Cpu = (int)dice.Below(2),
            Units = dice.Of(1 + dice.Below(3), 1 + dice.Below(33), 1 + dice.Below(300)),
            AlignMask = (ulong)dice.Below(2),
            Extra = dice.Below(2),
            Limit = dice.Of(255UL, 1023, 1023, 0xfffff, 0x1003ff),
        },
        (request, result) => Assert.True((ulong)(result.FirstUnit + result.Units - 1) <= request.Limit, "above the limit"));

    [Fact]
    public void Tce_of_2_4_answers_as_the_plain_buddy() => TwinRun.Check(
        dice =>
        {
            var n = dice.Of(512, 1024, 1500, 2047);
            var geometry = new PoolGeometry { Kind = PoolKind.Tce, Kernel = "P0", Units = n, UnitBytes = 4096 };
            return (PoolModels.Create(geometry), new PlainBuddy(n));
        },
        dice => new MapRequest { Units = dice.Of(1 + dice.Below(4), 1 + dice.Below(40), 1 + dice.Below(600)) },
        (_, result) => Assert.Equal(0, result.FirstUnit % result.Units));

    [Fact]
    public void Scsi_dma_answers_as_the_plain_scan() => TwinRun.Check(
        dice =>
        {
            var shift = dice.Of(12, 13, 14);
            var geometry = new PoolGeometry
            {
                Kind = PoolKind.ScsiDma, Kernel = "2.4.21", Units = dice.Of(64L, 512), UnitBytes = 512, PageShift = shift,
            };
            return (PoolModels.Create(geometry), new PlainSectors((int)geometry.Units, 1 << (shift - 9)));
        },
        dice => new MapRequest { Bytes = (512 * (1 + dice.Below(9))) + dice.Of(0, 0, 0, 1) },
        (_, _) => { });

    private static void Aperture(PoolKind kind, string generation) => TwinRun.Check(
        dice =>
        {
            var geometry = new PoolGeometry
            {
                Kind = kind,
                Kernel = generation,
                Units = dice.Of(256L, 1000, 2048),
                UnitBytes = 4096,
                Base = dice.Of(0UL, 0x20000000, 0x20003000),
            };
            return (PoolModels.Create(geometry), new PlainAperture(generation, geometry));
        },
        dice => new MapRequest
        {
            Units = dice.Of(1 + dice.Below(4), 1 + dice.Below(24), 1 + dice.Below(300)),
            AlignMask = dice.Of(0UL, 0, 1, 7, 63, 127),
            SegmentBoundary = dice.Of(0xffffffffUL, ulong.MaxValue, 0xffff, 0xfffff),
        },
        (_, _) => { });

    private static MapRequest SwiotlbRequest(Dice dice) => new()
    {
        Cpu = (int)dice.Below(16),
        Bytes = 1 + dice.Of(dice.Below(2048), dice.Below(8192), dice.Below(65536), dice.Below(262144), dice.Below(300000)),
        PhysAddr = dice.Of(0UL, (ulong)dice.Below(1L << 32), (ulong)dice.Below(1L << 21) << 11, (ulong)dice.Below(1L << 20) << 12),
        AlignMask = dice.Of(0UL, 0, 0, 0xfff, 0x3fff, 0xffff),
        MinAlignMask = dice.Of(0UL, 0, 0xfff, 0xfff, 0x7ff, 0x1fff, 0xffff),
        SegmentBoundary = dice.Of(0xffffffffUL, 0xffffffff, ulong.MaxValue, 0x3ffff, 0xffff, 0x7fff),
    };

    private static Dictionary<string, long> More(params (string Name, long Value)[] values) =>
        values.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);

    private static TheoryData<string> Generations(PoolKind kind) =>
        [.. PoolModels.All.Where(info => info.Kind == kind).Select(info => info.Generation)];
}
