namespace TraceReplay.Report;

/// <summary>A horizontal bar of block characters.</summary>
internal static class Bar
{
    private const string Eighths = " ▏▎▍▌▋▊▉";

    /// <summary>Draws a share of a full width. What is not nothing shows at least a sliver.</summary>
    public static string Draw(double share, int width, bool unicode)
    {
        var bounded = double.IsFinite(share) ? Math.Clamp(share, 0, 1) : 0;
        if (!unicode)
        {
            var signs = (int)Math.Round(bounded * width);
            return new string('#', bounded > 0 ? Math.Max(1, signs) : 0);
        }

        var eighths = (int)Math.Round(bounded * width * 8);
        eighths = bounded > 0 ? Math.Max(1, eighths) : 0;
        var full = new string('█', eighths / 8);
        return eighths % 8 == 0 ? full : full + Eighths[eighths % 8];
    }
}
