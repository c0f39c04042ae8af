using TraceReplay.Core;

namespace TraceReplay.Replay.Tests;

public class PairingTests
{
    private readonly OperationLog _log = new();
    private readonly NameTable _names = new();
    private readonly Pairing _pairing;
    private readonly EventBatch _batch = new();

    public PairingTests()
    {
        _pairing = new Pairing(_log);
        _pairing.BeginSource(new SourceInfo("t", "ftrace-text", _names));
        _batch.Names = _names;
    }

    private void Add(EventKind kind, int cpu, int pid, ulong phys = 0, ulong dma = 0, long bytes = 2048, string device = "d")
    {
        var item = TraceEvent.Empty;
        item.Kind = kind;
        item.Cpu = cpu;
        item.Pid = pid;
        item.PhysAddr = phys;
        item.DmaAddr = dma;
        item.Bytes = bytes;
        item.TimeNs = _batch.Count * 1000;
        item.Line = _batch.Count + 1;
        item.DeviceId = _names.Intern(device);
        _batch.Add(in item);
    }

    private OperationLog Done()
    {
        _pairing.Add(_batch);
        _pairing.EndSource();
        return _log;
    }

    [Fact]
    public void An_interrupt_between_entry_and_return_is_paired_innermost_first()
    {
        Add(EventKind.PoolMap, 0, 7, phys: 0x1000);
        Add(EventKind.PoolMap, 0, 7, phys: 0x2000, device: "nic");
        Add(EventKind.PoolMapReturn, 0, 7, dma: 0x22);
        Add(EventKind.PoolMapReturn, 0, 7, dma: 0x11);
        var log = Done();
        Assert.Equal(2, log.Count);
        Assert.Equal((0x1000ul, 0x11ul), (log[0].PhysAddr, log[0].BusAddr));
        Assert.Equal((0x2000ul, 0x22ul), (log[1].PhysAddr, log[1].BusAddr));
    }

    [Fact]
    public void Operations_keep_the_order_of_their_entries_across_cpus()
    {
        Add(EventKind.PoolMap, 0, 7, phys: 0x1000);
        Add(EventKind.PoolMap, 1, 8, phys: 0x2000);
        Add(EventKind.PoolUnmap, 1, 9, dma: 0x99);
        Add(EventKind.PoolMapReturn, 1, 8, dma: ulong.MaxValue);
        Add(EventKind.PoolMapReturn, 0, 7, dma: 0x11);
        var log = Done();
        Assert.Equal([0x1000ul, 0x2000ul, 0ul], Enumerable.Range(0, 3).Select(i => log[i].PhysAddr));
        Assert.Equal(OperationResult.Failed, log[1].Result);
        Assert.Equal(OperationKind.Unmap, log[2].Kind);
    }

    [Fact]
    public void A_place_given_back_during_a_request_is_released_before_it_is_taken()
    {
        Add(EventKind.PoolMap, 1, 8, phys: 0x2000);
        Add(EventKind.PoolUnmap, 0, 9, dma: 0x5000);
        Add(EventKind.PoolMapReturn, 1, 8, dma: 0x5000);
        var log = Done();
        Assert.Equal([OperationKind.Unmap, OperationKind.Map], [log[0].Kind, log[1].Kind]);
    }

    [Fact]
    public void A_missed_return_stays_unresolved_and_does_not_hold_up_the_rest()
    {
        Add(EventKind.PoolMap, 0, 7, phys: 0x1000);
        for (var i = 0; i < 1500; i++)
        {
            Add(EventKind.PoolMap, 1, 8, phys: 0x2000);
            Add(EventKind.PoolMapReturn, 1, 8, dma: 0x5);
        }

        var log = Done();
        Assert.Equal(1501, log.Count);
        Assert.Equal(OperationResult.Unresolved, log[0].Result);
        Assert.Equal(1, _pairing.Unresolved);
        Assert.Equal(1500, Enumerable.Range(1, 1500).Count(i => log[i].Result == OperationResult.Mapped));
    }

    [Fact]
    public void A_call_chain_belongs_to_the_operation_before_it_of_the_same_task()
    {
        Add(EventKind.PoolMapped, 0, 7, dma: 0x10);
        Add(EventKind.PoolMapped, 1, 8, dma: 0x20);
        Add(EventKind.Stack, 0, 7);
        _batch.Events[2].TextId = _names.Intern("iommu_range_alloc|ppc_iommu_map_sg|dma_map_sg_attrs|scsi_dma_map|megasas_make_sgl+0x10/0x20");
        var log = Done();
        Assert.Equal("megasas_make_sgl", CallSite.Of(log.Names.Text(log[0].Stack)));
        Assert.Equal(0, log[1].Stack);
    }

    [Fact]
    public void The_same_recording_in_two_renderings_is_counted_once()
    {
        for (var i = 0; i < 20; i++)
        {
            Add(EventKind.PoolMapped, 0, 7, phys: (ulong)i, dma: (ulong)(i * 16));
        }

        _pairing.Add(_batch);
        Assert.Null(_pairing.EndSource());
        _pairing.BeginSource(new SourceInfo("t.dat", "trace.dat", _names));
        _pairing.Add(_batch);
        Assert.Equal("t", _pairing.EndSource());
        Assert.Equal(20, _log.Count);
    }

    [Fact]
    public void Lost_events_are_a_place_between_operations()
    {
        Add(EventKind.PoolUnmap, 0, 7, dma: 0x10);
        Add(EventKind.Lost, 0, -1, bytes: 42);
        Add(EventKind.PoolUnmap, 0, 7, dma: 0x20);
        var log = Done();
        Assert.Equal(new LossPoint(1, 42, 2), Assert.Single(log.Losses));
    }

    [Fact]
    public void Allocator_probes_win_over_the_dma_api()
    {
        Add(EventKind.Bounce, 0, 7, phys: 0x1000);
        Add(EventKind.Map, 0, 7, phys: 0x1000, dma: 0x10);
        Add(EventKind.Bounce, 0, 7, phys: 0x2000);
        Add(EventKind.PoolMap, 0, 7, phys: 0x2000);
        Add(EventKind.PoolMapReturn, 0, 7, dma: 0x20);
        Add(EventKind.Map, 0, 7, phys: 0x2000, dma: 0x20);
        var log = Done();
        Assert.Equal(1, log.Count);
        Assert.Equal(0x20ul, log[0].BusAddr);
    }

    [Fact]
    public void The_dma_api_counts_only_what_bounced()
    {
        Add(EventKind.Map, 0, 7, phys: 0x9000, dma: 0x9000);
        Add(EventKind.Bounce, 0, 7, phys: 0x1000);
        Add(EventKind.Map, 0, 7, phys: 0x1000, dma: ulong.MaxValue);
        Add(EventKind.Bounce, 0, 7, phys: 0x1000);
        Add(EventKind.Map, 0, 7, phys: 0x1000, dma: 0x10);
        Add(EventKind.Unmap, 0, 0, dma: 0x9000);
        Add(EventKind.Unmap, 0, 0, dma: 0x10);
        var log = Done();
        Assert.Equal(3, log.Count);
        Assert.Equal(OperationResult.Failed, log[0].Result);
        Assert.Equal(OperationKind.Unmap, log[2].Kind);
    }
}
