using System.Globalization;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.TceTables;

/// <summary>ppc64 TCE tables read from kernel memory: geometry, sub-pools with their search hints, use of the bitmap.</summary>
internal sealed class TceTablesFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "tce-tables";

    /// <inheritdoc/>
    public string Description => "iommu_table structures of ppc64 (table ... it_size=...)";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var line = input.FirstLine;
        return line.StartsWith("table "u8) && line.IndexOf(" it_size="u8) > 0 ? new ProbeResult(95, "table with it_size=") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        Table? table = null;
        var lines = job.OpenLines();
        while (lines.Next(out var line))
        {
            var words = line.Length > 8192 ? [] : Encoding.UTF8.GetString(line).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && words[0] == "table")
            {
                table?.Emit(job);
                table = new Table(words, lines.LineNumber);
                job.Understood++;
            }
            else if (table is not null && table.Add(words))
            {
                job.Understood++;
            }
            else if (words.Length == 0)
            {
                job.Comments++;
            }
            else
            {
                job.Skipped++;
            }
        }

        table?.Emit(job);
        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
    }

    private sealed class Table
    {
        private readonly Dictionary<string, long> _more = new(StringComparer.Ordinal);
        private readonly ulong _address;
        private readonly long _line;
        private long? _used;
        private bool _inRuns;

        public Table(string[] words, long line)
        {
            _line = line;
            _ = ulong.TryParse(words[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _address);
            Fields(words, string.Empty);
        }

        public bool Add(string[] words)
        {
            if (words.Length == 0)
            {
                return false;
            }

            if (words[0] == "bitmap")
            {
                var used = Array.Find(words, w => w.StartsWith("used=", StringComparison.Ordinal));
                _used = used is not null && long.TryParse(used.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
                _inRuns = true;
                return true;
            }

            if (words[0] == "large_pool" || words[0].StartsWith("pool", StringComparison.Ordinal))
            {
                Fields(words, words[0] + "_");
                return true;
            }

            // Runs of entries in use: 6144+160.
            return _inRuns && Array.TrueForAll(words, w => w.Contains('+', StringComparison.Ordinal) && char.IsAsciiDigit(w[0]));
        }

        public void Emit(SourceJob job)
        {
            // Hints and use after the load are no starting state for a replay.
            var isAfter = job.Path.Contains("after-load", StringComparison.Ordinal) || job.Path.Contains("-end", StringComparison.Ordinal);
            if (isAfter)
            {
                _more["after_trace"] = 1;
            }

            var shift = (int)Math.Clamp(_more.GetValueOrDefault("it_page_shift", 12), 0, 40);
            job.Fact(new PoolGeometryFact(PoolKind.Tce, job.At(_line), GeometryOrigin.Trace)
            {
                PoolRef = _address,
                Units = _more.TryGetValue("it_size", out var size) ? size : null,
                UnitBytes = 1L << shift,
                Base = _more.TryGetValue("it_offset", out var offset) ? (ulong)offset << shift : null,
                Areas = _more.TryGetValue("nr_pools", out var pools) && pools is > 0 and < 64 ? (int)pools : null,
                More = _more,
            });
            if (_used is { } used)
            {
                var moment = isAfter ? UsageMoment.AfterTrace : UsageMoment.Sample;
                job.Fact(new UsageFact(PoolKind.Tce, moment, TraceEvent.NoTime, used, _more.TryGetValue("it_size", out var total) ? total : null, job.At(_line)));
            }
        }

        private void Fields(string[] words, string prefix)
        {
            foreach (var word in words)
            {
                var at = word.IndexOf('=', StringComparison.Ordinal);
                if (at > 0 && Text.Ascii.Whole(Encoding.ASCII.GetBytes(word[(at + 1)..]), out var value))
                {
                    _more[prefix + word[..at]] = unchecked((long)value);
                }
            }
        }
    }
}
