using System.Runtime.InteropServices;

namespace TraceReplay.Core;

/// <summary>One event of a trace. A plain struct: names are interned ids of the source's <see cref="NameTable"/>
/// (0 = absent), so that no string is made per event.</summary>
[StructLayout(LayoutKind.Auto)]
public struct TraceEvent
{
    /// <summary>Line of the source (1-based), or record number for binary sources.</summary>
    public long Line;

    /// <summary>Time in the source's clock, nanoseconds; <see cref="NoTime"/> where the line has none.</summary>
    public long TimeNs;

    /// <summary>What it says.</summary>
    public EventKind Kind;

    /// <summary>The kind of pool for the <c>Pool*</c> kinds, where known.</summary>
    public PoolKind Pool;

    /// <summary>DMA direction as the kernel numbers it: 0 bidirectional, 1 to device, 2 from device, 3 none; 255 not said.</summary>
    public byte Direction;

    /// <summary>Which of the optional fields were present.</summary>
    public EventFields Fields;

    /// <summary>CPU of the event, -1 if not said.</summary>
    public int Cpu;

    /// <summary>Task id, -1 if not said.</summary>
    public int Pid;

    /// <summary>Interned task name.</summary>
    public int CommId;

    /// <summary>Interned event name.</summary>
    public int NameId;

    /// <summary>Interned device name as the kernel prints it (<c>0000:00:05.0</c>).</summary>
    public int DeviceId;

    /// <summary>Interned consumer inside a device: <c>H:C:T:L</c> for SCSI, <c>major,minor</c> for block, interface for net.</summary>
    public int ConsumerId;

    /// <summary>Interned text: marker text, call chain, or the unknown event's body. Bounded in number by the parser.</summary>
    public int TextId;

    /// <summary>Bus address: the bounce slot's or IOVA's. All ones = mapping failed.</summary>
    public ulong DmaAddr;

    /// <summary>Address of the caller's own buffer.</summary>
    public ulong PhysAddr;

    /// <summary>Size of the mapping as asked for, bytes. For <see cref="EventKind.Lost"/>: events lost, 0 unknown.</summary>
    public long Bytes;

    /// <summary>Size in the pool's units where the event counts those (TCE entries, IOVA page frames).</summary>
    public long Units;

    /// <summary>Alignment mask the caller asked for (swiotlb <c>alloc_align_mask</c>), or log2 order for TCE.</summary>
    public ulong AlignMask;

    /// <summary>Upper limit of the search (IOVA <c>limit_pfn</c>, TCE mask), 0 if not said.</summary>
    public ulong Limit;

    /// <summary>Identity of the pool or table this refers to (<c>iovad</c>, <c>tbl</c>, <c>pool</c> pointer), 0 if not said.</summary>
    public ulong PoolRef;

    /// <summary>Units in use as the kernel's own counter said at entry; -1 if not said.</summary>
    public long UsedUnits;

    /// <summary>Per kind: SCSI driver tag, block sector, result code.</summary>
    public long Arg;

    /// <summary>Start of this event's area state in <see cref="EventBatch.State"/>: pairs (used, next index) area by area.</summary>
    public int StateOffset;

    /// <summary>Number of ints at <see cref="StateOffset"/>; 0 = none.</summary>
    public int StateCount;

    /// <summary>The address that means "mapping failed" (DMA_MAPPING_ERROR, include/linux/dma-mapping.h).</summary>
    public const ulong MappingError = ulong.MaxValue;

    /// <summary>The value of <see cref="TimeNs"/> for "no time on this line".</summary>
    public const long NoTime = long.MinValue;

    /// <summary>A cleared event: everything absent.</summary>
    public static TraceEvent Empty => new()
    {
        TimeNs = NoTime, Cpu = -1, Pid = -1, Direction = 255, UsedUnits = -1,
    };
}

/// <summary>Optional fields of a <see cref="TraceEvent"/> whose zero is a legal value.</summary>
[Flags]
public enum EventFields : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="TraceEvent.DmaAddr"/> was given.</summary>
    DmaAddr = 1,

    /// <summary><see cref="TraceEvent.PhysAddr"/> was given.</summary>
    PhysAddr = 2,

    /// <summary><see cref="TraceEvent.Bytes"/> was given.</summary>
    Bytes = 4,

    /// <summary><see cref="TraceEvent.Units"/> was given.</summary>
    Units = 8,

    /// <summary>The bounce was forced (<c>FORCE</c>), not needed for the device's mask.</summary>
    Forced = 16,

    /// <summary>The event was raised in interrupt context (allocation is atomic).</summary>
    Interrupt = 32,

    /// <summary>The record was cut by the kernel (<c>[TRUNCATED]</c>).</summary>
    Truncated = 64,

    /// <summary><see cref="TraceEvent.Arg"/> was given.</summary>
    Arg = 128,

    /// <summary>Memory that is kept, not a mapping of data on its way: a coherent allocation (DMA API <c>dma_alloc_coherent</c>), or what
    /// the SCSI mid-layer of 2.4 sets aside for a LUN.</summary>
    Coherent = 256,
}
