using System.Text;
using TraceReplay.Pools.Scripts;

namespace TraceReplay.Pools.Tests.Scripts;

public class SimulateScriptTests
{
    private const string Pool = "cfg nslabs=0x80\ncfg base=0x70000000\ndev 0 min_align_mask=0x0\n";

    [Fact]
    public void Each_operation_gets_one_line() => Assert.Equal(
        "0 1 0\n.\nused=0 areas=0:1 list_fnv=7d0726710b0051a5\n",
        Run("swiotlb-6.1.192", "# a comment\n" + Pool + "\na 7 0 0 100 0 0x0\nf 7 0\ns\n").Replace("\r", "", StringComparison.Ordinal));

    [Fact]
    public void Carriage_returns_and_a_missing_last_line_end_do_no_harm() => Assert.Equal(
        "0 1 0\n.\n", Run("swiotlb-6.1.192", (Pool + "a 7 0 0 100 0 0x0\nf 7 0").Replace("\n", "\r\n", StringComparison.Ordinal)));

    [Fact]
    public void Releasing_what_was_never_granted_prints_a_dash() =>
        Assert.Equal("FAIL\n-\n", Run("swiotlb-6.1.192", Pool + "a 1 0 0 300000 0 0x0\nf 1 0\n"));

    [Fact]
    public void An_empty_script_has_no_answers() => Assert.Equal("", Run("tce-2.6.15", "# nothing\n"));

    [Fact]
    public void A_generation_can_stand_for_the_kernel() =>
        Assert.Equal("0 1 0\n", Run("swiotlb-G4", Pool + "a 1 0 0 100 0 0x0\n"));

    [Theory]
    [InlineData("a 1 0 0 9223372036854775807 0 0x0")]
    [InlineData("a 1 0 0 1 18446744073709551615 0x0")]
    [InlineData("a 1 2147483647 0 1 0xfff 0xffffffffffffffff")]
    public void Extreme_numbers_are_answered(string line)
    {
        foreach (var model in new[] { "swiotlb-2.4.0", "swiotlb-2.6.15", "swiotlb-5.15.135", "swiotlb-6.6.9", "swiotlb-6.9", "swiotlb-6.12.117" })
        {
            Assert.Matches("^(FAIL|HANG|[0-9 ]+)\n$", Run(model, Pool + line + "\n"));
        }
    }

    [Theory]
    [InlineData("tce-2.4", "cfg size=0x2000\n")]
    [InlineData("tce-2.6.15", "cfg size=0x2000\n")]
    [InlineData("tce-2.6.18", "cfg size=0x2000\n")]
    [InlineData("tce-6.1.192", "cfg size=0x2000\n")]
    [InlineData("gart-2.6.15", "cfg pages=0x2000\n")]
    [InlineData("gart-6.1.192", "cfg pages=0x2000\n")]
    [InlineData("iova-4.19", "cfg fast=0x1\n")]
    [InlineData("iova-6.12.117", "cfg fast=0x0\n")]
    public void A_request_for_everything_fails(string model, string pool) => Assert.Equal(
        "FAIL\n", Run(model, pool + "dev 0 dma_mask=0xffffffffffffffff\na 1 0 0 9223372036854775807 0 0x0\n"));

    [Theory]
    [InlineData("swiotlb-6.1.192", Pool + "a 1 0 0 0 0 0x0", 4, "SIZE")]
    [InlineData("swiotlb-6.1.192", Pool + "a 1 0 0 9223372036854775808 0 0x0", 4, "SIZE")]
    [InlineData("swiotlb-6.1.192", Pool + "a 1 0 0 -1 0 0x0", 4, "SIZE")]
    [InlineData("swiotlb-6.1.192", Pool + "a 1 0 3 1 0 0x0", 4, "profile 3")]
    [InlineData("swiotlb-6.1.192", Pool + "a 1 0 0 1 0", 4, "X")]
    [InlineData("swiotlb-6.1.192", Pool + "a 1 0 0 1 0 0x1 9", 4, "follows")]
    [InlineData("swiotlb-6.1.192", Pool + "a 1 0 0 1 0 0xg", 4, "X")]
    [InlineData("swiotlb-6.1.192", Pool + "f 9 0", 4, "ID 9")]
    [InlineData("swiotlb-6.1.192", Pool + "a 1 0 0 1 0 0x0\na 1 0 0 1 0 0x0", 5, "used before")]
    [InlineData("swiotlb-6.1.192", Pool + "a 1 0 0 1 0 0x0\nf 1 0\nf 1 0", 6, "ID 1")]
    [InlineData("swiotlb-6.1.192", Pool + "x", 4, "'x'")]
    [InlineData("swiotlb-6.1.192", "cfg nslabs\ns", 1, "KEY=0xHEX")]
    [InlineData("swiotlb-6.1.192", "cfg nslabs=0x0\ns", 1, "nslabs")]
    [InlineData("swiotlb-6.1.192", "cfg nslabs=0x8000000000000000\ns", 1, "nslabs")]
    [InlineData("swiotlb-6.1.192", "s", 0, "nslabs")]
    [InlineData("swiotlb-6.1.192", "cfg nslabs=0x80\ncfg nareas=0x3\ns", 0, "areas")]
    [InlineData("swiotlb-6.1.192", "cfg nslabs=0x80\ncfg nareas=0x100\ns", 0, "areas")]
    [InlineData("tce-6.1.192", "cfg size=0x1000\ncfg blocksize=0x3\ns", 0, "blocksize")]
    [InlineData("tce-6.1.192", "cfg size=0x1000\ndev 0\na 1 0 0 1 64 0x0", 3, "ALIGN")]
    [InlineData("tce-6.1.192", "cfg size=0x1000\ndev 0\na 1 0 0 1 0 0x3", 3, "X")]
    [InlineData("gart-6.1.192", "cfg pages=0x1000\ndev 0\na 1 0 0 1 2 0x0", 3, "ALIGN")]
    [InlineData("gart-6.1.192", "cfg pages=0x20\ncfg emergency_pages=0x20\ns", 0, "emergency")]
    [InlineData("iova-6.1.192", "cfg ncpus=0x0\ns", 1, "ncpus")]
    [InlineData("swiotbl-6.1", "", 0, "not a model")]
    [InlineData("swiotlb", "", 0, "kernel version")]
    [InlineData("swiotlb-linux", "", 0, "kernel version")]
    [InlineData("", "", 0, "not a model")]
    public void A_bad_script_is_refused_with_its_line(string model, string script, long line, string about)
    {
        var error = Assert.Throws<ScriptException>(() => Run(model, script));
        Assert.Equal(line, error.Line);
        Assert.Contains(about, error.Problem, StringComparison.Ordinal);
    }

    private static string Run(string model, string script)
    {
        var answers = new StringWriter();
        SimulateScript.Run(model, new MemoryStream(Encoding.UTF8.GetBytes(script)), answers);
        return answers.ToString();
    }
}
