using System.Globalization;

namespace TraceReplay.Parsers.Text;

/// <summary>A small text format in which every line stands for itself.</summary>
internal abstract class LineFormat : IFormat
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public abstract SourceRole Role { get; }

    /// <inheritdoc/>
    public abstract ProbeResult Probe(in ProbeInput input);

    /// <inheritdoc/>
    public virtual void Read(SourceJob job)
    {
        var lines = job.OpenLines();
        while (lines.Next(out var line))
        {
            if (line.IsEmpty)
            {
                job.Comments++;
            }
            else if (Line(job, line, lines.LineNumber))
            {
                job.Understood++;
            }
            else
            {
                job.Skipped++;
                job.Report(Notice.BadRow, lines.LineNumber, line.Length.ToString(CultureInfo.InvariantCulture) + " bytes");
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
    }

    /// <summary>Reads one line.</summary>
    /// <param name="job">The source.</param>
    /// <param name="line">A line that is not empty.</param>
    /// <param name="number">Its number.</param>
    /// <returns>False if it could not be read.</returns>
    protected abstract bool Line(SourceJob job, ReadOnlySpan<byte> line, long number);
}
