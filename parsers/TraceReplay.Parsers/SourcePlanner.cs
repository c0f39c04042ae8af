using TraceReplay.Core;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers;

/// <summary>Finds the formats of an incident's sources, also within archives.</summary>
internal sealed class SourcePlanner : IDisposable
{
    private readonly Incident _incident;
    private readonly IFormat? _forced;
    private readonly IRecordSink _sink;
    private readonly CancellationToken _cancellation;
    private readonly ArchivePlanner _archives;
    private readonly List<IDisposable> _open = [];

    /// <summary>Prepares for one incident.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="forced">The format the user named, null = detect.</param>
    /// <param name="sink">Where diagnostics go.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public SourcePlanner(Incident incident, IFormat? forced, IRecordSink sink, CancellationToken cancellation)
    {
        (_incident, _forced, _sink, _cancellation) = (incident, forced, sink, cancellation);
        _archives = new ArchivePlanner(this, sink, cancellation);
    }

    /// <summary>Plans the reading of a file, of standard input, or of all members of an archive.</summary>
    /// <param name="path">Path, or <c>-</c>.</param>
    /// <returns>What is to be read of it.</returns>
    public IReadOnlyList<PlannedSource> Plan(string path)
    {
        var opened = Open(OpenedSource.File(path));
        var isPlanned = false;
        try
        {
            if (_forced is null && ArchiveMembers.Recognise(opened.Pump.Head))
            {
                return _archives.Plan(path, opened);
            }

            var format = _forced ?? Recognised(path, opened);
            if (format is null)
            {
                return [];
            }

            // Pipes cannot be opened again.
            isPlanned = opened.StoredBytes == 0;
            return [new PlannedSource(path, format, isPlanned ? Once(opened) : () => Open(OpenedSource.File(path)))];
        }
        finally
        {
            if (!isPlanned)
            {
                opened.Dispose();
            }
        }
    }

    /// <summary>Opens stored bytes.</summary>
    /// <param name="stored">The bytes; disposed with the source.</param>
    /// <param name="shared">The budget of the archive they are part of, null if they have their own.</param>
    /// <returns>The source.</returns>
    public OpenedSource Open(Stream stored, ContentBudget? shared = null) =>
        OpenedSource.Over(stored, _incident.Options.MaxSourceBytes, _cancellation, shared);

    /// <summary>Finds the format of what was opened.</summary>
    /// <param name="path">Its path; the name is a tie-breaker.</param>
    /// <param name="opened">The source before its first block is taken.</param>
    /// <param name="result">How sure that is, and why.</param>
    /// <returns>The format, null if none recognises it.</returns>
    public static IFormat? Detect(string path, OpenedSource opened, out ProbeResult result)
    {
        var head = opened.Pump.Head;
        var isWhole = opened.Pump.IsWhole && head.Length <= Formats.HeadBytes;
        return Formats.Detect(new ProbeInput(head[..Math.Min(head.Length, Formats.HeadBytes)], ContentName(path), isWhole), out result);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _open.ForEach(source => source.Dispose());
        _archives.Dispose();
    }

    private Func<OpenedSource> Once(OpenedSource opened)
    {
        _open.Add(opened);
        return () => opened;
    }

    private IFormat? Recognised(string path, OpenedSource opened)
    {
        var format = Detect(path, opened, out var result);
        if (format is not null && format.Role != SourceRole.Ignored)
        {
            return format;
        }

        var source = new SourceRef(path, 0);
        var head = opened.Pump.Head;
        _sink.Report(
            format is not null ? Notice.Ignored.At(source, result.Reason)
            : !head.IsEmpty ? Notice.UnknownFormat.At(source, Describe(head))
            : opened.Pump.Failure is { } failure ? Notice.ContentCut.At(source, failure)
            : Notice.Empty.At(source, string.Empty));
        return null;
    }

    private static string ContentName(string path)
    {
        var name = Path.GetFileName(path[(path.LastIndexOf('!') + 1)..]);
        string[] suffixes = [".gz", ".zst", ".xz", ".bz2", ".lz4"];
        var suffix = Array.Find(suffixes, s => name.EndsWith(s, StringComparison.OrdinalIgnoreCase));
        return suffix is null ? name : name[..^suffix.Length];
    }

    private static string Describe(ReadOnlySpan<byte> head)
    {
        var sample = head[..Math.Min(head.Length, 4096)];
        var isText = sample.IndexOfAnyInRange((byte)0, (byte)8) < 0;
        return isText ? "text" : $"binary, begins with {Convert.ToHexStringLower(sample[..Math.Min(sample.Length, 8)])}";
    }
}
