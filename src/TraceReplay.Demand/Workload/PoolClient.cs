using TraceReplay.Core;
using TraceReplay.Demand.Capacity;
using TraceReplay.Pools;

namespace TraceReplay.Demand.Workload;

/// <summary>Maps and unmaps commands in the pool's model, and writes what a trace of it would show.</summary>
internal sealed class PoolClient(IPoolModel model, WorkloadScenario scenario, CanonicalWriter output) : ICommandPool
{
    private readonly PoolGeometry _geometry = model.Geometry;
    private readonly bool _wholeLists = CommandRequests.TakesWholeLists(model.Geometry);

    /// <inheritdoc/>
    public long Failures { get; private set; }

    /// <inheritdoc/>
    public long PeakUnits { get; private set; }

    /// <inheritdoc/>
    public long PeakCommands { get; private set; }

    private long _mapped;

    /// <inheritdoc/>
    public bool TryMap(ScsiCommand command, long timeNs)
    {
        command.Attempts++;
        var mapped = MapAll(command);
        output.Map(command, mapped, _wholeLists, timeNs);
        if (mapped < 0)
        {
            _mapped++;
            PeakUnits = Math.Max(PeakUnits, model.UsedUnits);
            PeakCommands = Math.Max(PeakCommands, _mapped);
            return true;
        }

        Failures++;
        PeakUnits = Math.Max(PeakUnits, model.UsedUnits);
        Release(command, mapped);
        return false;
    }

    /// <inheritdoc/>
    public void Unmap(ScsiCommand command, long timeNs)
    {
        output.Unmap(command, _wholeLists, timeNs);
        Release(command, _wholeLists ? 1 : command.Segments.Length);
        _mapped--;
    }

    /// <summary>Returns -1, or the index of the segment that was refused.</summary>
    private int MapAll(ScsiCommand command)
    {
        var count = _wholeLists ? 1 : command.Segments.Length;
        for (var i = 0; i < count; i++)
        {
            ref var segment = ref command.Segments[i];
            var request = Request(command, i);
            var answer = model.Map(in request);
            if (!answer.Ok)
            {
                return i;
            }

            segment.FirstUnit = answer.FirstUnit;
            segment.Units = answer.Units;
            segment.Offset = answer.Offset;
        }

        return -1;
    }

    private MapRequest Request(ScsiCommand command, int index)
    {
        ref var segment = ref command.Segments[index];
        var shape = new CommandShape(command.Segments.Length, segment.Bytes, scenario.ScatterlistBytes);
        var request = CommandRequests.Of(_geometry, shape, index);
        if (_geometry.Kind == PoolKind.Iova || (_wholeLists && _geometry.Kind == PoolKind.Tce))
        {
            // One run for the whole list: its segments are not alike.
            request.Units = command.Segments.Sum(part => (part.Bytes + _geometry.UnitBytes - 1) / _geometry.UnitBytes);
        }

        request.PhysAddr = segment.PhysAddr;
        request.Cpu = command.Cpu;
        request.Device = command.Path.Host.Number + 1;
        return request;
    }

    private void Release(ScsiCommand command, int count)
    {
        for (var i = 0; i < count; i++)
        {
            ref var segment = ref command.Segments[i];
            model.Unmap(segment.FirstUnit, segment.Units, command.Cpu);
            segment.FirstUnit = -1;
        }
    }
}
