using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>A sosreport as a folder and as archives: the members of use are found, the others counted with reasons.</summary>
public sealed class TreeTests : IDisposable
{
    private const string Root = "sosreport-db1-2026-11-27/";
    private const string Host = "sys/devices/pci0000:00/0000:00:03.0/0000:05:00.0/host3/";
    private const string Device = Host + "rport-3:0-0/target3:0:0/3:0:0:1/";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tracereplay");

    private static readonly (string Name, byte[] Content)[] Used =
    [
        ("sos_commands/scsi/lsscsi", Fixture("lsscsi.fc_scsi_id.txt")),
        ("sos_commands/multipath/multipath_-ll", Fixture("multipath.rhel6.txt")),
        ("sos_commands/kernel/dmesg", Fixture("dmesg.swiotlb_full_and_silent_nic.txt")),
        ("sos_commands/kernel/uname_-a", Fixture("kernel-identity.uname.txt")),
        ("sos_commands/kernel/lsmod", Fixture("lsmod.busybox.txt")),
        ("sos_commands/kernel/modinfo_ALL_MODULES", Fixture("modinfo.several.txt")),
        ("sos_commands/pci/lspci_-nnvv", Fixture("lspci.emulex.txt")),
        ("sos_commands/logs/journalctl_--no-pager_--boot", Text("Nov 27 06:00:01 db1 kernel: e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes)\n")),
        ("sos_commands/processor/lscpu", Fixture("lscpu.x86_64.txt")),
        ("proc/cmdline", Text("BOOT_IMAGE=/vmlinuz root=/dev/sda1 lpfc.lpfc_lun_queue_depth=16\n")),
        ("proc/meminfo", Fixture("meminfo.ppc64.txt")),
        ("proc/iomem", Fixture("iomem.6.1.txt")),
        ("proc/scsi/scsi", Fixture("proc-scsi.2.4.txt")),
        ("etc/modprobe.d/lpfc.conf", Fixture("modprobe-options.lpfc.conf")),
        ("etc/os-release", Fixture("os-release.debian.txt")),
        ("var/log/messages", Text("Nov 27 06:00:02 db1 kernel: e1000 0000:00:04.0: swiotlb buffer is full (sz: 91 bytes)\n")),
    ];

    private static readonly (string Name, string Content)[] Values =
    [
        (Host + "scsi_host/host3/can_queue", "8182\n"), (Host + "scsi_host/host3/proc_name", "lpfc\n"),
        (Host + "scsi_host/host3/lpfc_lun_queue_depth", "30\n"), (Device + "queue_depth", "30\n"), (Device + "vendor", "IBM     \n"),
        (Device + "block/sdd/queue/max_segments", "64\n"), ("sys/module/lpfc/parameters/lpfc_lun_queue_depth", "30\n"),
        ("sys/module/lpfc/version", "0:14.2.0.7\n"), ("sys/kernel/debug/swiotlb/io_tlb_nslabs", "32768\n"), ("sys/kernel/debug/swiotlb/io_tlb_used", "17\n"),
    ];

    private static readonly (string Name, string Content)[] Useless =
    [
        ("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n"), ("etc/hosts", "127.0.0.1 localhost\n"), ("proc/1/status", "Name: init\n"),
        ("proc/interrupts", "  0: 1 timer\n"), ("sos_reports/sos.txt", "x\n"), ("usr/share/doc/x", "x\n"), (Device + "iorequest_cnt", "0x1\n"),
        (Device + "uevent", "DEVTYPE=scsi_device\n"), ("sos_commands/networking/ip_addr", "1: lo: <LOOPBACK,UP> mtu 65536\n"), ("sos_commands/date/date", "Fri Nov 27 2026\n"),
        ("sys/kernel/debug/tracing/events/dma/dma_map_page/format", "name: dma_map_page\nID: 7\nformat:\n\nprint fmt: \"\"\n"),
    ];

    public static TheoryData<string> Forms => ["folder", "tar.gz", "tar.xz", "tar"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Forms))]
    public void Members_of_use_are_read_and_the_others_counted(string form)
    {
        var sink = Reading.Paths(new ReaderOptions(), Build(form));

        var read = sink.Sources.Select(s => s.Path[(s.Path.IndexOf(Root, StringComparison.Ordinal) + Root.Length)..]).ToHashSet(StringComparer.Ordinal);
        Assert.Equal([.. Used.Select(u => u.Name), "sysfs", "swiotlb"], read);
        var passed = Assert.Single(sink.Diagnostics, d => d.Code == Notice.PassedOver.Code);
        Assert.StartsWith($"passed over {Useless.Length} of {Used.Length + Values.Length + Useless.Length} ", passed.Message, StringComparison.Ordinal);
        Assert.Contains("2 configuration files", passed.Message, StringComparison.Ordinal);
        Assert.Contains("2 texts without a known message", passed.Message, StringComparison.Ordinal);
        Assert.Contains("2 other values of sysfs", passed.Message, StringComparison.Ordinal);
        Assert.Contains("1 files of processes (/proc)", passed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Small_files_of_sysfs_give_facts_with_their_own_places(string form)
    {
        var sink = Reading.Paths(new ReaderOptions(), Build(form));

        var host = Assert.Single(sink.Of<ScsiHostFact>());
        Assert.Equal((3, "lpfc", 8182, 30, "0000:05:00.0"), (host.Host, host.Driver, host.CanQueue, host.LunQueueDepth, host.Device));
        Assert.Contains(Root + Host, host.Source.Path, StringComparison.Ordinal);
        Assert.Equal(1, host.Source.Line);
        Assert.Contains(sink.Of<LunPathFact>(), p => p is { Address: { Host: 3, Lun: 1 }, QueueDepth: 30, Vendor: "IBM" });
        Assert.Contains(sink.Of<BlockQueueFact>(), q => q is { Disk: "sdd", MaxSegments: 64 });
        Assert.Contains(sink.Of<ModuleParameterFact>(), p => p is { Origin: ParameterOrigin.Running, Value: "30" } && p.Source.Path.EndsWith("parameters/lpfc_lun_queue_depth", StringComparison.Ordinal));
        Assert.Contains(sink.Of<ModuleParameterFact>(), p => p is { Origin: ParameterOrigin.Configured, Value: "1" });
        Assert.Contains(sink.Of<PoolGeometryFact>(), g => g.Units == 32768);
        Assert.Contains(sink.Of<UsageFact>(), u => u is { UsedUnits: 17, TotalUnits: 32768 });
        Assert.True(sink.Of<LogMessageFact>().Count(m => m.IsFailure) >= 3);
    }

    [Fact]
    public void Links_within_a_folder_count_once_and_links_out_are_not_followed()
    {
        var folder = Build("folder");
        File.CreateSymbolicLink(Path.Combine(folder, Root, "dmesg"), "sos_commands/kernel/dmesg");
        File.CreateSymbolicLink(Path.Combine(folder, Root, "lsmod"), Path.Combine(folder, Root, "sos_commands/kernel/lsmod"));
        File.CreateSymbolicLink(Path.Combine(folder, Root, "var/log/kern.log"), Reading.Fixture("dmesg.tce_alloc_failed.txt"));
        File.CreateSymbolicLink(Path.Combine(folder, Root, "var/log/nothing"), "../missing");
        Directory.CreateSymbolicLink(Path.Combine(folder, Root, "var/log/up"), "..");
        var sink = Reading.Paths(new ReaderOptions(), folder);

        Assert.Single(sink.Sources, s => s.Format == "dmesg");
        Assert.Contains("1 links that lead out of the folder", Assert.Single(sink.Diagnostics, d => d.Code == Notice.LinksOut.Code).Message, StringComparison.Ordinal);
        Assert.Contains("2 links to other files of the folder", sink.Diagnostics.Single(d => d.Code == Notice.PassedOver.Code).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_and_climbing_names_in_an_archive_do_nothing()
    {
        var path = Path.Combine(_folder.FullName, "hostile.tar");
        using (var tar = new TarWriter(File.Create(path), TarEntryFormat.Pax))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, Root + "proc/cmdline") { LinkName = "/proc/cmdline" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, Root + Host + "scsi_host/host3/can_queue") { LinkName = "/etc/passwd" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, Root + "var/log/messages") { LinkName = "/etc/passwd" });
            Add(tar, "../../../../tmp/x/" + Root + "/proc/meminfo", Fixture("meminfo.ppc64.txt"));
            Add(tar, "/" + Root + "proc/scsi/scsi", Fixture("proc-scsi.2.4.txt"));
        }

        var sink = Reading.Paths(new ReaderOptions(), path);

        Assert.Equal(["proc-scsi"], sink.Sources.Where(s => s.Format == "proc-scsi").Select(s => s.Format), StringComparer.Ordinal);
        Assert.Empty(sink.Of<ScsiHostFact>());
        Assert.Equal([Path.GetFileName(path)], Directory.GetFileSystemEntries(_folder.FullName).Select(Path.GetFileName), StringComparer.Ordinal);
    }

    [Fact]
    public void A_few_files_that_nobody_knows_are_named_one_by_one()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "a.bin"), [1, 2, 3, 0, 255]);
        File.WriteAllText(Path.Combine(_folder.FullName, "dmesg.txt"), "[    1.000000] e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes)\n");
        var sink = Reading.Paths(new ReaderOptions(), _folder.FullName);

        Assert.Single(sink.Sources);
        Assert.Single(sink.Diagnostics, d => d.Code == Notice.UnknownFormat.Code);
        Assert.DoesNotContain(sink.Diagnostics, d => d.Code == Notice.PassedOver.Code);
    }

    [Fact]
    public void Parts_of_sysfs_that_were_copied_by_themselves_are_read()
    {
        Write("scsi_host/host3/can_queue", "8182\n");
        Write("scsi_host/host3/proc_name", "lpfc\n");
        Write("swiotlb/io_tlb_nslabs", "32768\n");
        Write("io_tlb_used", "5\n");
        var sink = Reading.Paths(new ReaderOptions(), _folder.FullName);

        Assert.Equal((8182, "lpfc"), (Assert.Single(sink.Of<ScsiHostFact>()).CanQueue, sink.Of<ScsiHostFact>().Single().Driver));
        Assert.Contains(sink.Of<PoolGeometryFact>(), g => g.Units == 32768);
        Assert.Contains(sink.Of<UsageFact>(), u => u.UsedUnits == 5);

        void Write(string name, string text)
        {
            var path = Path.Combine(_folder.FullName, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    private static byte[] Fixture(string name) => File.ReadAllBytes(Reading.Fixture(name));

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static void Add(TarWriter tar, string name, byte[] content) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });

    private string Build(string form)
    {
        var files = Used.Concat(Values.Concat(Useless).Select(f => (f.Name, Content: Text(f.Content))));
        var folder = Path.Combine(_folder.FullName, "case");
        if (form == "folder")
        {
            foreach (var (name, content) in files)
            {
                var path = Path.Combine(folder, Root + name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, content);
            }

            return folder;
        }

        var archive = Path.Combine(_folder.FullName, "sosreport-db1." + form);
        using var memory = new MemoryStream();
        using (var tar = new TarWriter(memory, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                Add(tar, Root + name, content);
            }
        }

        File.WriteAllBytes(archive, form switch { "tar.gz" => Gzip(memory.ToArray()), "tar.xz" => Xz(memory.ToArray()), _ => memory.ToArray() });
        return archive;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private static byte[] Xz(byte[] content)
    {
        using var xz = Process.Start(new ProcessStartInfo("xz", "-1 -c") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var writing = Task.Run(() =>
        {
            xz.StandardInput.BaseStream.Write(content);
            xz.StandardInput.Close();
        });
        using var packed = new MemoryStream();
        xz.StandardOutput.BaseStream.CopyTo(packed);
        writing.Wait();
        return packed.ToArray();
    }
}
