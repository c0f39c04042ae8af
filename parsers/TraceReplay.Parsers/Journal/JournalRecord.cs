using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Parsers.KernelLog;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Journal;

/// <summary>Collects the fields of one structured log record and hands its message on.</summary>
internal sealed class JournalRecord(SourceJob job)
{
    private const long NanosecondsPerMicrosecond = 1000;

    private readonly LogMessages _messages = new(job);
    private byte[] _message = [];
    private bool _hasMessage;
    private bool _isForeign;
    private long _source = TraceEvent.NoTime;
    private long _monotonic = TraceEvent.NoTime;
    private long _realtime = TraceEvent.NoTime;
    private int _level = -1;
    private byte[] _bootId = [];
    private bool _toldBoot;

    /// <summary>Takes a field (systemd.journal-fields(7), and those of dmesg -J).</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        switch (name)
        {
            case var _ when name.SequenceEqual("MESSAGE"u8) || name.SequenceEqual("msg"u8):
                _message = value.ToArray();
                _hasMessage = true;
                break;
            case var _ when name.SequenceEqual("_TRANSPORT"u8):
                // A program may quote kernel messages; only the kernel's own count.
                _isForeign = !value.SequenceEqual("kernel"u8);
                break;
            case var _ when name.SequenceEqual("PRIORITY"u8) || name.SequenceEqual("pri"u8):
                _level = Ascii.Whole(value, out var level) ? (int)(level & 7) : -1;
                break;
            case var _ when name.SequenceEqual("_BOOT_ID"u8):
                _bootId = value.ToArray();
                break;
            case var _ when name.SequenceEqual("_SOURCE_MONOTONIC_TIMESTAMP"u8):
                _source = Microseconds(value);
                break;
            case var _ when name.SequenceEqual("__MONOTONIC_TIMESTAMP"u8):
                _monotonic = Microseconds(value);
                break;
            case var _ when name.SequenceEqual("__REALTIME_TIMESTAMP"u8):
                _realtime = Microseconds(value);
                break;
            case var _ when name.SequenceEqual("time"u8):
                var at = 0;
                _source = Ascii.Seconds(value, ref at, out var time, out var decimals) && decimals > 0 ? time : TraceEvent.NoTime;
                break;
            default:
                break;
        }
    }

    /// <summary>The record has ended.</summary>
    /// <param name="number">Its line or number.</param>
    public void End(long number)
    {
        if (_hasMessage)
        {
            job.Records++;
            Accept(number);
        }

        (_hasMessage, _isForeign, _level, _bootId) = (false, false, -1, []);
        _source = _monotonic = _realtime = TraceEvent.NoTime;
    }

    /// <summary>The source has ended.</summary>
    public void Finish() => _messages.End();

    private void Accept(long number)
    {
        var time = _source != TraceEvent.NoTime ? _source : _monotonic;
        job.Clock = time != TraceEvent.NoTime ? ClockDomain.BootPrintk : job.Clock == ClockDomain.None && _realtime != TraceEvent.NoTime ? ClockDomain.WallUtc : job.Clock;
        BootTime(number);
        var line = new LogLine { Message = _message, TimeNs = time != TraceEvent.NoTime ? time : _realtime, Clock = job.Clock, Level = _level, HasStamp = true };
        if (_bootId.Length > 0)
        {
            _messages.Boot(_bootId, number);
        }

        if (!_isForeign && _messages.Find(_message, isLog: true).Family is not null)
        {
            _messages.Accept(line, _message, number);
            return;
        }

        job.Comments++;
        if (job.Options.KeepAllLines)
        {
            job.Fact(new LogRecordFact(line.TimeNs, _level, System.Text.Encoding.UTF8.GetString(_message), job.At(number)));
        }
    }

    /// <summary>One record that carries both clocks tells when the machine was booted.</summary>
    private void BootTime(long number)
    {
        if (_toldBoot || _realtime == TraceEvent.NoTime || _monotonic == TraceEvent.NoTime || _realtime < _monotonic)
        {
            return;
        }

        _toldBoot = true;
        var offset = _realtime - _monotonic;
        var boot = DateTime.UnixEpoch.AddTicks(offset / 100);
        job.Fact(new MachineFact(job.At(number)) { BootTime = boot.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture) });
        job.Fact(new ClockOffsetFact(ClockDomain.BootPrintk, ClockDomain.WallUtc, offset, job.At(number)));
    }

    private static long Microseconds(ReadOnlySpan<byte> value) =>
        Ascii.Whole(value, out var number) && number < long.MaxValue / (ulong)NanosecondsPerMicrosecond ? (long)number * NanosecondsPerMicrosecond : TraceEvent.NoTime;
}
