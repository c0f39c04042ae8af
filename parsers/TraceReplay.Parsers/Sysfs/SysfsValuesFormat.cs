using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Sysfs;

/// <summary>Values of sysfs files with their paths, one a line: <c>grep . FILES</c> (<c>path:value</c>), <c>path ==> value</c>,
/// <c>path=value</c>, <c>path: value</c>, a path and its value on the next line, and <c>head</c>'s <c>==> path &lt;==</c>.</summary>
internal sealed class SysfsValuesFormat : IFormat
{
    private const int LongestLine = 4096;

    /// <inheritdoc/>
    public string Name => "sysfs-values";

    /// <inheritdoc/>
    public string Description => "values of /sys/class/scsi_host, /sys/block/*/queue, /sys/module/*/parameters, ... with their paths";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var known = 0;
        var lines = 0;
        var rest = input.Head;
        while (!rest.IsEmpty && lines < 200)
        {
            var line = HeadLines.Next(ref rest);
            lines += line.IsEmpty ? 0 : 1;
            known += IsStatement(line) ? 1 : 0;
        }

        // A value on a line of its own doubles the lines.
        return known > 0 && known * 3 >= lines ? new ProbeResult(88, "sysfs paths with values") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var values = new SysfsValues(job);
        var lines = job.OpenLines();
        var pending = string.Empty;
        while (lines.Next(out var bytes))
        {
            if (bytes.Length > LongestLine)
            {
                job.Skipped++;
                continue;
            }

            var line = Encoding.UTF8.GetString(bytes);
            var at = job.At(lines.LineNumber);
            if (SysfsLine.Split(line, out var path, out var value))
            {
                // Values of a tree's own files were gathered with their paths: the place is that file.
                pending = string.Empty;
                _ = values.Add(SysfsPath.Parse(path), value, job.TreeRoot is { } root ? new SourceRef(root + path, 1) : at);
                job.Understood++;
            }
            else if (SysfsLine.PathAlone(line) is { Length: > 0 } alone)
            {
                pending = alone;
                job.Comments++;
            }
            else if (pending.Length > 0 && line.Length > 0)
            {
                _ = values.Add(SysfsPath.Parse(pending), line, at);
                pending = string.Empty;
                job.Understood++;
            }
            else
            {
                // Values of other paths, second lines of long values, and what a shell said.
                job.Comments++;
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
        values.Flush();
    }

    private static bool IsStatement(ReadOnlySpan<byte> line)
    {
        if (line.Length > LongestLine || (line.IndexOf("/"u8) < 0))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(line);
        return SysfsLine.Split(text, out _, out _) || (SysfsLine.PathAlone(text) is { Length: > 0 } path && SysfsPath.Parse(path).Subject != SysfsSubject.None);
    }
}

/// <summary>Finds where a path ends and its value begins. Paths hold colons themselves (<c>0000:05:00.0</c>, <c>3:0:0:1</c>): the
/// right one is where the path is about something that is known.</summary>
internal static class SysfsLine
{
    // A device behind a dozen PCI bridges has about 40.
    private const int MostColons = 64;

    /// <summary>Splits a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="path">The path.</param>
    /// <param name="value">The value.</param>
    /// <returns>False if it is no statement of a known path.</returns>
    public static bool Split(string line, out string path, out string value)
    {
        path = value = string.Empty;
        var slash = line.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || line.StartsWith("==>", StringComparison.Ordinal))
        {
            return false;
        }

        var begin = line.Length - line.AsSpan().TrimStart().Length;
        var tries = MostColons;
        for (var i = slash; i < line.Length && tries > 0; i++)
        {
            if (line[i] is not (':' or '=' or ' ' or '\t') || line[i - 1] is '/' or ':')
            {
                continue;
            }

            tries--;
            var candidate = line[begin..i];
            if (SysfsPath.Parse(candidate).Subject != SysfsSubject.None)
            {
                path = candidate;
                value = line[i..].TrimStart(' ', '\t', '=', ':', '>').Trim();
                return true;
            }
        }

        return false;
    }

    /// <summary>The path of a line that holds nothing else.</summary>
    /// <param name="line">The line.</param>
    /// <returns>The path, empty if it is no such line.</returns>
    public static string PathAlone(string line)
    {
        var text = line.Trim();
        text = text.Length > "==>  <==".Length && text.StartsWith("==> ", StringComparison.Ordinal) && text.EndsWith(" <==", StringComparison.Ordinal) ? text[4..^4] : text.TrimEnd(':');
        return (text.StartsWith("/sys/", StringComparison.Ordinal) || text.StartsWith("sys/", StringComparison.Ordinal)) && !text.Contains(' ', StringComparison.Ordinal) ? text : string.Empty;
    }
}
