using System.Formats.Tar;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Supportconfig;

namespace TraceReplay.Parsers.Tests;

/// <summary>SUSE's supportconfig: files that hold the outputs of many commands, with the sections' heads as it writes them around real outputs.</summary>
public class SupportconfigTests
{
    private const string Banner =
        "=============================================================================\n                     Support Utilities - Supportconfig\n                          Script Version: 2.25-135\n"
        + "=============================================================================\n\n\n";

    private static string Basic => Banner
        + Section("Command", "/bin/date", "Wed Apr 12 12:00:00 CEST 2006\n")
        + Section("Command", "/bin/uname -a", File.ReadAllText(Reading.Fixture("kernel-identity.uname.txt")))
        + Section("Configuration File", "/proc/cmdline", File.ReadAllText(Reading.Fixture("cmdline.swiotlb_forced.txt")))
        + Section("Configuration File", "/etc/SuSE-release", "SUSE Linux Enterprise Server 9 (ppc)\nVERSION = 9\nPATCHLEVEL = 3\n");

    private static string BootFile => Banner
        + Section("Command", "/bin/dmesg", File.ReadAllText(Reading.Fixture("dmesg.tce_alloc_failed.txt")))
        + Section("Command", "/sbin/lsmod", File.ReadAllText(Reading.Fixture("lsmod.busybox.txt")))
        + Section("Configuration File", "/proc/iomem", File.ReadAllText(Reading.Fixture("iomem.6.1.txt")));

    private static string Hardware => Banner
        + Section("Command", "/sbin/lspci -b", File.ReadAllText(Reading.Fixture("lspci.kernel_drivers.txt")))
        + Section("Command", "/usr/bin/lsscsi", File.ReadAllText(Reading.Fixture("lsscsi.fc.txt")))
        + Section("Command", "/sbin/multipath -ll", File.ReadAllText(Reading.Fixture("multipath.rhel6.txt")))
        + Section("Verification", "rpm -V multipath-tools", "# Verification Status: Passed\n");

    [Fact]
    public void Every_section_reaches_its_reader()
    {
        var folder = Directory.CreateTempSubdirectory("tracereplay");
        try
        {
            foreach (var (name, text) in new[] { ("basic-environment.txt", Basic), ("boot.txt", BootFile), ("hardware.txt", Hardware) })
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), text);
            }

            var sink = Reading.Paths(new ReaderOptions(), folder.FullName);
            IsWhole(sink, folder.FullName + "/");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_whole_report_is_an_archive_of_such_files()
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (var (name, text) in new[] { ("basic-environment.txt", Basic), ("boot.txt", BootFile), ("hardware.txt", Hardware), ("supportconfig.txt", Banner) })
            {
                tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, "scc_db1_060412_1200/" + name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        var sink = Reading.Bytes(bytes.ToArray(), "scc_db1_060412_1200.tar");
        IsWhole(sink, sink.Sources[0].Path[..(sink.Sources[0].Path.IndexOf('!', StringComparison.Ordinal) + 1)] + "scc_db1_060412_1200/");
    }

    [Fact]
    public void The_lines_of_a_section_are_those_of_the_command()
    {
        var alone = Reading.Fixtures("dmesg.tce_alloc_failed.txt").Of<LogMessageFact>().Select(m => (m.Text, m.Source.Line)).ToArray();
        var inside = Reading.Text(BootFile, "boot.txt").Of<LogMessageFact>().Select(m => (m.Text, m.Source.Line)).ToArray();

        Assert.NotEmpty(alone);
        Assert.Equal(alone, inside);
    }

    [Theory]
    [InlineData("/bin/dmesg", "dmesg")]
    [InlineData("/usr/bin/dmesg -T", "dmesg -T")]
    [InlineData("/bin/cat /proc/iomem", "proc/iomem")]
    [InlineData("/proc/cmdline", "proc/cmdline")]
    [InlineData("/var/log/messages - Last 500 Lines", "var/log/messages")]
    [InlineData("/sbin/modinfo lpfc", "modinfo lpfc")]
    [InlineData("grep -v /etc/x", "grep")]
    [InlineData("", "section")]
    public void Names_of_sections(string title, string name)
    {
        var walker = new SectionWalker(new MemoryStream(Encoding.UTF8.GetBytes(Section("Command", title, "text\n"))));

        var section = walker.Next();
        Assert.Equal(name, section!.Value.Name);
        Assert.Equal("text\n\n", new StreamReader(section.Value.Text).ReadToEnd());
        Assert.Null(walker.Next());
    }

    [Fact]
    public void Sections_end_where_the_next_begins_wherever_the_buffer_ends()
    {
        string[] texts = [string.Empty, "a\n", new string('x', 65_530) + "\n", string.Concat(Enumerable.Repeat("# no head\n#==\n\n", 9000)), "last"];
        for (var shift = 0; shift < 12; shift++)
        {
            var whole = Banner + new string('b', shift) + "\n" + string.Concat(texts.Select(t => Section("Command", "/bin/x", t)));
            var walker = new SectionWalker(new MemoryStream(Encoding.UTF8.GetBytes(whole)));
            foreach (var text in texts)
            {
                var read = new StreamReader(walker.Next()!.Value.Text).ReadToEnd();
                Assert.True(text == read.TrimEnd('\n') || text == read, $"{shift}: {text.Length} {read.Length}");
            }

            Assert.Null(walker.Next());
        }
    }

    [Theory]
    [InlineData("#==[ Command ]===#\n")]
    [InlineData("#==[ Command ]===#")]
    [InlineData("#==[ Command ]===#\nno title\n")]
    [InlineData("x #==[ Command ]===#\n# /bin/dmesg\n")]
    [InlineData("#==[ Command\n# /bin/dmesg\n")]
    [InlineData("")]
    public void What_is_no_section_is_read_as_any_text(string text) => Assert.False(SectionWalker.Recognise(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Loose_files_of_one_report_are_one_case()
    {
        using var folder = new Deleted();
        File.WriteAllText(folder.At("basic-environment.txt"), Basic);
        File.WriteAllText(folder.At("boot.txt"), BootFile);

        Assert.Single(InputCase.Split([folder.At("basic-environment.txt"), folder.At("boot.txt")]));
    }

    private static void IsWhole(RecordingSink sink, string root)
    {
        var sources = sink.Sources.Select(s => (Path: s.Path[root.Length..], s.Format)).ToArray();
        Assert.Contains(("basic-environment.txt!uname -a", "kernel-identity"), sources);
        Assert.Contains(("basic-environment.txt!proc/cmdline", "cmdline"), sources);
        Assert.Contains(("basic-environment.txt!etc/SuSE-release", "os-release"), sources);
        Assert.Contains(("boot.txt!dmesg", "dmesg"), sources);
        Assert.Contains(("boot.txt!lsmod", "lsmod"), sources);
        Assert.Contains(("boot.txt!proc/iomem", "iomem"), sources);
        Assert.Contains(("hardware.txt!lspci -b", "lspci"), sources);
        Assert.Contains(("hardware.txt!lsscsi", "lsscsi"), sources);
        Assert.Contains(("hardware.txt!multipath -ll", "multipath"), sources);
        Assert.NotEmpty(sink.Of<LogMessageFact>());
        Assert.All(sink.Sources, s => Assert.Equal(0, s.Skipped));
    }

    private static string Section(string kind, string title, string text) => $"#==[ {kind} ]{new string('=', 30)}#\n# {title}\n{text}\n";

    private sealed class Deleted : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("tracereplay").FullName;

        public string At(string name) => Path.Combine(_path, name);

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
