using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TraceReplay.Core;
using TraceReplay.Parsers.Sysfs;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Multipath;

/// <summary>Output of <c>multipath -ll</c> in any verbosity, of RHEL 4 to today: maps with their paths. What <c>-v3</c> and
/// <c>-v4</c> print before (configuration, decisions) is passed over; their table of paths is read.</summary>
internal sealed class MultipathFormat : IFormat
{
    private const int LongestLine = 4096;

    // Of NVMe maps the size is printed in sectors (libmultipath/foreign/nvme.c).
    private const int SectorBytes = 512;

    /// <inheritdoc/>
    public string Name => "multipath";

    /// <inheritdoc/>
    public string Description => "output of multipath -ll, multipathd show maps topology";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var head = input.Head;
        if (input.FirstLine.StartsWith("hcil "u8) || (input.FirstLine.StartsWith("uuid "u8) && input.FirstLine.IndexOf(" hcil "u8) > 0))
        {
            return new ProbeResult(90, "table of paths of multipathd");
        }

        if (head.IndexOf("hwhandler="u8) < 0 && head.IndexOf("paths list ="u8) < 0)
        {
            // -v4 logs every decision first: "Nov 27 07:23:16 | sdb: udev property ID_WWN whitelisted".
            return HeadLines.Share(head, 60, IsDecision) >= 60 && head.IndexOf("multipath"u8) >= 0
                ? new ProbeResult(70, "decisions of multipath") : ProbeResult.No;
        }

        var sizes = HeadLines.Share(head, 4000, line => line.StartsWith("size="u8) || line.StartsWith("[size="u8) || line.IndexOf("paths list ="u8) > 0);
        var isSized = sizes > 0 || head.StartsWith("size="u8) || head.IndexOf("\nsize="u8) >= 0 || head.IndexOf("\n[size="u8) >= 0 || head.IndexOf("paths list ="u8) > 0;
        return isSized ? new ProbeResult(90, "maps of multipath") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var reading = new Reading(job);
        var lines = job.OpenLines();
        while (lines.Next(out var bytes))
        {
            if (bytes.Length > LongestLine)
            {
                job.Skipped++;
                continue;
            }

            reading.Line(Encoding.UTF8.GetString(bytes).TrimEnd(), job.At(lines.LineNumber));
        }

        reading.End();
        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
        Accounts.Report(job, lines, "lines of multipath");
    }

    private static bool IsDecision(ReadOnlySpan<byte> line) => line.Length > 18 && line.IndexOf(" | "u8) is >= 15 and <= 30 && line[..15].Count((byte)':') == 2;

    private sealed class Reading(SourceJob job)
    {
        private string _before = string.Empty;
        private SourceRef _beforeAt;
        private MultipathMapFact? _map;
        private string? _group;
        private long _nameless;

        public void Line(string line, SourceRef at)
        {
            if (line.Length == 0)
            {
                job.Comments++;
            }
            else if (MultipathLine.Size().Match(line) is { Success: true } size)
            {
                Begin(line, size);
            }
            else if (_map is not null && MultipathLine.Group().Match(line) is { Success: true } group)
            {
                job.Continuations++;
                _group = group.Groups["status"].Success ? group.Groups["status"].Value : group.Groups["was"].Success ? group.Groups["was"].Value : null;
                _map = _map with { Policy = _map.Policy ?? Text(group.Groups["policy"]) ?? Text(group.Groups["old"]) };
            }
            else if (MultipathLine.Path().Match(line) is { Success: true } path)
            {
                Path(path, at);
            }
            else
            {
                // The name of a map, known by the line with its size behind it; configuration; remarks.
                job.Comments++;
                (_before, _beforeAt) = (line, at);
                EndMap();
            }
        }

        public void End()
        {
            EndMap();
            if (_nameless > 0)
            {
                job.Report(Notice.BadRow, 0, $"{_nameless.ToString(CultureInfo.InvariantCulture)} paths have no address (#:#:#:#): the kernel does not know them any more");
            }
        }

        private void Begin(string line, Match size)
        {
            EndMap();
            _group = null;
            if (MultipathLine.Map().Match(_before) is not { Success: true } map)
            {
                job.Skipped++;
                return;
            }

            job.Understood++;
            var name = map.Groups["map"].Value;
            var dm = Text(map.Groups["dm"]);
            var features = MultipathLine.Features().Match(line);
            _map = new MultipathMapFact(name, _beforeAt)
            {
                Wwid = Text(map.Groups["wwid"]) ?? (name.Length >= 17 ? name : null),
                Dm = dm?[(dm.IndexOf(':', StringComparison.Ordinal) + 1)..], Vendor = Text(map.Groups["vendor"]), Model = Text(map.Groups["model"]),
                Bytes = MultipathLine.Bytes(size.Groups["number"].Value, size.Groups["unit"].Value) * (dm?[0] == '[' ? SectorBytes : 1),
                Features = Text(features.Groups["new"]) ?? Text(features.Groups["old"]),
            };
            _before = string.Empty;
        }

        private void Path(Match match, SourceRef at)
        {
            job.Understood++;
            if (!ScsiAddress.TryParse(match.Groups["address"].Value, out var address))
            {
                _nameless++;
                return;
            }

            var node = match.Groups["node"].Value;
            var state = match.Groups["state"].Value;
            var isTree = _map is not null && !match.Groups["uuid"].Success;
            job.Fact(new LunPathFact(address, at)
            {
                Node = node == "-" ? null : node,
                Map = isTree ? _map!.Map : null,
                Wwid = isTree ? _map!.Wwid : Text(match.Groups["uuid"]) is { } uuid ? ScsiType.Wwid(uuid) : null,
                GroupState = isTree ? _group : null,
                PathState = isTree ? string.Join(' ', state.Split([' ', '[', ']'], StringSplitOptions.RemoveEmptyEntries)) : null,
            });
        }

        private void EndMap()
        {
            if (_map is { } map)
            {
                job.Fact(map);
                _map = null;
            }
        }

        private static string? Text(Group group) => group.Success && group.Value.Trim() is { Length: > 0 } text ? text : null;
    }
}
