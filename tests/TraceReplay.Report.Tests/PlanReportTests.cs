using System.Text.Json;
using TraceReplay.Demand.Planning;
using TraceReplay.Pools.Specs;
using TraceReplay.TestSupport;

namespace TraceReplay.Report.Tests;

/// <summary>Plans as text, Markdown and JSON.</summary>
public sealed class PlanReportTests
{
    private const string Hostile = "h\u001b[31m|`[red]<b>\u202e";

    private static readonly PlanNumbers Origin = new()
    {
        Luns = new Bounds(16_000, 16_000), Paths = new Bounds(2, 2), CommandsPerLun = new Bounds(3, 30), Segments = new Bounds(64, 64), Driver = "lpfc",
        Kernel = "2.6.16",
    };

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    public void TextLooksAsApproved(int width)
    {
        var text = Text(Plan(Origin, "tce(kernel=2.6.16, window=256MiB)", "scsi-dma(kernel=2.4)"), new TextOptions(false, width));
        Approved.Check($"plan-{width}.txt", text);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width && line.TrimEnd() == line, line));
    }

    [Fact]
    public void InAsciiThereIsNoOtherSign() => Assert.All(
        Text(Plan(Origin, "tce(kernel=2.6.16, window=256MiB)"), new TextOptions(false, 100) { Unicode = false }), sign => Assert.True(sign < 0x80));

    [Fact]
    public void MarkdownLooksAsApproved()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        PlanMarkdown.Write(Plan(Origin, "tce(kernel=2.6.16, window=256MiB)"), writer);
        Approved.Check("plan.md", writer.ToString());
    }

    [Fact]
    public void NamesOfTheInventoryDriveNothing()
    {
        var plan = Plan(Origin with { Luns = new Bounds(5, 5) }, "swiotlb(size=64MiB)");
        var hosts = plan.Pools[0].Hosts.Select(host => host with { Host = host.Host with { Name = Hostile, Driver = Hostile } }).ToList();
        plan = plan with { Pools = [plan.Pools[0] with { Hosts = hosts, Notes = [Hostile], Spec = Hostile }], Notes = [Hostile] };
        Assert.DoesNotContain('\u001b', Text(plan, new TextOptions(false, 100)));
        Assert.DoesNotContain('\u202e', Text(plan, new TextOptions(true, 100)));
        using var markdown = new StringWriter();
        PlanMarkdown.Write(plan, markdown);
        Assert.DoesNotContain("<b>", markdown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', markdown.ToString());
        Assert.Equal(Hostile, Json(plan).GetProperty("pools")[0].GetProperty("hosts")[0].GetProperty("host").GetString());
    }

    [Fact]
    public void JsonHoldsBoundsWithTheirBasis()
    {
        var pool = Json(Plan(Origin, "tce(kernel=2.6.16, window=256MiB)")).GetProperty("pools")[0];
        var depth = pool.GetProperty("hosts")[0].GetProperty("queue_depth");
        Assert.Equal((3, 30, "stated"), (depth.GetProperty("least").GetInt64(), depth.GetProperty("most").GetInt64(), depth.GetProperty("basis").GetString()));
        Assert.Equal(2, pool.GetProperty("pools").GetInt64());
        var hba = pool.GetProperty("settings").EnumerateArray().Single(setting => setting.GetProperty("kind").GetString() == "host-commands");
        Assert.Equal(8192, hba.GetProperty("present").GetProperty("most").GetInt64());
        Assert.Equal($"lpfc_hba_queue_depth={hba.GetProperty("value").GetInt64()}", hba.GetProperty("change").GetString());
    }

    private static PlanReport Plan(PlanNumbers numbers, params string[] pools)
    {
        var notes = new List<string>();
        return Planner.Run(new PlanInput
        {
            Kernel = numbers.Kernel, Arch = "ppc64", Hosts = numbers.MakeHosts(notes), Pools = [.. pools.Select(PoolSpec.Parse)], Notes = notes,
        });
    }

    private static string Text(PlanReport plan, TextOptions options)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        PlanText.Write(plan, writer, options);
        return writer.ToString();
    }

    private static JsonElement Json(PlanReport plan)
    {
        using var stream = new MemoryStream();
        PlanJson.Write(plan, stream);
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }
}
