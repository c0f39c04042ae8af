using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Machine inventories: hosts, LUNs, paths, queues, parameters, memory. The lsscsi files were printed by lsscsi 0.31.</summary>
public class InventoryFormatTests
{
    private static readonly ScsiAddress Long = new(3, 0, 0, 4659);

    [Theory]
    [InlineData("")]
    [InlineData("_generic")]
    [InlineData("_generic_size")]
    [InlineData("_scsi_id")]
    [InlineData("_device_numbers")]
    [InlineData("_wwn")]
    [InlineData("_hex_luns")]
    [InlineData("_list")]
    [InlineData("_long")]
    [InlineData("_verbose")]
    public void Every_form_of_lsscsi_gives_the_same_columns(string form)
    {
        var paths = Reading.Fixtures($"lsscsi.fc{form}.txt").Of<LunPathFact>().ToArray();

        Assert.Equal(20, paths.Length);
        var path = paths.Single(p => p.Address == Long);
        Assert.Equal(("disk", "IBM", "2107900", ".217", "sde"), (path.Type, path.Vendor, path.Model, path.Rev, path.Node));
        Assert.Contains(paths, p => p is { Address: { Host: 5, Target: 2, Lun: 49409 }, Type: "wlun", Vendor: "NETAPP", Model: "LUN C-Mode", Node: null });
        Assert.Contains(paths, p => p is { Address: { Host: 5, Target: 4 }, Vendor: "AIC CORP", Model: "SAS 12G Expander", Rev: "0b01" });
        Assert.Contains(paths, p => p is { Address: { Host: 5, Target: 1 }, Vendor: "DGC", Model: "", Rev: "0533", Node: "sdq" });
    }

    [Theory]
    [InlineData("_transport")]
    [InlineData("_brief")]
    public void Forms_without_an_inquiry_give_addresses_and_nodes(string form)
    {
        var paths = Reading.Fixtures($"lsscsi.fc{form}.txt").Of<LunPathFact>().ToArray();

        Assert.Equal(20, paths.Length);
        Assert.Equal("sde", paths.Single(p => p.Address == Long).Node);
        Assert.All(paths, p => Assert.Null(p.Vendor));
    }

    [Fact]
    public void Options_of_lsscsi_add_what_they_add()
    {
        Assert.Equal("sg4", Path("lsscsi.fc_generic.txt").Sg);
        Assert.Equal(1_070_000_000, Path("lsscsi.fc_generic_size.txt").Bytes);
        Assert.Equal(30, Path("lsscsi.fc_list.txt").QueueDepth);
        Assert.Equal(30, Path("lsscsi.fc_long.txt").QueueDepth);
        Assert.Equal("3600507630affc5b80000000000000001", Reading.Fixtures("lsscsi.fc_scsi_id.txt").Of<LunPathFact>().Single(p => p.Node == "sdc").Wwid);
        Assert.Contains(Reading.Fixtures("lsscsi.fc_verbose.txt").Of<ScsiHostFact>(), h => h is { Host: 3, Device: "0000:05:00.0" });

        static LunPathFact Path(string fixture) => Reading.Fixtures(fixture).Of<LunPathFact>().Single(p => p.Address == Long);
    }

    [Fact]
    public void Hosts_of_lsscsi()
    {
        Assert.Equal([(0, "ahci"), (3, "lpfc"), (4, "lpfc"), (5, "qla2xxx")], Reading.Fixtures("lsscsi.hosts.txt").Of<ScsiHostFact>().Select(h => (h.Host, h.Driver)));
        var listed = Reading.Fixtures("lsscsi.hosts_list.txt").Of<ScsiHostFact>().Single(h => h.Host == 3);
        Assert.Equal((8182, 3, 64, false), (listed.CanQueue, listed.CmdPerLun, listed.SgTablesize, listed.UncheckedIsaDma));
        Assert.Equal(1024, Reading.Fixtures("lsscsi.hosts_long.txt").Of<ScsiHostFact>().Single(h => h.Host == 5).SgTablesize);
        Assert.Equal("0000:06:00.0", Reading.Fixtures("lsscsi.hosts_verbose.txt").Of<ScsiHostFact>().Single(h => h.Host == 5).Device);
    }

    [Fact]
    public void Columns_are_found_where_blanks_were_lost_and_unknown_ones_are_said()
    {
        var sink = Reading.Text("""
            [0:0:0:0] disk SEAGATE ST373207LC D703 /dev/sda /dev/sg0
            [1:0:0:2] disk DDN S2A 6620 1.03 /dev/sdg /dev/sg7 blue=7
            [N:0:1:1] disk Samsung SSD 970__1 /dev/nvme0n1
            """, "x.txt");

        Assert.Equal(
            [("SEAGATE", "ST373207LC", "D703", "sda", "sg0"), ("DDN", "S2A 6620", "1.03", "sdg", "sg7")],
            sink.Of<LunPathFact>().Select(p => (p.Vendor, p.Model, p.Rev, p.Node, p.Sg)));
        Assert.Contains("blue=7", Assert.Single(sink.Diagnostics, d => d.Code == Notice.UnknownColumns.Code).Message, StringComparison.Ordinal);
        Assert.Equal("nvme0n1", sink.Of<ConsumerFact>().Single(c => c.Consumer == "N:0:1:1").Alias);
    }

    [Fact]
    public void Stamped_logs_are_no_hosts_of_lsscsi()
    {
        var sink = Reading.Text("[    0.000000] Linux version 6.1.0\n[    1.000000] e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes)\n[    2]  x y. z\n");

        Assert.Equal("dmesg", Assert.Single(sink.Sources).Format);
    }

    [Fact]
    public void Proc_scsi_of_every_generation()
    {
        var old = Reading.Fixtures("proc-scsi.2.4.txt").Of<LunPathFact>().ToArray();
        Assert.Equal(["disk", "disk", "disk", "tape"], old.Select(p => p.Type), StringComparer.Ordinal);
        Assert.Equal((new ScsiAddress(1, 0, 1, 254), "IBM", "2105800", "3.77"), (old[2].Address, old[2].Vendor, old[2].Model, old[2].Rev));
        var now = Reading.Fixtures("proc-scsi.long_luns_6.12.txt").Of<LunPathFact>().ToArray();
        Assert.Equal(new ScsiAddress(3, 1, 12, 4611686018427387904), now[1].Address);
        Assert.Equal(("DGC", "", "0533", "disk"), (now[1].Vendor, now[1].Model, now[1].Rev, now[1].Type));
        var classic = Reading.Fixtures("proc-scsi.lsscsi_classic.txt").Of<LunPathFact>().ToArray();
        Assert.Equal((20, 4659UL), (classic.Length, classic[4].Address.Lun));
    }

    [Fact]
    public void Maps_of_multipath_and_their_paths()
    {
        var old = Reading.Fixtures("multipath.rhel5.txt");
        Assert.Equal(
            [("mpath19", "360001ff0721160000000002688e10002", "dm-2"), ("360001ff0721160000000002788e20003", "360001ff0721160000000002788e20003", "dm-3")],
            old.Of<MultipathMapFact>().Select(m => (m.Map, m.Wwid, m.Dm)));
        var map = old.Of<MultipathMapFact>().First();
        Assert.Equal(("DDN", "S2A 6620", 21L << 40, "1 queue_if_no_path", "round-robin 0"), (map.Vendor, map.Model, map.Bytes, map.Features, map.Policy));
        Assert.Equal(
            [("sdg", "mpath19", "active", "active ready"), ("sdf", "mpath19", "enabled", "active ready")],
            old.Of<LunPathFact>().Take(2).Select(p => (p.Node, p.Map, p.GroupState, p.PathState)));
        Assert.Equal("failed faulty", old.Of<LunPathFact>().Last().PathState);

        var oldest = Reading.Fixtures("multipath.rhel4.txt");
        Assert.Equal(("mpath1", 10L << 30), (oldest.Of<MultipathMapFact>().Single().Map, oldest.Of<MultipathMapFact>().Single().Bytes));
        Assert.Equal(2, oldest.Of<LunPathFact>().Count());
    }

    [Fact]
    public void Maps_of_newer_multipath()
    {
        var sink = Reading.Fixtures("multipath.rhel6.txt");

        Assert.Equal(["mpathax", "3600507630affc5b80000000000000001", "uuid.3b07fa38-2a1c-4d58-9f6b-6d8f5a1c4d11"], sink.Of<MultipathMapFact>().Select(m => m.Map), StringComparer.Ordinal);
        Assert.Equal(("LIO-ORG", "testvol1"), (sink.Of<MultipathMapFact>().First().Vendor, sink.Of<MultipathMapFact>().First().Model));
        Assert.Equal(("nvme1n1", 2L << 30), (sink.Of<MultipathMapFact>().Last().Dm, sink.Of<MultipathMapFact>().Last().Bytes));
        Assert.Equal([2, 4], sink.Of<LunPathFact>().GroupBy(p => p.Map, StringComparer.Ordinal).Select(g => g.Count()));
        Assert.Equal("active ghost running", sink.Of<LunPathFact>().Single(p => p.Node == "sdl").PathState);
        Assert.Contains(sink.Diagnostics, d => d.Message.Contains("1 paths have no address", StringComparison.Ordinal));
    }

    [Fact]
    public void Noise_of_verbose_multipath_is_passed_over()
    {
        var sink = Reading.Fixtures("multipath.verbose_4.txt");

        Assert.Equal("mpatha", Assert.Single(sink.Of<MultipathMapFact>()).Map);
        Assert.All(sink.Of<LunPathFact>(), p => Assert.Equal("3600507630affc5b80000000000000001", p.Wwid));
        Assert.Equal([null, null, "mpatha", "mpatha"], sink.Of<LunPathFact>().Select(p => p.Map), StringComparer.Ordinal);
    }

    [Fact]
    public void Sysfs_values_in_every_shape()
    {
        var arrows = Reading.Fixtures("sysfs-values.emulex_arrows.txt").Of<ScsiHostFact>().Single();
        Assert.Equal((3, "lpfc", 3, 1024, 30, 256), (arrows.Host, arrows.Driver, arrows.CmdPerLun, arrows.HbaQueueDepth, arrows.LunQueueDepth, arrows.SgTablesize));
        Assert.Equal("Emulex LightPulse Fibre Channel SCSI driver 8.1.6.5", arrows.DriverVersion);

        var tail = Reading.Fixtures("sysfs-values.tail_of_files.txt").Of<ScsiHostFact>().Single();
        Assert.Equal((4, "qla2xxx", 4096, 3), (tail.Host, tail.Driver, tail.CanQueue, tail.CmdPerLun));

        var grep = Reading.Fixtures("sysfs-values.grep.txt");
        Assert.Contains(grep.Of<ScsiHostFact>(), h => h is { Host: 3, Driver: "lpfc", CanQueue: 8182, SgTablesize: 64, Device: "0000:05:00.0" });
        Assert.Contains(grep.Of<LunPathFact>(), p => p is { Address.Lun: 4659, QueueDepth: 30, Vendor: "IBM", Model: "2107900" });
        Assert.Contains(grep.Of<LunPathFact>(), p => p is { Address.Lun: 1, Node: "sdc" });
        Assert.Contains(grep.Of<BlockQueueFact>(), q => q is { Disk: "sdc", MaxSectorsKb: 512, NrRequests: 128, MaxSegments: 64, Device: "0000:05:00.0" });
        Assert.Contains(grep.Of<DeviceFact>(), d => d is { Name: "0000:05:00.0", DmaMaskBits: 64 });
        Assert.Contains(grep.Of<ModuleParameterFact>(), p => p is { Module: "lpfc", Parameter: "lpfc_lun_queue_depth", Value: "30", Origin: ParameterOrigin.Running });
        Assert.Contains(grep.Of<KernelModuleFact>(), m => m is { Module: "lpfc", Version: "0:14.2.0.7" });
    }

    [Theory]
    [InlineData("/sys/class/scsi_host/host3/can_queue = 8182")]
    [InlineData("/sys/class/scsi_host/host3/can_queue: 8182")]
    [InlineData("/sys/class/scsi_host/host3/can_queue=0x1ff6")]
    [InlineData("sys/devices/pci0000:00/0000:05:00.0/host3/scsi_host/host3/can_queue:8182")]
    [InlineData("/sys/class/scsi_host/host3/can_queue\n8182")]
    [InlineData("/sys/class/scsi_host/host3/can_queue 8182")]
    public void A_value_is_found_behind_any_separator(string text) =>
        Assert.Equal(8182, Assert.Single(Reading.Text(text + "\n").Of<ScsiHostFact>()).CanQueue);

    [Fact]
    public void Systool_of_hosts_and_of_a_module()
    {
        var hosts = Reading.Fixtures("systool.scsi_host.txt").Of<ScsiHostFact>().ToArray();
        Assert.Equal([(3, "lpfc", 8182L, "0000:05:00.0"), (4, "qla2xxx", 4096L, null)], hosts.Select(h => (h.Host, h.Driver!, h.CanQueue!.Value, h.Device)));
        Assert.Equal((30, 8192, 64), (hosts[0].LunQueueDepth, hosts[0].HbaQueueDepth, hosts[0].SgSegCnt));
        var module = Reading.Fixtures("systool.module.txt");
        Assert.Equal("0:14.2.0.7", module.Of<KernelModuleFact>().Single().Version);
        Assert.Equal([("lpfc_hba_queue_depth", "8192"), ("lpfc_lun_queue_depth", "64")], module.Of<ModuleParameterFact>().Select(p => (p.Parameter, p.Value)));
    }

    [Fact]
    public void Devices_of_lspci_with_class_ids_driver_and_group()
    {
        Assert.Contains(Reading.Fixtures("lspci.emulex.txt").Of<DeviceFact>(), d => d is
        {
            Name: "0000:05:00.0", Driver: "lpfc", Ids: "10df:f100", ClassCode: "0c04", IommuGroup: 21,
        });
        Assert.Contains(Reading.Fixtures("lspci.numbers_verbose.txt").Of<DeviceFact>(), d => d is { Name: "0000:00:02.0", Driver: "virtio-pci", ClassCode: "0180", Ids: "1af4:1042" });
        Assert.Contains(Reading.Fixtures("lspci.numbers_only.txt").Of<DeviceFact>(), d => d is { Name: "0000:00:02.0", ClassCode: "0180", Ids: "1af4:1042" });
        Assert.Contains(Reading.Fixtures("lspci.machine_readable.txt").Of<DeviceFact>(), d => d is { Name: "0000:00:02.0", Driver: "virtio-pci" });
    }

    [Fact]
    public void Memory_and_where_it_ends()
    {
        var regions = Reading.Fixtures("iomem.6.1.txt");
        Assert.Contains(regions.Of<MemoryRegionFact>(), r => r is { Start: 0x1000, End: 0x9fc00, Depth: 0, Name: "System RAM" });
        Assert.Equal(regions.Of<MemoryRegionFact>().Where(r => r.Name == "System RAM").Sum(r => (long)(r.End - r.Start)), regions.Of<MachineFact>().Single().MemoryBytes);
        Assert.Equal(3080192L * 1024, Reading.Fixtures("meminfo.ppc64.txt").Of<MachineFact>().Single().MemoryBytes);
        Assert.Equal(514576L * 1024, Reading.Fixtures("meminfo.2.4.txt").Of<MachineFact>().Single().MemoryBytes);
    }

    [Fact]
    public void Hidden_addresses_are_said()
    {
        var sink = Reading.Fixtures("iomem.unprivileged.txt");

        Assert.Empty(sink.Of<MemoryRegionFact>());
        Assert.Empty(sink.Of<MachineFact>());
        Assert.Single(sink.Diagnostics, d => d.Code == Notice.HiddenAddresses.Code);
    }

    [Fact]
    public void Modules_their_versions_and_options()
    {
        Assert.Contains(Reading.Fixtures("lsmod.busybox.txt").Of<KernelModuleFact>(), m => m is { Module: "dmalab", IsLoaded: true });
        Assert.Equal(["lpfc", "scsi_transport_fc", "dm_multipath"], Reading.Fixtures("lsmod.proc_modules.txt").Of<KernelModuleFact>().Select(m => m.Module), StringComparer.Ordinal);
        Assert.Equal(
            [("lpfc", "0:14.2.0.16"), ("qla2xxx", "10.02.08.200-k")],
            Reading.Fixtures("modinfo.several.txt").Of<KernelModuleFact>().Select(m => (m.Module, m.Version!)));
        Assert.Equal(
            [("lpfc", "lpfc_lun_queue_depth", "1"), ("lpfc", "lpfc_hba_queue_depth", "1024"), ("qla2xxx", "ql2xmaxqdepth", "16"), ("qla2xxx", "qlport_down_retry", "10")],
            Reading.Fixtures("modprobe-options.lpfc.conf").Of<ModuleParameterFact>().Select(p => (p.Module, p.Parameter, p.Value)));
        Assert.Equal(
            [("scsi_mod", "max_scsi_luns", "255"), ("lpfcdd", "lpfc0_lun_queue_depth", "30")],
            Reading.Fixtures("modprobe-options.2.4_modules.conf").Of<ModuleParameterFact>().Select(p => (p.Module, p.Parameter, p.Value)));
    }

    [Fact]
    public void The_machine_and_its_distribution()
    {
        Assert.Equal("Debian GNU/Linux 12 (bookworm)", Reading.Fixtures("os-release.debian.txt").Of<MachineFact>().Single().Distribution);
        Assert.Equal("Red Hat Enterprise Linux Server release 5.5 (Tikanga)", Reading.Fixtures("os-release.redhat-release").Of<MachineFact>().Single().Distribution);
        Assert.Equal(("x86_64", 2), (Reading.Fixtures("lscpu.x86_64.txt").Of<MachineFact>().Single().Arch, Reading.Fixtures("lscpu.x86_64.txt").Of<MachineFact>().Single().Cpus));
    }

    [Fact]
    public void A_kernel_log_alone_gives_hosts_and_luns()
    {
        var sink = Reading.Text("""
            [    8.000000] Emulex LightPulse Fibre Channel SCSI driver 8.3.5.30.1p
            [    8.131612] scsi host3: Emulex LPe12000 PCIe Fibre Channel Adapter on PCI bus 05 device 00 irq 36
            [    8.140000] scsi host5: ahci
            [    8.150000] scsi host6: Virtio SCSI HBA
            [    8.158722] scsi 3:0:0:4659: Direct-Access     IBM      2107900          .217 PQ: 0 ANSI: 5
            [    8.163693] scsi 3:0:1:0: Sequential-Access HP       Ultrium 6-SCSI   J5SZ PQ: 0 ANSI: 6
            [    8.170000] sd 3:0:0:4659: Attached scsi generic sg4 type 0
            [    8.190000] sd 3:0:0:4659: [sdb] Attached SCSI disk
            [    8.200000] Attached scsi disk sdc at scsi4, channel 0, id 2, lun 7
            [    9.000000] e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes)
            """, "dmesg.txt");

        Assert.Contains(sink.Of<LunPathFact>(), p => p is { Address.Lun: 4659, Type: "disk", Vendor: "IBM", Model: "2107900", Rev: ".217" });
        Assert.Contains(sink.Of<LunPathFact>(), p => p is { Address.Target: 1, Type: "tape", Model: "Ultrium 6-SCSI" });
        Assert.Contains(sink.Of<LunPathFact>(), p => p is { Address.Lun: 4659, Node: "sdb" });
        Assert.Contains(sink.Of<LunPathFact>(), p => p is { Address.Lun: 4659, Sg: "sg4" });
        Assert.Contains(sink.Of<LunPathFact>(), p => p is { Address: { Host: 4, Target: 2, Lun: 7 }, Node: "sdc" });
        Assert.Equal([(3, "lpfc"), (5, "ahci"), (6, null)], sink.Of<ScsiHostFact>().Select(h => (h.Host, h.Driver)));
        Assert.Equal("Emulex LPe12000 PCIe Fibre Channel Adapter on PCI bus 05 device 00 irq 36", sink.Of<ScsiHostFact>().First().Model);
        Assert.Equal(("lpfc", "8.3.5.30.1p"), (sink.Of<KernelModuleFact>().Single().Module, sink.Of<KernelModuleFact>().Single().Version));
        Assert.Single(sink.Of<LogMessageFact>());
    }

    [Theory]
    [InlineData("lspci.emulex.txt", "[root@db1 ~]# lspci -nnvv", "lspci")]
    [InlineData("lsmod.busybox.txt", "db1:~ # /sbin/lsmod", "lsmod")]
    [InlineData("modinfo.several.txt", "$ modinfo lpfc qla2xxx", "modinfo")]
    [InlineData("lscpu.x86_64.txt", "# lscpu", "lscpu")]
    [InlineData("lsscsi.fc_generic.txt", "[root@db1 ~]# lsscsi -g", "lsscsi")]
    [InlineData("multipath.rhel5.txt", "# multipath -ll", "multipath")]
    [InlineData("proc-scsi.2.4.txt", "# cat /proc/scsi/scsi", "proc-scsi")]
    public void A_prompt_that_was_copied_along_does_not_hide_the_format(string fixture, string prompt, string format)
    {
        var sink = Reading.Text(prompt + "\n" + File.ReadAllText(Reading.Fixture(fixture)), "x.txt");

        Assert.Equal(format, Assert.Single(sink.Sources).Format);
        Assert.Equal(Reading.Fixtures(fixture).Facts.Count, sink.Facts.Count);
    }

    [Fact]
    public void The_table_of_multipathd_names_paths()
    {
        var sink = Reading.Text("hcil    dev dev_t pri dm_st  chk_st dev_st  next_check\n3:0:0:1 sdc 8:32  50  active ready  running XXXXXXXX.. 16/20\n", "x.txt");

        Assert.Equal((new ScsiAddress(3, 0, 0, 1), "sdc"), (Assert.Single(sink.Of<LunPathFact>()).Address, sink.Of<LunPathFact>().Single().Node));
    }

    [Fact]
    public void Queues_of_disks_give_paths_and_hosts()
    {
        var sink = Reading.Fixtures("block-queues.virtio_scsi.txt");

        Assert.Contains(sink.Of<BlockQueueFact>(), q => q is { Disk: "sda", MaxSegments: 254, NrRequests: 256, QueueDepth: 128, Device: "0000:00:02.0" });
        Assert.Contains(sink.Of<LunPathFact>(), p => p is { Node: "sda", QueueDepth: 128 });
        Assert.Contains(sink.Of<ScsiHostFact>(), h => h is { Host: 0, Device: "0000:00:02.0" });
    }
}
