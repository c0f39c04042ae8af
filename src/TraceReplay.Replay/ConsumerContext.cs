using TraceReplay.Core;

namespace TraceReplay.Replay;

/// <summary>Knows for which consumer (LUN, disk, interface) a task is working: its last <c>scsi</c>, <c>block</c> or
/// <c>net</c> start event, as long as it is fresh and the mappings are for one device.</summary>
internal sealed class ConsumerContext
{
    /// <summary>A start event older than this does not explain a mapping (the driver maps within the same call).</summary>
    private const long FreshNs = 5_000_000;

    private readonly Dictionary<int, Entry> _entries = [];

    /// <summary>Takes an event that is not an operation.</summary>
    /// <param name="item">The event.</param>
    /// <param name="consumer">Its consumer in the log's names, 0 if none.</param>
    public void Note(in TraceEvent item, int consumer)
    {
        switch (item.Kind)
        {
            case EventKind.ScsiStart or EventKind.BlockIssue or EventKind.NetXmit when consumer != 0:
                _entries[Key(in item)] = new Entry(consumer, item.TimeNs, 0);
                break;
            case EventKind.ScsiError or EventKind.BlockRequeue:
                _entries.Remove(Key(in item));
                break;
        }
    }

    /// <summary>The consumer a mapping is for.</summary>
    /// <param name="item">The mapping's event.</param>
    /// <param name="device">Its device.</param>
    /// <returns>The consumer, 0 if not known.</returns>
    public int ConsumerOf(in TraceEvent item, int device)
    {
        var key = Key(in item);
        if (item.Fields.HasFlag(EventFields.Interrupt) || !_entries.TryGetValue(key, out var entry))
        {
            return 0;
        }

        if (item.TimeNs - entry.TimeNs > FreshNs || (entry.Device != 0 && entry.Device != device))
        {
            return 0;
        }

        if (entry.Device == 0)
        {
            _entries[key] = entry with { Device = device };
        }

        return entry.Consumer;
    }

    private static int Key(in TraceEvent item) => item.Pid > 0 ? item.Pid : -1 - item.Cpu;

    private readonly record struct Entry(int Consumer, long TimeNs, int Device);
}
