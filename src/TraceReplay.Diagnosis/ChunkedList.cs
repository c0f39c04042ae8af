using System.Collections;

namespace TraceReplay.Diagnosis;

/// <summary>A list that grows by chunks: no copy, and never twice the room while it grows.</summary>
/// <typeparam name="T">A small struct.</typeparam>
internal sealed class ChunkedList<T> : IReadOnlyList<T>
    where T : struct
{
    private const int ChunkBits = 11;
    private const int ChunkSize = 1 << ChunkBits;
    private readonly List<T[]> _chunks = [];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public T this[int index] => _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    /// <summary>Appends an item.</summary>
    /// <param name="item">The item.</param>
    public void Add(in T item)
    {
        if (Count >> ChunkBits == _chunks.Count)
        {
            _chunks.Add(new T[ChunkSize]);
        }

        _chunks[^1][Count & (ChunkSize - 1)] = item;
        Count++;
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
