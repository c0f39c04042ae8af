using System.Text.RegularExpressions;
using TraceReplay.Core;
using TraceReplay.Diagnosis.Advice;
using TraceReplay.Diagnosis.Knowledge;
using TraceReplay.Diagnosis.KnownIssues;

namespace TraceReplay.Diagnosis.Tests;

/// <summary>Remedies and captures: the spelling of the machine's kernel, and what does not help named as such.</summary>
public sealed partial class AdviceTests
{
    private static Incident Advised(string? release, Cause cause, string? commandLine = null, string driver = "drv", long bytes = 4096,
        long total = 2048, PoolKind kind = PoolKind.Swiotlb, string? arch = "x86_64", bool fromTrace = false, IReadOnlyList<Remedy>? known = null)
    {
        var facts = new CaseFacts();
        facts.Add(new MachineFact(default) { KernelRelease = release, KernelVersion = release, CommandLine = commandLine, Arch = arch });
        facts.Add(new LogMessageFact(kind == PoolKind.Tce ? "tce-alloc-failed" : "swiotlb-full", kind, true, 1, "full", new SourceRef("dmesg", 1))
        {
            Device = "0000:00:02.0", Driver = driver, Bytes = bytes, TotalUnits = total, UsedUnits = total - 7,
        });
        facts.Add(new ConsumerFact("8,16", "sdb", "0000:00:02.0", default));
        var incident = new Incident
        {
            Id = 1, Pool = 1, PoolKind = kind, FromTrace = fromTrace, Cause = cause, Confidence = 0.9, Failures = 1,
            Causes = [new CauseCount(cause, 1)], Reporters = [new Reporter("0000:00:02.0", driver, 1, 1)],
            FirstFailure = new FailureReport { Bytes = bytes, TotalUnits = total, UsedUnits = total - 7 },
            Remedies = known ?? [],
        };
        return IncidentAdvice.Complete(incident, facts, null, KnownIssueCatalog.Shared);
    }

    [Theory]
    [InlineData("6.1.8", "console=ttyS0 swiotlb=2048,force", "boot with swiotlb=4096,force (8 MiB")]
    [InlineData("6.1.8", null, "boot with swiotlb=4096 (8 MiB")]
    [InlineData("5.4.93", null, "boot with swiotlb=4096 (8 MiB")]
    [InlineData("2.6.12", null, "boot with swiotlb=2048 (pages, not slots")]
    [InlineData("2.4.21-63.EL", null, "boot with swiotlb=2048 (pages, not slots")]
    public void A_larger_pool_is_spelled_as_the_kernel_takes_it(string release, string? commandLine, string change) =>
        Assert.Single(Advised(release, Cause.Capacity, commandLine).Remedies.Where(r => r.Kind == "pool-size"), r => r.Change.StartsWith(change, StringComparison.Ordinal));

    [Theory]
    [InlineData("swiotlb=32768", "this is the default already")]
    [InlineData("swiotlb=67108864", "counts slots of 2 KiB, not bytes")]
    [InlineData("swiotlb=64M", "counts slots of 2 KiB, not bytes")]
    [InlineData("cma=256M", "on this command line")]
    public void What_was_tried_in_vain_is_named(string option, string words)
    {
        var useless = Advised("6.1.8", Cause.Capacity, "root=/dev/sda1 " + option).Remedies.Where(r => r.Kind == "useless").ToList();
        Assert.Contains(useless, r => r.Change.Contains(words, StringComparison.Ordinal));
        Assert.True(useless.Count <= 3);
    }

    [Fact]
    public void No_size_is_recommended_for_a_segment_limit_or_a_leak()
    {
        foreach (var cause in new[] { Cause.SegmentLimit, Cause.Leak, Cause.PoolUnavailable, Cause.MaskLimit })
        {
            var remedies = Advised("6.1.8", cause, bytes: 524288).Remedies;
            Assert.DoesNotContain(remedies, r => r.Kind == "pool-size");
            Assert.Contains(remedies, r => r.Kind == "useless" && r.Change.Contains("larger", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Disks_are_called_by_name() => Assert.Contains(Advised("6.1.8", Cause.SegmentLimit, driver: "nvme", bytes: 524288).Remedies,
        r => r.Change == "echo 252 > /sys/block/sdb/queue/max_sectors_kb");

    [Theory]
    [InlineData("2.6.16", "options lpfc lpfc_lun_queue_depth=1 in /etc/modprobe.d")]
    [InlineData("2.4.21", "options lpfc lpfc_lun_queue_depth=3 in /etc/modules.conf")]
    public void Driver_options_are_those_of_the_kernel(string release, string change) =>
        Assert.Contains(Advised(release, Cause.Capacity, driver: "lpfc", kind: PoolKind.Tce, arch: "ppc64").Remedies, r => r.Change.StartsWith(change, StringComparison.Ordinal));

    // A parameter that a driver does not have kept modules from loading before 3.11.
    [Theory]
    [InlineData("2.6.32", "mpt2sas", "options mpt2sas max_queue_depth=128", "options mpt3sas")]
    [InlineData("6.1.8", "mpt3sas", "options mpt3sas max_queue_depth=128", "options mpt2sas")]
    [InlineData("3.10.0", "ibmvfc", "options ibmvfc max_requests=50 (", "options ibmvfc max_requests=50 scsi_qdepth=8")]
    [InlineData("6.12.4", "ibmvfc", "options ibmvfc max_requests=50 scsi_qdepth=8", "options ibmvfc max_requests=50 (")]
    [InlineData("6.1.8", "megaraid_sas", "options megaraid_sas max_sectors=128", "throttlequeuedepth=16")]
    [InlineData("5.15.30", "nvme", "nvme.io_queue_depth=64", "nvme_core.")]
    public void Options_are_those_that_the_driver_has(string release, string driver, string has, string hasNot)
    {
        var changes = Advised(release, Cause.Capacity, driver: driver, kind: driver == "nvme" ? PoolKind.Swiotlb : PoolKind.Tce, arch: "ppc64le").Remedies.Select(r => r.Change).ToList();
        Assert.Contains(changes, c => c.StartsWith(has, StringComparison.Ordinal));
        Assert.DoesNotContain(changes, c => c.Contains(hasNot, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2.6.18", true)]
    [InlineData("6.1.8", false)]
    public void Every_adapters_parameter_only_where_the_message_names_none(string release, bool isListed) =>
        Assert.Equal(isListed, Advised(release, Cause.Capacity, driver: "qla2xxx", kind: PoolKind.Tce, arch: "ppc64").Remedies.Any(r => r.Change.Contains("(ibmvfc)", StringComparison.Ordinal)));

    [Fact]
    public void A_parameter_newer_than_the_kernel_is_not_given() =>
        Assert.DoesNotContain(Advised("4.4.100", Cause.Capacity, driver: "nvme").Remedies, r => r.Change.Contains("io_queue_depth", StringComparison.Ordinal));

    // Who asked last is not thereby who leaks; dma-debug counts by driver.
    [Theory]
    [InlineData(PoolKind.Swiotlb, false)]
    [InlineData(PoolKind.Tce, false)]
    [InlineData(PoolKind.DmaDebug, true)]
    public void A_leaks_remedy_names_no_reporter_of_a_full_pool(PoolKind kind, bool isNamed)
    {
        var fix = Assert.Single(Advised("6.1.8", Cause.Leak, kind: kind).Remedies, r => r.Kind == "driver-fix");
        Assert.Equal(isNamed, fix.Change.Contains("0000:00:02.0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Cause.SegmentLimit, 524_288, 256)]
    [InlineData(Cause.Fragmentation, 122_880, 32)]
    [InlineData(Cause.Capacity, 262_144, 128)]
    public void Smaller_requests_are_smaller_than_those_refused(Cause cause, long bytes, int kib) =>
        Assert.Contains(Advised("6.1.8", cause, driver: "xhci_hcd", bytes: bytes, total: 32768).Remedies, r => r.Change == $"echo {kib} > /sys/block/sdb/queue/max_sectors_kb");

    [Fact]
    public void What_a_replay_proved_stands_first_and_is_not_said_twice()
    {
        Remedy[] known = [new("boot with swiotlb=4096", "pool-size", true, 0, ""), new("fewer areas", "useless", true, 9, "")];
        var remedies = Advised("6.1.8", Cause.Capacity, fromTrace: true, known: known).Remedies;
        Assert.Equal("boot with swiotlb=4096", remedies[0].Change);
        Assert.Equal("replayed", remedies[0].Basis);
        Assert.Single(remedies, r => r.Kind == "pool-size");
        Assert.All(remedies.SkipWhile(r => r.Kind != "useless"), r => Assert.Equal("useless", r.Kind));
    }

    [Fact]
    public void How_a_driver_spells_a_cap_stands_beside_the_proven_one()
    {
        Remedy[] known = [new("limit 0000:00:02.0 (lpfc) to 274 mappings at a time", "cap-device", true, 0, "")];
        var remedies = Advised("6.1.8", Cause.Capacity, driver: "lpfc", kind: PoolKind.Tce, arch: "ppc64le", fromTrace: true, known: known).Remedies;
        Assert.Equal("cap-device", remedies[0].Kind);
        Assert.Contains(remedies.Skip(1), r => r.Change.Contains("lpfc_hba_queue_depth=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("6.1.8", "x86_64", "swiotlb_tbl_map_single dev=+0(+0(%di)):string orig=%si:x64 msize=%dx:u64 asize=%cx:u64 amask=%r8:x64")]
    [InlineData("6.12.4", "aarch64", "swiotlb_tbl_map_single dev=+0(+0(%x0)):string orig=%x1:x64 msize=%x2:u64 amask=%x3:x64")]
    [InlineData("5.4.93", "s390x", "swiotlb_tbl_map_single dev=+0(+0(%r2)):string orig=%r4:x64 msize=%r5:u64 asize=%r6:u64")]
    [InlineData("6.12.4", "x86_64", "__swiotlb_tbl_unmap_single dev=+0(+0(%di)):string")]
    public void Probes_are_those_of_the_kernel_and_the_machine(string release, string arch, string probe) =>
        Assert.Contains(Advised(release, Cause.Unknown, arch: arch).NextCapture, c => c.Contains(probe, StringComparison.Ordinal));

    // Registers of one machine are nonsense on another: by number, or labelled as what they are.
    [Theory]
    [InlineData("6.12.4", null, "dev=+0(+0($arg1)):string orig=$arg2:x64", "the architecture is not told: $argN")]
    [InlineData("6.12.4", "armv7l", "dev=+0(+0($arg1)):string orig=$arg2:x64", "for armv7l no registers are known here: $argN")]
    [InlineData("4.14.9", null, "dev=+0(+0(%di)):string orig=%dx:x64", "the architecture is not told: these are the registers of x86_64")]
    [InlineData("6.12.4", "x86_64", "dev=+0(+0(%di)):string orig=%si:x64", "with its device (x86_64)")]
    public void Probes_for_a_machine_that_is_not_told_say_so(string release, string? arch, string probe, string words)
    {
        var capture = Assert.Single(Advised(release, Cause.Unknown, arch: arch).NextCapture, c => c.Contains("map_in", StringComparison.Ordinal));
        Assert.Contains(probe, capture, StringComparison.Ordinal);
        Assert.Contains(words, capture, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_that_is_not_told_is_asked_for_first() =>
        Assert.StartsWith("Which kernel this is", Advised(null, Cause.Unknown, arch: null).NextCapture[0], StringComparison.Ordinal);

    [Fact]
    public void Every_text_uses_values_that_exist()
    {
        foreach (var (name, text) in KnowledgeFiles.Resources("remedies.").Concat(KnowledgeFiles.Resources("captures.")))
        {
            Assert.All(Value().Matches(text), m => Assert.True(Placeholders.Names.Contains(m.Groups["name"].Value, StringComparer.Ordinal), $"{name}: {m.Value}"));
        }
    }

    [Theory]
    [InlineData("5.2.6", KernelLineage.Exact)]
    [InlineData("5.2.6-200.fc30.x86_64", KernelLineage.Exact)]
    [InlineData("5.13.4-arch1-1", KernelLineage.Exact)]
    [InlineData("5.15.0-91-generic", KernelLineage.SeriesOnly)]
    [InlineData("6.1.0-56-amd64", KernelLineage.SeriesOnly)]
    [InlineData("4.18.0-513.el8.x86_64", KernelLineage.Backports)]
    [InlineData("2.4.21-63.EL", KernelLineage.Backports)]
    [InlineData("5.14.21-150400.24.100-default", KernelLineage.Backports)]
    [InlineData("2.6.16-rc1-ppc64", KernelLineage.Exact)]
    public void What_a_release_tells_of_its_fixes(string release, KernelLineage lineage) =>
        Assert.Equal(lineage, KernelIdentity.Of(new MachineFact(default) { KernelRelease = release }).Lineage);

    [Theory]
    [InlineData("5.2 - 5.3", "", "5.2.6", 1)]
    [InlineData("5.2 - 5.3", "", "5.3", 0)]
    [InlineData("5.2 - 5.3", "", "5.1.20", 0)]
    [InlineData("5.12 - 6.3", "6.1.23 6.2.10", "6.1.192", 0)]
    [InlineData("5.12 - 6.3", "6.1.23 6.2.10", "6.1.8", 1)]
    [InlineData("5.12 - 6.3", "6.1.23 6.2.10", "6.1.0-56-amd64", 0.6)]
    [InlineData("5.12 - 6.3", "6.1.23 6.2.10", "4.18.0-513.el8.x86_64", 0.4)]
    [InlineData("5.12 - 6.3", "6.1.23 6.2.10", "6.4.0-150600.21-default", 0)]
    [InlineData("- 2.6.14", "", "2.4.21-63.EL", 0.6)]
    public void A_kernel_fits_a_range(string range, string stable, string release, double factor) =>
        Assert.Equal(factor, KernelRange.Read(range, stable)!.Fit(KernelIdentity.Of(new MachineFact(default) { KernelRelease = release })).Factor);

    [Theory]
    [InlineData("nvme*", "nvme", true)]
    [InlineData("xhci*", "xhci_hcd", true)]
    [InlineData("xhci-hcd", "xhci_hcd", true)]
    [InlineData("*noforce", "swiotlb=1,noforce", true)]
    [InlineData("ast", "mast", false)]
    [InlineData("a*b*c", "axxbyyc", true)]
    [InlineData("a*b*c", "axxbyy", false)]
    [InlineData("*", "", true)]
    public void Globs(string pattern, string word, bool matches) => Assert.Equal(matches, Glob.Matches(pattern, word));

    [GeneratedRegex(@"\{(?<name>[a-z-]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Value();
}
