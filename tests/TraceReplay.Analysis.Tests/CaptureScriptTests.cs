using System.Diagnostics;
using System.Text.RegularExpressions;
using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Diagnosis.Capture;
using TraceReplay.Parsers.ProbeDefinitions;
using TraceReplay.Pools;

namespace TraceReplay.Analysis.Tests;

/// <summary>The capture script: what a shell says of it, what it leaves behind, and what an analysis makes of what it wrote.</summary>
public sealed partial class CaptureScriptTests
{
    private const string Symbols = """
        ffffffff81200000 T swiotlb_tbl_map_single
        ffffffff81201000 T swiotlb_tbl_unmap_single
        ffffffff81202000 T ksys_sync
        ffffffff82200000 D io_tlb_default_mem

        """;

    private const string Pool = "            sync-219     [001] .....    17.772618: pool: (ksys_sync+0x0/0xa0) start=0x78500000 end=0x78600000 nslabs=512 nareas=1 area_nslabs=512 force=1\n";

    public static TheoryData<string, string?> Scripts => new()
    {
        { "auto", null }, { "swiotlb", "6.12.4" }, { "tce", "5.14.0-162.el9.ppc64le" }, { "iova", null },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Shells_take_the_script(string target, string? kernel)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, CaptureScript.Write(target, kernel, "1.0"));
            foreach (var shell in new[] { "sh", "dash", "bash", "busybox" }.Where(IsThere))
            {
                Assert.Equal(0, Run(shell, shell == "busybox" ? ["sh", "-n", path] : ["-n", path]).ExitCode);
            }

            if (IsThere("shellcheck"))
            {
                var (code, output) = Run("shellcheck", ["-s", "sh", "-S", "warning", path]);
                Assert.True(code == 0, output);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("sh")]
    [InlineData("bash")]
    public void What_it_records_is_what_an_analysis_needs(string shell)
    {
        if (!IsThere(shell))
        {
            return;
        }

        using var machine = Swiotlb();
        var (code, error) = machine.Run(CaptureScript.Write("auto", null, "1.0"), shell);
        Assert.True(code == 0, error);
        var report = AnalysisJob.Run(new AnalysisOptions { Inputs = [machine.Out] }, CancellationToken.None);
        var incident = Assert.Single(report.Incidents);
        Assert.True(incident.FromTrace);
        Assert.Equal(Cause.Capacity, incident.Cause);
        Assert.Equal(4, incident.Failures);
        Assert.Equal(("0000:00:05.0", 480L), (incident.Holders[0].Device, incident.Holders[0].Units));
        Assert.Equal("dmalab", incident.Holders[0].Driver);
        Assert.Equal(512, report.Pools[0].Units);
        Assert.Equal(0x78500000UL, report.Pools[0].Base);
        Assert.Equal("6.1.0-56-amd64", report.Machine.Kernel);
        Assert.Equal(report.Fidelity.Compared, report.Fidelity.Equal);
        Assert.True(report.Fidelity.Compared > 0);
        Assert.All(report.Sources, s => Assert.Equal(0, s.Skipped));
        Assert.DoesNotContain(report.Warnings, w => w.Severity >= Severity.DataLoss);
    }

    [Fact]
    public void It_leaves_no_probe_and_no_instance_behind()
    {
        using var machine = Swiotlb();
        machine.Run(CaptureScript.Write("swiotlb", null, "1.0"));
        Assert.Empty(Directory.GetDirectories(Path.Combine(machine.Tracing, "instances")));
        var events = File.ReadAllLines(Path.Combine(machine.Tracing, "kprobe_events"));
        var added = events.Where(l => !l.StartsWith('-')).Select(l => Name().Match(l).Groups["name"].Value).ToList();
        Assert.Contains("gt/map_in", added, StringComparer.Ordinal);
        Assert.Equal(added.Order(StringComparer.Ordinal), events.Where(l => l.StartsWith('-')).Select(l => l[2..]).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void A_signal_ends_it_early_and_keeps_what_was_recorded()
    {
        using var machine = Swiotlb();
        machine.Write("bin/sleep", "kill -TERM $PPID");
        var (code, error) = machine.Run(CaptureScript.Write("swiotlb", null, "1.0"));
        Assert.True(code == 0, error);
        Assert.Empty(Directory.GetDirectories(Path.Combine(machine.Tracing, "instances")));
        Assert.Single(AnalysisJob.Run(new AnalysisOptions { Inputs = [machine.Out] }, CancellationToken.None).Incidents);
    }

    [Fact]
    public void Without_root_it_says_so_and_touches_nothing()
    {
        using var machine = Swiotlb();
        var (code, error) = machine.Run(CaptureScript.Write("auto", null, "1.0"), "sh", ("FAKE_ID", "1000"));
        Assert.Equal(1, code);
        Assert.Contains("needs root", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(machine.Out));
        Assert.Empty(File.ReadAllText(Path.Combine(machine.Tracing, "kprobe_events")));
    }

    [Fact]
    public void A_layout_that_does_not_add_up_is_not_used()
    {
        using var machine = Swiotlb();
        machine.Write("pool", Pool.Replace("area_nslabs=512", "area_nslabs=77", StringComparison.Ordinal));
        machine.Run(CaptureScript.Write("swiotlb", null, "1.0"));
        Assert.False(File.Exists(Path.Combine(machine.Out, "pool.txt")));
        Assert.DoesNotContain("a0u=", File.ReadAllText(Path.Combine(machine.Out, "kprobe_events.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_capture_that_runs_is_not_disturbed()
    {
        using var machine = Swiotlb();
        Directory.CreateDirectory(Path.Combine(machine.Tracing, "instances/tracereplay"));
        var (code, error) = machine.Run(CaptureScript.Write("swiotlb", null, "1.0"));
        Assert.Equal(1, code);
        Assert.Contains("another capture", error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(machine.Tracing, "instances/tracereplay")));
    }

    [Fact]
    public void Tables_of_ppc64_are_known_by_what_the_probes_print()
    {
        using var machine = new FakeMachine("6.1.0-56-powerpc64le", "ppc64le", "c000000000022000 t iommu_range_alloc\n");
        const string table = "tbl=0xc000000003476800";
        var lines = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            lines.Add($"map: lg-1 [000] d..1. {i + 1}.000100: tce_in: (iommu_range_alloc+0x0/0x5a0) dev=\"0001:00:00.0\" {table} npages=128 mask=0xffffffff tsize=4096 toff=524288");
            lines.Add($"map: lg-1 [000] d..1. {i + 1}.000200: tce_ret: (iommu_alloc+0x9c/0x1c0 <- iommu_range_alloc) ret={(i < 30 ? $"0x{i * 128:x}" : "0xffffffffffffffff")}");
        }

        lines.Add($"map: lg-1 [000] d..1. 50.000100: tce_free: (__iommu_free+0x0/0x1c0) {table} dma=0x{(524288UL + 128) << 12:x} npages=128 tsize=4096 toff=524288");
        machine.Write("instance/trace_pipe", string.Concat(lines.Select(l => l[5..] + "\n")));
        var (code, error) = machine.Run(CaptureScript.Write("auto", null, "1.0"));
        Assert.True(code == 0, error);
        var report = AnalysisJob.Run(new AnalysisOptions { Inputs = [machine.Out] }, CancellationToken.None);
        var pool = Assert.Single(report.Pools);
        Assert.Equal((PoolKind.Tce, 4096L, 10L), (pool.Kind, pool.Units, pool.Failures));
        Assert.Equal("0001:00:00.0", Assert.Single(report.Incidents).Holders[0].Device);
    }

    // armv7l passes arguments in registers that are not known here; the kernel knows them by number from 4.20 on.
    [Theory]
    [InlineData("6.1.0-56-armmp", "swiotlb_tbl_map_single dev=+0(+0($arg1)):string orig=$arg2:x64")]
    [InlineData("4.20.3-armmp", "swiotlb_tbl_map_single dev=+0(+0($arg1)):string orig=$arg3:x64")]
    [InlineData("4.19.0-armmp", null)]
    public void A_machine_whose_registers_are_not_known_is_asked_by_number(string release, string? probe)
    {
        if (!IsThere("sh"))
        {
            return;
        }

        using var machine = new FakeMachine(release, "armv7l", Symbols);
        machine.Run(CaptureScript.Write("swiotlb", null, "1.0"), "sh");
        var defined = string.Join('\n', Directory.EnumerateFiles(machine.Out, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.Equal(probe is null, defined.Contains("no probes: swiotlb on armv7l", StringComparison.Ordinal));
        Assert.True(probe is null || defined.Contains(probe, StringComparison.Ordinal), defined);
        Assert.DoesNotContain("(%di)", defined, StringComparison.Ordinal);
    }

    /// <summary>Every definition, for every architecture and layout, means to the parser what it means to the script.</summary>
    [Fact]
    public void The_parser_binds_every_definition()
    {
        var bound = 0;
        foreach (var convention in CallConvention.All.Append(CallConvention.ByNumber))
        {
            foreach (var kernel in new[] { "3.10", "4.19", "5.4", "5.10", "5.15", "5.19", "6.1", "6.8", "6.10", "6.12", "7.0" }.Select(KernelVersion.Parse))
            {
                foreach (var kind in new[] { PoolKind.Swiotlb, PoolKind.Tce, PoolKind.Iova })
                {
                    foreach (var line in AllocatorProbes.For(kind, kernel, convention))
                    {
                        var definition = ProbeDefinition.Parse(line);
                        Assert.NotNull(definition);
                        Fields(definition, new Version(kernel.Major, kernel.Minor));
                        bound++;
                    }
                }
            }
        }

        Assert.True(bound > 300);
    }

    private static void Fields(ProbeDefinition definition, Version kernel)
    {
        var expected = new Dictionary<string, ProbeField>(StringComparer.Ordinal)
        {
            ["dev"] = ProbeField.Device, ["orig"] = ProbeField.Orig, ["msize"] = ProbeField.Size, ["asize"] = ProbeField.AllocSize,
            ["amask"] = ProbeField.AlignMask, ["dir"] = ProbeField.Direction, ["tlb"] = ProbeField.Address, ["pool"] = ProbeField.Pool,
            ["tbl"] = ProbeField.Pool, ["npages"] = ProbeField.Units, ["mask"] = ProbeField.Limit, ["dma"] = ProbeField.BusAddress,
            ["iovad"] = ProbeField.Pool, ["size"] = ProbeField.Units, ["limit"] = ProbeField.Limit, ["pfn"] = ProbeField.Address,
        };
        var parameters = FunctionParameters.Of(definition.Function, kernel);
        foreach (var (name, expression) in definition.Arguments.Where(a => expected.ContainsKey(a.Key)))
        {
            var position = FunctionParameters.Position(expression);
            Assert.True(position > 0 && position <= parameters.Length, $"{definition.Event} {name}={expression} on {kernel}");
            Assert.True(expected[name] == parameters[position - 1], $"{definition.Event} {name}={expression} on {kernel} is {parameters[position - 1]}");
        }
    }

    private static FakeMachine Swiotlb()
    {
        var machine = new FakeMachine("6.1.0-56-amd64", "x86_64", Symbols);
        machine.Write("root/sys/kernel/debug/swiotlb/io_tlb_nslabs", "512\n");
        machine.Write("root/sys/kernel/debug/swiotlb/io_tlb_used", "0\n");
        machine.Write("root/sys/bus/pci/devices/0000:00:05.0/vendor", "0x1234\n");
        machine.Write("root/sys/bus/pci/devices/0000:00:05.0/device", "0x11e8\n");
        machine.Write("root/sys/bus/pci/devices/0000:00:05.0/class", "0x00ff00\n");
        machine.Write("root/sys/bus/pci/devices/0000:00:05.0/dma_mask_bits", "32\n");
        machine.Write("root/sys/bus/pci/devices/0000:00:05.0/consistent_dma_mask_bits", "32\n");
        File.CreateSymbolicLink(Path.Combine(machine.Tracing, "../../bus/pci/devices/0000:00:05.0/driver"), "../../../bus/pci/drivers/dmalab");
        machine.Write("pool", Pool);
        machine.Write("areas", "            sync-219     [001] .....    17.772618: areas: (ksys_sync+0x0/0xa0) a0u=0 a0i=0\n");
        machine.Write("instance/trace_pipe", FakeMachine.SwiotlbTrace());
        return machine;
    }

    private static bool IsThere(string command) => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(p => File.Exists(Path.Combine(p, command)));

    private static (int ExitCode, string Output) Run(string command, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    [GeneratedRegex(@"^[pr]\d*:(?<name>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
