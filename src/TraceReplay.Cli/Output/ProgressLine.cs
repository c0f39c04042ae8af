using System.Diagnostics;
using TraceReplay.Analysis;
using TraceReplay.Core;
using TraceReplay.Report.Wording;

namespace TraceReplay.Cli.Output;

/// <summary>A line of progress on a terminal's standard error: at most ten times a second, and only for work that takes more
/// than half a second. Without a terminal that can draw over a line there is none.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly Stopwatch _source = Stopwatch.StartNew();
    private TimeSpan _last = TimeSpan.Zero;
    private string _path = string.Empty;
    private bool _shown;

    private ProgressLine()
    {
    }

    /// <summary>A line if standard error can show it, else null.</summary>
    public static ProgressLine? Start() => TerminalProfile.Error.CanRedraw ? new ProgressLine() : null;

    /// <summary>Takes progress of reading.</summary>
    public void Reading(ReadProgress progress)
    {
        if (!string.Equals(progress.Path, _path, StringComparison.Ordinal))
        {
            _path = progress.Path;
            _source.Restart();
        }

        var now = _total.Elapsed;
        var whole = progress.TotalBytes > 0 && progress.DoneBytes >= progress.TotalBytes;
        if (now < Quiet || (now - _last < Pause && !(whole && _shown)))
        {
            return;
        }

        _last = now;
        Show(whole ? "replaying and diagnosing" : Describe(progress, _source.Elapsed.TotalSeconds));
    }

    /// <summary>Removes the line.</summary>
    public void Dispose()
    {
        if (_shown)
        {
            StandardStream.Error.Write("\r\u001b[K");
        }
    }

    private static string Describe(ReadProgress progress, double seconds)
    {
        var name = Terminal.Escape(Path.GetFileName(progress.Path));
        var rate = seconds > 0 ? progress.DoneBytes / seconds : 0;
        var text = $"reading {name}: {Amounts.Bytes(progress.DoneBytes)}";
        if (progress.TotalBytes > 0)
        {
            text += $" of {Amounts.Bytes(progress.TotalBytes)}";
        }

        text += $", {Amounts.Bytes((long)rate)}/s, {Amounts.Count(progress.Events)} events";
        return progress.TotalBytes > 0 && rate > 0
            ? $"{text}, {Amounts.Duration(Math.Ceiling((progress.TotalBytes - progress.DoneBytes) / rate))} left" : text;
    }

    private void Show(string text)
    {
        var width = Math.Max(20, TerminalProfile.Error.Width - 1);
        StandardStream.Error.Write($"\r\u001b[K{(text.Length > width ? text[..width] : text)}");
        _shown = true;
    }
}
