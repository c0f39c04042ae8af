using System.IO.Hashing;
using System.Runtime.InteropServices;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis;

/// <summary>What of a log stands in an earlier one too.</summary>
/// <param name="Path">The earlier log.</param>
/// <param name="Lines">Lines of the later log that are not to be counted again.</param>
/// <param name="Records">How many recognised lines the later log has in all.</param>
/// <param name="OffsetNs">Clock of the later log minus that of the earlier one.</param>
public sealed record LogOverlap(string Path, IReadOnlySet<long> Lines, int Records, long OffsetNs);

/// <summary>Recognises logs that tell of the same boot: a log rotated twice, syslog and journal, dmesg in several forms. Only recognised
/// lines are compared, each at most once, so that nothing is taken for a repetition that its earlier log does not hold as often.</summary>
public sealed class LogDuplicates
{
    /// <summary>Records kept of all logs together; what comes behind is not compared.</summary>
    private const int MostRecords = 1 << 20;

    private readonly List<(SourceSummary Source, ChunkedList<LogMark> Marks)> _logs = [];
    private ChunkedList<LogMark> _marks = [];
    private int _kept;
    private bool _leftOut;

    /// <summary>Whether lines were left out of the comparison, and there were several logs to compare.</summary>
    public bool IsPartial => _leftOut && _logs.Count > 1;

    /// <summary>Lines that are compared at most, of all logs together.</summary>
    public static int Most => MostRecords;

    /// <summary>Whether there is a log that the next one may repeat.</summary>
    public bool HasLogs => _logs.Count > 0;

    /// <summary>Takes a recognised line of the log being read.</summary>
    /// <param name="record">The line.</param>
    public void Add(LogRecordFact record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.TimeNs != TraceEvent.NoTime && _kept < MostRecords)
        {
            _kept++;
            _marks.Add(new LogMark(record.TimeNs, XxHash3.HashToUInt64(MemoryMarshal.AsBytes(record.Text.AsSpan())), record.Source.Line));
        }
        else
        {
            _leftOut |= record.TimeNs != TraceEvent.NoTime;
        }
    }

    /// <summary>The log has ended.</summary>
    /// <param name="source">Its totals; the clock decides how its times are compared.</param>
    /// <returns>What it has in common with earlier logs, the most first; what several hold is told of one of them.</returns>
    public IReadOnlyList<LogOverlap> End(SourceSummary source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var marks = _marks;
        if (marks.Count == 0)
        {
            // A log whose lines were all left out is one that was not compared.
            if (_kept == MostRecords)
            {
                _logs.Add((source, marks));
            }

            return [];
        }

        _marks = [];
        var overlaps = new List<LogOverlap>();
        foreach (var (earlier, others) in _logs)
        {
            // The same bytes are not stored a second time, and so they are nobody's repetition.
            if (earlier.Sha256 == source.Sha256)
            {
                return [];
            }

            // Two machines may say the same at the same time.
            if (earlier.Host.Length > 0 && source.Host.Length > 0 && !string.Equals(earlier.Host, source.Host, StringComparison.Ordinal))
            {
                continue;
            }

            if (LogAlignment.Find(others, earlier.Clock, marks, source.Clock) is { Lines.Count: > 0 } found)
            {
                overlaps.Add(new LogOverlap(earlier.Path, found.Lines, marks.Count, found.OffsetNs));
            }
        }

        _logs.Add((source, marks));
        return Once(overlaps.OrderByDescending(o => o.Lines.Count));
    }

    /// <summary>Leaves each line to one overlap: ten copies of a log are each told once, not once for every pair.</summary>
    private static List<LogOverlap> Once(IEnumerable<LogOverlap> overlaps)
    {
        var told = new HashSet<long>();
        var once = new List<LogOverlap>();
        foreach (var overlap in overlaps)
        {
            var lines = overlap.Lines.Where(told.Add).ToHashSet();
            if (lines.Count > 0)
            {
                once.Add(lines.Count == overlap.Lines.Count ? overlap : overlap with { Lines = lines });
            }
        }

        return once;
    }
}

/// <summary>A recognised line, as far as it is compared.</summary>
/// <param name="TimeNs">Time in its log's clock.</param>
/// <param name="Text">Hash of the message.</param>
/// <param name="Line">Line number.</param>
internal readonly record struct LogMark(long TimeNs, ulong Text, long Line);
