using TraceReplay.Core;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers;

/// <summary>Reads the sources of one incident: finds their formats first, then reads them in the order of
/// <see cref="SourceRole"/>, equal ones in the order given.</summary>
internal sealed class IncidentReader(Incident incident, IFormat? forced, IRecordSink sink, CancellationToken cancellation)
{
    /// <summary>Reads all sources.</summary>
    /// <param name="paths">Files, in ordinal order of their names.</param>
    public void Read(IReadOnlyList<string> paths)
    {
        var plan = new List<PlannedSource>();
        try
        {
            foreach (var path in paths)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Guarded(path, () => Plan(path)) is { } planned)
                {
                    plan.Add(planned);
                }
            }

            foreach (var source in plan.OrderBy(s => s.Format.Role))
            {
                cancellation.ThrowIfCancellationRequested();
                _ = Guarded(source.Path, () => Read(source));
            }
        }
        finally
        {
            foreach (var source in plan)
            {
                source.Opened?.Dispose();
            }
        }
    }

    private PlannedSource? Plan(string path)
    {
        var opened = OpenedSource.Open(path, incident.Options.MaxSourceBytes, cancellation);
        PlannedSource? planned = null;
        try
        {
            var format = forced ?? Detect(path, opened);
            if (format is not null)
            {
                // Pipes cannot be opened again.
                planned = new PlannedSource(path, format, opened.StoredBytes == 0 ? opened : null);
            }

            return planned;
        }
        finally
        {
            if (planned?.Opened is null)
            {
                opened.Dispose();
            }
        }
    }

    private IFormat? Detect(string path, OpenedSource opened)
    {
        var head = opened.Pump.Head;
        var isWhole = opened.Pump.IsWhole && head.Length <= Formats.HeadBytes;
        var name = ContentName(path);
        var input = new ProbeInput(head[..Math.Min(head.Length, Formats.HeadBytes)], name, isWhole);
        var format = Formats.Detect(input, out var result);
        if (format is null && head.IsEmpty && opened.Pump.Failure is { } failure)
        {
            sink.Report(Notice.ContentCut.At(new SourceRef(path, 0), failure));
        }
        else if (format is null)
        {
            var notice = head.IsEmpty ? Notice.Empty : Notice.UnknownFormat;
            sink.Report(notice.At(new SourceRef(path, 0), head.IsEmpty ? string.Empty : Describe(head)));
        }
        else if (format.Role == SourceRole.Ignored)
        {
            sink.Report(Notice.Ignored.At(new SourceRef(path, 0), result.Reason));
            return null;
        }

        return format;
    }

    private bool Read(PlannedSource source)
    {
        var opened = source.Opened ?? OpenedSource.Open(source.Path, incident.Options.MaxSourceBytes, cancellation);
        try
        {
            if (!sink.BeginSource(new SourceInfo(source.Path, source.Format.Name, incident.Names)))
            {
                return false;
            }

            var job = new SourceJob(
                source.Path, source.Format.Name, opened.Pump, incident, sink,
                _ => sink.Progress(source.Path, opened.Stored.Count, opened.StoredBytes), cancellation);
            source.Format.Read(job);
            job.Flush();
            End(job, opened);
            return true;
        }
        finally
        {
            if (source.Opened is null)
            {
                opened.Dispose();
            }
        }
    }

    private void End(SourceJob job, OpenedSource opened)
    {
        // A format may stop before the end; the rest is read so that size and hash are those of the whole source.
        while (opened.Pump.Take() is { } block)
        {
            opened.Pump.Return(block);
        }

        if (opened.Pump.Failure is { } failure)
        {
            job.Report(Notice.ContentCut, job.Records, failure);
        }

        opened.Stored.Drain(cancellation);
        sink.Progress(job.Path, opened.Stored.Count, opened.StoredBytes);
        sink.EndSource(new SourceSummary
        {
            Path = job.Path,
            Format = job.Format,
            Sha256 = opened.Stored.HexDigest(),
            Bytes = opened.Pump.Taken,
            Records = job.Records,
            Events = job.Events,
            Skipped = job.Skipped,
            Lost = job.Lost,
            Clock = job.Clock,
        });
    }

    /// <summary>Failures of the file system and of system libraries become diagnostics; one bad source does not end the rest.</summary>
    private T? Guarded<T>(string path, Func<T?> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            sink.Report(Notice.CannotOpen.At(new SourceRef(path, 0), e.Message));
        }
        catch (InvalidDataException e)
        {
            sink.Report(Notice.ContentCut.At(new SourceRef(path, 0), e.Message));
        }
        catch (DllNotFoundException e)
        {
            sink.Report(Notice.LibraryMissing.At(new SourceRef(path, 0), e.Message.Split('\n')[0]));
        }

        return default;
    }

    private static string ContentName(string path)
    {
        var name = Path.GetFileName(path);
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
