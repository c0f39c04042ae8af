using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Report.Charts;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>Use of a pool over time in block characters, with marks where mappings failed and an axis of time below.</summary>
internal static class TextChart
{
    private const int Rows = 5;
    private const string Levels = " ▁▂▃▄▅▆▇█";
    private const string AsciiLevels = " ..::++##";

    public static void Write(TextPage page, PoolReport pool)
    {
        var labelWidth = Amounts.Count(Math.Max(pool.Units, pool.PeakUsedUnits)).Length;
        var columns = Math.Min(page.InnerWidth - labelWidth - 3, 110);
        if (OccupancySeries.Of(pool, columns) is not { } series)
        {
            return;
        }

        var scale = OccupancyScale.For(pool, series.Peak);
        page.Heading("Use over time", Remark(pool, scale));
        for (var row = Rows - 1; row >= 0; row--)
        {
            var label = row == Rows - 1 ? Amounts.Count(scale.Top) : row == 0 ? "0" : string.Empty;
            page.Paragraph(TextPage.Styled("grey", $"{label.PadLeft(labelWidth)} {(page.Unicode ? '│' : '|')}")
                + TextPage.Styled("blue", Row(series, scale.Top, row, page.Unicode)));
        }

        var margin = new string(' ', labelWidth + 2);
        if (series.Failures.Any(count => count > 0))
        {
            var mark = page.Unicode ? '▲' : '^';
            var marks = string.Concat(series.Failures.Select(count => count > 0 ? mark : ' '));
            page.Paragraph(margin + TextPage.Styled("red", marks.TrimEnd()));
        }

        page.Paragraph(margin + TextPage.Styled("grey", Axis(series, columns)));
    }

    private static string Remark(PoolReport pool, OccupancyScale scale)
    {
        var parts = new List<string>();
        if (pool.PeakUsedUnits >= 0)
        {
            var when = pool.PeakTimeNs == TraceEvent.NoTime ? string.Empty : $" at {Amounts.Moment(pool.PeakTimeNs)}";
            parts.Add($"peak {Words.Units(pool.Kind, pool.PeakUsedUnits)}{when}");
        }

        if (scale.Note(pool) is { Length: > 0 } note)
        {
            parts.Add(note);
        }

        if (pool.Failures > 0)
        {
            parts.Add("marks: failing mappings");
        }

        return string.Join("; ", parts);
    }

    private static string Row(OccupancySeries series, long top, int row, bool unicode)
    {
        var levels = unicode ? Levels : AsciiLevels;
        var cells = series.Used.Select(used =>
        {
            // Use above nothing always shows, and only a full column reaches the top.
            var eighths = used <= 0 ? 0 : Math.Max(1, (long)((double)used / top * Rows * 8));
            return levels[(int)Math.Clamp(eighths - ((long)row * 8), 0, 8)];
        });
        return string.Concat(cells);
    }

    private static string Axis(OccupancySeries series, int columns)
    {
        var span = series.EndNs - series.StartNs;
        var left = Amounts.Tick(series.StartNs, span);
        var middle = Amounts.Tick(series.StartNs + (span / 2), span);
        var right = Amounts.Tick(series.EndNs, span);
        var gapLeft = Math.Max(1, (columns / 2) - (middle.Length / 2) - left.Length);
        var line = left + new string(' ', gapLeft) + middle;
        return line + new string(' ', Math.Max(1, columns - line.Length - right.Length)) + right;
    }
}
