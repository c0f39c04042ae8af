using TraceReplay.Core;

namespace TraceReplay.Store.Tests;

/// <summary>Inputs for the tests: seeded, every field used.</summary>
internal static class Samples
{
    private static readonly string[] NameTexts =
        ["swiotlb_bounced", "map_in", "kworker/0:1H", "0000:00:02.0", "0000:00:05.0", "8,16", "0:0:0:1", "lg", "a\"b'c];--", "\u001b[31mred", "ünïcode \u202e"];

    public static SourceInfo Info(string path) => new(path, "ftrace-text", new NameTable());

    public static SourceSummary Summary(string path, string? sha = null) => new()
    {
        Path = path, Format = "ftrace-text", Sha256 = sha ?? path, Bytes = 1, Records = 2, Events = 3, Skipped = 4, Lost = 5,
        Clock = ClockDomain.FtraceLocal,
    };

    public static TraceDatabase Create(TemporaryFile file) => TraceDatabase.Open(file.Path, DatabaseAccess.Create);

    public static StoredSource Store(TraceDatabase database, string path, int seed = 1, int batches = 1, string? sha = null)
    {
        using var writer = database.BeginSource(Info(path));
        for (var i = 0; i < batches; i++)
        {
            writer.Write(Batch(writer.Info.Names, seed + i));
        }

        foreach (var fact in AllFacts(path))
        {
            writer.Write(fact);
        }

        writer.Write(new Diagnostic("TR0007", Severity.DataLoss, "lost \"12\" events", new SourceRef(path, 7), "larger buffer"));
        return writer.Complete(Summary(path, sha));
    }

    /// <summary>A full batch of random events with every field in use and every extreme value.</summary>
    public static EventBatch Batch(NameTable names, int seed)
    {
        var random = new Random(seed);
        int[] ids = [0, .. NameTexts.Select(names.Intern), names.Intern([0xff, 0xfe, 0x41]), names.Intern("nul\0inside"u8)];
        var batch = new EventBatch { Names = names };
        while (!batch.IsFull)
        {
            var item = Event(random, ids);
            var state = new int[random.Next(4) switch { 0 => 4, 1 => random.Next(20), _ => 0 }];
            for (var i = 0; i < state.Length; i++)
            {
                state[i] = (int)Extreme(random);
            }

            item.StateOffset = batch.AddState(state);
            item.StateCount = state.Length;
            batch.Add(in item);
        }

        return batch;
    }

    /// <summary>One fact of every type, with all fields, and one with as few as possible.</summary>
    public static IReadOnlyList<Fact> AllFacts(string path)
    {
        var at = new SourceRef(path, 12);
        var inner = new SourceRef(path + "!inner", 0);
        return
        [
            new PoolGeometryFact(PoolKind.Swiotlb, at, GeometryOrigin.Trace)
            {
                Base = 0xffff_ffff_8000_0000, End = ulong.MaxValue, Units = 32768, UnitBytes = 2048, Areas = 4, Forced = true,
                CanGrow = false, PoolRef = 0xffffffffb6fb8300, Device = "0000:00:02.0",
                More = new Dictionary<string, long>(StringComparer.Ordinal) { ["offset"] = -5, ["a\"b"] = long.MaxValue },
            },
            new PoolGeometryFact(PoolKind.Tce, inner, GeometryOrigin.Log),
            new MachineFact(at)
            {
                KernelRelease = "6.1.0-56-amd64", KernelVersion = "6.1.192", Arch = "x86_64", CommandLine = "a='b' \u001b[0m",
                Cpus = 2, BootTime = "2026-01-01T00:00:00Z", Model = "pc", MemoryBytes = 1L << 40, MemoryEnd = long.MaxValue,
                Distribution = "d\u001b",
            },
            new MachineFact(at),
            new DeviceFact("0000:00:05.0", at) { Driver = "virtio\"net", DmaMaskBits = 32, Bus = "pci", Ids = "10df:f100", ClassCode = "0c04", Description = "Fibre; 'x'", IommuGroup = 0 },
            new DeviceFact("0000:00:05.0", at) { DmaMaskBits = 64 },
            new ConsumerFact("8,16", "sdb", "0000:00:02.0", at),
            new ConsumerFact("8,16", string.Empty, "0000:00:02.0", inner),
            new ScsiHostFact(3, at)
            {
                Driver = "lpfc", DriverVersion = "0:14.2", Device = "0000:00:05.0", Model = "LPe\u001b", CanQueue = 8182, CmdPerLun = 3,
                SgTablesize = 64, LunQueueDepth = 30, HbaQueueDepth = 8192, SgSegCnt = 65, HwQueues = 4, UncheckedIsaDma = false,
                More = new Dictionary<string, string>(StringComparer.Ordinal) { ["state"] = "running", ["a\"b"] = "\u202e" },
            },
            new ScsiHostFact(0, inner),
            new LunPathFact(new ScsiAddress(3, 1, 2, ulong.MaxValue), at)
            {
                Type = "disk", Vendor = "IBM", Model = "2107900", Rev = ".217", Node = "sdab", Sg = "sg7", QueueDepth = 30, Bytes = 5,
                Wwid = "3600", Map = "mpatha", GroupState = "enabled", PathState = "active ready running",
            },
            new LunPathFact(new ScsiAddress(0, 0, 0, 0), inner),
            new MultipathMapFact("mpatha", at)
            {
                Wwid = "3600", Dm = "dm-2", Vendor = "IBM", Model = "2107900", Bytes = 10, Features = "1 queue_if_no_path", Policy = "round-robin 0",
            },
            new MultipathMapFact("b", inner),
            new BlockQueueFact("sda", at)
            {
                Device = "0000:00:05.0", Address = new ScsiAddress(3, 1, 2, 4), MaxSectorsKb = 512, MaxHwSectorsKb = 32767, MaxSegments = 64,
                MaxSegmentBytes = 65536, NrRequests = 128, QueueDepth = 30,
            },
            new BlockQueueFact("sdb", inner),
            new ModuleParameterFact("lpfc", "lpfc_lun_queue_depth", "30", ParameterOrigin.Running, at),
            new ModuleParameterFact("lpfc", "lpfc_lun_queue_depth", string.Empty, ParameterOrigin.Configured, inner),
            new KernelModuleFact("lpfc", at) { Version = "0:14.2.0.7", IsLoaded = true },
            new KernelModuleFact("x", inner),
            new MemoryRegionFact(0x1_0000_0000, 0, 2, "System RAM\u001b", at),
            new UsageFact(PoolKind.Swiotlb, UsageMoment.BeforeTrace, TraceEvent.NoTime, 12, 4096, at) { HighWaterUnits = 44 },
            new UsageFact(PoolKind.Swiotlb, UsageMoment.Sample, 0, 0, null, at),
            new LogMessageFact("swiotlb-full", PoolKind.Swiotlb, true, 5_000_000_000, "swiotlb buffer is full", at)
            {
                Device = "0000:00:02.0", Driver = "virtio", Bytes = 65536, Pages = 16, TotalUnits = 32768, UsedUnits = 32700,
                Suppressed = 3, Function = "swiotlb_tbl_map_single", Boot = 2, Host = "db1\u001b",
                Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["ünï"] = "a\nb\0", ["z"] = string.Empty },
            },
            new LogMessageFact("other", PoolKind.Unknown, false, TraceEvent.NoTime, string.Empty, inner),
            new LogRecordFact(17, 3, "text with \0 and \u001b and 'quotes'", at),
            new LogRecordFact(TraceEvent.NoTime, -1, string.Empty, at),
            new ClockOffsetFact(ClockDomain.FtraceLocal, ClockDomain.WallLocalUnknownZone, -7, at) { Boot = 3, Lines = 12, SpreadNs = 5, SinceNs = 99 },
            new ClockOffsetFact(ClockDomain.BootPrintk, ClockDomain.WallNoYear, 8, at),
            new BootFact(2, at) { Kernel = "6.1.0-56-amd64\u001b", Id = "0123456789abcdef0123456789abcdef" },
            new BootFact(1, inner),
            new LossFact(-1, -1, true, at),
            new LossFact(3, 0, false, at),
        ];
    }

    private static TraceEvent Event(Random random, int[] ids)
    {
        int Name() => ids[random.Next(ids.Length)];
        var item = TraceEvent.Empty;
        item.Kind = (EventKind)random.Next(EventKindNames.All.Count);
        item.Pool = (PoolKind)random.Next(13);
        item.Direction = random.Next(2) == 0 ? (byte)255 : (byte)random.Next(4);
        item.Fields = (EventFields)random.Next(512);
        item.Line = random.Next(3) == 0 ? Extreme(random) : random.Next();
        item.TimeNs = random.Next(9) == 0 ? TraceEvent.NoTime : random.NextInt64();
        (item.Cpu, item.Pid, item.CommId) = (random.Next(-1, 3), random.Next(-1, 4), Name());
        (item.NameId, item.DeviceId, item.ConsumerId, item.TextId) = (Name(), Name(), Name(), Name());
        (item.DmaAddr, item.PhysAddr) = ((ulong)Extreme(random), (ulong)Extreme(random));
        (item.Bytes, item.Units, item.Arg) = (Extreme(random), Extreme(random), Extreme(random));
        item.UsedUnits = random.Next(2) == 0 ? -1 : random.Next();
        item.AlignMask = random.Next(4) == 0 ? ulong.MaxValue : (ulong)random.Next(2) * 0xfff;
        item.Limit = random.Next(4) == 0 ? ulong.MaxValue : 0;
        item.PoolRef = random.Next(4) == 0 ? 0xffffffffb6fb8300 : 0;
        return item;
    }

    private static long Extreme(Random random) => random.Next(8) switch
    {
        0 => 0,
        1 => -1,
        2 => long.MinValue,
        3 => long.MaxValue,
        4 => 127,
        5 => 128,
        _ => random.NextInt64(1 << 20),
    };
}

/// <summary>A database file that goes away, with its journal.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tracereplay-store").FullName;

    public string Path => System.IO.Path.Combine(_folder, "a.db");

    public string Named(string name) => System.IO.Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
