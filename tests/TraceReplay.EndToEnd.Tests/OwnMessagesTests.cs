namespace TraceReplay.EndToEnd.Tests;

/// <summary>A user's own catalog of kernel messages.</summary>
public sealed class OwnMessagesTests
{
    [Fact]
    public void TheyNeedNoCode()
    {
        using var folder = new TempFolder();
        var catalog = folder.Write("vendor.catalog", "# the vendor's\nfamily acme-ring-full\npool iova\nfailure\ntext - acme ring {ring:d} full: {bytes:d} bytes for {device}\n");
        var log = folder.Write("dmesg.txt", "[    1.000000] acme ring 3 full: 8192 bytes for 0000:05:00.0\n[    2.000000] acme ring 3 full: 4096 bytes for 0000:05:00.0\n");

        Assert.DoesNotContain("0000:05:00.0", Tool.Run("analyze", log).Output, StringComparison.Ordinal);
        var report = Tool.Run("analyze", log, "--catalog", catalog, "--format", "json").MustEndWith(0).Output;
        Assert.Contains("\"failures\": 2", report, StringComparison.Ordinal);
        Assert.Contains("0000:05:00.0", report, StringComparison.Ordinal);
        Assert.Contains("acme-ring-full", Tool.Run("messages", "--catalog", catalog).MustEndWith(0).Output, StringComparison.Ordinal);
        Tool.Run("ingest", log, "--catalog", catalog, "--db", folder.File("x.db")).MustEndWith(0);
        Assert.Contains("8192", Tool.Run("query", "--db", folder.File("x.db"), "SELECT bytes FROM failure WHERE family = 'acme-ring-full'").MustEndWith(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("family a\npool swiotbl\ntext - abcdef", ":2", "no pool is called 'swiotbl'")]
    [InlineData("text - abcdef", ":1", "before the first line 'family NAME'")]
    [InlineData("family a\n\ntext - abc {bytes:q}", ":3", "types are d x n p w s r")]
    [InlineData("family a\ncolour red\ntext - abcdef", ":2", "'colour' is no property")]
    [InlineData("family a\ntext - {a} {b}", ":2", "a literal of four characters")]
    [InlineData("family a\npool iova", ":1", "no text line")]
    [InlineData("family a\nanchors wxyz\ntext - abcdef", ":1", "none of its anchors")]
    public void AMistakeIsToldWithItsLine(string content, string place, string problem)
    {
        using var folder = new TempFolder();
        var catalog = folder.Write("own.catalog", content);

        var run = Tool.Run("messages", "--catalog", catalog).MustEndWith(0);

        Assert.Contains("own.catalog" + place, run.Error, StringComparison.Ordinal);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.Contains("parsers/README.md", run.Error, StringComparison.Ordinal);
        Assert.Contains("swiotlb-full", run.Output, StringComparison.Ordinal);
    }
}
