using TraceReplay.Core;

namespace TraceReplay.Pools.Tests;

public class KernelVersionTests
{
    [Theory]
    [InlineData("2.6.16-rc3", "2.6.16")]
    [InlineData("2.6.16-rc1-ppc64", "2.6.16")]
    [InlineData("2.6.32.12", "2.6.32.12")]
    [InlineData("5.15.135", "5.15.135")]
    [InlineData("6.1.0-56-amd64", "6.1")]
    [InlineData("v7.3", "7.3")]
    [InlineData("2.4.21-63.EL", "2.4.21")]
    [InlineData("6.6.9+", "6.6.9")]
    [InlineData("7", "7.0")]
    public void The_numbers_at_the_head_count(string text, string expected) =>
        Assert.Equal(expected, KernelVersion.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("linux")]
    [InlineData("G4")]
    [InlineData("-6.1")]
    [InlineData("7-a")]
    public void Other_texts_are_no_version(string text) => Assert.False(KernelVersion.TryParse(text, out _));

    [Theory]
    [InlineData("1.2", "G0")]
    [InlineData("2.4.0", "G0")]
    [InlineData("2.4.21-63.EL", "G1a")]
    [InlineData("2.6.9", "G1b")]
    [InlineData("2.6.15", "G1b")]
    [InlineData("2.6.32", "G1c")]
    [InlineData("4.9.76", "G1d")]
    [InlineData("4.19.0", "G1d")]
    [InlineData("5.10.7", "G1e")]
    [InlineData("5.12.9", "G2")]
    [InlineData("5.14", "G3")]
    [InlineData("5.15.135", "G3b")]
    [InlineData("5.19", "G3b")]
    [InlineData("6.0", "G4")]
    [InlineData("6.1.0-56-amd64", "G4s")]
    [InlineData("6.1.192", "G4s")]
    [InlineData("6.2", "G4-6.2")]
    [InlineData("6.5", "G4b")]
    [InlineData("6.6.9", "G5")]
    [InlineData("6.8", "G5b")]
    [InlineData("6.9", "G6a")]
    [InlineData("6.12.117", "G6b")]
    [InlineData("9.1", "G6b")]
    [InlineData("g4", "G4")]
    [InlineData("not a kernel", "G6b")]
    public void A_kernel_has_its_generation_and_the_nearest_if_it_is_not_known(string kernel, string generation) =>
        Assert.Equal(generation, PoolModels.Find(PoolKind.Swiotlb, kernel)?.Generation);

    [Theory]
    [InlineData(PoolKind.Tce, "2.4.21", "P0")]
    [InlineData(PoolKind.Tce, "2.6.16-rc1-ppc64", "P1")]
    [InlineData(PoolKind.Tce, "2.6.18", "P2")]
    [InlineData(PoolKind.Tce, "2.6.32", "P3")]
    [InlineData(PoolKind.Tce, "3.4", "P3b")]
    [InlineData(PoolKind.Tce, "3.6", "P4")]
    [InlineData(PoolKind.Tce, "6.12", "P5")]
    [InlineData(PoolKind.Gart, "2.6.15", "A1")]
    [InlineData(PoolKind.Gart, "2.6.32", "A2")]
    [InlineData(PoolKind.Gart, "6.1", "A3")]
    [InlineData(PoolKind.Iova, "2.6.32", "V0")]
    [InlineData(PoolKind.Iova, "4.9", "V0b")]
    [InlineData(PoolKind.Iova, "4.19", "V1")]
    [InlineData(PoolKind.Iova, "5.10.7", "V2")]
    [InlineData(PoolKind.Iova, "6.1.192", "V3")]
    [InlineData(PoolKind.Iova, "6.12.117", "V4")]
    public void So_have_the_other_kinds(PoolKind kind, string kernel, string generation) =>
        Assert.Equal(generation, PoolModels.Find(kind, kernel)?.Generation);

    [Fact]
    public void Every_model_has_a_unique_name_and_says_where_it_comes_from() => Assert.All(
        PoolModels.All.GroupBy(info => info.Name, StringComparer.Ordinal),
        group =>
        {
            var info = Assert.Single(group);
            Assert.All([info.Kernels, info.KernelFile, info.SpecSection, info.Verified], Assert.NotEmpty);
        });
}
