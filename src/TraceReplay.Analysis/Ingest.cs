using System.Threading.Channels;
using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Parsers;
using TraceReplay.Replay;

namespace TraceReplay.Analysis;

/// <summary>Reads inputs once: the reading thread parses and pairs operations, a second thread writes the database.
/// Batches go between them through a bounded channel, so memory stays flat whatever the input's size.</summary>
public sealed class Ingest : IRecordSink, IDisposable
{
    /// <summary>Batches on their way to the writer; each holds up to 4096 events.</summary>
    private const int BatchesInFlight = 16;

    private readonly Channel<Action<IStoreTarget>> _work = Channel.CreateBounded<Action<IStoreTarget>>(
        new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });

    private readonly Channel<EventBatch> _free = Channel.CreateBounded<EventBatch>(BatchesInFlight);
    private readonly Action<ReadProgress>? _progress;
    private readonly IStoreTarget? _target;
    private readonly Thread? _writer;
    private readonly Stack<EventBatch> _idle = new();
    private Exception? _failure;
    private long _events;

    private Ingest(IStoreTarget? target, Action<ReadProgress>? progress)
    {
        _target = target;
        _progress = progress;
        Pairing = new Pairing(Operations);
        if (target is null)
        {
            return;
        }

        for (var i = 0; i < BatchesInFlight; i++)
        {
            _free.Writer.TryWrite(new EventBatch());
        }

        _writer = new Thread(() => WriteAll(target)) { Name = "store-writer", IsBackground = true };
        _writer.Start();
    }

    /// <summary>The operations read.</summary>
    public OperationLog Operations { get; } = new();

    /// <summary>The facts read.</summary>
    public CaseFacts Facts { get; } = new();

    /// <summary>How the operations were paired.</summary>
    public Pairing Pairing { get; }

    /// <summary>The sources read.</summary>
    public List<SourceSummary> Sources { get; } = [];

    /// <summary>What the user must know.</summary>
    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>Reads inputs.</summary>
    /// <param name="inputs">Paths.</param>
    /// <param name="options">How to read them.</param>
    /// <param name="target">Where to store, null = nowhere.</param>
    /// <param name="progress">Receives progress, null = none.</param>
    /// <param name="cancellation">Stops reading; whole sources stay stored.</param>
    /// <returns>What was read.</returns>
    public static Ingest Run(
        IReadOnlyList<string> inputs, ReaderOptions options, IStoreTarget? target, Action<ReadProgress>? progress,
        CancellationToken cancellation)
    {
        var ingest = new Ingest(target, progress);
        try
        {
            InputReader.Read(inputs, options, ingest, cancellation);
        }
        finally
        {
            ingest.Finish();
        }

        return ingest;
    }

    /// <inheritdoc/>
    public bool BeginSource(SourceInfo source)
    {
        Pairing.BeginSource(source);
        Send(target => target.BeginSource(source));
        return true;
    }

    /// <inheritdoc/>
    public EventBatch RentBatch()
    {
        if (_target is null)
        {
            var idle = _idle.Count > 0 ? _idle.Pop() : new EventBatch();
            idle.Clear();
            return idle;
        }

        ThrowIfFailed();
        EventBatch? batch;
        while (!_free.Reader.TryRead(out batch))
        {
            if (!_free.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                ThrowIfFailed();
            }
        }

        batch.Clear();
        return batch;
    }

    /// <inheritdoc/>
    public void Events(EventBatch batch)
    {
        _events += batch.Count;
        Pairing.Add(batch);
        if (_target is null)
        {
            _idle.Push(batch);
            return;
        }

        Send(target =>
        {
            target.Write(batch);
            _free.Writer.TryWrite(batch);
        });
    }

    /// <inheritdoc/>
    public void Fact(Fact fact)
    {
        Facts.Add(fact);
        Send(target => target.Write(fact));
    }

    /// <inheritdoc/>
    public void Report(Diagnostic diagnostic)
    {
        Diagnostics.Add(diagnostic);
        Send(target => target.Write(diagnostic));
    }

    /// <inheritdoc/>
    public void EndSource(SourceSummary summary)
    {
        if (Pairing.EndSource() is { } earlier)
        {
            Report(new Diagnostic("TR0303", Severity.Warning,
                $"the same recording as {earlier}, in another rendering: its mappings are counted once", new SourceRef(summary.Path, 0)));
        }

        Sources.Add(summary);
        Send(target => target.EndSource(summary));
    }

    /// <inheritdoc/>
    public void Progress(string path, long doneBytes, long totalBytes) =>
        _progress?.Invoke(new ReadProgress(path, doneBytes, totalBytes, _events));

    /// <inheritdoc/>
    public void Dispose() => Finish();

    private void Send(Action<IStoreTarget> work)
    {
        if (_target is null)
        {
            return;
        }

        ThrowIfFailed();
        while (!_work.Writer.TryWrite(work))
        {
            if (!_work.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
            {
                ThrowIfFailed();
                return;
            }
        }
    }

    private void WriteAll(IStoreTarget target)
    {
        try
        {
            while (_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (_work.Reader.TryRead(out var work))
                {
                    work(target);
                }
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _failure = exception;
            _work.Writer.TryComplete(exception);
            _free.Writer.TryComplete();
        }
    }

    private void Finish()
    {
        _work.Writer.TryComplete();
        _writer?.Join();
        _target?.Abandon();
        ThrowIfFailed();
    }

    private void ThrowIfFailed()
    {
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failure).Throw();
        }
    }
}

/// <summary>Where an ingest stores what it reads. All calls come from one thread.</summary>
public interface IStoreTarget
{
    /// <summary>A source begins.</summary>
    /// <param name="source">The source.</param>
    void BeginSource(SourceInfo source);

    /// <summary>Events of the source.</summary>
    /// <param name="batch">The batch.</param>
    void Write(EventBatch batch);

    /// <summary>A fact of the source.</summary>
    /// <param name="fact">The fact.</param>
    void Write(Fact fact);

    /// <summary>A diagnostic of the source.</summary>
    /// <param name="diagnostic">The diagnostic.</param>
    void Write(Diagnostic diagnostic);

    /// <summary>The source has ended; it is stored whole from here on.</summary>
    /// <param name="summary">Its totals.</param>
    void EndSource(SourceSummary summary);

    /// <summary>Reading has ended, in whatever way: a source that did not end is dropped.</summary>
    void Abandon();
}
