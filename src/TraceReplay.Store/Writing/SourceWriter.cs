using TraceReplay.Core;
using TraceReplay.Store.Sqlite;
using TraceReplay.Store.Writing;

namespace TraceReplay.Store;

/// <summary>Writes one source in one transaction: <see cref="Complete"/> keeps it, disposing without it takes all back.
/// One thread, one source at a time.</summary>
public sealed class SourceWriter : IDisposable
{
    private readonly TraceDatabase _database;
    private readonly Connection _connection;
    private readonly NameRows _names;
    private readonly DeviceRows _devices;
    private readonly FactRows _facts;
    private readonly long _source;
    private readonly string _caseName;
    private EventRows? _events;
    private bool _ended;

    internal SourceWriter(TraceDatabase database, SourceInfo info, string caseName)
    {
        _database = database;
        _connection = database.Connection;
        Info = info;
        _caseName = caseName;
        _connection.Execute("BEGIN IMMEDIATE");
        try
        {
            _source = _connection.Scalar("SELECT max(id) FROM source") + 1;
            _names = new NameRows(_connection, _source);
            _devices = new DeviceRows(_connection);
            _facts = new FactRows(_connection, _source, info.Path, _devices);
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }

    /// <summary>The source being written.</summary>
    public SourceInfo Info { get; }

    /// <summary><c>event.id</c> of the first event of this source; the n-th event (from 0) gets this plus n.</summary>
    public long FirstEventId => (_events ??= new EventRows(_connection, _source, _names, _devices)).FirstId;

    /// <summary>Events written so far.</summary>
    public long Events => _events?.Count ?? 0;

    /// <summary>Appends a batch of events. The batch is not kept.</summary>
    /// <param name="batch">Events in source order; ids of <see cref="SourceInfo.Names"/>.</param>
    /// <exception cref="StoreException">The disk is full, or the file cannot be written: nothing of the source is
    /// kept.</exception>
    public void Write(EventBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_ended, this);
        try
        {
            _events ??= new EventRows(_connection, _source, _names, _devices);
            _events.Write(batch);
        }
        catch (StoreException)
        {
            // After a failure SQLite may have ended the transaction: what followed would be kept row by row.
            Dispose();
            throw;
        }
    }

    /// <summary>Appends a fact.</summary>
    /// <param name="fact">Any fact of the vocabulary.</param>
    /// <exception cref="StoreException">As <see cref="Write(EventBatch)"/>.</exception>
    public void Write(Fact fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        ObjectDisposedException.ThrowIf(_ended, this);
        _facts.Write(fact);
    }

    /// <summary>Appends a diagnostic.</summary>
    /// <param name="diagnostic">What the user must be told.</param>
    /// <exception cref="StoreException">As <see cref="Write(EventBatch)"/>.</exception>
    public void Write(Diagnostic diagnostic)
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        ObjectDisposedException.ThrowIf(_ended, this);
        _facts.Write(diagnostic);
    }

    /// <summary>Notes that part of the source stands in an earlier one: its failures are not counted again.</summary>
    /// <param name="repetition">Which part, of which source.</param>
    /// <exception cref="StoreException">As <see cref="Write(EventBatch)"/>.</exception>
    public void Write(SourceRepetition repetition)
    {
        ArgumentNullException.ThrowIfNull(repetition);
        ObjectDisposedException.ThrowIf(_ended, this);
        _facts.Flush();
        RepetitionRows.Write(_connection, _source, repetition);
    }

    /// <summary>Ends the source: keeps it, or takes it back where the same bytes are stored already.</summary>
    /// <param name="summary">Its totals; <see cref="SourceSummary.Sha256"/> decides whether it is new.</param>
    /// <returns>Which.</returns>
    /// <exception cref="StoreException">As <see cref="Write(EventBatch)"/>.</exception>
    public StoredSource Complete(SourceSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ObjectDisposedException.ThrowIf(_ended, this);
        if (_database.FindSource(summary.Sha256) is { } known)
        {
            Dispose();
            WriteCase(known);
            return new StoredSource(known, AlreadyStored: true);
        }

        _events?.Flush();
        _facts.Flush();
        WriteSource(summary);
        WriteCase(_source);
        _connection.Execute("COMMIT");
        _ended = true;
        Close();
        return new StoredSource(_source, AlreadyStored: false);
    }

    /// <summary>Takes back what was not completed.</summary>
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        Close();
        _database.Rollback();
    }

    private void Close()
    {
        _events?.Dispose();
        _facts.Dispose();
        _devices.Dispose();
        _names.Dispose();
        _database.WriterClosed(this);
    }

    private void WriteCase(long source)
    {
        using var insert = _connection.Prepare("INSERT OR IGNORE INTO source_case(source_id, case_name, path) VALUES(?,?,?)");
        insert.Bind(1, source).Bind(2, _caseName).Bind(3, Info.Path).Run();
    }

    private long? First(SourceSummary summary)
    {
        if (summary.RecordedWith is not { } path)
        {
            return null;
        }

        using var find = _connection.Prepare("SELECT max(source_id) FROM source_case WHERE case_name = ? AND path = ?");
        return find.Bind(1, _caseName).Bind(2, path).Step() ? find.NullableInt64(0) : null;
    }

    private void WriteSource(SourceSummary summary)
    {
        using var insert = _connection.Prepare("INSERT INTO source VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        var first = _events is { Count: > 0 } ? _events.FirstId : (long?)null;
        insert.Bind(1, _source).Bind(2, Info.Path).Bind(3, summary.Format).Bind(4, summary.Sha256).Bind(5, summary.Bytes)
            .Bind(6, summary.Records).Bind(7, Events).Bind(8, summary.Skipped).Bind(9, summary.Lost)
            .Bind(10, summary.Clock.Name()).Bind(11, first).Bind(12, first + Events - 1)
            .Bind(13, summary.Year).Bind(14, summary.YearFrom.Name()).Bind(15, First(summary)).BindOrNull(16, summary.Host).Bind(17, summary.ByTime).Run();
    }
}

/// <summary>What became of a completed source.</summary>
/// <param name="SourceId">Its id, or the id of the source with the same bytes.</param>
/// <param name="AlreadyStored">The same bytes were stored before: nothing was added.</param>
public readonly record struct StoredSource(long SourceId, bool AlreadyStored);
