using System.Globalization;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.Trees;

/// <summary>Accounts of a folder or archive while its files are planned: small files with values are gathered to one source, as
/// <c>grep .</c> would print them; what is passed over is counted by reason.</summary>
internal sealed class TreeMembers
{
    /// <summary>Bytes read of a small file.</summary>
    public const int ValueBytes = 4096;

    private const int MostReasons = 8;

    // 64,000 paths with a handful of values each are about 30 MB.
    private const long MostBytes = 256L << 20;

    private readonly SortedDictionary<(string Root, string Format), MemoryStream> _values = [];
    private readonly Dictionary<string, (long Count, string Example)> _passed = new(StringComparer.Ordinal);
    private readonly List<string> _linksOut = [];
    private long _gathered;

    /// <summary>Files that are refused by name; further ones are counted.</summary>
    public int Refused { get; set; }

    /// <summary>Files seen.</summary>
    public long Seen { get; set; }

    /// <summary>Links that lead out of the folder.</summary>
    public long LinksOut { get; private set; }

    /// <summary>Counts a file that is not read.</summary>
    /// <param name="reason">Why, in the plural.</param>
    /// <param name="example">Its path.</param>
    public void Pass(string reason, string example) =>
        _passed[reason] = _passed.TryGetValue(reason, out var known) ? (known.Count + 1, known.Example) : (1, example);

    /// <summary>Counts a link that leads out of the folder.</summary>
    /// <param name="path">Its path.</param>
    public void LinkOut(string path)
    {
        LinksOut++;
        if (_linksOut.Count < 3)
        {
            _linksOut.Add(path);
        }
    }

    /// <summary>Gathers a value.</summary>
    /// <param name="place">Where the file lies.</param>
    /// <param name="path">Its path within the folder or archive.</param>
    /// <param name="content">Its first bytes.</param>
    public void Add(in TreePath place, string path, ReadOnlySpan<byte> content)
    {
        var end = content.IndexOfAny((byte)'\n', (byte)'\r', (byte)0);
        var value = (end < 0 ? content : content[..end]).Trim((byte)' ');
        var name = path[place.RootLength..];
        if (value.IsEmpty || _gathered > MostBytes || name.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0)
        {
            Pass(value.IsEmpty ? "empty values" : _gathered > MostBytes ? "values beyond what is kept" : "names with blanks", path);
            return;
        }

        var key = (path[..place.RootLength], place.Format);
        if (!_values.TryGetValue(key, out var lines))
        {
            _values.Add(key, lines = new MemoryStream());
        }

        lines.Write(Encoding.UTF8.GetBytes(name));
        lines.WriteByte((byte)':');
        lines.Write(value);
        lines.WriteByte((byte)'\n');
        _gathered += name.Length + value.Length + 2;
    }

    /// <summary>The gathered values as sources.</summary>
    /// <param name="prefix">What stands before paths within the folder or archive.</param>
    /// <param name="open">Opens bytes.</param>
    /// <returns>One source for each tree and format.</returns>
    public IEnumerable<PlannedSource> Sources(string prefix, Func<Stream, OpenedSource> open)
    {
        foreach (var ((root, format), lines) in _values)
        {
            var bytes = lines.GetBuffer().AsMemory(0, (int)lines.Length).ToArray();
            var folder = format == "swiotlb-debugfs" ? "swiotlb" : "sysfs";
            yield return new PlannedSource(prefix + root + folder, Formats.ByName(format)!, () => open(new MemoryStream(bytes)))
            {
                TreeRoot = prefix + root,
            };
        }
    }

    /// <summary>Says what was passed over, in one line.</summary>
    /// <param name="sink">Who is told.</param>
    /// <param name="source">The folder or archive.</param>
    /// <param name="what">What its parts are called: files, members.</param>
    public void Tell(IRecordSink sink, SourceRef source, string what)
    {
        if (_passed.Count > 0)
        {
            var ordered = _passed.OrderByDescending(p => p.Value.Count).ThenBy(p => p.Key, StringComparer.Ordinal).ToArray();
            var shown = ordered.Take(MostReasons).Select(p => $"{Count(p.Value.Count)} {p.Key}{(p.Value.Count == 1 ? $" ({p.Value.Example})" : string.Empty)}");
            var more = ordered.Length > MostReasons ? $", {Count(ordered.Skip(MostReasons).Sum(p => p.Value.Count))} others" : string.Empty;
            sink.Report(Notice.PassedOver.At(source, $"{Count(_passed.Values.Sum(p => p.Count))} of {Count(Seen)} {what}: {string.Join(", ", shown)}{more}"));
        }

        if (LinksOut > 0)
        {
            sink.Report(Notice.LinksOut.At(source, $"{Count(LinksOut)} links that lead out of the folder ({string.Join(", ", _linksOut)})"));
        }
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
