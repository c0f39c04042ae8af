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
