using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Looks messages up in the catalog and turns them into facts, whatever envelope they came in.</summary>
internal sealed class LogMessages
{
    private readonly SourceJob _job;
    private readonly MessageCatalog _catalog = MessageCatalog.Shared;
    private readonly List<(MessageFamily Family, MessageTemplate Template)> _candidates = [];
    private readonly bool[] _anchors;
    private readonly Range[] _values;
    private readonly Range[] _best;
    private readonly MessageFacts _facts;

    /// <summary>Prepares for one source.</summary>
    /// <param name="job">The source.</param>
    public LogMessages(SourceJob job)
    {
        _job = job;
        _anchors = new bool[_catalog.AnchorCount];
        _values = new Range[_catalog.LongestTemplate];
        _best = new Range[_catalog.LongestTemplate];
        _facts = new MessageFacts(job);
    }

    /// <summary>How the best template of the last <see cref="Find"/> ended.</summary>
    public MessageMatch Best { get; private set; }

    /// <summary>Finds the template that says most about a message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The match; its family is null if there is none.</returns>
    public MessageMatch Find(ReadOnlySpan<byte> message)
    {
        _catalog.Candidates(message, _anchors, _candidates);
        var best = default(MessageMatch);
        var partial = 0;
        foreach (var (family, template) in _candidates)
        {
            var result = template.Match(message, _values, out _);
            if (result == TemplateMatch.Partial)
            {
                partial = Math.Max(partial, template.Parts.Count);
            }
            else if (result == TemplateMatch.Full && (best.Template is null || template.Parts.Count > best.Template.Parts.Count))
            {
                best = new MessageMatch(family, template, 0);
                _values.AsSpan(0, template.Parts.Count).CopyTo(_best);
            }
        }

        Best = best with { PartialParts = partial };
        return Best;
    }

    /// <summary>Hands over what the message of the last <see cref="Find"/> says.</summary>
    /// <param name="line">The line without envelope.</param>
    /// <param name="message">The message as given to <see cref="Find"/>.</param>
    /// <param name="number">Line number.</param>
    public void Accept(scoped in LogLine line, ReadOnlySpan<byte> message, long number)
    {
        _job.Understood++;
        _job.Fact(new LogRecordFact(line.TimeNs, line.Level, Encoding.UTF8.GetString(message), _job.At(number)));
        _facts.Emit(Best, line.TimeNs, message, _best, number);
    }
}

/// <summary>What a message was recognised as.</summary>
/// <param name="Family">Its family, null if it was not recognised.</param>
/// <param name="Template">The wording.</param>
/// <param name="PartialParts">Parts of the longest template that the message's end cut off, 0 = none.</param>
internal readonly record struct MessageMatch(MessageFamily? Family, MessageTemplate? Template, int PartialParts)
{
    /// <summary>Whether a longer text could say more.</summary>
    public bool MayContinue => PartialParts > (Template?.Parts.Count ?? 0);
}
