using System.Numerics;

namespace TraceReplay.Pools.Bitmaps;

/// <summary>Which units of a table are free, for allocators that look for the lowest aligned run in a window (the
/// kernel's <c>bitmap_find_next_zero_area</c>, spec/iommu-pools.md 0.1). Words of 64 units; for each word a bound of
/// the run that can begin in it tells which words are worth a look.</summary>
internal sealed class FreeMap
{
    private const int WordBits = 64;
    private const int WordShift = 6;

    private readonly ulong[] _free; // one word more than needed, never free, so that runs end at the table's end
    private readonly RunBounds _bounds;
    private ulong[]? _pinned;

    /// <summary>A map with every unit free.</summary>
    /// <param name="units">Units, 1 to 2^30.</param>
    public FreeMap(int units)
    {
        Units = units;
        var words = (units + WordBits - 1) >> WordShift;
        _free = new ulong[words + 1];
        _free.AsSpan(0, words).Fill(ulong.MaxValue);
        if ((units & (WordBits - 1)) != 0)
        {
            _free[words - 1] = (1UL << (units & (WordBits - 1))) - 1;
        }

        _bounds = new RunBounds(words);
    }

    /// <summary>Units of the table.</summary>
    public int Units { get; }

    /// <summary>The lowest i &gt;= <paramref name="from"/> that is a multiple of <paramref name="alignMask"/> + 1 and
    /// begins <paramref name="n"/> free units, all below <paramref name="limit"/>; -1 if none.</summary>
    public int Find(int from, int limit, long n, long alignMask)
    {
        var lastStart = limit - n;
        if (from > lastStart)
        {
            return -1;
        }

        var end = ((int)lastStart >> WordShift) + 1;
        var word = _bounds.Next(from >> WordShift, end, (int)n);
        while (word >= 0)
        {
            var found = n <= WordBits
                ? LookForShort(word, from, (int)n, alignMask)
                : LookForLong(word, from, (int)n, alignMask);
            if (found >= 0)
            {
                return found <= lastStart ? found : -1;
            }

            word = _bounds.Next(word + 1, end, (int)n);
        }

        return -1;
    }

    /// <summary>The first free unit of [from, limit), or limit.</summary>
    public int FirstFree(int from, int limit)
    {
        var found = Find(from, limit, 1, 0);
        return found < 0 ? limit : found;
    }

    /// <summary>The part of units [first, first + n) that lies in the table.</summary>
    public (int First, int Count) Clip(long first, long n)
    {
        var begin = Math.Clamp(first, 0, Units);
        var end = first > Units - n ? Units : Math.Clamp(first + n, begin, Units);
        return ((int)begin, (int)Math.Max(0, end - begin));
    }

    /// <summary>Whether units [first, first + n) are all free.</summary>
    public bool IsFree(int first, int n) => RunEnd(first, first + n) >= first + n;

    /// <summary>Takes units [first, first + n).</summary>
    /// <returns>How many were free before.</returns>
    public int Take(int first, int n)
    {
        var taken = 0;
        for (var at = first; at < first + n; at = NextWord(at))
        {
            ref var free = ref _free[at >> WordShift];
            var piece = Piece(at, first + n);
            taken += BitOperations.PopCount(free & piece);
            free &= ~piece;
        }

        return taken;
    }

    /// <summary>Frees units [first, first + n), but for those free already and those pinned.</summary>
    /// <returns>How many were in use.</returns>
    public int Release(int first, int n)
    {
        var given = 0;
        for (var at = first; at < first + n; at = NextWord(at))
        {
            ref var free = ref _free[at >> WordShift];
            var piece = Piece(at, first + n) & ~(_pinned?[at >> WordShift] ?? 0);
            given += BitOperations.PopCount(piece & ~free);
            free |= piece;
        }

        RaiseBounds(first, first + n);
        return given;
    }

    /// <summary>Takes units [first, first + n) for good.</summary>
    public void Pin(int first, int n)
    {
        _pinned ??= new ulong[_free.Length];
        for (var at = first; at < first + n; at = NextWord(at))
        {
            _pinned[at >> WordShift] |= Piece(at, first + n);
        }

        Take(first, n);
    }

    /// <summary>The longest free run in [from, to).</summary>
    public int LongestRun(int from, int to)
    {
        var longest = 0;
        var at = from;
        while (at < to)
        {
            at = FirstFree(at, to);
            var end = RunEnd(at, to);
            longest = Math.Max(longest, end - at);
            at = end;
        }

        return longest;
    }

    /// <summary>Hash of the kernel's bitmap: bit n of the table is bit n mod 64 of word n / 64, set if in
    /// use.</summary>
    public ulong HashOfUsed()
    {
        var hash = Fnv64.Empty;
        for (var word = 0; word < _free.Length - 1; word++)
        {
            var inTable = Piece(word << WordShift, Units);
            hash.AddInt64(~_free[word] & inTable);
        }

        return hash.Value;
    }

    /// <summary>A run of at most a word lies in two neighbouring words.</summary>
    private int LookForShort(int word, int from, int n, long alignMask)
    {
        var two = new Bits128(_free[word], _free[word + 1]);
        var starts = two.RunStarts(n).Low;
        if (starts == 0)
        {
            _bounds.Lower(word, two.LongestRun(Bits128.Below(WordBits)));
            return -1;
        }

        var first = word << WordShift;
        starts &= from > first ? ulong.MaxValue << (from - first) : ulong.MaxValue;
        starts &= AlignedIn(first, alignMask);
        return starts == 0 ? -1 : first + BitOperations.TrailingZeroCount(starts);
    }

    /// <summary>A longer run that begins in a word goes on beyond its end, so only the word's last run can be
    /// it.</summary>
    private int LookForLong(int word, int from, int n, long alignMask)
    {
        var first = word << WordShift;
        var runBegin = first + RunBegin(_free[word], WordBits);
        if (runBegin == first + WordBits)
        {
            _bounds.Lower(word, LongestIn(word));
            return -1;
        }

        var start = (Math.Max(from, runBegin) + alignMask) & ~alignMask;
        if (start >= first + WordBits)
        {
            return -1;
        }

        var end = RunEnd(first + WordBits, (int)start + n);
        if (end >= start + n)
        {
            return (int)start;
        }

        if (end - runBegin < n)
        {
            _bounds.Lower(word, Math.Max(end - runBegin, LongestIn(word)));
        }

        return -1;
    }

    private int LongestIn(int word) => new Bits128(_free[word], 0).LongestRun(Bits128.Ones);

    /// <summary>The end of the free run from a unit, not beyond <paramref name="limit"/>.</summary>
    public int RunEnd(int from, int limit)
    {
        var at = from;
        while (at < limit && (at >> WordShift) < _free.Length)
        {
            var used = ~_free[at >> WordShift] >> (at & (WordBits - 1));
            if (used != 0)
            {
                return Math.Min(limit, at + BitOperations.TrailingZeroCount(used));
            }

            at = NextWord(at);
        }

        return Math.Min(at, limit);
    }

    /// <summary>Raises the bounds of every word in which the run around freed units begins or goes on. A place more
    /// than the greatest bound before them had that bound already.</summary>
    private void RaiseBounds(int first, int end)
    {
        var runEnd = RunEnd(first, end + RunBounds.Most);
        runEnd = runEnd < end ? end + RunBounds.Most : runEnd; // a pinned unit inside: too high is allowed
        var firstWord = first >> WordShift;
        for (var word = (end - 1) >> WordShift; word > firstWord; word--)
        {
            _bounds.Raise(word, runEnd - (word << WordShift));
        }

        var below = first & (WordBits - 1);
        for (var word = firstWord; word >= 0; word--)
        {
            var begin = RunBegin(_free[word], below);
            if (begin < below || word == firstWord)
            {
                _bounds.Raise(word, runEnd - ((word << WordShift) + begin));
            }

            if (begin > 0 || first - (word << WordShift) >= RunBounds.Most)
            {
                break;
            }

            below = WordBits;
        }
    }

    /// <summary>Index of the first bit of the free run that ends just below a bit of a word.</summary>
    private static int RunBegin(ulong free, int end)
    {
        var used = end == WordBits ? ~free : ~free & ((1UL << end) - 1);
        return WordBits - BitOperations.LeadingZeroCount(used);
    }

    private static ulong AlignedIn(int first, long alignMask) => alignMask switch
    {
        0 => ulong.MaxValue,
        < WordBits => Bits128.Every((int)alignMask + 1, 0).Low,
        _ => (first & alignMask) == 0 ? 1UL : 0UL,
    };

    private static ulong Piece(int from, int end)
    {
        var bits = Math.Min(end - (from & ~(WordBits - 1)), WordBits);
        return (bits == WordBits ? ulong.MaxValue : (1UL << bits) - 1) & (ulong.MaxValue << (from & (WordBits - 1)));
    }

    private static int NextWord(int at) => (at | (WordBits - 1)) + 1;
}
