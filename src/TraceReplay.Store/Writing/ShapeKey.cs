using TraceReplay.Core;

namespace TraceReplay.Store.Writing;

/// <summary>What events of one shape have in common: a row of event_shape.</summary>
internal readonly struct ShapeKey(in TraceEvent item) : IRowKey<ShapeKey>
{
    private readonly uint _codes =
        (uint)item.Kind | ((uint)item.Pool << 8) | ((uint)item.Direction << 16);

    private readonly ushort _fields = (ushort)item.Fields;
    private readonly int _name = item.NameId;
    private readonly int _device = item.DeviceId;
    private readonly int _consumer = item.ConsumerId;
    private readonly ulong _alignMask = item.AlignMask;
    private readonly ulong _limit = item.Limit;
    private readonly ulong _poolRef = item.PoolRef;

    public uint Hash()
    {
        var ids = ((ulong)(uint)_name << 42) ^ ((ulong)(uint)_device << 21) ^ (uint)_consumer;
        var hash = (_codes | ((ulong)_fields << 32)) * 0x9E3779B97F4A7C15ul;
        hash = (hash ^ ids) * 0xC2B2AE3D27D4EB4Ful;
        hash = (hash ^ (hash >> 29) ^ _alignMask ^ (_limit * 3) ^ (_poolRef * 5)) * 0x165667B19E3779F9ul;
        return (uint)(hash >> 32);
    }

    public bool Same(in ShapeKey other) =>
        _codes == other._codes && _fields == other._fields && _name == other._name && _device == other._device
        && _consumer == other._consumer && _alignMask == other._alignMask && _limit == other._limit
        && _poolRef == other._poolRef;
}

/// <summary>Task and CPU of events: a row of event_task.</summary>
internal readonly struct TaskKey(in TraceEvent item) : IRowKey<TaskKey>
{
    private readonly int _cpu = item.Cpu;
    private readonly int _pid = item.Pid;
    private readonly int _comm = item.CommId;

    public uint Hash()
    {
        var hash = (((ulong)(uint)_pid << 32) | (uint)_comm) * 0x9E3779B97F4A7C15ul;
        hash = (hash ^ (hash >> 31) ^ (uint)_cpu) * 0xC2B2AE3D27D4EB4Ful;
        return (uint)(hash >> 32);
    }

    public bool Same(in TaskKey other) => _cpu == other._cpu && _pid == other._pid && _comm == other._comm;
}
