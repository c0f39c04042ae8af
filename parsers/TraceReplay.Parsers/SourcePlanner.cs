using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers;

/// <summary>Finds the formats of an incident's sources, also within archives.</summary>
internal sealed class SourcePlanner(Incident incident, IFormat? forced, IRecordSink sink, CancellationToken cancellation) : IDisposable
{
    // Members up to this size are kept from the first walk through an archive; larger ones are walked to again.
    private const int KeptMemberBytes = 8 << 20;
    private const long KeptBytes = 512L << 20;

    private readonly List<IDisposable> _open = [];
    private byte[]? _head;
    private long _kept;

    /// <summary>Plans the reading of a file, of standard input, or of all members of an archive.</summary>
    /// <param name="path">Path, or <c>-</c>.</param>
    /// <returns>What is to be read of it.</returns>
    public IReadOnlyList<PlannedSource> Plan(string path)
    {
        var opened = Open(OpenedSource.File(path));
        var isPlanned = false;
        try
        {
            if (forced is null && TarMembers.Recognise(opened.Pump.Head))
            {
                return Archive(path, opened);
            }

            var format = forced ?? Detect(path, opened, out _, tellUnknown: true);
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

    /// <inheritdoc/>
    public void Dispose() => _open.ForEach(source => source.Dispose());

    private OpenedSource Open(Stream file) => OpenedSource.Over(file, incident.Options.MaxSourceBytes, cancellation);

    private Func<OpenedSource> Once(OpenedSource opened)
    {
        _open.Add(opened);
        return () => opened;
    }

    private List<PlannedSource> Archive(string path, OpenedSource archive)
    {
        var plan = new List<PlannedSource>();
        var useless = new List<string>();
        var number = 0;
        try
        {
            foreach (var (name, content) in TarMembers.Walk(new PumpStream(archive.Pump)))
            {
                cancellation.ThrowIfCancellationRequested();
                if (Member(path, archive, name, content, number++, useless) is { } planned)
                {
                    plan.Add(planned);
                }
            }
        }
        catch (InvalidDataException e)
        {
            sink.Report(Notice.ContentCut.At(new SourceRef(path, 0), archive.Pump.Failure ?? e.Message));
        }

        if (useless.Count > 0)
        {
            var count = useless.Count.ToString(CultureInfo.InvariantCulture);
            sink.Report(Notice.Ignored.At(new SourceRef(path, 0), $"{count} of {number.ToString(CultureInfo.InvariantCulture)} members ({string.Join(", ", useless.Distinct(StringComparer.Ordinal).Take(3))})"));
        }

        plan.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return plan;
    }

    private PlannedSource? Member(string path, OpenedSource archive, string name, Stream content, int number, List<string> useless)
    {
        var head = _head ??= new byte[KeptMemberBytes];
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var isWhole = length < head.Length;
        var shown = $"{path}!{name}";
        using var looked = Open(new MemoryStream(head, 0, length));
        if (TarMembers.Recognise(looked.Pump.Head))
        {
            useless.Add("an archive within the archive");
            return null;
        }

        var format = Detect(shown, looked, out var result, tellUnknown: false);

        // Thousands of configuration files in a report are text, too: only a text that holds a known message is a log here.
        const int KnownMessage = 10;
        if (format is null || result.Score < KnownMessage)
        {
            useless.Add(format is null && result.Reason.Length > 0 ? result.Reason : "no known content");
            return null;
        }

        if (isWhole && _kept + length <= KeptBytes)
        {
            _kept += length;
            var bytes = head.AsMemory(0, length).ToArray();
            return new PlannedSource(shown, format, () => Open(new MemoryStream(bytes)));
        }

        if (archive.StoredBytes == 0)
        {
            sink.Report(Notice.CannotOpen.At(new SourceRef(shown, 0), "a large member of an archive read from a pipe; give the archive as a file"));
            return null;
        }

        return new PlannedSource(shown, format, () => Again(path, number));
    }

    /// <summary>Walks through an archive again to a member.</summary>
    private OpenedSource Again(string path, int number)
    {
        var archive = Open(OpenedSource.File(path));
        _open.Add(archive);
        foreach (var (_, content) in TarMembers.Walk(new PumpStream(archive.Pump)))
        {
            if (number-- == 0)
            {
                return Open(content);
            }
        }

        throw new IOException("the archive changed while it was read");
    }

    private IFormat? Detect(string path, OpenedSource opened, out ProbeResult result, bool tellUnknown)
    {
        var head = opened.Pump.Head;
        var isWhole = opened.Pump.IsWhole && head.Length <= Formats.HeadBytes;
        var input = new ProbeInput(head[..Math.Min(head.Length, Formats.HeadBytes)], ContentName(path), isWhole);
        var format = Formats.Detect(input, out result);
        if (format is not null && format.Role != SourceRole.Ignored)
        {
            return format;
        }

        if (tellUnknown)
        {
            Tell(path, opened, format, result);
        }

        return null;
    }

    private void Tell(string path, OpenedSource opened, IFormat? format, ProbeResult result)
    {
        var source = new SourceRef(path, 0);
        var head = opened.Pump.Head;
        if (format is not null)
        {
            sink.Report(Notice.Ignored.At(source, result.Reason));
        }
        else if (!head.IsEmpty)
        {
            sink.Report(Notice.UnknownFormat.At(source, Describe(head)));
        }
        else if (opened.Pump.Failure is { } failure)
        {
            sink.Report(Notice.ContentCut.At(source, failure));
        }
        else
        {
            sink.Report(Notice.Empty.At(source, string.Empty));
        }
    }

    private static string ContentName(string path)
    {
        var name = Path.GetFileName(path[(path.LastIndexOf('!') + 1)..]);
        string[] suffixes = [".gz", ".zst", ".xz", ".bz2"];
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
