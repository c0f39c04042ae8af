using TraceReplay.Diagnosis;
using TraceReplay.Report.Charts;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>The inline SVG pictures: use over time with failure marks, and the bars of holders.</summary>
internal static class HtmlChart
{
    private const double Width = 960, Height = 270, Left = 64, Right = 14, Top = 16, Bottom = 46;

    public static void Occupancy(HtmlPage page, PoolReport pool) => Occupancy(page, pool, string.Empty, null);

    /// <summary>The picture, with what a script needs to find the time under the pointer.</summary>
    /// <param name="page">Receives it.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="target">Address that a chosen time is added to, empty = none can be chosen.</param>
    /// <param name="chosenNs">Time to be marked, null = none.</param>
    public static void Occupancy(HtmlPage page, PoolReport pool, string target, long? chosenNs)
    {
        if (OccupancySeries.Of(pool, 480) is not { } series)
        {
            return;
        }

        var scale = OccupancyScale.For(pool, series.Peak);
        page.Open("h3").Text("Use over time").Element("small", Remark(pool, scale)).Close("h3");
        var label = $"{Words.Unit(pool.Kind, 2)} in use over time; {Remark(pool, scale)}";
        if (target.Length == 0)
        {
            page.Open("svg", ("class", "chart"), ("role", "img"), ("viewBox", $"0 0 {Width} {Height}"), ("aria-label", label));
        }
        else
        {
            page.Open("svg", ("class", "chart live"), ("role", "img"), ("viewBox", $"0 0 {Width} {Height}"), ("aria-label", label),
                ("data-target", target), ("data-start", $"{series.StartNs}"), ("data-end", $"{series.EndNs}"), ("data-left", HtmlPage.Number(Left)),
                ("data-right", HtmlPage.Number(Width - Right)), ("data-width", HtmlPage.Number(Width)), ("data-used", string.Join(' ', series.Used)));
        }

        Grid(page, pool, series, scale);
        Curve(page, series, scale);
        Marks(page, series);
        if (chosenNs is { } time && time >= series.StartNs && time <= series.EndNs)
        {
            var x = HtmlPage.Number(Left + ((Width - Left - Right) * (time - series.StartNs) / (series.EndNs - series.StartNs)));
            page.Open("line", ("class", "chosen"), ("x1", x), ("x2", x), ("y1", HtmlPage.Number(Top)), ("y2", HtmlPage.Number(Height - Bottom))).Close("line");
        }

        page.Close("svg");
    }

    public static void Bar(HtmlPage page, double share, string kind)
    {
        page.Open("svg", ("viewBox", "0 0 100 10"), ("preserveAspectRatio", "none"), ("aria-hidden", "true"));
        page.Open("rect", ("class", "rest"), ("width", "100"), ("height", "10"), ("rx", "1.5"), ("opacity", "0.55")).Close("rect");
        var width = double.IsFinite(share) ? Math.Clamp(share * 100, share > 0 ? 0.6 : 0, 100) : 0;
        page.Open("rect", ("class", kind), ("width", HtmlPage.Number(width)), ("height", "10"), ("rx", "1.5")).Close("rect");
        page.Close("svg");
    }

    private static string Remark(PoolReport pool, OccupancyScale scale)
    {
        var peak = pool.PeakUsedUnits >= 0
            ? $"peak {Words.Units(pool.Kind, pool.PeakUsedUnits)} at {Amounts.Moment(pool.PeakTimeNs)}" : string.Empty;
        return string.Join("; ", new[] { peak, scale.Note(pool), pool.Failures > 0 ? "red marks: failing mappings" : string.Empty }
            .Where(text => text.Length > 0));
    }

    private static double X(OccupancySeries series, int column) =>
        Left + ((Width - Left - Right) * column / (series.Used.Count - 1));

    private static double Y(OccupancyScale scale, long used) =>
        Height - Bottom - ((Height - Top - Bottom) * Math.Max(0, used) / scale.Top);

    private static void Grid(HtmlPage page, PoolReport pool, OccupancySeries series, OccupancyScale scale)
    {
        for (var i = 0; i <= 4; i++)
        {
            var units = scale.Top * i / 4;
            var y = HtmlPage.Number(Y(scale, units));
            var kind = i == 4 && scale.IsPoolSize && pool.Units > 0 ? "limit" : "grid";
            page.Open("line", ("class", kind), ("x1", HtmlPage.Number(Left)), ("x2", HtmlPage.Number(Width - Right)), ("y1", y), ("y2", y))
                .Close("line");
            page.Element("text", Amounts.Count(units), ("x", HtmlPage.Number(Left - 8)), ("y", HtmlPage.Number(Y(scale, units) + 4)),
                ("text-anchor", "end"));
        }

        var span = series.EndNs - series.StartNs;
        for (var i = 0; i <= 4; i++)
        {
            var x = Left + ((Width - Left - Right) * i / 4);
            var anchor = i switch { 0 => "start", 4 => "end", _ => "middle" };
            page.Element("text", Amounts.Tick(series.StartNs + (span / 4 * i), span), ("x", HtmlPage.Number(x)),
                ("y", HtmlPage.Number(Height - 10)), ("text-anchor", anchor));
        }
    }

    private static void Curve(HtmlPage page, OccupancySeries series, OccupancyScale scale)
    {
        var points = new List<string>();
        for (var i = 0; i < series.Used.Count; i++)
        {
            points.Add($"{HtmlPage.Number(X(series, i))},{HtmlPage.Number(Y(scale, series.Used[i]))}");
        }

        var floor = HtmlPage.Number(Height - Bottom);
        page.Open("polygon", ("class", "area"),
            ("points", $"{HtmlPage.Number(Left)},{floor} {string.Join(' ', points)} {HtmlPage.Number(Width - Right)},{floor}"))
            .Close("polygon");
        page.Open("polyline", ("class", "use"), ("points", string.Join(' ', points))).Close("polyline");
    }

    private static void Marks(HtmlPage page, OccupancySeries series)
    {
        for (var i = 0; i < series.Failures.Count; i++)
        {
            if (series.Failures[i] == 0)
            {
                continue;
            }

            var x = X(series, i);
            var y = Height - Bottom + 5;
            page.Open("path", ("class", "fail"),
                ("d", $"M{HtmlPage.Number(x)} {HtmlPage.Number(y)}l4 8h-8z")).Close("path");
        }
    }
}
