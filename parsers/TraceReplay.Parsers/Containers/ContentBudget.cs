namespace TraceReplay.Parsers.Containers;

/// <summary>How much content one stored file may grow to, all its layers and archives within archives together: a compression
/// bomb is stopped, a log of equal lines is not.</summary>
/// <param name="storedBytes">Stored bytes read so far.</param>
/// <param name="most">Most content bytes whatever the ratio.</param>
internal sealed class ContentBudget(Func<long> storedBytes, long most)
{
    /// <summary>Content that is allowed at any ratio.</summary>
    public const long Free = 1L << 30;

    /// <summary>Most content bytes per stored byte beyond that: deflate reaches 1032, xz of equal log lines about 7000.</summary>
    public const long MostRatio = 10_000;

    private long _spent;

    /// <summary>Accounts for content. May be called by one thread at a time.</summary>
    /// <param name="bytes">Bytes that were made.</param>
    /// <returns>Why no more is allowed, null if it is.</returns>
    public string? Spend(int bytes)
    {
        var spent = Interlocked.Add(ref _spent, bytes);
        if (spent >= most)
        {
            return "the content is larger than the limit for one source";
        }

        return spent > Free && spent / MostRatio > storedBytes()
            ? "the content is more than 10000 times as large as the file: a compression bomb"
            : null;
    }
}
