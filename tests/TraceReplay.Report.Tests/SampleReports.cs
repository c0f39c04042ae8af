using TraceReplay.Core;
using TraceReplay.Diagnosis;

namespace TraceReplay.Report.Tests;

/// <summary>Reports with the facts of real captures, made by hand so that the renderers are tested alone.</summary>
internal static class SampleReports
{
    private const string Folder = "sample-logs/06-greedy-vs-innocent/";
    private static SourceRef None => default;

    public static IEnumerable<(string Name, AnalysisReport Report)> All =>
    [
        ("greedy", Greedy()), ("segment-limit", SegmentLimit()), ("leak", Leak()), ("clean", Clean()),
        ("log-only", LogOnly()), ("several", Several()), ("hostile", Hostile()), ("empty", new AnalysisReport()),
    ];

    /// <summary>A greedy device that never fails starves two innocent ones.</summary>
    public static AnalysisReport Greedy() => new()
    {
        Sources = [Source(Folder + "trace.txt.zst", "ftrace-text", 8_912_331, 57_068, 56_978), Dmesg(Folder + "dmesg.txt")],
        Machine = Machine("swiotlb=2048,force"),
        Pools = [GreedyPool()],
        Incidents = [GreedyIncident(1)],
        Fidelity = new Fidelity(11_736, 11_736, 11_702,
            "Two CPUs search at the same time; the trace shows their order only to the microsecond."),
        Warnings =
        [
            new Diagnostic("TR0031", Severity.Info, "264 slots were in use before the trace began.",
                new SourceRef(Folder + "trace.txt.zst", 0)),
        ],
    };

    /// <summary>One mapping larger than the pool can ever serve.</summary>
    public static AnalysisReport SegmentLimit() => new()
    {
        Sources = [Source("trace.txt", "ftrace-text", 6_101_000, 41_200, 40_010)],
        Machine = Machine("swiotlb=32768,force") with { Inventory = Storage() },
        Pools = [Pool(32_768, 442, 40_908_830_000, 5) with { Occupancy = Wave(36_200_000_000, 42_620_000_000, 442, 41_670_899_000) }],
        Incidents =
        [
            new Incident
            {
                Id = 1, Pool = 1, PoolKind = PoolKind.Swiotlb, FromTrace = true, Cause = Cause.SegmentLimit, Confidence = 1,
                Failures = 5, LastFailureTimeNs = 43_748_407_000,
                Verdict = "0000:00:05.0 asks for mappings larger than 256 KiB, which swiotlb can never serve. The pool was 1 % full.",
                Causes = [new CauseCount(Cause.SegmentLimit, 5)],
                FirstFailure = First(41_670_899_000, "0000:00:05.0", "dmalab", 262_656, 129, 360, 32_768, 11_245, 9_811),
                Reporters = [new Reporter("0000:00:05.0", "dmalab", 5, 5)],
                Holders = [Held("0000:00:05.0", "dmalab", 352, 5, 32_768, 4.0, 50)],
                Culprits = [new Culprit("0000:00:05.0", "dmalab", 1, 0)],
                Evidence = [new Evidence("asks for 129 slots; one mapping can have 128", new SourceRef("trace.txt", 9811))],
                Remedies =
                [
                    new Remedy("Let the driver split its mappings at dma_max_mapping_size() = 256 KiB", "segment-size", true, 0, ""),
                    new Remedy("A larger swiotlb=", "useless", true, 5, "No size helps: the limit is 128 slots a mapping."),
                ],
            },
        ],
        Fidelity = new Fidelity(9_927, 9_927, 9_927, string.Empty),
    };

    /// <summary>A leak seen before the leaker itself fails.</summary>
    public static AnalysisReport Leak() => new()
    {
        Sources = [Source("trace.txt", "ftrace-text", 29_900_000, 170_300, 165_900) with { Lost = 1234 }],
        Machine = Machine("swiotlb=1024,force"),
        Pools = [Pool(1024, 1014, 57_105_800_000, 5) with { Occupancy = Ramp(38_700_000_000, 57_200_000_000, 8, 1014, 54_202_080_000) }],
        Incidents =
        [
            new Incident
            {
                Id = 1, Pool = 1, PoolKind = PoolKind.Swiotlb, FromTrace = true, Cause = Cause.Leak, Confidence = 0.97,
                Failures = 5, Suppressed = 3310, LastFailureTimeNs = 54_571_371_000,
                Verdict = "0000:00:05.0 maps and never unmaps: 379 mappings in 13 s, none given back. 0000:00:02.0 only suffers.",
                Causes = [new CauseCount(Cause.Leak, 5)],
                FirstFailure = First(54_202_080_000, "0000:00:02.0", "virtio-pci", 16_384, 8, 922, 1024, 7, 148_113),
                Reporters = [new Reporter("0000:00:02.0", "virtio-pci", 5, 5)],
                Holders =
                [
                    Held("0000:00:05.0", "dmalab", 758, 379, 1024, 13.4, 56.6),
                    Held("0000:00:02.0", "virtio-pci", 156, 24, 1024, 0.08, 0),
                    Held("", "", 8, 0, 1024, null, null),
                ],
                Culprits = [new Culprit("0000:00:05.0", "dmalab", 1, 0)],
                LeastSize = null,
                Remedies =
                [
                    new Remedy("Mend the driver dmalab: it must unmap what it maps", "driver-fix", true, 0, ""),
                    new Remedy("A larger swiotlb=", "useless", true, null, "It only takes longer to fill: 2048 slots would last 18 s more."),
                ],
                Uncertain = ["The trace ends before the leaker itself fails."],
            },
        ],
        Warnings =
        [
            new Diagnostic("TR0020", Severity.DataLoss, "The tracer lost 1234 events on CPU 1; counts are lower bounds.",
                new SourceRef("trace.txt", 77_120), "Record with a larger buffer_size_kb."),
        ],
    };

    /// <summary>Nothing failed.</summary>
    public static AnalysisReport Clean() => new()
    {
        Sources = [Source("trace.txt", "ftrace-text", 9_100_000, 60_100, 58_000)],
        Machine = Machine("swiotlb=force"),
        Pools = [Pool(32_768, 616, 35_118_262_000, 0) with { Occupancy = Wave(31_890_000_000, 39_090_000_000, 616, -1) }],
        Fidelity = new Fidelity(14_059, 14_059, 14_059, string.Empty),
    };

    /// <summary>Only a kernel log: reporters are known, holders are not.</summary>
    public static AnalysisReport LogOnly() => new()
    {
        Sources = [Dmesg("dmesg.txt")],
        Machine = Machine("swiotlb=2048,force"),
        Pools = [Pool(2048, 2046, TraceEvent.NoTime, 37) with { GeometryFrom = GeometryOrigin.Log, Model = string.Empty, Mappings = 0 }],
        Incidents =
        [
            new Incident
            {
                Id = 1, Pool = 1, PoolKind = PoolKind.Swiotlb, FromTrace = false, Cause = Cause.Unknown, Confidence = 0.4,
                Failures = 37, LastFailureTimeNs = 30_169_274_000,
                Verdict = "The pool was full when 0000:00:02.0 and 0000:00:03.0 asked. Who held it is not in the log.",
                Causes = [new CauseCount(Cause.Unknown, 37)],
                FirstFailure = First(28_923_692_000, "0000:00:02.0", "virtio-pci", 4096, 2, 2041, 2048, null, 421) with
                {
                    Source = new SourceRef("dmesg.txt", 421),
                },
                Reporters = [new Reporter("0000:00:02.0", "virtio-pci", 10, 10), new Reporter("0000:00:03.0", "e1000", 27, 27)],
                Evidence = [new Evidence("swiotlb buffer is full (sz: 4096 bytes), total 2048 (slots), used 2041 (slots)", new SourceRef("dmesg.txt", 421))],
                Uncertain = ["A reporter is who asked when the pool was full, not who filled it."],
                NextCapture = ["tracereplay capture-script --for swiotlb: records who holds the pool."],
            },
        ],
    };

    /// <summary>Two incidents in two pools.</summary>
    public static AnalysisReport Several()
    {
        var greedy = Greedy();
        return greedy with
        {
            Machine = greedy.Machine with { CaseName = "host-a" },
            Machines =
            [
                greedy.Machine with { CaseName = "host-a" },
                new MachineReport { CaseName = "host-b", Kernel = "6.12.30", Arch = "ppc64le", Inventory = Storage() }, new MachineReport { CaseName = "loose files" },
            ],
            Pools = [GreedyPool(), new PoolReport { Id = 2, Kind = PoolKind.Tce, UnitBytes = 4096, Units = 8192, Areas = 4, Failures = 70 }],
            Incidents =
            [
                GreedyIncident(1) with { Causes = [new CauseCount(Cause.Capacity, 4), new CauseCount(Cause.Fragmentation, 202)] },
                new Incident
                {
                    Id = 2, Pool = 2, PoolKind = PoolKind.Tce, FromTrace = false, Cause = Cause.Unknown, Confidence = 0.3, Failures = 70, Suppressed = 181, FailureRange = new FailureRange(251, null),
                    Verdict = "iommu_alloc failed 70 times for 0001:00:00.0.",
                    Reporters = [new Reporter("0001:00:00.0", "megaraid_sas", 70, 70), new Reporter("0001:00:01.0", "e1000", 3, 0)],
                },
            ],
        };
    }

    /// <summary>Names from an input that wants to drive the terminal, the page or the table.</summary>
    public static AnalysisReport Hostile()
    {
        const string name = "\u001b[31m<script>alert('x')</script>[red]|`*_\"&\u202e\n";
        var report = Greedy();
        var incident = GreedyIncident(1);
        return report with
        {
            Sources = [Source(name + "/trace.txt", name, 10, 1, 1)],
            Machine = new MachineReport { Kernel = name, Arch = name, CommandLine = name, BootTime = name, Inventory = HostileInventory(name) },
            Pools = [GreedyPool() with { Model = name }],
            Incidents =
            [
                incident with
                {
                    Verdict = name, Explanation = name,
                    FirstFailure = incident.FirstFailure! with { Device = name, Driver = name, Task = name, Source = new SourceRef(name, 3) },
                    Holders =
                    [
                        incident.Holders[0] with { Device = name, Driver = name, Consumers = [new ConsumerShare(name, name, 3, 1)] },
                    ],
                    Reporters = [new Reporter(name, name, 1, 1)],
                    Culprits = [new Culprit(name, name, 1, 0)],
                    Evidence = [new Evidence(name, new SourceRef(name, 1))],
                    LeastSize = new LeastSize(1, 2048, true, 2, name),
                    Remedies = [new Remedy(name, "useless", false, 1, name) { Risk = name }],
                    KnownIssues = [new Diagnosis.KnownIssues.KnownIssueMatch("own", name, 0.5, name, name, name, name)],
                    Uncertain = [name], NextCapture = [name],
                },
            ],
            Fidelity = new Fidelity(2, 2, 1, name),
            Warnings = [new Diagnostic("TR0001", Severity.DataLoss, name, new SourceRef(name, 9), name),
                new Diagnostic("TR0002", Severity.Warning, name, new SourceRef(name, 9), name)],
        };
    }

    private static Incident GreedyIncident(int id) => new()
    {
        Id = id, Pool = 1, PoolKind = PoolKind.Swiotlb, FromTrace = true, Cause = Cause.Capacity, Confidence = 0.95, Failures = 206,
        LastFailureTimeNs = 32_993_006_000,
        Verdict = "0000:00:05.0 (dmalab) held 1736 of the 2048 slots when the pool ran full, and no message names it. "
            + "0000:00:02.0 and 0000:00:03.0 only suffer: without 0000:00:05.0 nothing fails.",
        Explanation = "From 26.8 s on 0000:00:05.0 took 248 mappings and gave none back until 32.9 s. "
            + "When the disk load of 0000:00:02.0 returned to its normal depth, the rest of the pool was too small for it.",
        Causes = [new CauseCount(Cause.Capacity, 206)],
        FirstFailure = First(29_863_996_000, "0000:00:02.0", "virtio-pci", 4096, 2, 2041, 2048, 1, 22_871),
        Reporters = [new Reporter("0000:00:02.0", "virtio-pci", 179, 10), new Reporter("0000:00:03.0", "e1000", 27, 0)],
        Holders =
        [
            Held("0000:00:05.0", "dmalab", 1736, 248, 2048, 3.1, 0) with { Consumers = [new ConsumerShare("task init", "", 1736, 248)] },
            Held("", "", 264, 0, 2048, null, null),
            Held("0000:00:02.0", "virtio-pci", 41, 32, 2048, 0.0123, 410) with
            {
                Consumers = [new ConsumerShare("8,0", "sda", 22, 16), new ConsumerShare("8,16", "sdb", 19, 16)],
            },
        ],
        Culprits = [new Culprit("0000:00:05.0", "dmalab", 1, 0)],
        Evidence =
        [
            new Evidence("0000:00:05.0 maps 65536 bytes, the first of 248 mappings that stay", new SourceRef(Folder + "trace.txt.zst", 11_392)),
            new Evidence("first refusal: 0000:00:02.0 asks for 4096 bytes with 2041 of 2048 slots in use", new SourceRef(Folder + "trace.txt.zst", 22_871)),
            new Evidence("swiotlb buffer is full (sz: 4096 bytes), total 2048 (slots), used 2041 (slots)", new SourceRef(Folder + "dmesg.txt", 421)),
            new Evidence("without 0000:00:05.0 the same events have 0 failures", None),
        ],
        LeastSize = new LeastSize(2176, 2176 * 2048, false, 2304, "swiotlb=4096"),
        Remedies =
        [
            new Remedy("Limit what 0000:00:05.0 may hold to 1400 slots", "cap-device", true, 0, "dmalab: lower its queue depth or ring size."),
            new Remedy("Boot with swiotlb=4096", "pool-size", true, 0, "6.1 rounds up to a power of two: 2304 slots cannot be had by this option alone."),
            new Remedy("Give 0000:00:05.0 a 64-bit DMA mask", "mask", false, null, "Only if the hardware can do it; swiotlb=force must go as well."),
            new Remedy("More areas (swiotlb=2048,8)", "useless", true, 214, "The pool itself is too small."),
        ],
        Uncertain = ["264 slots were mapped before the trace began; their devices are known only where they were given back."],
    };

    private static PoolReport GreedyPool() => Pool(2048, 2048, 30_313_296_000, 206) with
    {
        Base = 0x78500000,
        Areas = 2,
        HeldBeforeTraceUnits = 264,
        Occupancy = GreedyOccupancy(),
    };

    private static PoolReport Pool(long units, long peak, long peakTime, long failures) => new()
    {
        Id = 1, Kind = PoolKind.Swiotlb, Model = "swiotlb-G4 (kernel 6.0 to 6.2)", UnitBytes = 2048, Units = units, Areas = 2,
        GeometryFrom = GeometryOrigin.Trace, PeakUsedUnits = peak, PeakTimeNs = peakTime, Failures = failures, Mappings = 11_736,
    };

    // The time line of the capture: 264 before, 1736 more from 26.8 s, the disks' load on top, all released at 32.99 s.
    private static List<OccupancyPoint> GreedyOccupancy()
    {
        var points = new List<OccupancyPoint>();
        for (var i = 0; i <= 250; i++)
        {
            var time = 25_560_000_000L + (i * 50_000_000L);
            var seconds = time / 1e9;
            var greedy = seconds is > 26.8 and < 32.99 ? Math.Min(1736, (seconds - 26.8) * 1100) : 0;
            var load = i % 7 * (seconds > 29.8 ? 6 : 2);
            var failing = seconds is > 29.86 and < 33.0 && i % 3 == 0;
            points.Add(new OccupancyPoint(time, Math.Min(2048, 264 + (long)greedy + load), 3, failing ? 9 : 0));
        }

        return points;
    }

    private static List<OccupancyPoint> Wave(long start, long end, long peak, long failure) =>
        [.. Enumerable.Range(0, 120).Select(i =>
        {
            var time = start + ((end - start) * i / 119);
            var used = (long)(peak * (0.2 + (0.8 * Math.Abs(Math.Sin(i / 9.0)))));
            return new OccupancyPoint(time, used, -1, failure > 0 && time >= failure && i % 5 == 0 ? 1 : 0);
        })];

    private static List<OccupancyPoint> Ramp(long start, long end, long low, long high, long failure) =>
        [.. Enumerable.Range(0, 150).Select(i =>
        {
            var time = start + ((end - start) * i / 149);
            return new OccupancyPoint(time, low + ((high - low) * i / 149), -1, time >= failure && i % 6 == 0 ? 1 : 0);
        })];

    private static FailureReport First(
        long time, string device, string driver, long bytes, long units, long used, long total, long? run, long line) => new()
        {
            TimeNs = time, Device = device, Driver = driver, Bytes = bytes, Units = units, UsedUnits = used, TotalUnits = total,
            FreeUnits = total - used, LargestFreeRun = run, Task = "lg", Cause = Cause.Capacity,
            Source = new SourceRef(Folder + "trace.txt.zst", line),
        };

    private static Holder Held(
        string device, string driver, long units, long mappings, long total, double? age, double? growth) => new()
        {
            Device = device, Driver = driver, Units = units, Bytes = units * 2048, Mappings = mappings, Share = (double)units / total,
            OldestAgeSeconds = age, GrowthUnitsPerSecond = growth,
        };

    private static MachineReport Machine(string option) => new()
    {
        Kernel = "6.1.0-56-amd64", Arch = "x86_64", CommandLine = $"console=ttyS0 {option}", BootTime = null,
    };

    private static InventoryReport Storage() => new()
    {
        Hosts =
        [
            new HostReport(new ScsiHostFact(0, new SourceRef("lsscsi.txt", 1)) { Driver = "ahci", CanQueue = 32, SgTablesize = 168 }, 1),
            new HostReport(
                new ScsiHostFact(3, new SourceRef("sys/class/scsi_host/host3/can_queue", 1))
                {
                    Driver = "lpfc", Device = "0000:05:00.0", CanQueue = 8182, CmdPerLun = 3, LunQueueDepth = 30, HbaQueueDepth = 8192, SgTablesize = 64,
                },
                64_000),
        ],
        LunPaths = 64_001, Luns = 16_001, Maps = 16_000, PathsPerMap = (2, 4), QueueDepth = (30, 32), Cpus = 16, MemoryBytes = 512L << 30, MemoryEnd = 513L << 30,
        Distribution = "Red Hat Enterprise Linux Server release 5.5 (Tikanga)", Model = "IBM 9119-FHA",
        Parameters = [new ModuleParameterFact("lpfc", "lpfc_lun_queue_depth", "30", ParameterOrigin.Running, new SourceRef("sys/module/lpfc/parameters/lpfc_lun_queue_depth", 1))],
    };

    private static InventoryReport HostileInventory(string name) => new()
    {
        Hosts = [new HostReport(new ScsiHostFact(1, new SourceRef(name, 1)) { Driver = name, Device = name, Model = name, DriverVersion = name }, 1)],
        LunPaths = 1, Distribution = name, Model = name,
        Parameters = [new ModuleParameterFact(name, name, name, ParameterOrigin.Configured, new SourceRef(name, 1))],
    };

    private static SourceSummary Source(string path, string format, long bytes, long records, long events) => new()
    {
        Path = path, Format = format, Sha256 = new string('a', 64), Bytes = bytes, Records = records, Events = events,
        Clock = ClockDomain.FtraceLocal,
    };

    private static SourceSummary Dmesg(string path) => new()
    {
        Path = path, Format = "dmesg", Sha256 = new string('b', 64), Bytes = 30_808, Records = 458, Clock = ClockDomain.BootPrintk,
    };
}
