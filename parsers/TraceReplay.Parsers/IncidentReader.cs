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

        foreach (var source in LogPart.InOrder(WithoutCopies(plan)).OrderBy(s => s.Format.Role))
        {
            cancellation.ThrowIfCancellationRequested();
            _ = Guarded(source.Path, () => Read(source));
        }
    }

    /// <summary>tracefs has the events of all CPUs in <c>trace</c>, and those of each in <c>per_cpu/cpu*/trace</c>: a copy of the whole folder holds
    /// each of them twice.</summary>
    private List<PlannedSource> WithoutCopies(List<PlannedSource> plan)
    {
        const string PerCpu = "/per_cpu/cpu";
        var merged = plan.Where(s => s.HasLines && s.Format.Role == SourceRole.Trace).Select(s => s.Path).ToHashSet(StringComparer.Ordinal);
        return plan.FindAll(source =>
        {
            var at = source.Path.LastIndexOf(PerCpu, StringComparison.Ordinal);
            var name = at < 0 ? -1 : source.Path.IndexOf('/', at + PerCpu.Length);
            if (name < 0 || source.Format.Role != SourceRole.Trace || !merged.Contains(source.Path[..at] + source.Path[name..]))
            {
                return true;
            }

            sink.Report(Notice.CopyOfMerged.At(new SourceRef(source.Path, 0), source.Path[..at] + source.Path[name..]));
            return false;
        });
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

    /// <summary>Finds the recording that a trace belongs to: files of one CPU each (<c>per_cpu/cpu*/trace</c>) were recorded together, and are
    /// read one after the other.</summary>
    /// <returns>Path of the recording's first trace, null if the trace is a recording of its own.</returns>
    private string? Recording(SourceJob job)
    {
        // Clocks that begin with each recording cannot be compared.
        var isComparable = job.Clock is not (ClockDomain.None or ClockDomain.Relative or ClockDomain.Counter) && job.Order.MayJoin();
        var other = incident.Recordings.Find(r => isComparable && r.Clock == job.Clock && job.Order.RunsBeside(r.Traces));
        if (other.Path is not null)
        {
            // A machine has many CPUs; the first file says it for all.
            if (other.Traces.Count == 1)
            {
                job.Report(Notice.RunsBeside, 0, other.Path);
            }

            other.Traces.Add(job.Order);
        }
        else if (isComparable)
        {
            incident.Recordings.Add((job.Path, job.Clock, [job.Order]));
        }

        return other.Path;
    }

    /// <summary>Whether the events are to be taken in order of time, not as they stand; says so where that matters.</summary>
    private static bool IsByTime(SourceJob job)
    {
        var order = job.Order;
        var isInteger = job.Clock is ClockDomain.Counter or ClockDomain.Cycles or ClockDomain.Jiffies;
        var isByTime = job.Clock is not (ClockDomain.None or ClockDomain.Relative) && order.IsSortable();
        var told = isInteger ? order.Falls : order.LargeFalls;
        if (told > 0)
        {
            var step = isInteger ? order.LargestFall.ToString(CultureInfo.InvariantCulture) + " ticks"
                : ((decimal)order.LargestFall / 1_000_000_000).ToString("0.000", CultureInfo.InvariantCulture) + " s";
            var times = told == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{told} times");
            job.Report(isByTime ? Notice.PutInOrder : Notice.TimeGoesBack, 0, $"{times}, by up to {step}");
        }

        return isByTime;
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

        var recordedWith = Recording(job);
        var isByTime = IsByTime(job);
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
            Host = job.Host,
            RecordedWith = recordedWith,
            ByTime = isByTime,
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
