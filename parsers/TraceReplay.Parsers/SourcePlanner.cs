using TraceReplay.Core;
using TraceReplay.Parsers.Containers;
using TraceReplay.Parsers.KernelLog;
using TraceReplay.Parsers.Refused;
using TraceReplay.Parsers.Trees;

namespace TraceReplay.Parsers;

/// <summary>Finds the formats of an incident's sources, also within archives.</summary>
internal sealed class SourcePlanner : IDisposable
{
    // Thousands of configuration files in a tree are text, too: only a text that holds a known message is a log there.
    private const int KnownMessage = 10;
    private const int MostRefused = 3;
    private const int MostWhole = 4;

    private readonly Incident _incident;
    private readonly IFormat? _forced;
    private readonly IRecordSink _sink;
    private readonly CancellationToken _cancellation;
    private readonly Func<string, Stream> _openInput;
    private readonly List<IDisposable> _open = [];
    private ArchivePlanner? _archives;

    /// <summary>Prepares for one incident.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="forced">The format the user named, null = detect.</param>
    /// <param name="sink">Where diagnostics go.</param>
    /// <param name="openInput">Opens a path's bytes.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public SourcePlanner(Incident incident, IFormat? forced, IRecordSink sink, Func<string, Stream> openInput, CancellationToken cancellation)
    {
        (_incident, _forced, _sink, _cancellation, _openInput) = (incident, forced, sink, cancellation, openInput);
    }

    /// <summary>Plans the reading of a file, of standard input, or of all members of an archive.</summary>
    /// <param name="path">Path, or <c>-</c>.</param>
    /// <param name="files">The files it belongs to.</param>
    /// <returns>What is to be read of it.</returns>
    public IReadOnlyList<PlannedSource> Plan(string path, IncidentFiles files)
    {
        var opened = Open(_openInput(path));
        var isPlanned = false;
        try
        {
            if (_forced is null && ArchiveMembers.Recognise(opened.Pump.Head))
            {
                return (_archives ??= new ArchivePlanner(this, _sink, _cancellation)).Plan(path, opened);
            }

            var format = _forced ?? Recognised(path, opened, files);
            if (format is null)
            {
                return [];
            }

            // Pipes cannot be opened again. What is in memory as a whole need not be, as long as these are few: each holds a block.
            var isPipe = opened.StoredBytes == 0;
            isPlanned = isPipe || (opened.Pump.IsWhole && _open.Count < MostWhole);
            return [new PlannedSource(path, format, isPlanned ? Once(opened) : () => Open(_openInput(path)))
            {
                Part = LogPart.Of(opened.Pump.Head), HasLines = PlannedSource.Lines(opened.Pump.Head), Modified = isPipe ? null : ModifiedAt(path),
            }];
        }
        finally
        {
            if (!isPlanned)
            {
                opened.Dispose();
            }
        }
    }

    /// <summary>Plans the small files of a folder's tree.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">Its files.</param>
    /// <returns>One source for all values of a kind.</returns>
    public IReadOnlyList<PlannedSource> Values(string folder, IncidentFiles files)
    {
        var value = new byte[TreeMembers.ValueBytes];
        foreach (var (path, place) in files.Values)
        {
            _cancellation.ThrowIfCancellationRequested();
            var inner = IncidentFiles.Within(folder, path);
            try
            {
                using var handle = File.OpenHandle(path);
                files.Members.Add(place, inner, value.AsSpan(0, RandomAccess.Read(handle, value, 0)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                files.Members.Pass("files that cannot be read", inner);
            }
        }

        return [.. files.Members.Sources(folder.TrimEnd('/') + "/", stream => Open(stream))];
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
        _archives?.Dispose();
    }

    private static DateTime? ModifiedAt(string path)
    {
        try
        {
            return File.Exists(path) ? File.GetLastWriteTimeUtc(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    private Func<OpenedSource> Once(OpenedSource opened)
    {
        _open.Add(opened);
        return () => opened;
    }

    /// <summary>Whether a file is read, by what was found in it.</summary>
    /// <param name="format">Its format, null if none recognises it.</param>
    /// <param name="result">How sure that is.</param>
    /// <param name="isTree">It is one of very many.</param>
    /// <param name="members">Accounts of the folder or archive.</param>
    /// <returns>False to pass over it.</returns>
    public static bool IsUsed(IFormat? format, ProbeResult result, bool isTree, TreeMembers members) =>
        format is not null && format.Role != SourceRole.Ignored
        && (!isTree || (result.Score >= KnownMessage && (format is not RefusedFormat || members.Refused++ < MostRefused)));

    /// <summary>Why a file is passed over, in the plural.</summary>
    /// <param name="opened">The file.</param>
    /// <param name="format">Its format, null if none recognises it.</param>
    /// <param name="result">What the probe said.</param>
    /// <returns>The reason.</returns>
    public static string Reason(OpenedSource opened, IFormat? format, ProbeResult result) =>
        format is { Role: SourceRole.Ignored } or RefusedFormat ? result.Reason
        : format is not null ? "texts without a known message"
        : opened.Pump.Head.IsEmpty ? opened.Pump.Failure is null ? "empty files" : "damaged files"
        : "binary files of unknown content";

    private IFormat? Recognised(string path, OpenedSource opened, IncidentFiles files)
    {
        var format = Detect(path, opened, out var result);
        if (IsUsed(format, result, files.IsTree, files.Members))
        {
            return format;
        }

        if (files is { IsTree: true, Folder: { } folder })
        {
            files.Members.Pass(Reason(opened, format, result), IncidentFiles.Within(folder, path));
            return null;
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
