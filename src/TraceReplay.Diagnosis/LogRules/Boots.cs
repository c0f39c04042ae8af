using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules;

/// <summary>Tells the boots of a log apart: where a source's time falls back, the machine was started again (or the reporter turned
/// the order of his excerpts round, which is the same for what may be compared).</summary>
internal sealed class Boots
{
    // Lines of several CPUs may stand a little out of order.
    private const long TolerableNs = 1_000_000_000;

    private readonly Dictionary<(string Path, long Line), int> _boots = [];

    /// <summary>Walks the messages once.</summary>
    /// <param name="messages">All messages in reading order.</param>
    public Boots(IEnumerable<LogMessageFact> messages)
    {
        var boot = 0;
        var (path, last, number) = (string.Empty, TraceEvent.NoTime, 0);
        foreach (var message in messages)
        {
            if (message.TimeNs != TraceEvent.NoTime)
            {
                // What the log's own marks tell stands above its times: wall clocks do not fall back at a reboot.
                var isNext = message.Source.Path == path && (message.Boot != number || (last != TraceEvent.NoTime && message.TimeNs < last - TolerableNs));
                number = message.Boot;
                if (isNext)
                {
                    boot++;
                }

                (path, last) = (message.Source.Path, message.TimeNs);
            }

            _boots[(message.Source.Path, message.Source.Line)] = boot;
        }
    }

    /// <summary>The boot of a message.</summary>
    /// <param name="message">One of the messages.</param>
    /// <returns>Number from 0.</returns>
    public int Of(LogMessageFact message) => _boots.GetValueOrDefault((message.Source.Path, message.Source.Line));
}
