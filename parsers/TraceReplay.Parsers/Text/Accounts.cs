using System.Globalization;

namespace TraceReplay.Parsers.Text;

/// <summary>Tells the user what of a text could not be read.</summary>
internal static class Accounts
{
    /// <summary>Reports dropped, skipped and doubtful lines of a source that has been read.</summary>
    /// <param name="job">The source.</param>
    /// <param name="lines">Its reader.</param>
    /// <param name="expected">What its lines should have been.</param>
    public static void Report(SourceJob job, LineReader lines, string expected)
    {
        if (lines.Overlong > 0)
        {
            job.Report(Notice.LongLines, 0, lines.Overlong == 1 ? "1 line" : $"{lines.Overlong.ToString(CultureInfo.InvariantCulture)} lines");
        }

        if (job.Skipped > lines.Overlong)
        {
            var count = (job.Skipped - lines.Overlong).ToString(CultureInfo.InvariantCulture);
            job.Report(Notice.SkippedLines, 0, $"{count} of {job.Records.ToString(CultureInfo.InvariantCulture)} lines are no {expected} and were skipped");
        }

        if (lines.NulBytes > 0)
        {
            job.Report(Notice.NulBytes, 0, lines.NulBytes.ToString(CultureInfo.InvariantCulture));
        }

        if (lines.LastLineCut)
        {
            job.Report(Notice.LastLineCut, lines.LineNumber, string.Empty);
        }
    }
}
