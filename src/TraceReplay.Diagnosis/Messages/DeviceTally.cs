using System.IO.Hashing;
using System.Runtime.InteropServices;
using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules.Rules;

namespace TraceReplay.Diagnosis.Messages;

/// <summary>How many failing lines name each device, exact for the first <see cref="MostDevices"/> of each kind of pool; the lines of all
/// others are counted together.</summary>
public sealed class DeviceTally
{
    /// <summary>Devices of one kind of pool that are counted one by one.</summary>
    public const int MostDevices = 2048;

    private const int SketchBits = 1 << 20;
    private readonly Dictionary<(PoolKind Kind, string Device), int> _index = [];
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<PoolKind, int> _devices = [];
    private readonly Dictionary<PoolKind, Rest> _rest = [];

    /// <summary>Counts a line.</summary>
    /// <param name="message">The line.</param>
    /// <param name="isCounted">Whether it is among those that the user asks for.</param>
    /// <returns>A number to take it back with.</returns>
    internal int Add(LogMessageFact message, bool isCounted)
    {
        if (!_index.TryGetValue((message.Kind, message.Device), out var at))
        {
            var known = _devices.GetValueOrDefault(message.Kind);
            if (known >= MostDevices)
            {
                return AddToRest(message, isCounted);
            }

            _devices[message.Kind] = known + 1;
            at = _entries.Count;
            _index.Add((message.Kind, message.Device), at);
            _entries.Add(new Entry(message.Kind, message.Device));
        }

        Change(at, message, isCounted, 1);
        return at;
    }

    /// <summary>Takes a line back.</summary>
    /// <param name="at">What <see cref="Add"/> said.</param>
    /// <param name="message">The line, or one of its class.</param>
    /// <param name="isCounted">As when it was counted.</param>
    internal void Remove(int at, LogMessageFact message, bool isCounted)
    {
        if (at >= 0)
        {
            Change(at, message, isCounted, -1);
        }
        else if (isCounted)
        {
            _rest[message.Kind].Lines--;
        }
    }

    /// <summary>Counts the pauses in the lines of a device.</summary>
    /// <param name="at">What <see cref="Add"/> said.</param>
    /// <param name="message">A line.</param>
    /// <param name="lastSuppressedNs">When lines were last suppressed: they may fill a pause.</param>
    /// <returns>Pauses up to this line, as far as they are counted.</returns>
    internal long Pauses(int at, LogMessageFact message, long lastSuppressedNs)
    {
        if (at < 0 || message.TimeNs == TraceEvent.NoTime)
        {
            return 0;
        }

        var entry = _entries[at];
        if (entry.LastNs != TraceEvent.NoTime && entry.Boot == message.Boot && message.TimeNs - entry.LastNs >= FailuresPause.PauseNs && lastSuppressedNs < entry.LastNs)
        {
            entry.Pauses++;
        }

        (entry.LastNs, entry.Boot) = (message.TimeNs, message.Boot);
        return entry.Pauses;
    }

    /// <summary>Devices named by counted lines of a kind of pool.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>Names (empty = lines without one) and lines.</returns>
    public IEnumerable<(string Device, long Lines)> Counted(PoolKind kind) =>
        _entries.Where(e => e.Kind == kind && e.Counted > 0).Select(e => (e.Device, e.Counted));

    /// <summary>Counted lines of a kind that name a device.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="device">The device.</param>
    /// <returns>Lines; 0 also for a device that is not counted by itself.</returns>
    public long Counted(PoolKind kind, string device) => _index.TryGetValue((kind, device), out var at) ? _entries[at].Counted : 0;

    /// <summary>Devices that failing lines of a kind name, whatever the user asks for.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>Names.</returns>
    public IEnumerable<string> Failing(PoolKind kind) => _entries.Where(e => e.Kind == kind && e.Failing > 0).Select(e => e.Device);

    /// <summary>What is not counted device by device.</summary>
    /// <param name="kind">The kind of pool.</param>
    /// <returns>Counted lines, and about how many devices they name (estimated from a bitmap of hashes, within a few percent).</returns>
    public (long Lines, long AboutDevices) Others(PoolKind kind) => _rest.TryGetValue(kind, out var rest) ? (rest.Lines, rest.Devices()) : (0, 0);

    private int AddToRest(LogMessageFact message, bool isCounted)
    {
        if (isCounted)
        {
            if (!_rest.TryGetValue(message.Kind, out var rest))
            {
                _rest.Add(message.Kind, rest = new Rest());
            }

            rest.Lines++;
            rest.Note(message.Device);
        }

        return -1;
    }

    private void Change(int at, LogMessageFact message, bool isCounted, int by)
    {
        var entry = _entries[at];
        entry.Failing += message.IsFailure ? by : 0;
        entry.Counted += isCounted ? by : 0;
    }

    private sealed class Entry(PoolKind kind, string device)
    {
        public PoolKind Kind { get; } = kind;

        public string Device { get; } = device;

        public long Failing { get; set; }

        public long LastNs { get; set; } = TraceEvent.NoTime;

        public int Boot { get; set; }

        public long Pauses { get; set; }

        public long Counted { get; set; }
    }

    /// <summary>Linear counting (Whang and others, 1990): of so many bits, how many are still clear.</summary>
    private sealed class Rest
    {
        private readonly ulong[] _bits = new ulong[SketchBits / 64];

        public long Lines { get; set; }

        public void Note(string device)
        {
            var bit = (int)(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(device.AsSpan())) % SketchBits);
            _bits[bit / 64] |= 1UL << (bit % 64);
        }

        public long Devices()
        {
            var clear = Math.Max(1, SketchBits - _bits.Sum(b => (long)System.Numerics.BitOperations.PopCount(b)));
            return Math.Min(Lines, (long)Math.Round(-SketchBits * Math.Log((double)clear / SketchBits)));
        }
    }
}
