using TraceReplay.Core;
using TraceReplay.Replay;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>Reads the operations of stored sources: as they stand where they stand in order of time, and else sorted, together with the other
/// sources of their recording.</summary>
internal static class StoredOperations
{
    /// <summary>The kinds of events that make operations or name their consumers.</summary>
    private static readonly EventKind[] ReplayedKinds =
    [
        EventKind.Map, EventKind.Unmap, EventKind.Bounce, EventKind.PoolMap, EventKind.PoolMapReturn, EventKind.PoolUnmap,
        EventKind.PoolMapped, EventKind.PoolMapFailed, EventKind.ScsiStart, EventKind.ScsiError, EventKind.BlockIssue,
        EventKind.BlockRequeue, EventKind.NetXmit, EventKind.PoolSearch, EventKind.PoolSearchReturn, EventKind.PoolGrow,
        EventKind.PoolShrink, EventKind.Lost, EventKind.Stack, EventKind.IommuMap,
    ];

    /// <summary>Reads them.</summary>
    /// <param name="database">The database.</param>
    /// <param name="sources">The sources of one case.</param>
    /// <param name="operations">Receives the operations; its sources are those given, in their order.</param>
    public static void Read(TraceDatabase database, IReadOnlyList<SourceRow> sources, OperationLog operations)
    {
        var pairing = new Pairing(operations);
        using var reader = database.ReadEvents(ReplayedKinds);
        operations.Sources.AddRange(sources.Select(s => s.Summary.Path));
        var numbered = sources.Select((row, index) => (Row: row, Index: index)).ToArray();
        foreach (var recording in numbered.GroupBy(s => s.Row.RecordedWith ?? s.Row.Id))
        {
            Recording(reader, pairing, [.. recording]);
        }
    }

    /// <summary>Whether any of the sources is not to be taken as it stands.</summary>
    /// <param name="sources">The sources.</param>
    /// <returns>True if their operations need to be read sorted.</returns>
    public static bool NeedSorting(IEnumerable<SourceSummary> sources) => sources.Any(s => s.ByTime || s.RecordedWith is not null);

    private static void Recording(EventReader reader, Pairing pairing, (SourceRow Row, int Index)[] sources)
    {
        var batch = new EventBatch();
        var numbers = new int[EventBatch.Capacity];
        var places = new int[EventBatch.Capacity];

        // The same bytes under two paths are stored once.
        var rows = sources.Select(s => s.Row).DistinctBy(row => row.Id).ToArray();
        if (rows.Length > 1 || rows[0].Summary.ByTime)
        {
            reader.BeginByTime(rows);
        }
        else
        {
            reader.Begin(rows[0]);
        }

        pairing.BeginRecording(reader.Names);
        var ranges = sources.Where(s => s.Row.FirstEventId is not null).DistinctBy(s => s.Row.Id).OrderBy(s => s.Row.FirstEventId).ToArray();
        var firsts = ranges.Select(s => s.Row.FirstEventId!.Value).ToArray();
        while (reader.Read(batch))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var at = Array.BinarySearch(firsts, reader.Ids[i]);
                at = at < 0 ? ~at - 1 : at;
                numbers[i] = (int)(reader.Ids[i] - firsts[at]);
                places[i] = ranges[at].Index;
            }

            pairing.Add(batch, numbers, places);
        }

        pairing.EndSource();
    }
}
