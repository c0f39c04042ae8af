using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules;

/// <summary>Tells the boots of a case apart: by the reader's numbers, else where a source's time falls back. Then the machine was started
/// again (or the reporter turned the order of his excerpts round, which is the same for what may be compared).</summary>
internal sealed class Boots
{
    // Lines of several CPUs may stand a little out of order.
    private const long TolerableNs = 1_000_000_000;

    private readonly Dictionary<(string Path, long Line), int> _boots = [];
    private int _boot = -1;
    private string _path = string.Empty;
    private int _numbered = -1;
    private long _last = TraceEvent.NoTime;

    /// <summary>Walks the messages once.</summary>
    /// <param name="messages">All messages in reading order.</param>
    public Boots(IEnumerable<LogMessageFact> messages)
    {
        foreach (var message in messages)
        {
            if (_boot < 0 || IsAnother(message))
            {
                _boot++;
                _last = TraceEvent.NoTime;
            }

            (_path, _numbered) = (message.Source.Path, message.Boot);
            _last = message.TimeNs == TraceEvent.NoTime ? _last : message.TimeNs;
            _boots[(message.Source.Path, message.Source.Line)] = _boot;
        }
    }

    /// <summary>The boot of a message.</summary>
    /// <param name="message">One of the messages.</param>
    /// <returns>Number from 0.</returns>
    public int Of(LogMessageFact message) => _boots.GetValueOrDefault((message.Source.Path, message.Source.Line));

    private bool IsAnother(LogMessageFact message)
    {
        if (message.Source.Path == _path && message.Boot > 0 && _numbered > 0)
        {
            return message.Boot != _numbered;
        }

        return message.Source.Path == _path && message.TimeNs != TraceEvent.NoTime && _last != TraceEvent.NoTime
            && message.TimeNs < _last - TolerableNs && message.TimeNs >= 0;
    }
}
