using TraceReplay.Demand;
using TraceReplay.Demand.Planning;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Analysis.Tests;

/// <summary>Plans from inventories, each number worked out by hand from the lines.</summary>
public sealed class InventoryPlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inventory").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Two paths of one LUN and one of another through host1 and host2; lpfc of 2.6.18: depth 30, 8,182 commands, 64 segments.
    [Fact]
    public void LsscsiGivesPathsAndDrivers()
    {
        Write("lsscsi", "[1:0:0:0]    disk    DDN      S2A 6620         1.03  /dev/sda\n[1:0:0:1]    disk    DDN      S2A 6620         1.03  /dev/sdb\n[2:0:0:0]    disk    DDN      S2A 6620         1.03  /dev/sdc\n");
        Write("lsscsi_-H", "[1]    lpfc\n[2]    lpfc\n");
        var hosts = Read(new PlanNumbers(), kernel: "2.6.18").Hosts;
        Assert.Equal([("host1", 2L, "lpfc"), ("host2", 1L, "lpfc")], hosts.Select(host => (host.Name, host.LunPaths.Most, host.Driver)));
        Assert.All(hosts, host => Assert.Equal((30L, 8182L, 64L), (host.QueueDepth.Most, host.CanQueue!.Most, host.Segments.Most)));
        Assert.All(hosts, host => Assert.Equal(Basis.DriverDefault, host.QueueDepth.Basis));
        var plan = Planner.Run(Read(new PlanNumbers(), kernel: "2.6.18")).Pools[0];
        // 2 x 30 x 64 + ceil(2 x 32 / 4) pages of buffers
        Assert.Equal((2 * 30 * 64) + 16, plan.Hosts[0].Demand.Most);
    }

    [Fact]
    public void ValuesOfTheMachineGoBeforeDefaults()
    {
        Write("lsscsi", "[3:0:0:0]    disk    DDN      S2A 6620         1.03  /dev/sda\n[3:0:0:1]    disk    DDN      S2A 6620         1.03  /dev/sdb\n");
        Write("values", "/sys/class/scsi_host/host3/proc_name:lpfc\n/sys/class/scsi_host/host3/cmd_per_lun:3\n/sys/class/scsi_host/host3/can_queue:8182\n/sys/class/scsi_host/host3/sg_tablesize:128\n"
            + "/sys/class/scsi_host/host3/lpfc_lun_queue_depth:16\n/sys/bus/scsi/devices/3:0:0:0/queue_depth:20\n");
        var host = Assert.Single(Read(new PlanNumbers(), kernel: "2.6.32").Hosts);
        Assert.Equal((16L, 20L), (host.QueueDepth.Least, host.QueueDepth.Most)); // one path's own depth, the other's from the host
        Assert.Equal(128, host.Segments.Most);
        Assert.Equal(8182, host.CanQueue!.Most);
        Assert.Equal(Basis.Inventory, host.Segments.Basis);
        Assert.Null(host.TotalDepth);
    }

    [Fact]
    public void DepthsOfAllPathsAreAddedUp()
    {
        Write("lsscsi", "[3:0:0:0]    disk    DDN      S2A 6620         1.03  /dev/sda\n[3:0:0:1]    disk    DDN      S2A 6620         1.03  /dev/sdb\n");
        Write("values", "/sys/bus/scsi/devices/3:0:0:0/queue_depth:20\n/sys/bus/scsi/devices/3:0:0:1/queue_depth:5\n/sys/class/scsi_host/host3/proc_name:lpfc\n");
        var plan = Planner.Run(Read(new PlanNumbers { Segments = new Bounds(10, 10) }, kernel: "6.1")).Pools[0];
        Assert.Equal(25, plan.Hosts[0].Commands.Most);
        Assert.Equal(250, plan.Hosts[0].Demand.Most);
    }

    // Of four paths two stand by.
    [Fact]
    public void PathsThatStandByAreTheUpperBoundOnly()
    {
        Write("multipath_-ll", "mpath19 (360001ff0721160000000002688e10002) dm-2 DDN,S2A 6620\n[size=21T][features=1 queue_if_no_path][hwhandler=0][rw]\n"
            + "\\_ round-robin 0 [prio=50][active]\n \\_ 1:0:0:2 sdg 8:96  [active][ready]\n \\_ 1:0:1:2 sdh 8:112 [active][ready]\n"
            + "\\_ round-robin 0 [prio=10][enabled]\n \\_ 1:0:2:2 sdf 8:80  [active][ready]\n \\_ 1:0:3:2 sdi 8:128 [active][ready]\n");
        var host = Assert.Single(Read(new PlanNumbers { CommandsPerLun = new Bounds(8, 8), Segments = new Bounds(4, 4) }, kernel: "2.6.18").Hosts);
        Assert.Equal((2L, 4L), (host.LunPaths.Least, host.LunPaths.Most));
        Assert.Equal(Basis.Stated, host.QueueDepth.Basis);
    }

    [Fact]
    public void WhatNothingTellsIsLeftOpenAndSaid()
    {
        Write("lsscsi", "[3:0:0:0]    disk    DDN      S2A 6620         1.03  /dev/sda\n");
        var input = Read(new PlanNumbers(), kernel: "6.1");
        var host = Assert.Single(input.Hosts);
        Assert.Null(host.CanQueue);
        Assert.True(host.QueueDepth is { Least: 1, Most: > 1, Basis: Basis.Assumed });
        Assert.Contains(input.Notes, note => note.Contains("queue depth", StringComparison.Ordinal));
    }

    [Fact]
    public void SourcesThatDisagreeAreBothShown()
    {
        Write("a-values", "/sys/class/scsi_host/host3/proc_name:lpfc\n/sys/class/scsi_host/host3/can_queue:8182\n");
        Write("b-values", "/sys/class/scsi_host/host3/can_queue:100\n/sys/class/scsi_host/host3/cmd_per_lun:3\n");
        Write("lsscsi", "[3:0:0:0]    disk    DDN      S2A 6620         1.03  /dev/sda\n");
        Assert.Contains(Read(new PlanNumbers(), kernel: "6.1").Notes, note =>
            note.Contains("8182", StringComparison.Ordinal) && note.Contains("100", StringComparison.Ordinal));
    }

    [Fact]
    public void ThePoolOfTheLogsIsTaken()
    {
        Write("lsscsi", "[3:0:0:0]    disk    DDN      S2A 6620         1.03  /dev/sda\n");
        Write("dmesg", "[    0.000000] Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org)\n[    1.000000] software IO TLB: mapped [mem 0x000000005bfff000-0x000000005ffff000] (64MB)\n");
        var input = InventoryPlan.Read([_folder], [], new PlanNumbers(), new PlanInput { Hosts = [], Pools = [] }, CancellationToken.None).Input;
        Assert.Equal("swiotlb", Core.PoolKindNames.Name(Planner.Run(input).Pools[0].Kind));
        Assert.Equal(32_768, Planner.Run(input).Pools[0].Geometry.Units);
    }

    // Two hosts known by their attributes alone; 16,000 LUNs on two paths are 16,000 on each.
    [Fact]
    public void StatedLunsAreSpreadOverTheHostsOfTheInventory()
    {
        Write("values", "/sys/class/scsi_host/host3/proc_name:lpfc\n/sys/class/scsi_host/host3/can_queue:8182\n/sys/class/scsi_host/host4/proc_name:lpfc\n/sys/class/scsi_host/host4/can_queue:1000\n");
        var input = Read(new PlanNumbers { Luns = new Bounds(16_000, 16_000), Paths = new Bounds(2, 2) }, kernel: "2.6.18");
        Assert.Equal([16_000L, 16_000L], input.Hosts.Select(host => host.LunPaths.Most));
        Assert.Equal([8182L, 1000L], Planner.Run(input).Pools[0].Hosts.Select(host => host.Commands.Most));
    }

    [Fact]
    public void AStatedDriverFillsWhatTheInventoryLeavesOpen()
    {
        Write("lsscsi", "[3:0:0:0]    disk    DDN      S2A 6620         1.03  /dev/sda\n");
        Assert.Equal(30, Assert.Single(Read(new PlanNumbers { Driver = "lpfc" }, kernel: "2.6.18").Hosts).QueueDepth.Most);
    }

    [Fact]
    public void WithoutHostsThereIsNoPlan()
    {
        Write("lsscsi_-H", "[1]    lpfc\n");
        Assert.Equal("no SCSI host with a LUN is in the inventory", Assert.Throws<PlanException>(() => Read(new PlanNumbers(), kernel: "6.1")).Message);
    }

    /// <summary>Of what was of no use it is said which file it was and why, as <c>analyze</c> says it.</summary>
    [Fact]
    public void InputsOfNoUseAreTold()
    {
        Write("empty", string.Empty);
        Write("binary", "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009");
        string[] files = [Path.Combine(_folder, "empty"), Path.Combine(_folder, "binary")];
        var failure = Assert.Throws<PlanException>(() => Read(new PlanNumbers(), kernel: "6.1", files));
        Assert.Equal(
            $"no SCSI host with a LUN is in the inventory ({files[1]}: not recognised as any known format (binary, begins with 0102030405060708); {files[0]}: empty)", failure.Message);
        var many = Enumerable.Range(0, 5).Select(i => Path.Combine(_folder, "empty" + i)).ToArray();
        Assert.All(many, path => File.WriteAllText(path, string.Empty));
        Assert.EndsWith("; and 2 more inputs)", Assert.Throws<PlanException>(() => Read(new PlanNumbers(), kernel: "6.1", many)).Message, StringComparison.Ordinal);
    }

    private PlanInput Read(PlanNumbers numbers, string kernel, params string[] inputs) => InventoryPlan.Read(
        inputs.Length > 0 ? inputs : [_folder], [PoolSpec.Parse("tce(window=256MiB)")], numbers, new PlanInput { Kernel = kernel, Hosts = [], Pools = [] }, CancellationToken.None).Input;

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
