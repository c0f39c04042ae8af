using System.Numerics;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.ProbeDefinitions;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Bodies of allocator probes. What lands in which field of the event is told in parsers/README.md.</summary>
internal sealed class ProbeBodies(SourceJob job)
{
    private readonly NameCache _devices = new(job.Names);
    private readonly ProbeValues _values = new();
    private const int MostTables = 4096;

    private readonly HashSet<ulong> _tables = [];
    private readonly HashSet<string> _unbound = new(StringComparer.Ordinal);

    /// <summary>Reads one body.</summary>
    /// <param name="context">Common part.</param>
    /// <param name="descriptor">The event.</param>
    /// <param name="body">The body.</param>
    public void Event(in LineContext context, EventDescriptor descriptor, ReadOnlySpan<byte> body)
    {
        var plan = descriptor.Plan ??= Plan(descriptor, body);
        if (!_values.Read(body, plan))
        {
            // Another set of fields under the same name (a probe defined again, or a damaged line).
            plan = Plan(descriptor, body);
            if (_values.Read(body, plan))
            {
                descriptor.Plan = plan;
            }
        }

        ref var item = ref job.NewEvent();
        context.Fill(ref item, KindOf(plan.Meaning), descriptor.NameId);
        if (plan.Meaning == ProbeMeaning.None)
        {
            return;
        }

        var device = _values.Device(body);
        item.DeviceId = device.IsEmpty ? 0 : _devices.Intern(device);
        Fill(ref item, plan, context.Line);
        if (plan.Meaning == ProbeMeaning.Geometry)
        {
            Geometry(context.Line);
        }
    }

    /// <summary>Tells which probes had no known meaning.</summary>
    public void Finish()
    {
        foreach (var name in _unbound.Order(StringComparer.Ordinal).Take(20))
        {
            job.Report(Notice.UnboundProbe, 0, name);
        }
    }

    private ProbePlan Plan(EventDescriptor descriptor, ReadOnlySpan<byte> body)
    {
        var name = Encoding.UTF8.GetString(descriptor.Name);
        var bare = name[(name.LastIndexOf(':') + 1)..];
        var plan = ProbePlan.From(bare, body, job.Incident);
        if (plan.Meaning == ProbeMeaning.None && !descriptor.MayBeIommu && !bare.StartsWith("dyn_alloc", StringComparison.Ordinal))
        {
            _unbound.Add(bare);
        }

        return plan;
    }

    private static EventKind KindOf(ProbeMeaning meaning) => meaning switch
    {
        ProbeMeaning.SwiotlbMap or ProbeMeaning.IovaMap or ProbeMeaning.TceMap => EventKind.PoolMap,
        ProbeMeaning.SwiotlbMapReturn or ProbeMeaning.IovaMapReturn or ProbeMeaning.TceMapReturn => EventKind.PoolMapReturn,
        ProbeMeaning.SwiotlbUnmap or ProbeMeaning.IovaFree or ProbeMeaning.TceFree => EventKind.PoolUnmap,
        ProbeMeaning.TceMapped => EventKind.PoolMapped,
        ProbeMeaning.TceFailed => EventKind.PoolMapFailed,
        ProbeMeaning.Search => EventKind.PoolSearch,
        ProbeMeaning.SearchReturn => EventKind.PoolSearchReturn,
        ProbeMeaning.PoolCreateReturn => EventKind.PoolGrow,
        ProbeMeaning.PoolFree => EventKind.PoolShrink,
        _ => EventKind.Other,
    };

    private void Fill(ref TraceEvent item, ProbePlan plan, long line)
    {
        switch (plan.Meaning)
        {
            case ProbeMeaning.SwiotlbMap:
                item.Pool = PoolKind.Swiotlb;
                SwiotlbMap(ref item);
                break;
            case ProbeMeaning.SwiotlbUnmap:
                item.Pool = PoolKind.Swiotlb;
                SwiotlbUnmap(ref item);
                break;
            case ProbeMeaning.SwiotlbMapReturn or ProbeMeaning.IovaMapReturn or ProbeMeaning.TceMapReturn:
                item.Pool = plan.Meaning switch
                {
                    ProbeMeaning.IovaMapReturn => PoolKind.Iova,
                    ProbeMeaning.TceMapReturn => PoolKind.Tce,
                    _ => PoolKind.Swiotlb,
                };
                Address(ref item, ProbeField.Result);
                break;
            case ProbeMeaning.IovaMap or ProbeMeaning.IovaFree:
                item.Pool = PoolKind.Iova;
                Range(ref item, ProbeField.Address);
                break;
            case ProbeMeaning.TceMap or ProbeMeaning.TceMapped or ProbeMeaning.TceFailed or ProbeMeaning.TceFree:
                item.Pool = PoolKind.Tce;
                Range(ref item, ProbeField.Entry);
                Tce(ref item);
                Table(in item, line);
                break;
            default:
                item.Pool = PoolKind.Swiotlb;
                DynamicPool(ref item, plan);
                break;
        }
    }

    private void SwiotlbMap(ref TraceEvent item)
    {
        item.PhysAddr = _values[ProbeField.Orig];
        item.Fields |= _values.Has(ProbeField.Orig) ? EventFields.PhysAddr : EventFields.None;
        var bytes = Math.Max(_values[ProbeField.Size], _values[ProbeField.AllocSize]);
        item.Bytes = BodyFields.Signed(bytes);
        item.Fields |= _values.Has(ProbeField.Size) ? EventFields.Bytes : EventFields.None;
        item.AlignMask = _values[ProbeField.AlignMask];
        Direction(ref item);
        State(ref item);
        item.PoolRef = _values[ProbeField.Pool];
        if (_values.Has(ProbeField.Total))
        {
            item.Arg = BodyFields.Signed(_values[ProbeField.Total]);
            item.Fields |= EventFields.Arg;
        }
    }

    private void SwiotlbUnmap(ref TraceEvent item)
    {
        Address(ref item, ProbeField.Address);
        item.Bytes = BodyFields.Signed(_values[ProbeField.Size]);
        item.Fields |= _values.Has(ProbeField.Size) ? EventFields.Bytes : EventFields.None;
        Direction(ref item);
        item.PoolRef = _values[ProbeField.Pool];
        if (_values.Has(ProbeField.Transient))
        {
            item.Arg = (long)_values[ProbeField.Transient];
            item.Fields |= EventFields.Arg;
        }
    }

    private void Range(ref TraceEvent item, ProbeField address)
    {
        Address(ref item, address);
        var units = _values.Has(ProbeField.Units) ? ProbeField.Units : ProbeField.Size;
        item.Units = BodyFields.Signed(_values[units]);
        item.Fields |= _values.Has(units) ? EventFields.Units : EventFields.None;
        item.Limit = _values[ProbeField.Limit];
        item.PoolRef = _values[ProbeField.Pool];
    }

    private void Tce(ref TraceEvent item)
    {
        if (!_values.Has(ProbeField.Entry) && _values.Has(ProbeField.BusAddress) && _values.Has(ProbeField.TableOffset))
        {
            // __iommu_free of arch/powerpc/kernel/iommu.c: entry = (dma_addr >> it_page_shift) - it_offset, in pages of 4 KiB.
            const int PageShift = 12;
            item.DmaAddr = (_values[ProbeField.BusAddress] >> PageShift) - _values[ProbeField.TableOffset];
            item.Fields |= EventFields.DmaAddr;
        }

        item.AlignMask = (ulong)BitOperations.PopCount(_values[ProbeField.AlignMask]);
        if (_values.Has(ProbeField.Handle))
        {
            item.Arg = (long)_values[ProbeField.Handle];
            item.Fields |= EventFields.Arg;
        }

        if (_values.Has(ProbeField.Pass))
        {
            // Pass, and the sub-pool the entry was found in.
            Span<int> state = [Int(ProbeField.Pass), Int(ProbeField.PoolStart), Int(ProbeField.PoolEnd)];
            job.SetState(ref item, _values.Has(ProbeField.PoolStart) ? state : state[..1]);
        }
    }

    /// <summary>A table is told of once, with the size that its first event prints.</summary>
    private void Table(in TraceEvent item, long line)
    {
        const int PageBytes = 4096;
        if (_values.Has(ProbeField.PoolUnits) && item.PoolRef != 0 && _tables.Count < MostTables && _tables.Add(item.PoolRef))
        {
            job.Fact(new PoolGeometryFact(PoolKind.Tce, job.At(line), GeometryOrigin.Trace)
            {
                Units = (long)Math.Min(_values[ProbeField.PoolUnits], long.MaxValue), UnitBytes = PageBytes, PoolRef = item.PoolRef,
                More = new Dictionary<string, long>(StringComparer.Ordinal)
                {
                    ["it_offset"] = (long)Math.Min(_values[ProbeField.TableOffset], long.MaxValue),
                },
            });
        }
    }

    private void DynamicPool(ref TraceEvent item, ProbePlan plan)
    {
        item.PoolRef = _values.Has(ProbeField.Rcu) && plan.RcuOffset != 0
            ? _values[ProbeField.Rcu] + (ulong)plan.RcuOffset
            : _values[ProbeField.Pool];
        switch (plan.Meaning)
        {
            case ProbeMeaning.Search:
                item.Arg = (long)_values[ProbeField.Area];
                item.Fields |= EventFields.Arg;
                item.Bytes = BodyFields.Signed(_values[ProbeField.AllocSize]);
                Address(ref item, ProbeField.PoolStart);
                Slots(ref item);
                State(ref item);
                break;
            case ProbeMeaning.SearchReturn:
                item.Arg = (int)_values[ProbeField.Result];
                item.Fields |= EventFields.Arg;
                break;
            case ProbeMeaning.PoolCreate or ProbeMeaning.PoolCreateReturn or ProbeMeaning.PoolFree:
                Address(ref item, ProbeField.PoolStart);
                item.Limit = _values[ProbeField.PoolEnd] | _values[ProbeField.Limit];
                item.Arg = (long)_values[ProbeField.PoolAreas];
                item.Fields |= _values.Has(ProbeField.PoolAreas) ? EventFields.Arg : EventFields.None;
                Slots(ref item);
                break;
            default:
                break;
        }
    }

    private void Slots(ref TraceEvent item)
    {
        item.Units = BodyFields.Signed(_values[ProbeField.PoolUnits]);
        item.Fields |= _values.Has(ProbeField.PoolUnits) ? EventFields.Units : EventFields.None;
    }

    private void State(ref TraceEvent item)
    {
        if (!_values.Areas.IsEmpty)
        {
            item.UsedUnits = _values.AreasUsed;
            job.SetState(ref item, _values.Areas);
        }

        if (_values.Has(ProbeField.Used))
        {
            item.UsedUnits = BodyFields.Signed(_values[ProbeField.Used]);
        }
    }

    private void Address(ref TraceEvent item, ProbeField field)
    {
        if (_values.Has(field))
        {
            item.DmaAddr = _values[field];
            item.Fields |= EventFields.DmaAddr;
        }
    }

    private void Direction(ref TraceEvent item)
    {
        if (_values.Has(ProbeField.Direction) && _values[ProbeField.Direction] <= 3)
        {
            item.Direction = (byte)_values[ProbeField.Direction];
        }
    }

    private int Int(ProbeField field) => (int)Math.Min(_values[field], int.MaxValue);

    private void Geometry(long line)
    {
        // Slots of 2 KiB: IO_TLB_SHIFT (include/linux/swiotlb.h).
        const int SlotBytes = 2048;
        job.Fact(new PoolGeometryFact(PoolKind.Swiotlb, job.At(line), GeometryOrigin.Trace)
        {
            Base = Optional(ProbeField.PoolStart),
            End = Optional(ProbeField.PoolEnd),
            Units = (long?)Optional(ProbeField.PoolUnits),
            UnitBytes = SlotBytes,
            Areas = (int?)Optional(ProbeField.PoolAreas),
            Forced = Flag(ProbeField.Force),
            CanGrow = Flag(ProbeField.CanGrow),
        });
    }

    private ulong? Optional(ProbeField field) => _values.Has(field) ? _values[field] : null;

    private bool? Flag(ProbeField field) => _values.Has(field) ? _values[field] != 0 : null;
}
