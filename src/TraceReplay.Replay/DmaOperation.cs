using System.Runtime.InteropServices;

namespace TraceReplay.Replay;

/// <summary>What an operation does to the pool.</summary>
public enum OperationKind : byte
{
    /// <summary>A request for units.</summary>
    Map,

    /// <summary>Units are given back.</summary>
    Unmap,

    /// <summary>The pool grew: a dynamic swiotlb added a pool of <see cref="DmaOperation.Units"/> at
    /// <see cref="DmaOperation.BusAddr"/>, with <see cref="DmaOperation.Extra"/> areas.</summary>
    Grow,
}

/// <summary>How the real kernel answered.</summary>
public enum OperationResult : byte
{
    /// <summary>Units were taken; <see cref="DmaOperation.BusAddr"/> tells where.</summary>
    Mapped,

    /// <summary>The request was refused.</summary>
    Failed,

    /// <summary>The answer is not in the trace (its end was cut, or a return probe was missed).</summary>
    Unresolved,
}

/// <summary>One request or release, paired with its answer: what a pool model replays. Ids are of
/// <see cref="OperationLog.Names"/>.</summary>
[StructLayout(LayoutKind.Auto)]
public struct DmaOperation
{
    /// <summary>Time, nanoseconds of the trace's clock.</summary>
    public long TimeNs;

    /// <summary>Line of its source.</summary>
    public long Line;

    /// <summary>Bus address: where the mapping is (pool-specific: entry for TCE, pfn for IOVA).</summary>
    public ulong BusAddr;

    /// <summary>Address of the caller's buffer.</summary>
    public ulong PhysAddr;

    /// <summary>Bytes asked for.</summary>
    public long Bytes;

    /// <summary>Units asked for where the trace counts them, else 0.</summary>
    public long Units;

    /// <summary>Units in use by the kernel's own counter at entry, -1 if not told.</summary>
    public long UsedUnits;

    /// <summary>Alignment asked for.</summary>
    public ulong AlignMask;

    /// <summary>Limit of the search.</summary>
    public ulong Limit;

    /// <summary>Number of its event within the source, from 0.</summary>
    public int Event;

    /// <summary>Device.</summary>
    public int Device;

    /// <summary>Consumer inside the device, 0 = not attributed.</summary>
    public int Consumer;

    /// <summary>Call chain that made the mapping, 0 = not traced.</summary>
    public int Stack;

    /// <summary>Task name.</summary>
    public int Comm;

    /// <summary>Task id.</summary>
    public int Pid;

    /// <summary>CPU.</summary>
    public int Cpu;

    /// <summary>Index into <see cref="OperationLog.Pools"/>.</summary>
    public int Pool;

    /// <summary>Index into <see cref="OperationLog.Sources"/>.</summary>
    public int Source;

    /// <summary>Start of the area state in <see cref="OperationLog.StateOf"/>'s store.</summary>
    public int StateOffset;

    /// <summary>Number of ints there.</summary>
    public short StateCount;

    /// <summary>Model-specific: TCE handle, 0 none, 1 a chain begins, 2 it goes on; IOVA flush flag.</summary>
    public byte Extra;

    /// <summary>Request or release.</summary>
    public OperationKind Kind;

    /// <summary>The kernel's answer.</summary>
    public OperationResult Result;

    /// <summary>Raised in interrupt context.</summary>
    public bool Interrupt;

    /// <summary>Memory that is kept, not a mapping of data on its way (<see cref="Core.EventFields.Coherent"/>).</summary>
    public bool Coherent;
}
