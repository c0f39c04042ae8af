using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Finds the year of stamps that have none (RFC 3164), by what the log, its name and its time of change tell (spec formats.md 1.5).
/// Facts wait for it (<see cref="SourceJob.Hold"/>), up to a bound. Where nothing tells it, it stays unknown.</summary>
/// <param name="job">The source.</param>
internal sealed class LogYears(SourceJob job)
{
    private const long HourNs = 3_600L * 1_000_000_000L;
    private const long DayNs = 24 * HourNs;

    // A month that falls back by so much is of the next year; by less, the clock was set back.
    private const long RolloverNs = 180 * DayNs;

    // Zones reach 14 hours from UTC.
    private const long ZoneNs = 15 * HourNs;

    // A file that was changed by its last line, and then not again: copies and downloads have later times.
    private const long LastWriteNs = 36 * HourNs;

    // A folder's date is that of a collection: the log goes on until shortly before it, or is an older one beside it.
    private const long CollectionNs = 62 * DayNs;

    // Clocks are set by some minutes, and an hour in autumn; what falls further is told.
    private const long StepNs = 2 * HourNs;

    private readonly SortedSet<long> _leapYears = [];
    private readonly SortedSet<long> _firm = [];
    private long _index;
    private long _first = TraceEvent.NoTime;
    private long _last = TraceEvent.NoTime;
    private long _before = TraceEvent.NoTime;
    private long _stated = TraceEvent.NoTime;
    private int? _builtYear;
    private int? _year;
    private (long First, long Last)? _years;
    private bool _isSettled;
    private bool _isLastPending;
    private long _steps;
    private long _largestStep;
    private string _why = string.Empty;

    /// <summary>Whether any stamp lacked its year.</summary>
    public bool HasPending => _first != TraceEvent.NoTime;

    /// <summary>Year of the first stamp, null if it is not known.</summary>
    public int? Year => _isSettled ? _year : null;

    /// <summary>What the year is known from.</summary>
    public YearOrigin Origin { get; private set; }

    /// <summary>Gives a stamp its place among those before it.</summary>
    /// <param name="stamp">The time as read, pending in the first year.</param>
    /// <returns>The time, in its year of the log.</returns>
    public long Place(long stamp)
    {
        var time = PendingTime.AddYears(stamp, _index);
        if (_last == TraceEvent.NoTime)
        {
            _first = time;
            if (!_isSettled)
            {
                job.Hold();
            }
        }
        else if (time < _last - RolloverNs && _index < PendingTime.MostYears)
        {
            // From December to January.
            _before = _last;
            time = PendingTime.AddYears(stamp, ++_index);
        }
        else if (time - _last > RolloverNs && PendingTime.AddYears(time, -1) is var earlier && IsBackFromStep(earlier))
        {
            // A clock that was not set yet, or set back over New Year, is not a year further.
            time = earlier;
            _index--;
            _before = TraceEvent.NoTime;
        }

        if (_last != TraceEvent.NoTime && _last - time > StepNs)
        {
            _steps++;
            _largestStep = Math.Max(_largestStep, _last - time);
        }

        _last = time;
        if (YearlessTime.IsLeapDay(PendingTime.Yearless(time)) && _leapYears.Count < 16)
        {
            _leapYears.Add(_index);
        }

        if (_stated != TraceEvent.NoTime)
        {
            Anchor(_stated, "a line before it");
            _stated = TraceEvent.NoTime;
        }

        _isLastPending = true;
        return time;
    }

    /// <summary>A line of the log whose own stamp has a year.</summary>
    /// <param name="timeNs">Its time since 1970.</param>
    /// <param name="number">Its number.</param>
    public void Stated(long timeNs, long number)
    {
        // Only where the one kind of stamps follows the other do they speak of about the same time.
        if (_isLastPending)
        {
            Anchor(timeNs, string.Create(CultureInfo.InvariantCulture, $"line {number}"));
        }

        _stated = timeNs;
        _isLastPending = false;
        _years = _years is { } known ? (Math.Min(known.First, timeNs), Math.Max(known.Last, timeNs)) : (timeNs, timeNs);
    }

    /// <summary>A message that states the date: its line was written about then.</summary>
    /// <param name="lineNs">Time of the line, pending.</param>
    /// <param name="timeNs">The time stated, since 1970.</param>
    /// <param name="number">The line's number.</param>
    public void Stated(long lineNs, long timeNs, long number)
    {
        if (PendingTime.Is(lineNs))
        {
            Anchor(timeNs, string.Create(CultureInfo.InvariantCulture, $"line {number}"), lineNs);
        }
    }

    /// <summary>The kernel of the log was built in this year: the log is not older.</summary>
    /// <param name="year">The year.</param>
    public void Built(int year) => _builtYear = Math.Max(_builtYear ?? 0, year);

    /// <summary>No more facts can wait: what is known by now has to do.</summary>
    /// <param name="tail">The end of the log, empty if it is not at hand.</param>
    public void Settle(ReadOnlySpan<byte> tail)
    {
        if (_isSettled || !HasPending)
        {
            return;
        }

        var (index, last, before, steps) = (_index, _last, _before, _steps);
        PlaceTail(tail);
        Decide();
        (_index, _last, _before, _steps) = (index, last, before, steps);
        _isSettled = true;
        job.Release(Settled);
    }

    /// <summary>The log has ended.</summary>
    /// <param name="tail">Its last lines.</param>
    public void End(ReadOnlySpan<byte> tail)
    {
        if (!HasPending)
        {
            if (_years is { } span)
            {
                job.Incident.WallSpans.Add((job.Path, span.First, span.Last));
            }

            return;
        }

        if (!_isSettled)
        {
            PlaceTail(tail);
            Decide();
            _isSettled = true;
            job.Release(Settled);
        }

        Tell();
        if (job.Clock == ClockDomain.WallLocalUnknownZone && _year is null)
        {
            job.Clock = ClockDomain.WallNoYear;
        }
    }

    /// <summary>A time once the year is settled.</summary>
    /// <param name="timeNs">A time, pending or not.</param>
    /// <returns>Nanoseconds since 1970, or of <see cref="ClockDomain.WallNoYear"/>; other times as they are.</returns>
    public long Settled(long timeNs) => !PendingTime.Is(timeNs) ? timeNs
        : _year is { } year ? YearlessTime.InYear(PendingTime.Yearless(timeNs), year) : PendingTime.Yearless(timeNs);

    /// <summary>The clock of settled stamps.</summary>
    public ClockDomain Clock => _year is null ? ClockDomain.WallNoYear : ClockDomain.WallLocalUnknownZone;

    private static string Date(long timeNs) => Moment(timeNs).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTime Moment(long timeNs) => DateTime.UnixEpoch.AddTicks(timeNs / 100);

    private static long Ns(DateTime time) => (time - DateTime.UnixEpoch).Ticks * 100;

    /// <summary>The stamps are back where they were before the month fell, or just before New Year again.</summary>
    private bool IsBackFromStep(long time)
    {
        const long Near = 31 * DayNs;
        return (_before != TraceEvent.NoTime && time >= _before - Near && time <= _before + Near) || (time <= _last && _last - time < Near);
    }

    private static long At(long pending, int firstYear) => YearlessTime.InYear(PendingTime.Yearless(pending), firstYear);

    private void Anchor(long timeNs, string where, long? of = null)
    {
        // The year in which the stamp comes nearest: a zone is less than a day, New Year may lie between.
        var pending = of ?? _last;
        var guess = Moment(timeNs).Year - (int)YearlessTime.YearOf(PendingTime.Yearless(pending));
        var year = Enumerable.Range(guess - 1, 3).MinBy(y => Math.Abs((decimal)At(pending, y) - timeNs));
        if (!_isSettled)
        {
            (_year, Origin, _isSettled, _why) = (year, YearOrigin.Log, true, $"{where} tells {Moment(timeNs).Year}");
            job.Release(Settled);
        }
        else if (_year is null || _year != year)
        {
            if (_firm.Count < 4)
            {
                _firm.Add(year + YearlessTime.YearOf(PendingTime.Yearless(pending)));
                job.Report(Notice.YearDisagrees, 0, $"{where} tells {Moment(timeNs).Year}, but "
                    + (_year is { } taken ? $"{taken + YearlessTime.YearOf(PendingTime.Yearless(pending))} was taken because {_why}" : "by then lines before it had been handed on without a year"));
            }

            // More than a year passed between two lines of interest: later lines count from here.
            if (Origin == YearOrigin.Log && year > _year && _index + year - _year.Value <= PendingTime.MostYears)
            {
                _index += year - _year.Value;
                _last = PendingTime.AddYears(_last, year - _year.Value);
            }
        }
    }

    private void PlaceTail(ReadOnlySpan<byte> tail)
    {
        const int Lines = 32;
        for (var i = 0; i < Lines && !tail.IsEmpty; i++)
        {
            tail = tail.TrimEnd("\r\n"u8);
            var start = tail.LastIndexOf((byte)'\n') + 1;
            var line = Envelope.Strip(tail[start..]);
            tail = tail[..start];
            var time = PendingTime.Is(line.TimeNs) ? line.TimeNs : PendingTime.Is(line.WallNs) ? line.WallNs : TraceEvent.NoTime;
            if (time != TraceEvent.NoTime)
            {
                _ = Place(time);
                return;
            }
        }
    }

    private bool Fits(int year) => (_builtYear is not { } built || year >= built)
        && _leapYears.All(index => DateTime.IsLeapYear((int)Math.Clamp(year + index, 1, 9999)));

    /// <summary>The first year for which the last line is not behind a bound.</summary>
    private int Latest(long boundNs)
    {
        var year = Moment(boundNs).Year - (int)YearlessTime.YearOf(PendingTime.Yearless(_last));
        return At(_last, year) <= boundNs ? year : year - 1;
    }

    private void Decide()
    {
        if (job.Options.Year is { } said)
        {
            Take(said - (int)YearlessTime.YearOf(PendingTime.Yearless(_last)), YearOrigin.Option, "--year says so");
            return;
        }

        var parts = job.Path.Split('/', '!');
        if (NameDate.Of(parts[^1]) is { } named && Latest(Ns(named.ToDateTime(TimeOnly.MaxValue)) + DayNs) is var byName && Fits(byName))
        {
            Take(byName, YearOrigin.FileName, $"its name tells {named:yyyy-MM-dd}");
        }
        else if (job.Modified is { } changed && Latest(Ns(changed) + ZoneNs) is var byTime && Ns(changed) - At(_last, byTime) <= LastWriteNs && Fits(byTime))
        {
            Take(byTime, YearOrigin.FileTime, $"it was last changed on {Date(Ns(changed))}, when its last line was written");
        }
        else if (job.Incident.WallSpans.Find(IsBeside) is { Path: not null } other)
        {
            Take(Beside(other.First, other.Last), YearOrigin.OtherLog, $"{other.Path} tells of the same time");
        }
        else if (parts.Reverse().Skip(1).Select(part => NameDate.Of(part)).FirstOrDefault(date => date is not null) is { } folder
            && Latest(Ns(folder.ToDateTime(TimeOnly.MaxValue)) + DayNs) is var byFolder && Ns(folder.ToDateTime(TimeOnly.MaxValue)) - At(_last, byFolder) <= CollectionNs && Fits(byFolder))
        {
            Take(byFolder, YearOrigin.FolderName, $"the name of its folder tells {folder:yyyy-MM-dd}");
        }
        else if (_builtYear is { } built && job.Modified is { } bound && Enumerable.Range(built, Math.Max(0, Latest(Ns(bound) + ZoneNs) - built + 1)).Where(Fits).ToArray() is [var only])
        {
            Take(only, YearOrigin.Bounds, $"its kernel was built in {built} and it was last changed on {Date(Ns(bound))}");
        }

        bool IsBeside((string Path, long First, long Last) other) => Beside(other.First, other.Last) is var year && Fits(year)
            && At(_last, year) >= other.First - (31 * DayNs) && At(_first, year) <= other.Last + (31 * DayNs);

        int Beside(long first, long last)
        {
            var guess = Moment(last).Year - (int)YearlessTime.YearOf(PendingTime.Yearless(_last));
            return Enumerable.Range(guess - 1, 3).MinBy(year => Math.Abs((decimal)(At(_first, year) + ((At(_last, year) - At(_first, year)) / 2)) - first - ((last - first) / 2)));
        }
    }

    private void Take(int year, YearOrigin origin, string why) => (_year, Origin, _why) = (year, origin, why);

    private void Tell()
    {
        if (_year is { } year)
        {
            job.Incident.WallSpans.Add((job.Path, Settled(_first), Settled(_last)));
        }

        if (_year is { } first)
        {
            var last = first + YearlessTime.YearOf(PendingTime.Yearless(_last));
            var years = last == first ? first.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{first} to {last}");
            job.Report(Notice.YearTaken, 0, $"{years} is taken, because {_why}");
        }
        else if (job.Clock == ClockDomain.WallLocalUnknownZone)
        {
            // Else the lines carry the kernel's own stamps; those are shown.
            var bounds = (_builtYear, job.Modified) switch
            {
                ({ } built, { } changed) => $" (not before {built}, when its kernel was built, and not after {changed.Year}, when the file was last changed)",
                ({ } built, null) => $" (not before {built}, when its kernel was built)",
                _ => string.Empty,
            };
            job.Report(Notice.YearNotKnown, 0, bounds);
        }

        if (_steps > 0)
        {
            var times = _steps == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{_steps} times, at most");
            job.Report(Notice.ClockSetBack, 0, string.Create(CultureInfo.InvariantCulture, $"{times} by {_largestStep / (double)HourNs:0.#} hours"));
        }
    }
}
