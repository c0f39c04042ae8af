namespace TraceReplay.Parsers.KernelLog;

/// <summary>The wordings of a family that are searched by the same literal: it is looked for once for all of them.</summary>
internal sealed class PivotTemplates
{
    // A literal that the text's end cuts counts only from so many bytes, or all but one: fewer stand there by accident.
    private const int LeastOfCut = 7;

    private readonly byte[] _pivot;
    private readonly int _hash;

    private PivotTemplates(byte[] pivot, IEnumerable<MessageTemplate> templates)
    {
        _pivot = pivot;
        _hash = pivot.Length > MessageWindows.Width ? MessageWindows.Hash(pivot) : -1;
        Templates = [.. templates];
        MostParts = Templates.Max(t => t.Parts.Length);
    }

    /// <summary>The wordings, in the order of the family.</summary>
    public MessageTemplate[] Templates { get; }

    /// <summary>Parts of the one that has most.</summary>
    public int MostParts { get; }

    /// <summary>Parts the wordings of a family by their longest literal.</summary>
    /// <param name="templates">The wordings.</param>
    /// <returns>The parts, in the order of their first wordings.</returns>
    public static PivotTemplates[] Of(IEnumerable<MessageTemplate> templates) =>
        [.. templates.GroupBy(t => t.LongestLiteral, StringComparer.Ordinal).Select(g => new PivotTemplates(g.First().Pivot, g))];

    /// <summary>Whether a message may follow one of the wordings, wholly or up to its end: both hold the beginning of the literal.</summary>
    /// <param name="windows">The message's pieces.</param>
    /// <returns>False if it does not.</returns>
    public bool MayStandIn(MessageWindows windows) => _hash < 0 || windows.MayHold(_hash);

    /// <summary>Where the literal first stands in a message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The place, -1 if there is none.</returns>
    public int IndexIn(ReadOnlySpan<byte> message) => message.IndexOf(_pivot);

    /// <summary>Whether a message ends within the literal.</summary>
    /// <param name="message">The message.</param>
    /// <returns>True if enough of it stands there to be no accident.</returns>
    public bool IsCutIn(ReadOnlySpan<byte> message)
    {
        var least = Math.Max(1, Math.Min(LeastOfCut, _pivot.Length - 1));
        for (var length = Math.Min(_pivot.Length - 1, message.Length); length >= least; length--)
        {
            if (message[^1] == _pivot[length - 1] && message.EndsWith(_pivot.AsSpan(0, length)))
            {
                return true;
            }
        }

        return false;
    }
}
