using System.Collections;
using System.Numerics;

namespace TraceReplay.Replay.Paging;

/// <summary>A set of operations of a log, a bit for each: an eighth of a byte per operation at most.</summary>
public sealed class OperationSet : IReadOnlyCollection<int>
{
    private const int ChunkBits = 15;
    private const int ChunkSize = 1 << ChunkBits;
    private ulong[]?[] _chunks = [];

    /// <summary>Number of operations in it.</summary>
    public int Count { get; private set; }

    /// <summary>Whether an operation is in it.</summary>
    /// <param name="operation">Index of the operation.</param>
    /// <returns>True if it is.</returns>
    public bool Contains(int operation) => operation >> ChunkBits < _chunks.Length && _chunks[operation >> ChunkBits] is { } chunk
        && (chunk[(operation & (ChunkSize - 1)) / 64] >> (operation % 64) & 1) != 0;

    /// <summary>Adds an operation.</summary>
    /// <param name="operation">Index of the operation.</param>
    public void Add(int operation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(operation);
        if (operation >> ChunkBits >= _chunks.Length)
        {
            Array.Resize(ref _chunks, (int)BitOperations.RoundUpToPowerOf2((uint)(operation >> ChunkBits) + 1));
        }

        ref var word = ref (_chunks[operation >> ChunkBits] ??= new ulong[ChunkSize / 64])[(operation & (ChunkSize - 1)) / 64];
        Count += (word >> (operation % 64) & 1) == 0 ? 1 : 0;
        word |= 1UL << (operation % 64);
    }

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => Enumerable.Range(0, _chunks.Length).Where(chunk => _chunks[chunk] is not null)
        .SelectMany(chunk => Enumerable.Range(chunk << ChunkBits, ChunkSize)).Where(Contains).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
