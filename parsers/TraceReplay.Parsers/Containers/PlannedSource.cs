using TraceReplay.Parsers.KernelLog;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Containers;

/// <summary>A source that will be read, with the format found for it.</summary>
/// <param name="Path">Path as shown to the user; members of archives as <c>archive!member</c>.</param>
/// <param name="Format">Its format.</param>
/// <param name="Open">Opens it when its turn comes; the caller disposes it.</param>
internal sealed record PlannedSource(string Path, IFormat Format, Func<OpenedSource> Open)
{
    /// <summary>Of a source gathered from the small files of a tree: what stands before their paths.</summary>
    public string? TreeRoot { get; init; }

    /// <summary>When the file or the archive's member was last changed, UTC; null if that is not told.</summary>
    public DateTime? Modified { get; init; }

    /// <summary>Its first bytes hold a line that is no comment: a tracer prints its head even where it has no event.</summary>
    public bool HasLines { get; init; }

    /// <summary>Whether content holds a line that is no comment.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <returns>False if all lines begin with <c>#</c> or are empty.</returns>
    public static bool Lines(ReadOnlySpan<byte> head)
    {
        while (!head.IsEmpty)
        {
            if (HeadLines.Next(ref head) is { IsEmpty: false } line && line[0] != (byte)'#')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of a log that a crash left in parts: which one it is.</summary>
    public LogPart Part { get; init; }
}
