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
    private byte[] _clean = [];
    private byte[] _joined = new byte[1024];
    private long _consumedTo;

    /// <summary>Reads to the end.</summary>
    public void Run()
    {
        ReadOnlySpan<byte> line;
        if (job.Options.KeepAllLines)
        {
            while (_lines.Next(out line))
            {
                Line(line, keep: true);
            }
        }
        else
        {
            while (_lines.NextHit(MessageCatalog.Shared.Scanner, out line))
            {
                Line(line, keep: false);
            }
        }

        job.Records = _lines.LineNumber;
        job.Skipped += _lines.Overlong;
        job.Comments = job.Records - job.Understood - job.Continuations - job.Skipped;
        Accounts.Report(job, _lines, "log lines");
    }

    private void Line(ReadOnlySpan<byte> raw, bool keep)
    {
        if (_lines.LineNumber <= _consumedTo)
        {
            job.Continuations++;
            return;
        }

        var clean = LogText.Clean(raw, ref _clean);
        var line = Envelope.Strip(clean);
        if (line.HasStamp && job.Clock is ClockDomain.None or ClockDomain.WallLocalUnknownZone or ClockDomain.WallUtc)
        {
            job.Clock = line.Clock;
        }

        // A soft line break of quoted-printable ends in "=".
        var match = _messages.Find(line.Message.EndsWith("="u8) ? line.Message[..^1] : line.Message);
        if ((match.MayContinue && Forward(line)) || (!line.HasStamp && match.Family is not null && StartsMessage(line.Message) && Backward(line)))
        {
            return;
        }

        match = _messages.Find(line.Message);
        if (match.Family is not null)
        {
            _messages.Accept(line, line.Message, _lines.LineNumber);
        }
        else if (keep)
        {
            job.Fact(new LogRecordFact(line.TimeNs, line.Level, Encoding.UTF8.GetString(line.Message), job.At(_lines.LineNumber)));
        }
    }

    /// <summary>The message goes on in the next lines.</summary>
    private bool Forward(scoped in LogLine line)
    {
        var length = 0;
        Append(line.Message, ref length);
        for (var ahead = 0; ahead < MostWrapped && _lines.TryPeek(ahead, out var next); ahead++)
        {
            var more = Envelope.Strip(next);
            if (more.HasStamp || more.Message.IsEmpty)
            {
                break;
            }

            Join(more.Message, ref length);
            var match = _messages.Find(_joined.AsSpan(0, length));
            if (match.Family is not null && !match.MayContinue)
            {
                _consumedTo = _lines.LineNumber + ahead + 1;
                _messages.Accept(line, _joined.AsSpan(0, length), _lines.LineNumber);
                return true;
            }
        }

        return false;
    }

    /// <summary>The line before holds the stamp and the device.</summary>
    private bool Backward(scoped in LogLine line)
    {
        if (!_lines.TryPrevious(out var raw))
        {
            return false;
        }

        var before = Envelope.Strip(raw);
        if (!before.HasStamp || before.Message.Length is 0 or > 100)
        {
            return false;
        }

        var length = 0;
        Append(before.Message, ref length);
        Join(line.Message, ref length);
        for (var ahead = 0; _messages.Find(_joined.AsSpan(0, length)) is { MayContinue: true } && ahead < MostWrapped && _lines.TryPeek(ahead, out var next); ahead++)
        {
            Join(Envelope.Strip(next).Message, ref length);
            _consumedTo = _lines.LineNumber + ahead + 1;
        }

        if (_messages.Find(_joined.AsSpan(0, length)).Family is null)
        {
            return false;
        }

        _messages.Accept(before, _joined.AsSpan(0, length), _lines.LineNumber - 1);
        return true;
    }

    /// <summary>Only text that a message could begin with was cut off from its line.</summary>
    private static bool StartsMessage(ReadOnlySpan<byte> message) =>
        message.StartsWith("swiotlb buffer"u8) || message.StartsWith("DMA: Out of"u8) || MessagePrefix.Parse(message) is { Driver.Length: 0 };

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
