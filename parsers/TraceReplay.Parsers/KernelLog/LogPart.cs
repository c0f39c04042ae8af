using TraceReplay.Parsers.Containers;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>A part of a crash's log as pstore keeps it, headed <c>Panic#2 Part3</c>. The kernel writes the end of its log first:
/// the part with the highest number is the earliest (spec formats.md 1.12).</summary>
/// <param name="Series">The dump: its reason and count.</param>
/// <param name="Number">Number of the part, 0 = not a part.</param>
internal readonly record struct LogPart(string Series, int Number)
{
    /// <summary>Reads the first line.</summary>
    /// <param name="head">First bytes of a source.</param>
    /// <returns>The part.</returns>
    public static LogPart Of(ReadOnlySpan<byte> head)
    {
        const int LongestReason = 16;
        const int MostParts = 1_000_000;
        var at = 0;
        while (at < head.Length && at < LongestReason && head[at] is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z'))
        {
            at++;
        }

        if (at == 0 || at == head.Length || head[at++] != (byte)'#' || !Ascii.Decimal(head, ref at, out _) || !head[at..].StartsWith(" Part"u8))
        {
            return default;
        }

        var series = System.Text.Encoding.UTF8.GetString(head[..at]);
        at += " Part".Length;
        return Ascii.Decimal(head, ref at, out var number) && number <= MostParts ? new LogPart(series, (int)number) : default;
    }

    /// <summary>Brings the parts of each dump into the order in which the kernel logged them; all else keeps its place.</summary>
    /// <param name="sources">The sources.</param>
    /// <returns>The same sources.</returns>
    public static IEnumerable<PlannedSource> InOrder(IReadOnlyList<PlannedSource> sources)
    {
        var dumps = sources.Where(s => s.Part.Number > 0).GroupBy(Dump)
            .ToDictionary(g => g.Key, g => new Queue<PlannedSource>(g.OrderByDescending(s => s.Part.Number)));
        return sources.Select(s => s.Part.Number > 0 ? dumps[Dump(s)].Dequeue() : s);
    }

    private static (string? Folder, string Series) Dump(PlannedSource source) => (Path.GetDirectoryName(source.Path), source.Part.Series);
}
