using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Parsers.Containers;
using TraceReplay.Parsers.KernelLog;
using TraceReplay.Parsers.Trees;

namespace TraceReplay.Parsers;

/// <summary>Reads the sources of one incident: finds their formats first, then reads them in the order of
/// <see cref="SourceRole"/>, equal ones in the order given.</summary>
/// <param name="incident">The incident.</param>
/// <param name="forced">The format the user named, null = detect.</param>
/// <param name="sink">Where records, facts and diagnostics go.</param>
/// <param name="cancellation">Stops the reading.</param>
/// <param name="open">Opens a path's bytes, null = as a file.</param>
internal sealed class IncidentReader(Incident incident, IFormat? forced, IRecordSink sink, CancellationToken cancellation, Func<string, Stream>? open = null)
{
    /// <summary>Reads all sources.</summary>
    /// <param name="files">Its files.</param>
    public void Read(IncidentFiles files)
    {
        using var planner = new SourcePlanner(incident, forced, sink, open ?? OpenedSource.File, cancellation);
        var plan = new List<PlannedSource>();
        foreach (var path in files.Paths)
        {
            cancellation.ThrowIfCancellationRequested();
            plan.AddRange(Guarded(path, () => planner.Plan(path, files)) ?? []);
        }

        if (files.Folder is { } folder)
        {
            plan.AddRange(Guarded(folder, () => planner.Values(folder, files)) ?? []);
            files.Members.Tell(sink, new SourceRef(folder, 0), "files");
        }

        foreach (var source in LogPart.InOrder(plan).OrderBy(s => s.Format.Role))
        {
            cancellation.ThrowIfCancellationRequested();
            _ = Guarded(source.Path, () => Read(source));
        }
    }

    private bool Read(PlannedSource source)
    {
        using var opened = source.Open();
        if (!sink.BeginSource(new SourceInfo(source.Path, source.Format.Name, incident.Names)))
        {
            return false;
        }

        var job = new SourceJob(
            source.Path, source.Format.Name, opened.Pump, incident, sink,
            _ => sink.Progress(source.Path, opened.Stored.Count, opened.StoredBytes), cancellation)
        {
            PlainPath = opened.PlainPath,
            TreeRoot = source.TreeRoot,
            Modified = source.Modified,
        };
        source.Format.Read(job);
        job.Flush();
        End(job, opened);
        return true;
    }

    /// <summary>Files of one CPU each (<c>per_cpu/cpu*/trace</c>) were recorded together, and are read one after the other.</summary>
    private void Overlap(SourceJob job)
    {
        // Clocks that begin with each recording cannot be compared.
        var isComparable = job.Clock is not (ClockDomain.None or ClockDomain.Relative or ClockDomain.Counter);
        var other = incident.Traces.Find(t => isComparable && t.Clock == job.Clock && t.Span.RunsBeside(job.Span));
        if (other.Path is not null)
        {
            job.Report(Notice.RunsBeside, 0, other.Path);
        }

        if (!job.Span.IsEmpty)
        {
            incident.Traces.Add((job.Path, job.Clock, job.Span));
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

        if (job.Skipped > 0 && !job.HasWarned)
        {
            job.Report(Notice.SkippedLines, 0, string.Create(CultureInfo.InvariantCulture, $"{job.Skipped} of {job.Records} lines could not be read as {job.Format} and were skipped"));
        }

        Overlap(job);
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
            Year = job.Years?.Year,
            YearFrom = job.Years is { Year: not null } years ? years.Origin : YearOrigin.None,
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
}
