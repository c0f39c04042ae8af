using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>Streams the stored events, source by source and in source order. Memory is one batch and the
/// names. Sources that are stored after the first <see cref="Begin(SourceRow)"/> need a new reader.</summary>
public sealed class EventReader : IDisposable
{
    private readonly Connection _connection;
    private readonly bool[]? _wanted;
    private Statement? _rows;
    private StoredVocabulary? _vocabulary;
    private TraceEvent[] _shapes = [];
    private TaskRow[] _tasks = [];
    private int[] _texts = [];
    private bool _rowReady;

    internal EventReader(Connection connection, IReadOnlyCollection<EventKind>? kinds)
    {
        _connection = connection;
        if (kinds is not null)
        {
            _wanted = new bool[256];
            foreach (var kind in kinds)
            {
                _wanted[(int)kind] = true;
            }
        }
    }

    /// <summary>The names of all sources: ids of the events of <see cref="Read"/> mean the same in every source.</summary>
    public NameTable Names { get; } = new();

    /// <summary>Database ids (<c>event.id</c>) of the events of the last batch, index by index.</summary>
    public long[] Ids { get; } = new long[EventBatch.Capacity];

    /// <summary>Starts to read a source.</summary>
    /// <param name="source">A source of <see cref="StoredFacts.Sources"/>.</param>
    /// <exception cref="StoreException">The file is damaged.</exception>
    public void Begin(SourceRow source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Begin([source], isByTime: false);
    }

    /// <summary>Starts to read the sources of a recording together, by time; equal times in the order in which they were stored. SQLite sorts,
    /// with files where memory is short.</summary>
    /// <param name="sources">Sources of <see cref="StoredFacts.Sources"/>.</param>
    /// <exception cref="StoreException">The file is damaged.</exception>
    public void BeginByTime(IReadOnlyList<SourceRow> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        Begin(sources, isByTime: true);
    }

    private void Begin(IReadOnlyList<SourceRow> sources, bool isByTime)
    {
        Close();
        var ranges = Ranges(sources);
        if (ranges.Count == 0)
        {
            return;
        }

        if (_vocabulary is null)
        {
            _vocabulary = new StoredVocabulary(_connection, Names);
            (_shapes, _tasks, _texts) = (_vocabulary.Shapes, _vocabulary.Tasks, _vocabulary.Texts);
        }

        if (isByTime)
        {
            // The sorter of a long recording does not fit into memory.
            _connection.Execute("PRAGMA temp_store=FILE");
        }

        const string Columns = "SELECT id, line, time_ns, shape_id, task_id, dma_addr, phys_addr, bytes, units, used_units, arg, text_id, state FROM event_row WHERE id BETWEEN ? AND ?";
        var several = string.Concat(ranges.Skip(1).Select(_ => " UNION ALL " + Columns));
        _rows = _connection.Prepare(Columns + several + (isByTime ? " ORDER BY time_ns, id" : " ORDER BY id"));
        for (var i = 0; i < ranges.Count; i++)
        {
            _rows.Bind((2 * i) + 1, ranges[i].First).Bind((2 * i) + 2, ranges[i].Last);
        }

        _rowReady = _rows.Step();
    }

    /// <summary>Reads the next events of the source.</summary>
    /// <param name="batch">Cleared and filled; <see cref="EventBatch.Names"/> is set.</param>
    /// <returns>False when the source has no more events; the batch is then empty.</returns>
    /// <exception cref="StoreException">The file is damaged.</exception>
    public bool Read(EventBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Clear();
        batch.Names = Names;
        if (_rows is null)
        {
            return false;
        }

        while (_rowReady && !batch.IsFull)
        {
            Take(_rows, batch);
            _rowReady = _rows.Step();
        }

        return batch.Count > 0;
    }

    /// <summary>Ends reading.</summary>
    public void Dispose() => Close();

    private void Take(Statement row, EventBatch batch)
    {
        var shape = row.Int64(3);
        if ((ulong)shape >= (ulong)_shapes.Length || _shapes[shape].Line != StoredVocabulary.Known)
        {
            throw new StoreException(StoreError.Corrupt, $"{_connection.Path} is damaged: event {row.Int64(0)} has no shape");
        }

        if (_wanted is not null && !_wanted[(int)_shapes[shape].Kind])
        {
            return;
        }

        Ids[batch.Count] = row.Int64(0);
        ref var item = ref batch.Events[batch.Count++];
        item = _shapes[shape];
        item.Line = row.Int64(1);
        item.TimeNs = row.Int64(2, TraceEvent.NoTime);
        var task = row.Int64(4);
        if ((ulong)task < (ulong)_tasks.Length)
        {
            (item.Cpu, item.Pid, item.CommId) = (_tasks[task].Cpu, _tasks[task].Pid, _tasks[task].CommId);
        }

        // A NULL column reads as 0, which is what an absent value is.
        item.DmaAddr = (ulong)row.Int64(5);
        item.PhysAddr = (ulong)row.Int64(6);
        item.Bytes = row.Int64(7);
        item.Units = row.Int64(8);
        item.UsedUnits = row.Int64(9, -1);
        item.Arg = row.Int64(10);
        TakeRare(row, ref item, batch);
    }

    private void TakeRare(Statement row, ref TraceEvent item, EventBatch batch)
    {
        var text = row.Int64(11);
        item.TextId = (ulong)text < (ulong)_texts.Length ? _texts[text] : 0;
        if (row.IsNull(12))
        {
            return;
        }

        var blob = row.Bytes(12);
        Span<int> values = blob.Length <= 512 ? stackalloc int[512] : new int[blob.Length];
        var count = StateCode.Read(blob, values);
        item.StateOffset = batch.AddState(values[..count]);
        item.StateCount = count;
    }

    /// <summary>Sources that were stored one behind the other are one range.</summary>
    private static List<(long First, long Last)> Ranges(IReadOnlyList<SourceRow> sources)
    {
        var ranges = new List<(long First, long Last)>();
        foreach (var (_, _, first, last, _) in sources.OrderBy(s => s.FirstEventId))
        {
            if (first is null || last is null)
            {
                continue;
            }

            if (ranges.Count > 0 && ranges[^1].Last + 1 == first)
            {
                ranges[^1] = (ranges[^1].First, last.Value);
            }
            else
            {
                ranges.Add((first.Value, last.Value));
            }
        }

        return ranges;
    }

    private void Close()
    {
        _rows?.Dispose();
        _rows = null;
        _rowReady = false;
    }
}
