using System.Collections;
using System.Runtime.InteropServices;
using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis.Messages;

/// <summary>The recognised messages of a case in bounded memory. The first <see cref="KeptWhole"/> are all kept. Of what comes behind, every
/// message is counted in its class, and kept are: stretches of messages at even distances, the first and last of each class, and those with
/// the least and most of each number. Counts, sums, first, last and extremes are exact; what a rule reads from the order of lines, it reads
/// from the stretches.</summary>
public sealed class MessageLog : IReadOnlyList<LogMessageFact>
{
    /// <summary>So many messages are kept whatever they are: hardly a log of a real machine has more.</summary>
    public const int KeptWhole = 8192;

    private const int StretchLength = 32;
    private const int MostSampled = 8192;
    private const int MostBefore = 16;
    private const int MostWaiting = 64;

    /// <summary>A failure that is asked for.</summary>
    private const int Asked = 1;

    /// <summary>The time is asked for.</summary>
    private const int AskedTime = 2;

    /// <summary>Among the failures.</summary>
    private const int Failure = 4;

    /// <summary>Messages of a source that can be taken back; <see cref="LogDuplicates"/> compares no more.</summary>
    private const int MostTakenBack = 1 << 20;

    /// <summary>No kernel counts further than an int; what a log states beyond that is no count.</summary>
    private const long MostSuppressed = int.MaxValue;

    private static readonly PoolKind[] Kinds = Enum.GetValues<PoolKind>();

    private readonly FailureFilter _filter;
    private readonly int _keptWhole;
    private readonly List<(LogMessageFact Fact, int? Tally)> _whole = [];
    private readonly MessageClasses _classes = new();
    private readonly Extremes _extremes = new();
    private readonly List<KeptMessage> _waiting = [];
    private readonly Queue<KeptMessage> _before = new();
    private readonly List<KeptMessage> _sampled = [];
    private readonly List<Taken> _ofSource = [];
    private readonly Dictionary<PoolKind, long> _lastSuppressedNs = [];
    private string _path = string.Empty;
    private long _stride = 1;
    private long _next;
    private (LogMessageFact[] Messages, Dictionary<LogMessageFact, MessageShare> Shares)? _collected;

    /// <summary>Creates an empty log.</summary>
    /// <param name="filter">Which failures will be asked for, null = all.</param>
    /// <param name="keptWhole">So many messages are kept whatever they are.</param>
    public MessageLog(FailureFilter? filter = null, int keptWhole = KeptWhole)
    {
        _filter = filter ?? FailureFilter.All;
        _keptWhole = keptWhole;
    }

    /// <summary>Messages kept.</summary>
    public int Count => Collected.Messages.Length;

    /// <summary>Messages met.</summary>
    public long Total { get; private set; }

    /// <summary>Whether messages were left out.</summary>
    public bool IsThinned => Total > Count;

    /// <summary>Whether messages of the present source may be dropped: only then is kept what that needs.</summary>
    public bool CanDrop { get; set; } = true;

    /// <summary>Failing lines by device.</summary>
    public DeviceTally Devices { get; } = new();

    private (LogMessageFact[] Messages, Dictionary<LogMessageFact, MessageShare> Shares) Collected => _collected ??= Collect();

    /// <inheritdoc/>
    public LogMessageFact this[int index] => Collected.Messages[index];

    /// <summary>The suppressed count that a message states, within what a kernel counts.</summary>
    /// <param name="message">A message.</param>
    /// <returns>Lines.</returns>
    public static long SuppressedBy(LogMessageFact message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Math.Clamp(message.Suppressed ?? 0, 0, MostSuppressed);
    }

    /// <summary>What a kept message stands for.</summary>
    /// <param name="message">One of the messages, the same object.</param>
    /// <returns>Its share.</returns>
    public MessageShare ShareOf(LogMessageFact message) => Collected.Shares.GetValueOrDefault(message, MessageShare.Alone);

    /// <summary>Takes a message.</summary>
    /// <param name="message">The message; those of a source come in the order of its lines.</param>
    public void Add(LogMessageFact message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _collected = null;
        Total++;
        var ordinal = _next++;
        int? tally = LogEvidence.Counts(message) ? Devices.Add(message, (Counts(message) & Asked) != 0) : null;
        if (ordinal < _keptWhole)
        {
            _whole.Add((message, tally));
            return;
        }

        _waiting.Add(new KeptMessage(message, ordinal) { Tally = tally });
        var settled = 0;
        while (settled < _waiting.Count && IsSettled(_waiting[settled].Fact, message, _waiting.Count - settled))
        {
            settled++;
        }

        Settle(settled);
    }

    /// <summary>Leaves out messages of the source read last.</summary>
    /// <param name="path">The source.</param>
    /// <param name="lines">Its lines.</param>
    /// <returns>How many messages that were.</returns>
    public long Drop(string path, IReadOnlySet<long> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        Settle(_waiting.Count);
        _collected = null;
        bool IsGone(LogMessageFact message) => message.Source.Path == path && lines.Contains(message.Source.Line);
        var gone = 0L;
        foreach (var (fact, tally) in _whole.Where(w => IsGone(w.Fact)))
        {
            gone++;
            if (tally is { } at)
            {
                Devices.Remove(at, fact, (Counts(fact) & Asked) != 0);
            }
        }

        _whole.RemoveAll(w => IsGone(w.Fact));
        if (_path == path)
        {
            foreach (var taken in _ofSource.Where(m => lines.Contains(m.Line)))
            {
                gone++;
                TakeBack(taken);
            }

            _ofSource.RemoveAll(m => lines.Contains(m.Line));
        }

        _sampled.RemoveAll(k => IsGone(k.Fact));
        _extremes.Remove(IsGone);
        Total -= gone;
        return gone;
    }

    /// <inheritdoc/>
    public IEnumerator<LogMessageFact> GetEnumerator() => ((IEnumerable<LogMessageFact>)Collected.Messages).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsSettled(LogMessageFact first, LogMessageFact newest, int waiting) => waiting > MostWaiting
        || first.Source.Path != newest.Source.Path || newest.Source.Line > first.Source.Line + Neighbours.LinesBehind || newest.Source.Line < first.Source.Line;

    private void TakeBack(Taken taken)
    {
        taken.Class.Count--;
        if ((taken.What & Failure) != 0)
        {
            Devices.Remove(taken.Number, taken.Class.Last!.Fact, (taken.What & Asked) != 0);
        }
        else
        {
            taken.Class.Suppressed -= taken.Number;
        }
    }

    private int Counts(LogMessageFact message) => (LogEvidence.Counts(message) && _filter.Counts(message.TimeNs, message.Device) ? Asked : 0)
        | (_filter.Counts(message.TimeNs, null) ? AskedTime : 0);

    /// <summary>The first of the waiting messages have all behind them that belongs to them.</summary>
    private void Settle(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var kept = _waiting[i];
            Settle(kept, CollectionsMarshal.AsSpan(_waiting)[(i + 1)..]);
            _before.Enqueue(kept);
            if (_before.Count > MostBefore)
            {
                _before.Dequeue();
            }
        }

        _waiting.RemoveRange(0, count);
    }

    private void Settle(KeptMessage kept, ReadOnlySpan<KeptMessage> behind)
    {
        var counts = Counts(kept.Fact);
        kept.TableUse = Neighbours.TableUse(kept.Fact, behind);
        kept.Precedes = Neighbours.Precedes(kept.Fact, behind, m => (Counts(m) & Asked) != 0);
        kept.Companions = Neighbours.Companions(kept.Fact, _before, behind);
        Pauses(kept);
        var @class = kept.Class = _classes.Of(kept, counts);
        @class.Count++;
        @class.Suppressed += SuppressedBy(kept.Fact);
        (@class.First, @class.Second) = (@class.First ?? kept, @class.First is null ? null : @class.Second ?? kept);
        @class.Last = kept;
        Journal(kept, @class, counts);
        _extremes.Note(kept, counts);
        var stretch = (kept.Ordinal - _keptWhole) / StretchLength;
        if (stretch % _stride == 0)
        {
            _sampled.Add(kept);
            Thin();
        }
        else
        {
            _extremes.NoteInGap(stretch / _stride, kept);
        }
    }

    /// <summary>Pauses between the lines of a device are counted as they stream by: where lines are left out, none can be seen.</summary>
    private void Pauses(KeptMessage kept)
    {
        var line = new FailureLine(kept.Fact, 0) { Total = kept.TableUse?.TotalUnits ?? kept.Fact.TotalUnits, Used = kept.TableUse?.UsedUnits ?? kept.Fact.UsedUnits };
        if (kept.Tally is { } tally && line is { IsNumbered: false, IsAboveSegmentLimit: false })
        {
            kept.PausesBefore = Devices.Pauses(tally, kept.Fact, _lastSuppressedNs.GetValueOrDefault(kept.Fact.Kind, long.MinValue));
        }

        if (kept.Fact.Suppressed is > 0 && kept.Fact.TimeNs != TraceEvent.NoTime)
        {
            foreach (var kind in Kinds)
            {
                if (LogEvidence.Concerns(kept.Fact, kind) || (kept.Precedes >> (int)kind & 1) != 0)
                {
                    _lastSuppressedNs[kind] = kept.Fact.TimeNs;
                }
            }
        }
    }

    private void Journal(KeptMessage kept, MessageClass @class, int counts)
    {
        if (kept.Fact.Source.Path != _path)
        {
            _path = kept.Fact.Source.Path;
            _ofSource.Clear();
        }

        if (CanDrop && _ofSource.Count < MostTakenBack)
        {
            _ofSource.Add(kept.Tally is { } tally
                ? new Taken(kept.Fact.Source.Line, @class, tally, counts | Failure)
                : new Taken(kept.Fact.Source.Line, @class, (int)SuppressedBy(kept.Fact), counts));
        }
    }

    /// <summary>Too many stretches: every second one goes.</summary>
    private void Thin()
    {
        if (_sampled.Count <= MostSampled)
        {
            return;
        }

        _stride *= 2;
        _extremes.JoinGaps();
        foreach (var kept in _sampled)
        {
            var stretch = (kept.Ordinal - _keptWhole) / StretchLength;
            if (stretch % _stride != 0)
            {
                _extremes.NoteInGap(stretch / _stride, kept);
            }
        }

        _sampled.RemoveAll(k => (k.Ordinal - _keptWhole) / StretchLength % _stride != 0);
    }

    private (LogMessageFact[] Messages, Dictionary<LogMessageFact, MessageShare> Shares) Collect()
    {
        Settle(_waiting.Count);
        var kept = new SortedDictionary<long, KeptMessage>();
        foreach (var message in _sampled.Concat(_extremes.All).Concat(_classes.All.Where(c => c.Count > 0).SelectMany(Ends)))
        {
            kept[message.Ordinal] = message;
            foreach (var companion in message.Companions.Where(c => c.Class is not null))
            {
                kept[companion.Ordinal] = companion;
            }
        }

        var shares = new Dictionary<LogMessageFact, MessageShare>(ReferenceEqualityComparer.Instance);
        Share(kept.Values, shares);
        return ([.. _whole.Select(w => w.Fact), .. kept.Values.Select(k => k.Fact)], shares);
    }

    private static IEnumerable<KeptMessage> Ends(MessageClass @class) =>
        new[] { @class.First, @class.Second, @class.Last }.OfType<KeptMessage>();

    /// <summary>The kept messages of a class share what it counted evenly.</summary>
    private void Share(IEnumerable<KeptMessage> kept, Dictionary<LogMessageFact, MessageShare> shares)
    {
        foreach (var @class in _classes.All)
        {
            @class.Kept.Clear();
        }

        var (stretch, last) = (0, (long)_keptWhole - 1);
        foreach (var message in kept)
        {
            message.Class!.Kept.Add(message);
            stretch += message.Ordinal == last + 1 ? 0 : 1;
            last = message.Ordinal;
            shares[message.Fact] = new MessageShare(0) { Stretch = stretch, TableUse = message.TableUse, Precedes = message.Precedes, PausesBefore = message.PausesBefore };
        }

        foreach (var @class in _classes.All.Where(c => c.Kept.Count > 0))
        {
            var (each, rest) = Math.DivRem(@class.Count, @class.Kept.Count);
            for (var i = 0; i < @class.Kept.Count; i++)
            {
                var fact = @class.Kept[i].Fact;
                shares[fact] = shares[fact] with { Occurrences = each + (i < rest ? 1 : 0) };
            }

            var end = @class.Kept[^1].Fact;
            shares[end] = shares[end] with { MoreSuppressed = Math.Max(0, @class.Suppressed - @class.Kept.Sum(k => SuppressedBy(k.Fact))) };
        }
    }

    /// <summary>What is needed to take a message back.</summary>
    /// <param name="Line">Its line.</param>
    /// <param name="Class">Its class.</param>
    /// <param name="Number">A failure's number in the tally, else the suppressed lines it states.</param>
    /// <param name="What">What it counted as.</param>
    private readonly record struct Taken(long Line, MessageClass Class, int Number, int What);
}
