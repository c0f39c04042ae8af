using System.Buffers;
using System.Collections.Concurrent;

namespace TraceReplay.Parsers.Containers;

/// <summary>A block of content: data begins at <see cref="BlockPump.Headroom"/>, in front of it is room for the part of a
/// line that the block before left over.</summary>
/// <param name="bytes">The memory.</param>
internal sealed class Block(byte[] bytes)
{
    /// <summary>The memory, at least <see cref="BlockPump.Headroom"/> + <see cref="BlockPump.BlockBytes"/> long.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>Number of content bytes.</summary>
    public int Length { get; set; }
}

/// <summary>Reads and decompresses ahead of the parser on its own thread, a bounded number of blocks.</summary>
internal sealed class BlockPump : IDisposable
{
    /// <summary>Content bytes of a full block: the blocks on their way stay in the processor's cache.</summary>
    public const int BlockBytes = 1 << 18;

    /// <summary>Room in front of the content: the longest line that is kept.</summary>
    public const int Headroom = 1 << 20;

    private const int Ahead = 4;

    private readonly Stream _content;
    private readonly ContentBudget _budget;
    private readonly CancellationTokenSource _stop;

    // There is a thread, and what it hands over through, only where there is more than one block.
    private readonly BlockingCollection<Block>? _full;
    private readonly ConcurrentBag<Block>? _free;
    private readonly List<Block> _all = [];
    private Block? _first;
    private bool _isDisposed;
    private Task? _task;

    /// <summary>Starts reading. The first block is there when this returns; small inputs need no thread.</summary>
    /// <param name="content">Decompressed content; disposed with the pump.</param>
    /// <param name="budget">How much content there may be.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public BlockPump(Stream content, ContentBudget budget, CancellationToken cancellation)
    {
        _content = content;
        _budget = budget;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _first = Fill();
        if (_first.Length == BlockBytes && Failure is null)
        {
            _full = new BlockingCollection<Block>(Ahead);
            _free = [];
            _task = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>The first bytes, for probing; valid until <see cref="Take"/> is first called.</summary>
    public ReadOnlySpan<byte> Head => _first is null ? [] : _first.Bytes.AsSpan(Headroom, _first.Length);

    /// <summary>Whether <see cref="Head"/> is all there is.</summary>
    public bool IsWhole => _task is null;

    /// <summary>Why the content ended early, null if it did not. Valid after <see cref="Take"/> returned null.</summary>
    public string? Failure { get; private set; }

    /// <summary>Content bytes handed out.</summary>
    public long Taken { get; private set; }

    /// <summary>The next block, null at the end.</summary>
    /// <returns>A block that must be given back with <see cref="Return"/>.</returns>
    public Block? Take()
    {
        var block = _first;
        _first = null;
        if (block is null && (_full is null || !_full.TryTake(out block, Timeout.Infinite, _stop.Token)))
        {
            return null;
        }

        Taken += block.Length;
        return block;
    }

    /// <summary>Gives a block back for reuse.</summary>
    /// <param name="block">A block from <see cref="Take"/>.</param>
    public void Return(Block block) => _free?.Add(block);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _stop.Cancel();
        try
        {
            _task?.Wait();
        }
        catch (AggregateException e) when (e.InnerException is OperationCanceledException)
        {
            // The reader was told to stop.
        }

        _task = null;
        _full?.Dispose();
        _stop.Dispose();
        _content.Dispose();
        foreach (var block in _all)
        {
            ArrayPool<byte>.Shared.Return(block.Bytes);
        }
    }

    private void Run()
    {
        try
        {
            while (true)
            {
                var block = Fill();
                if (block.Length > 0)
                {
                    _full!.Add(block, _stop.Token);
                }

                if (block.Length < BlockBytes || Failure is not null)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed while waiting for room.
        }
        finally
        {
            _full!.CompleteAdding();
        }
    }

    /// <summary>Fills a block as far as the content goes; whatever goes wrong in it ends the content, it does not throw.</summary>
    private Block Fill()
    {
        if (_free is null || !_free.TryTake(out var block))
        {
            block = new Block(ArrayPool<byte>.Shared.Rent(Headroom + BlockBytes));
            _all.Add(block);
        }

        block.Length = 0;
        try
        {
            while (block.Length < BlockBytes)
            {
                _stop.Token.ThrowIfCancellationRequested();
                var read = _content.Read(block.Bytes.AsSpan(Headroom + block.Length, BlockBytes - block.Length));
                if (read == 0)
                {
                    break;
                }

                block.Length += read;
                if (_budget.Spend(read) is { } reason)
                {
                    Failure = reason;
                    break;
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or EndOfStreamException)
        {
            Failure = e.Message;
        }

        return block;
    }
}
