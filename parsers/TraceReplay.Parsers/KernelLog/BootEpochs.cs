using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Tells the boots of one log apart: banners, journal boot ids and marks, boot stamps that fall back. A ring buffer that
/// was printed a second time into the same file is no boot of its own: its lines are known, and count once.</summary>
internal sealed class BootEpochs(SourceJob job)
{
    // Clocks of CPUs differ by microseconds; a fall of a second is a reboot (spec formats.md 1.1).
    private const long LeastFallNs = 1_000_000_000;

    // 2^32 ms less 300 s: the first stamp of 2.6 kernels on 32 bits.
    private const long FirstOfWrapNs = 4_294_667_296_000_000;

    // What is remembered of lines printed, so that memory stays flat.
    private const int MostRemembered = 1 << 16;

    private readonly HashSet<(long TimeNs, long Hash)> _printed = [];
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);
    private readonly List<BootFact> _boots = [];
    private BootFact? _announced;
    private long _latest = TraceEvent.NoTime;
    private bool _isReprint;

    /// <summary>Parts of one crash's log: stamps that fall back are those of the part before, no boot.</summary>
    private readonly bool _isParts = LogPart.Of(job.Pump.Head).Number > 0;

    /// <summary>Number of the boot being read, 1-based; 0 before the first message.</summary>
    public int Current { get; private set; }

    /// <summary>Lines left out because the same log holds them already.</summary>
    public long Repeated { get; private set; }

    /// <summary>A line that begins a boot: it counts as soon as a message of that boot follows.</summary>
    /// <param name="number">Its line.</param>
    /// <param name="kernel">Kernel release, empty if not told.</param>
    /// <param name="id">Boot id, empty if not told.</param>
    public void Announce(long number, string kernel, string id)
    {
        // A mark of journalctl and the banner behind it announce the same boot.
        var isSame = _announced is { } earlier && (earlier.Kernel.Length == 0 || kernel.Length == 0);
        _announced = isSame
            ? _announced! with { Kernel = _announced.Kernel + kernel, Id = _announced.Id + id }
            : new BootFact(0, job.At(number)) { Kernel = kernel, Id = id };
    }

    /// <summary>Finds the boot of a structured record.</summary>
    /// <param name="id">Its boot id.</param>
    /// <param name="number">Its number.</param>
    public void Identify(ReadOnlySpan<byte> id, long number)
    {
        var text = Encoding.UTF8.GetString(id);
        if (!_byId.TryGetValue(text, out var boot))
        {
            Begin(new BootFact(0, job.At(number)) { Id = text });
            _byId.Add(text, boot = Current);
        }

        Current = boot;
        _announced = null;
    }

    /// <summary>A message of this field.</summary>
    /// <param name="line">The line.</param>
    /// <param name="message">Its message.</param>
    /// <param name="number">Its number.</param>
    /// <returns>False if the log holds this very line already.</returns>
    public bool Observe(scoped in LogLine line, ReadOnlySpan<byte> message, long number)
    {
        if (_byId.Count > 0)
        {
            return true;
        }

        if (line.Clock == ClockDomain.BootPrintk && line.TimeNs is not TraceEvent.NoTime and not 0)
        {
            return Stamped(line.TimeNs, message, number);
        }

        if (Current == 0 || (_announced is not null && line.TimeNs != 0))
        {
            Begin(_announced ?? new BootFact(0, job.At(number)));
        }

        return true;
    }

    /// <summary>Hands over what is known of the boots, where there are several or they are named.</summary>
    public void Flush()
    {
        if (_boots.Count > 1 || _boots.Exists(b => b.Id.Length > 0))
        {
            _boots.ForEach(job.Fact);
        }

        if (Repeated > 0)
        {
            job.Report(Notice.PrintedTwice, 0, Repeated.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private bool Stamped(long time, ReadOnlySpan<byte> message, long number)
    {
        if (_latest >= FirstOfWrapNs && time < _latest - FirstOfWrapNs)
        {
            // 2.6 counted jiffies of 32 bits, from five minutes before they wrap.
            _latest = time;
        }

        var key = (time, Hash(message));
        var fell = !_isParts && _latest != TraceEvent.NoTime && time < _latest - LeastFallNs;
        if ((fell || _isReprint || _announced is not null) && _printed.Contains(key))
        {
            _isReprint = true;
            _announced = null;
            Repeated++;
            return false;
        }

        _isReprint &= time <= _latest;
        if (Current == 0 || _announced is not null || (fell && !_isReprint))
        {
            Begin(_announced ?? new BootFact(0, job.At(number)));
            _latest = TraceEvent.NoTime;
        }

        _latest = Math.Max(_latest, time);
        if (_printed.Count < MostRemembered)
        {
            _printed.Add(key);
        }

        return true;
    }

    private void Begin(BootFact boot)
    {
        _announced = null;
        _boots.Add(boot with { Number = _boots.Count + 1 });
        Current = _boots.Count;
    }

    private static long Hash(ReadOnlySpan<byte> message)
    {
        var hash = new HashCode();
        hash.AddBytes(message);
        return ((long)message.Length << 32) | (uint)hash.ToHashCode();
    }
}
