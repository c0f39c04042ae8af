using System.Collections.Concurrent;
using TraceReplay.Core;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>Writes to a store on a thread of its own, in the order given. Small records go over many at a time, through a
/// bounded queue, so that memory stays flat whatever the input's size.</summary>
internal sealed class StoreThread : IDisposable
{
    /// <summary>Batches on their way; each holds up to 4096 events.</summary>
    private const int BatchesInFlight = 16;

    /// <summary>Records that go over at once: waking the other thread costs as much as writing some dozens.</summary>
    private const int RecordsAtOnce = 512;

    private readonly BlockingCollection<List<object>> _work = new(BatchesInFlight);
    private readonly BlockingCollection<EventBatch> _free = new(BatchesInFlight);
    private readonly IStoreTarget _target;
    private readonly Thread _thread;
    private List<object> _records = new(RecordsAtOnce);
    private Exception? _failure;

    /// <summary>Starts the thread.</summary>
    /// <param name="target">The store; called from the thread only, but for <see cref="IStoreTarget.Abandon"/>.</param>
    public StoreThread(IStoreTarget target)
    {
        _target = target;
        for (var i = 0; i < BatchesInFlight; i++)
        {
            _free.Add(new EventBatch());
        }

        _thread = new Thread(WriteAll) { Name = "store-writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>An empty batch; waits until the store is done with one.</summary>
    /// <returns>The batch, cleared.</returns>
    public EventBatch RentBatch()
    {
        ThrowIfFailed();
        if (!_free.TryTake(out var batch, Timeout.Infinite))
        {
            ThrowIfFailed();
            throw new InvalidOperationException("the store was closed");
        }

        batch.Clear();
        return batch;
    }

    /// <summary>Hands a record over.</summary>
    /// <param name="record">A fact, diagnostic, batch, or the beginning or end of a source.</param>
    public void Send(object record)
    {
        _records.Add(record);
        if (record is not Fact || _records.Count == RecordsAtOnce)
        {
            Pass();
        }
    }

    /// <summary>Waits until everything is written, takes back a source that has not ended, and tells what went wrong.</summary>
    public void Finish()
    {
        try
        {
            Pass();
        }
        finally
        {
            _work.CompleteAdding();
            _thread.Join();
            _target.Abandon();
        }

        ThrowIfFailed();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _work.Dispose();
        _free.Dispose();
    }

    private void Pass()
    {
        ThrowIfFailed();
        if (_records.Count == 0)
        {
            return;
        }

        try
        {
            _work.Add(_records);
            _records = new List<object>(RecordsAtOnce);
        }
        catch (InvalidOperationException) when (_work.IsAddingCompleted)
        {
            ThrowIfFailed();
        }
    }

    private void WriteAll()
    {
        try
        {
            foreach (var records in _work.GetConsumingEnumerable())
            {
                foreach (var record in records)
                {
                    Write(record);
                }
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _failure = exception;
            _work.CompleteAdding();
            _free.CompleteAdding();
        }
    }

    private void Write(object record)
    {
        switch (record)
        {
            case Fact fact:
                _target.Write(fact);
                break;
            case EventBatch batch:
                _target.Write(batch);
                _free.Add(batch);
                break;
            case Diagnostic diagnostic:
                _target.Write(diagnostic);
                break;
            case SourceRepetition repetition:
                _target.Write(repetition);
                break;
            case SourceInfo source:
                _target.BeginSource(source);
                break;
            case SourceSummary summary:
                _target.EndSource(summary);
                break;
        }
    }

    private void ThrowIfFailed()
    {
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failure).Throw();
        }
    }
}
