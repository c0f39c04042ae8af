using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Looks messages up in the catalog and turns them into facts, whatever envelope they came in.</summary>
internal sealed class LogMessages
{
    private readonly SourceJob _job;
    private readonly MessageCatalog _catalog;
    private readonly List<MessageFamily> _candidates = [];
    private readonly bool[] _anchors;
    private readonly Range[] _values;
    private readonly Range[] _best;
    private readonly Range[] _cutAt;
    private readonly MessageFacts _facts;
    private readonly MessageWindows _windows = new();
    private readonly MessageWindows _smallWindows = new();
    private byte[] _small = [];
    private MessageMatch _cut;

    /// <summary>Prepares for one source.</summary>
    /// <param name="job">The source.</param>
    public LogMessages(SourceJob job)
    {
        _job = job;
        _catalog = job.Incident.Catalog;
        _anchors = new bool[_catalog.AnchorCount];
        _values = new Range[_catalog.LongestTemplate];
        _best = new Range[_catalog.LongestTemplate];
        _cutAt = new Range[_catalog.LongestTemplate];
        _facts = new MessageFacts(job);
    }

    /// <summary>How the best template of the last <see cref="Find"/> ended.</summary>
    public MessageMatch Best { get; private set; }

    /// <summary>Where the wording of <see cref="Best"/> begins in the message, behind driver and device.</summary>
    public int BestStart => _best[0].Start.Value;

    /// <summary>Finds the template that says most about a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isLog">It had an envelope that only a log has: what stands before the wording is no prose.</param>
    /// <returns>The match; its family is null if there is none.</returns>
    public MessageMatch Find(ReadOnlySpan<byte> message, bool isLog)
    {
        _cut = default;
        _catalog.Candidates(message, _anchors, _candidates);
        var search = default(Search);
        var small = ReadOnlySpan<byte>.Empty;
        if (_candidates.Count > 0)
        {
            _windows.Set(message);
        }

        foreach (var family in _candidates)
        {
            if (family.IgnoresCase && small.IsEmpty)
            {
                small = Small(message);
                _smallWindows.Set(small);
            }

            Compare(family, family.IgnoresCase ? small : message, family.IgnoresCase ? _smallWindows : _windows, isLog, ref search);
        }

        Best = search.Best with { PartialParts = search.Partial };
        return Best;
    }

    /// <summary>Takes for the message of the last <see cref="Find"/> the wording that its end cuts, where no whole one was found, or
    /// only an older kernel's, which says less: a terminal, a serial line or a paste lost the rest.</summary>
    /// <returns>The match; its family is null if there is none.</returns>
    public MessageMatch TakeCut()
    {
        if (_cut.Family is not null && (Best.Family is null || (Best.Family == _cut.Family && Best.Known < _cut.Known)))
        {
            Best = _cut;
            _cutAt.AsSpan(0, _cut.Known).CopyTo(_best);
        }

        return Best;
    }

    /// <summary>Hands over what the message of the last <see cref="Find"/> says.</summary>
    /// <param name="line">The line without envelope.</param>
    /// <param name="message">The message as given to <see cref="Find"/>.</param>
    /// <param name="number">Line number.</param>
    /// <param name="trace">The driver function of a call trace behind the message, if any.</param>
    public void Accept(scoped in LogLine line, ReadOnlySpan<byte> message, long number, TraceCaller trace = default)
    {
        var placed = line;
        _facts.Place(ref placed);
        Take(placed, message, number, trace);
    }

    private void Take(scoped in LogLine line, ReadOnlySpan<byte> message, long number, TraceCaller trace)
    {
        _job.Understood++;
        var text = Encoding.UTF8.GetString(message);
        _job.Fact(new LogRecordFact(line.TimeNs, line.Level, text, _job.At(number)));
        _facts.Emit(Best, line, message, text, _best, number, trace);
    }

    /// <summary>The record that follows is of a boot with this id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="number">Number of the record.</param>
    public void Boot(ReadOnlySpan<byte> id, long number) => _facts.Boots.Identify(id, number);

    /// <summary>The source has ended.</summary>
    public void End() => _facts.Flush();

    private void Compare(MessageFamily family, ReadOnlySpan<byte> text, MessageWindows windows, bool isLog, ref Search search)
    {
        foreach (var wordings in family.ByPivot)
        {
            if (!wordings.MayStandIn(windows))
            {
                continue;
            }

            var at = wordings.IndexIn(text);
            var isWhole = at >= 0;
            foreach (var template in isWhole ? wordings.Templates : [])
            {
                var result = template.Match(text, at, _values, out var known);
                isWhole &= result != TemplateMatch.No;
                if (result == TemplateMatch.Partial)
                {
                    search.Partial = Math.Max(search.Partial, template.Parts.Length);
                    Cut(family, template, text, known, isLog);
                }
                else if (result == TemplateMatch.Full && Weight(family, template) > search.Weight && Fits(family, text, _values[0].Start.Value, isLog))
                {
                    search.Best = new MessageMatch(family, template, 0) { Known = known };
                    search.Weight = Weight(family, template);
                    _values.AsSpan(0, template.Parts.Length).CopyTo(_best);
                }
            }

            if (!isWhole && wordings.IsCutIn(text))
            {
                search.Partial = Math.Max(search.Partial, wordings.MostParts);
            }
        }
    }

    /// <summary>Remembers the longest of the wordings that the message's end cuts. A field that ends there may go on, too.</summary>
    private void Cut(MessageFamily family, MessageTemplate template, ReadOnlySpan<byte> text, int known, bool isLog)
    {
        known -= known > 0 && template.Parts[known - 1].Literal is null && _values[known - 1].End.Value == text.Length ? 1 : 0;
        if (family.Use == MessageUse.Message && known > _cut.Known && Fits(family, text, _values[0].Start.Value, isLog)
            && (isLog || MessagePrefix.IsPrintk(text[.._values[0].Start.Value])))
        {
            _cut = new MessageMatch(family, template, 0) { Known = known };
            _values.AsSpan(0, known).CopyTo(_cutAt);
        }
    }

    /// <summary>A crash whose reason is a message of its own is that message.</summary>
    private static int Weight(MessageFamily family, MessageTemplate template) => family.Use == MessageUse.Consequence ? 1 : template.Weight;

    private static bool Fits(MessageFamily family, ReadOnlySpan<byte> text, int start, bool isLog)
    {
        foreach (var literal in family.Unless)
        {
            if (text.IndexOf(literal) >= 0)
            {
                return false;
            }
        }

        return !family.StartsMessage || isLog || MessagePrefix.IsPrintk(text[..start]);
    }

    /// <summary>How far a search has come.</summary>
    private ref struct Search
    {
        public MessageMatch Best;
        public int Weight;
        public int Partial;
    }

    private ReadOnlySpan<byte> Small(ReadOnlySpan<byte> message)
    {
        if (_small.Length < message.Length)
        {
            _small = new byte[Math.Max(message.Length, 256)];
        }

        for (var i = 0; i < message.Length; i++)
        {
            var b = message[i];
            _small[i] = b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
        }

        return _small.AsSpan(0, message.Length);
    }
}

/// <summary>What a message was recognised as.</summary>
/// <param name="Family">Its family, null if it was not recognised.</param>
/// <param name="Template">The wording.</param>
/// <param name="PartialParts">Parts of the longest template that the message's end cut off, 0 = none.</param>
internal readonly record struct MessageMatch(MessageFamily? Family, MessageTemplate? Template, int PartialParts)
{
    /// <summary>Parts that stand whole in the message: fewer than the wording has where the message is cut.</summary>
    public int Known { get; init; }

    /// <summary>Whether the message's end cuts the wording.</summary>
    public bool IsCut => Template is not null && Known < Template.Parts.Length;

    /// <summary>Whether a longer text could say more.</summary>
    public bool MayContinue => PartialParts > (Template?.Parts.Length ?? 0);
}
