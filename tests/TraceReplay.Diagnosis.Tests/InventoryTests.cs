using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests;

public class InventoryTests
{
    private static readonly SourceRef Here = new("lsscsi.txt", 3);
    private static readonly SourceRef There = new("multipath.txt", 9);
    private static readonly ScsiAddress Address = new(3, 0, 1, 7);

    [Fact]
    public void What_several_sources_say_of_one_path_is_merged()
    {
        var facts = new CaseFacts();
        facts.Add(new LunPathFact(Address, Here) { Vendor = "IBM", Node = "sdb" });
        facts.Add(new LunPathFact(Address, There) { Node = "sdb", Map = "mpatha", Wwid = "3600" });

        var path = Assert.Single(facts.Inventory.LunPaths);
        Assert.Equal(("IBM", "sdb", "mpatha", "3600"), (path.Vendor, path.Node, path.Map, path.Wwid));
        Assert.Equal(Here, path.Source);
        Assert.Equal(3, Assert.Single(facts.Inventory.Hosts).Host);
        Assert.Empty(facts.Inventory.Conflicts);
    }

    [Fact]
    public void The_first_value_stands_and_the_other_is_kept_as_a_conflict()
    {
        var inventory = new Inventory();
        inventory.Add(new ScsiHostFact(3, Here) { CanQueue = 8182, Driver = "lpfc" });
        inventory.Add(new ScsiHostFact(3, There) { CanQueue = 2038, Driver = "lpfc", SgTablesize = 64 });

        var host = Assert.Single(inventory.Hosts);
        Assert.Equal((8182, 64), (host.CanQueue, host.SgTablesize));
        Assert.Equal(new InventoryConflict("host3", "can_queue", "8182", Here, "2038", There), Assert.Single(inventory.Conflicts));
    }

    [Fact]
    public void A_running_parameter_stands_before_the_command_line_and_that_before_a_file()
    {
        var inventory = new Inventory();
        inventory.Add(new ModuleParameterFact("lpfc", "lpfc_lun_queue_depth", "1", ParameterOrigin.Configured, Here));
        inventory.Add(new ModuleParameterFact("lpfc", "lpfc_lun_queue_depth", "2", ParameterOrigin.CommandLine, Here));
        inventory.Add(new ModuleParameterFact("lpfc", "lpfc_lun_queue_depth", "3", ParameterOrigin.CommandLine, Here));
        Assert.Equal("3", inventory.Parameter("lpfc", "lpfc_lun_queue_depth")?.Value);

        inventory.Add(new ModuleParameterFact("lpfc", "lpfc_lun_queue_depth", "30", ParameterOrigin.Running, There));
        Assert.Equal("30", inventory.Parameter("lpfc", "lpfc_lun_queue_depth")?.Value);
        Assert.Null(inventory.Parameter("qla2xxx", "ql2xmaxqdepth"));
    }

    [Fact]
    public void Luns_are_counted_by_identity_and_paths_by_address()
    {
        var facts = new CaseFacts();
        for (ulong i = 0; i < 8; i++)
        {
            facts.Add(new LunPathFact(new ScsiAddress(3 + (int)(i % 2), 0, 0, i / 2), Here) { Type = "disk", QueueDepth = 30 });
            facts.Add(new LunPathFact(new ScsiAddress(3 + (int)(i % 2), 0, 0, i / 2), There) { Map = $"mpath{i / 2}", Wwid = $"3600{i / 2}" });
        }

        facts.Add(new LunPathFact(new ScsiAddress(5, 0, 0, 0), Here) { Type = "tape" });
        facts.Add(new MultipathMapFact("mpath0", There));
        facts.Add(new ModuleParameterFact("lpfc", "lpfc_lun_queue_depth", "30", ParameterOrigin.Configured, Here));
        facts.Add(new ScsiHostFact(3, Here) { Driver = "lpfc" });

        var report = InventoryReport.Of(facts, new HashSet<string>(StringComparer.Ordinal) { There.Path })!;
        facts.Add(new LunPathFact(new ScsiAddress(5, 0, 0, 1), There) { Type = "tape" });
        Assert.Equal(1, InventoryReport.Of(facts, new HashSet<string>(StringComparer.Ordinal) { There.Path })!.LunPathsFromLog);
        Assert.Equal((9, 4, 1), (report.LunPaths, report.Luns, report.Maps));
        Assert.Equal(((2L, 2L), (30L, 30L)), (report.PathsPerMap, report.QueueDepth));
        Assert.Equal([(3, 4L), (4, 4L), (5, 1L)], report.Hosts.Select(h => (h.Facts.Host, h.LunPaths)));
        Assert.Equal("lpfc_lun_queue_depth", Assert.Single(report.Parameters).Parameter);
    }

    [Fact]
    public void Luns_are_not_counted_where_a_path_has_no_identity()
    {
        var facts = new CaseFacts();
        facts.Add(new LunPathFact(Address, Here) { Type = "disk" });
        Assert.Null(InventoryReport.Of(facts, new HashSet<string>(StringComparer.Ordinal) { There.Path })!.Luns);
        Assert.Null(InventoryReport.Of(new CaseFacts(), new HashSet<string>(StringComparer.Ordinal)));
    }

    [Fact]
    public void Parameters_on_the_command_line_are_among_the_others()
    {
        var facts = new CaseFacts();
        facts.Add(new MachineFact(Here) { CommandLine = "ro lpfc.lpfc_lun_queue_depth=1 rd.lvm.lv=a/b scsi-mod.max_luns=\"7\" -- lpfc.x=2" });
        Assert.Equal(
            [("lpfc", "lpfc_lun_queue_depth", "1"), ("scsi_mod", "max_luns", "7")],
            facts.Inventory.Parameters.Select(p => (p.Module, p.Parameter, p.Value)));
    }

    [Fact]
    public void Conflicts_are_said_once_for_each_value_with_both_places()
    {
        var inventory = new Inventory();
        for (var host = 0; host < 5; host++)
        {
            inventory.Add(new ScsiHostFact(host, Here) { CanQueue = 1 });
            inventory.Add(new ScsiHostFact(host, There) { CanQueue = 2 });
        }

        var remark = Assert.Single(InventoryRemarks.Of(inventory));
        Assert.Contains("host0: 1 (lsscsi.txt:3) and 2 (multipath.txt:9)", remark.Message, StringComparison.Ordinal);
        Assert.Contains("and 2 more", remark.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3:0:1:7", true)]
    [InlineData("3:0:1:18446744073709551615", true)]
    [InlineData("3:0:1:18446744073709551616", false)]
    [InlineData("3:0:1", false)]
    [InlineData("3:0:1:7:9", false)]
    [InlineData("-3:0:1:7", false)]
    [InlineData("N:0:1:7", false)]
    [InlineData("", false)]
    public void An_address_is_four_numbers(string text, bool good)
    {
        Assert.Equal(good, ScsiAddress.TryParse(text, out var address));
        Assert.True(!good || address.ToString() == text);
    }
}
