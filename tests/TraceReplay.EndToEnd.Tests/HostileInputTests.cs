namespace TraceReplay.EndToEnd.Tests;

/// <summary>Inputs that are damaged, empty or mean harm: a clear message, the right exit code, never a stack trace.</summary>
public sealed class HostileInputTests
{
    private static string Trace => Path.Combine(Captures.Sample("06-greedy-vs-innocent"), "trace.txt.zst");

    [Fact]
    public void MissingFile() => MustFail(Tool.Run("analyze", "/no/such/file"), "/no/such/file");

    /// <summary>An answer that leaves out half of what was asked for would be a wrong one; and no database is begun.</summary>
    [Theory]
    [InlineData("analyze")]
    [InlineData("ingest")]
    public void SecondFileMissing(string command)
    {
        using var folder = new TempFolder();
        var database = Path.Combine(folder.ToString(), "case.db");
        MustFail(Tool.Run(command, Trace, "/no/such/file", "/nor/this", "--db", database), "no /nor/this");
        Assert.False(File.Exists(database));
    }

    /// <summary>Pools that no kernel could have, and addresses outside of them, in the canonical CSV.</summary>
    [Theory]
    [InlineData("", "4096,1,0xffffffffffffffff,", "scsi-dma")]
    [InlineData("", "512,1,0x7fffffff000,", "gart")]
    [InlineData("# pool=gart units=1\n", "512,1,0x0,", "gart")]
    [InlineData("# pool=iova units=1\n", "512,1,0x1000,", "iova")]
    [InlineData("# pool=tce units=9223372036854775807 unit_bytes=3\n", "9223372036854775807,1,0x1000,0xffffffffffffffff", "tce")]
    [InlineData("# pool=scsi-dma units=70000\n", "512,1,0x1000,0xffffffffffffffff", "scsi-dma")]
    [InlineData("# pool=calgary units=99999999999999 base=0xffffffffffffffff unit_bytes=8\n", "512,1,0x1000,", "calgary")]
    [InlineData("# kernel=2.4\n# pool=tce units=100\n", "512,1,0x1000,", "tce")]
    [InlineData("# pool=swiotlb nslabs=3 areas=3\n", "512,1,0x1000,0x2000", "swiotlb")]
    [InlineData("# pool=gart units=1073741824\n", "512,1,0x1000,", "gart")]
    public void PoolsThatCannotBe(string head, string row, string pool)
    {
        using var folder = new TempFolder();
        var file = folder.Write("trace.csv", $"{head}time_ns,op,device,size,id,dma_addr,phys_addr,result,pool\n1,map,d,{row},ok,{pool}\n"
            + $"2,map,d,4096,2,,,ENOMEM,{pool}\n3,unmap,d,,1,,,ok,{pool}\n4,unmap,d,,1,,,ok,{pool}\n");
        var run = Tool.Run("analyze", file).MustEndWith(0);
        Assert.DoesNotContain("should not have happened", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyFile()
    {
        using var folder = new TempFolder();
        MustFail(Tool.Run("analyze", folder.Write("empty.txt", string.Empty)), "TR0");
    }

    [Fact]
    public void EmptyDatabase()
    {
        using var folder = new TempFolder();
        var empty = folder.Write("empty.db", string.Empty);
        foreach (var command in new[] { "diagnose", "replay" })
        {
            MustFail(Tool.Run(command, "--db", empty), "is empty: nothing was stored in it yet");
        }

        Tool.Run("ingest", folder.Write("dmesg.txt", "[    0.500000] Linux version 6.1.0\n"), "--db", empty).MustEndWith(0);
        Tool.Run("query", "@failures", "--db", empty).MustEndWith(0);
    }

    [Fact]
    public void EmptyFolder()
    {
        using var folder = new TempFolder();
        MustFail(Tool.Run("analyze", folder.ToString()), "nothing usable");
    }

    [Fact]
    public void FolderOfOtherThings()
    {
        using var folder = new TempFolder();
        folder.Write("letter.txt", "Dear Sir or Madam,\n");
        MustFail(Tool.Run("analyze", folder.ToString()), "TR0");
    }

    [Fact]
    public void Junk()
    {
        using var folder = new TempFolder();
        var bytes = new byte[100_000];
        new Random(20061126).NextBytes(bytes);
        MustFail(Tool.Run("analyze", folder.Write("junk.bin", bytes)), "TR0");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(1000)]
    [InlineData(200_000)]
    public void TruncatedZstdKeepsWhatCameBeforeTheCut(int bytes)
    {
        using var folder = new TempFolder();
        var path = folder.Write("trace.txt.zst", File.ReadAllBytes(Trace)[..bytes]);
        var run = Tool.Run("analyze", path, "--format", "json");
        MustNotCrash(run);
        if (bytes > 100_000)
        {
            run.MustEndWith(0);
            Assert.Contains(run.Json.GetProperty("warnings").EnumerateArray(),
                warning => warning.GetProperty("severity").GetString() == "data-loss");
        }
    }

    [Fact]
    public void HostileNamesInALog()
    {
        using var folder = new TempFolder();
        var path = folder.Write("dmesg.txt",
            "[    1.000000] \u001b[2Jevil\u202e <script>: swiotlb buffer is full (sz: 4096 bytes), total 2048 (slots), used 2041 (slots)\n"
            + "[    1.100000] [red]x 0000:00:02.0: swiotlb buffer is full (sz: 99999999999999999999 bytes), total -1 (slots), used 0x (slots)\n"
            + "[99999999999999999999.0] e1000 0000:00:03.0: swiotlb buffer is full (sz: 1 bytes), total 2048 (slots), used 9223372036854775807 (slots)\n");
        foreach (var format in new[] { "text", "json", "markdown", "html" })
        {
            var run = Tool.Run("analyze", path, "--format", format);
            MustNotCrash(run);
            Assert.DoesNotContain('\u001b', run.Output);
            Assert.DoesNotContain('\u202e', run.Output);
        }
    }

    [Fact]
    public void UnreadableDevicesAndLoops()
    {
        using var folder = new TempFolder();
        Directory.CreateSymbolicLink(folder.File("loop"), folder.ToString());
        MustNotCrash(Tool.Run("analyze", folder.ToString()));
    }

    private static void MustFail(ToolRun run, string says)
    {
        MustNotCrash(run);
        run.MustEndWith(1);
        Assert.Empty(run.Output);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    private static void MustNotCrash(ToolRun run)
    {
        Assert.InRange(run.ExitCode, 0, 3);
        Assert.DoesNotContain("TR0999", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", run.Error, StringComparison.Ordinal);
    }
}
