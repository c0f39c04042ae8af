using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Replay.Tests;

/// <summary>Builds a small trace by hand: every mapping gets the place that the 6.1 allocator really gives it, so a
/// scene is consistent with the model unless a test bends it.</summary>
internal sealed class Scene
{
    public const ulong Base = 0x1000_0000;
    private readonly IPoolModel _kernel;
    private readonly Dictionary<int, MapResult> _answers = [];

    public Scene(long slots, int areas = 1, string kernel = "6.1.192")
    {
        Geometry = new PoolGeometry
        {
            Kind = PoolKind.Swiotlb, Kernel = kernel, Units = slots, UnitBytes = 2048, Areas = areas, Base = Base,
            BaseKnown = true,
        };
        _kernel = PoolModels.Create(Geometry);
        Log.Sources.Add("scene");
        Log.PoolIndex(new PoolKey(PoolKind.Swiotlb, 0));
    }

    public PoolGeometry Geometry { get; }

    public OperationLog Log { get; } = new();

    public IPoolModel Kernel => _kernel;

    /// <summary>Maps, and returns the operation's index.</summary>
    public int Map(long ms, string device, long bytes, ulong phys = 0, int cpu = 0)
    {
        var request = new MapRequest { Cpu = cpu, Bytes = bytes, PhysAddr = phys, SegmentBoundary = ulong.MaxValue };
        var used = _kernel.UsedUnits;
        var answer = _kernel.Map(in request);
        var operation = Operation(ms, device, bytes, phys, cpu);
        operation.Kind = OperationKind.Map;
        operation.UsedUnits = used;
        operation.Result = answer.Ok ? OperationResult.Mapped : OperationResult.Failed;
        operation.BusAddr = answer.Ok ? Base + (ulong)answer.Offset : ulong.MaxValue;
        var index = Log.Count;
        _answers[index] = answer;
        Log.Add(in operation);
        return index;
    }

    /// <summary>Gives a mapping back.</summary>
    public void Unmap(long ms, int map)
    {
        var answer = _answers[map];
        var was = Log[map];
        _kernel.Unmap(answer.FirstUnit, answer.Units, was.Cpu);
        var operation = was;
        operation.Kind = OperationKind.Unmap;
        operation.TimeNs = ms * 1_000_000;
        operation.Result = OperationResult.Mapped;
        Log.Add(in operation);
    }

    public string Device(int operation) => Log.Names.Text(Log[operation].Device);

    public PoolSetup Setup() => new(Log, 0, Geometry, DeviceProfiles.Learn(Log, _ => null));

    public PoolReplayResult Replay()
    {
        var setup = Setup();
        return PoolReplay.Run(setup with { Prior = PriorHoldingsSearch.Find(setup, null) });
    }

    private DmaOperation Operation(long ms, string device, long bytes, ulong phys, int cpu) => new()
    {
        TimeNs = ms * 1_000_000, Line = Log.Count + 1, Device = Log.Names.Intern(device), Bytes = bytes, PhysAddr = phys,
        Cpu = cpu, Pid = 100, Comm = Log.Names.Intern("task"), UsedUnits = -1,
    };
}
