using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Reads logs of lines. A vectorised search for the catalog's anchors passes over the lines that say nothing.</summary>
internal sealed class KernelLogReader(SourceJob job)
{
    // A message wrapped by a mail program lies on at most this many lines more.
    private const int MostWrapped = 2;

    private readonly LineReader _lines = job.OpenLines();
    private readonly LogMessages _messages = new(job);
    private readonly LogYears _years = new(job);
    private readonly NetconsoleFragments _fragments = new(job);
    private byte[] _clean = [];
    private byte[] _joined = new byte[1024];
    private long _consumedTo;
    private long _relative;

    /// <summary>Reads to the end.</summary>
    public void Run()
    {
        Begin();
        ReadOnlySpan<byte> line;
        if (job.Options.KeepAllLines || HasRelativeTimes())
        {
            // Differences can only be added up line by line.
            while (_lines.Next(out line))
            {
                Line(line, job.Options.KeepAllLines);
            }
        }
        else
        {
            // A long log tells by its beginning what is frequent in it.
            var scanner = job.Incident.Catalog.Scanner;
            scanner = job.Pump.IsWhole ? scanner : scanner.For(job.Pump.Head);
            while (_lines.NextHit(scanner, out line))
            {
                Line(line, keep: false);
            }
        }

        _fragments.End();
        Joined(job.Options.KeepAllLines);
        _fragments.Tell();
        _years.End(_lines.Kept);
        _messages.End();
        job.Records = _lines.LineNumber;
        job.Skipped += _lines.Overlong;
        job.Comments = Math.Max(0, job.Records - job.Understood - job.Continuations - job.Skipped);
        Accounts.Report(job, _lines, "log lines");
    }

    private bool HasRelativeTimes()
    {
        const int Enough = 30;
        var head = job.Pump.Head;
        for (var i = 0; i < Enough && !head.IsEmpty; i++)
        {
            var clean = LogText.Clean(HeadLines.Next(ref head), ref _clean);
            if (Envelope.Strip(clean).Clock == ClockDomain.Relative)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The year of a stamp, where it has one or another line tells it.</summary>
    private void Year(ref LogLine line, long number)
    {
        if (PendingTime.Is(line.TimeNs))
        {
            line.TimeNs = _years.Place(line.TimeNs);
        }
        else if (PendingTime.Is(line.WallNs))
        {
            line.WallNs = _years.Place(line.WallNs);
        }
        else if (line.HasStamp && line.Clock is ClockDomain.WallUtc or ClockDomain.WallLocalUnknownZone && line.TimeNs != TraceEvent.NoTime)
        {
            _years.Stated(line.TimeNs, number);
        }
        else if (line.WallClock is ClockDomain.WallUtc or ClockDomain.WallLocalUnknownZone)
        {
            _years.Stated(line.WallNs, number);
        }
    }

    /// <summary>The log's first line: its year is the first.</summary>
    private void Begin()
    {
        job.Years = _years;
        const int Enough = 30;
        var head = job.Pump.Head;
        for (var i = 0; i < Enough && !head.IsEmpty && !_years.HasPending; i++)
        {
            var line = Envelope.Strip(LogText.Clean(HeadLines.Next(ref head), ref _clean));
            if (PendingTime.Is(line.TimeNs) || PendingTime.Is(line.WallNs))
            {
                Year(ref line, i + 1);
            }
        }
    }

    private void Line(ReadOnlySpan<byte> raw, bool keep)
    {
        if (_lines.LineNumber <= _consumedTo)
        {
            job.Continuations++;
            return;
        }

        // The kernel cuts a record at 8 KiB; what is longer is no log line, and is not searched to its end.
        const int Longest = 1 << 16;
        raw = raw[..Math.Min(raw.Length, Longest)];
        if (NetconsoleFragments.Stands(raw))
        {
            _consumedTo = _lines.LineNumber + _fragments.Take(raw, _lines);
            Joined(keep);
            return;
        }

        var clean = LogText.Clean(raw, ref _clean);
        for (var cut = Interleaved(clean); cut > 0; cut = Interleaved(clean))
        {
            Message(clean[..cut], keep);
            clean = clean[cut..];
        }

        Message(clean, keep);
    }

    /// <summary>Records whose fragments are together. Nothing of the lines around them belongs to them.</summary>
    private void Joined(bool keep)
    {
        while (_fragments.TryNext(out var record))
        {
            job.Continuations += record.Fragments - 1;
            Message(LogText.Clean(record.Line, ref _clean), keep, record.Number);
        }
    }

    /// <summary>Where another message begins in the middle of a line: two CPUs wrote to the console at once, or a line end is missing.
    /// A boot stamp behind the line's own, or a level (<c>malfunction.&lt;6&gt;PCI-DMA</c>), is where.</summary>
    private static int Interleaved(ReadOnlySpan<byte> text)
    {
        var line = Envelope.Strip(text);
        var message = line.Message;
        var isStamped = line.HasStamp && line.Clock == ClockDomain.BootPrintk;
        for (var from = 0; ;)
        {
            var found = message[from..].IndexOfAny((byte)'[', (byte)'<');
            if (found < 0)
            {
                return -1;
            }

            var at = from + found;
            from = at + 1;
            if (at > 0 && (message[at] == (byte)'<' ? IsLevel(message[at..])
                : isStamped && LogStamp.Bracket(message, ref at, out _, out var clock) && clock == ClockDomain.BootPrintk))
            {
                return text.Length - message.Length + from - 1;
            }
        }
    }

    /// <summary>printk's level in front of a message: <c>&lt;4&gt;</c> and then text or a stamp.</summary>
    private static bool IsLevel(ReadOnlySpan<byte> text) =>
        text is [(byte)'<', >= (byte)'0' and <= (byte)'7', (byte)'>', (byte)'[' or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z'), ..];

    private void Message(ReadOnlySpan<byte> clean, bool keep, long joinedFrom = 0)
    {
        var number = joinedFrom > 0 ? joinedFrom : _lines.LineNumber;
        var line = Envelope.Strip(clean);
        if (line.Clock == ClockDomain.Relative)
        {
            _relative = line.TimeNs > long.MaxValue - _relative ? long.MaxValue : _relative + line.TimeNs;
            line.TimeNs = _relative;
        }

        Year(ref line, number);
        if (line.HasStamp && job.Clock is ClockDomain.None or ClockDomain.WallLocalUnknownZone or ClockDomain.WallUtc)
        {
            job.Clock = line.Clock;
        }

        var match = _messages.Find(line.Message, line.IsLog);
        var mayBeWrapped = joinedFrom == 0 && (match.MayContinue || !line.HasStamp || line.Message.EndsWith("="u8));
        if (mayBeWrapped)
        {
            if (Wrapped(line))
            {
                return;
            }

            match = _messages.Find(line.Message, line.IsLog);
        }

        match = _messages.TakeCut();
        if (match.Family is not null)
        {
            var caller = match.Family.Use == MessageUse.Trace && joinedFrom == 0 ? CallTraces.Read(_lines) : default;
            _messages.Accept(line, line.Message, number, caller);
        }
        else if (keep)
        {
            job.Fact(new LogRecordFact(line.TimeNs, line.Level, Encoding.UTF8.GetString(line.Message), job.At(number)));
        }
    }

    /// <summary>A message that a mail program or terminal broke: its device may stand in the line before, its end in the
    /// lines behind. Lines with a stamp of their own never belong to another.</summary>
    private bool Wrapped(scoped in LogLine line)
    {
        var begun = line;
        var number = _lines.LineNumber;
        var length = 0;
        if (!line.HasStamp && _lines.TryPrevious(out var raw) && Envelope.Strip(raw) is { HasStamp: true } before && IsUnfinished(before.Message))
        {
            begun = before;
            number--;
            Year(ref begun, number);
            Append(before.Message, ref length);
            Join(line.Message, ref length);
        }
        else
        {
            Append(line.Message, ref length);
        }

        var match = _messages.Find(WithoutSoftBreak(length), begun.IsLog);
        var parts = match.Template?.Parts.Length ?? 0;
        var (best, taken) = (match.Family is not null && number < _lines.LineNumber ? length : 0, 0);
        for (var ahead = 0; match.MayContinue && ahead < MostWrapped && _lines.TryPeek(ahead, out var next); ahead++)
        {
            var more = Envelope.Strip(next);
            if (more.HasStamp || more.Message.IsEmpty)
            {
                break;
            }

            var seam = length;
            Join(more.Message, ref length);
            match = _messages.Find(WithoutSoftBreak(length), begun.IsLog);
            if (match.Family is not null && _messages.BestStart >= seam)
            {
                // The next line is a message of its own.
                break;
            }

            if (match.Template?.Parts.Length > parts)
            {
                (best, taken, parts) = (length, ahead + 1, match.Template.Parts.Length);
            }
        }

        if (best == 0 || _messages.Find(_joined.AsSpan(0, best), begun.IsLog).Family is null)
        {
            return false;
        }

        _consumedTo = _lines.LineNumber + taken;
        _messages.Accept(begun, _joined.AsSpan(0, best), number);
        return true;
    }

    /// <summary>The line ends behind a device (<c>rtl8821ae 0000:02:00.0:</c>) or before it (<c>dwmmc_starfive</c>).</summary>
    private static bool IsUnfinished(ReadOnlySpan<byte> message)
    {
        const int Longest = 100;
        var text = message.TrimEnd((byte)' ');
        return text.Length is > 0 and < Longest && (text[^1] == (byte)':' || text.Count((byte)' ') == 0);
    }

    /// <summary>A soft line break of quoted-printable ends in an equals sign.</summary>
    private ReadOnlySpan<byte> WithoutSoftBreak(int length) =>
        length > 0 && _joined[length - 1] == (byte)'=' ? _joined.AsSpan(0, length - 1) : _joined.AsSpan(0, length);

    /// <summary>Joins with a blank; a soft line break of quoted-printable (<c>=</c>) goes without, as does the rest of a number.</summary>
    private void Join(ReadOnlySpan<byte> part, ref int length)
    {
        while (length > 0 && _joined[length - 1] == (byte)' ')
        {
            length--;
        }

        if (length > 0 && _joined[length - 1] == (byte)'=')
        {
            length--;
        }
        else if (length > 0)
        {
            Append(" "u8, ref length);
        }

        Append(part, ref length);
    }

    private void Append(ReadOnlySpan<byte> part, ref int length)
    {
        const int Longest = 1 << 16;
        part = part[..Math.Min(part.Length, Longest - Math.Min(length, Longest))];
        if (_joined.Length < length + part.Length)
        {
            Array.Resize(ref _joined, (length + part.Length) * 2);
        }

        part.CopyTo(_joined.AsSpan(length));
        length += part.Length;
    }
}
