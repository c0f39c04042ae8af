using TraceReplay.Core;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>What every event of a line has in common.</summary>
internal struct LineContext
{
    /// <summary>1-based line, or record number.</summary>
    public long Line;

    /// <summary>Time, nanoseconds.</summary>
    public long TimeNs;

    /// <summary>CPU.</summary>
    public int Cpu;

    /// <summary>Task id.</summary>
    public int Pid;

    /// <summary>Interned task name.</summary>
    public int CommId;

    /// <summary>Raised in interrupt context.</summary>
    public bool Interrupt;

    /// <summary>Fills the common part of an event.</summary>
    /// <param name="item">A cleared event.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="nameId">Interned event name.</param>
    public readonly void Fill(ref TraceEvent item, EventKind kind, int nameId)
    {
        item.Line = Line;
        item.TimeNs = TimeNs;
        item.Cpu = Cpu;
        item.Pid = Pid;
        item.CommId = CommId;
        item.Kind = kind;
        item.NameId = nameId;
        item.Fields = Interrupt ? EventFields.Interrupt : EventFields.None;
    }
}
