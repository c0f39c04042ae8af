using System.Buffers;
using System.Globalization;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Sysfs;
using TraceReplay.Parsers.Text;
using Ascii = TraceReplay.Parsers.Text.Ascii;

namespace TraceReplay.Parsers.ScsiDevices;

/// <summary>Output of <c>lsscsi</c> with any options: device lines (<c>[3:0:0:1]    disk    IBM ...</c>), host lines of <c>-H</c>
/// (<c>[3]    lpfc</c>), and the attributes of <c>-l</c>, <c>-L</c> and <c>-v</c> below either (lsscsi 0.13 to 0.32).</summary>
internal sealed class ScsiDevicesFormat : IFormat
{
    private const int LongestAddress = 60;
    private const int LongestLine = 4096;

    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789abcdefx_N:"u8);

    private static readonly SearchValues<byte> DriverBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-<>()/"u8);

    /// <inheritdoc/>
    public string Name => "lsscsi";

    /// <inheritdoc/>
    public string Description => "output of lsscsi, of devices or (-H) of hosts";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var heads = HeadLines.Share(input.Head, 60, line => Bracket(line, out var inner) && (IsAddress(inner) || IsHost(line, inner)));
        var all = HeadLines.Share(input.Head, 60, line => line.StartsWith("  "u8) || Bracket(line, out _));
        return heads >= 60 || (heads > 0 && all >= 90 && FirstIsHead(input.Head)) ? new ProbeResult(90, "lines of lsscsi") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var reading = new Reading(job);
        var lines = job.OpenLines();
        while (lines.Next(out var line))
        {
            if (line.IsEmpty || line.Length > LongestLine)
            {
                job.Comments += line.IsEmpty ? 1 : 0;
                job.Skipped += line.IsEmpty ? 0 : 1;
                continue;
            }

            reading.Line(Encoding.UTF8.GetString(line), job.At(lines.LineNumber));
        }

        reading.End();
        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
        Accounts.Report(job, lines, "lines of lsscsi");
    }

    private static bool FirstIsHead(ReadOnlySpan<byte> head)
    {
        var first = HeadLines.Next(ref head);
        return Bracket(first, out var inner) && (IsAddress(inner) || IsHost(first, inner));
    }

    private static bool Bracket(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> inner)
    {
        var close = line.IndexOf((byte)']');
        inner = close is > 1 and <= LongestAddress && line[0] == (byte)'[' ? line[1..close] : default;
        return !inner.IsEmpty && close + 1 < line.Length && line[close + 1] == (byte)' ';
    }

    private static bool IsAddress(ReadOnlySpan<byte> inner) =>
        inner.Count((byte)':') == 3 && inner.IndexOfAnyExcept(AddressBytes) < 0 && (Ascii.IsDigit(inner[0]) || inner[0] == (byte)'N');

    /// <summary><c>[3]    lpfc</c>, with <c>-t</c> an address behind it: a number without leading zeros (a CPU of a trace has
    /// them), and the driver's name after some blanks.</summary>
    private static bool IsHost(ReadOnlySpan<byte> line, ReadOnlySpan<byte> inner)
    {
        var isNumber = inner.Length <= 5 && inner.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && (inner.Length == 1 || inner[0] != (byte)'0');
        var isController = inner.Length is > 2 and <= 6 && inner.StartsWith("N:"u8);
        var rest = line[(inner.Length + 2)..];
        var word = rest.TrimStart((byte)' ');
        var end = word.IndexOf((byte)' ');
        var driver = end < 0 ? word : word[..end];
        var more = end < 0 ? default : word[end..].Trim((byte)' ');
        return (isNumber || isController) && rest.Length - word.Length >= 2 && !driver.IsEmpty && driver.IndexOfAnyExcept(DriverBytes) < 0
            && (isController || more.IsEmpty || (!more.Contains((byte)' ') && more.Contains((byte)':')));
    }

    /// <summary>Lines in order: attributes belong to the device or host above them.</summary>
    private sealed class Reading(SourceJob job)
    {
        private LunPathFact? _path;
        private ScsiHostFact? _host;
        private string _unknown = string.Empty;
        private long _unknownLines;

        public void Line(string line, SourceRef at)
        {
            if (line[0] is ' ' or '\t')
            {
                Attribute(line.Trim(), at);
                return;
            }

            var close = line.IndexOf(']', StringComparison.Ordinal);
            if (line[0] != '[' || close is < 2 or > LongestAddress)
            {
                Remark(line);
                return;
            }

            Flush();
            var inner = line[1..close];
            var rest = line[(close + 1)..];
            if (LsscsiLine.TryAddress(inner, out var address))
            {
                job.Understood++;
                _path = LsscsiLine.Columns(new LunPathFact(address, at), rest, out var unknown);
                Note(unknown);
            }
            else if (int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var host))
            {
                job.Understood++;
                var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                _host = new ScsiHostFact(host, at) { Driver = words.Length > 0 && words[0] is not ("<NULL>" or "(null)" or "-") ? words[0] : null };
            }
            else if (inner.StartsWith("N:", StringComparison.Ordinal))
            {
                Nvme(inner, rest, at);
            }
            else
            {
                job.Skipped++;
            }
        }

        public void End()
        {
            Flush();
            if (_unknownLines > 0)
            {
                job.Report(Notice.UnknownColumns, 0, $"{_unknownLines.ToString(CultureInfo.InvariantCulture)} lines, for example \"{_unknown}\"");
            }
        }

        private void Attribute(string text, SourceRef at)
        {
            job.Understood++;
            if (text.StartsWith("dir: ", StringComparison.Ordinal) || text.StartsWith("device dir: ", StringComparison.Ordinal))
            {
                var path = text[(text.LastIndexOf('[') + 1)..].TrimEnd(']');
                var device = SysfsPath.HostDevice(path[(path.LastIndexOf(' ') + 1)..].Split('/'));
                if (device.Length > 0 && (_host?.Host ?? _path?.Address.Host) is { } host)
                {
                    _host = (_host ?? new ScsiHostFact(host, at)) with { Device = device };
                }

                return;
            }

            // -l puts several on a line; a value of -L may hold blanks.
            var pairs = text.Count(c => c == '=') > 1 ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [text];
            foreach (var pair in pairs)
            {
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0)
                {
                    Set(pair[..equals], pair[(equals + 1)..].Trim());
                }
            }
        }

        private void Set(string name, string value)
        {
            if (_path is null && _host is not null)
            {
                _host = HostAttribute.Set(_host, name, value, 64);
            }
            else if (_path is not null && name == "queue_depth")
            {
                _path = _path with { QueueDepth = HostAttribute.Number(value) };
            }
            else if (_path is not null && name == "wwid")
            {
                _path = _path with { Wwid = _path.Wwid ?? ScsiType.Wwid(value) };
            }
        }

        private void Nvme(string address, string rest, SourceRef at)
        {
            job.Understood++;
            var node = Array.Find(rest.Split(' ', StringSplitOptions.RemoveEmptyEntries), w => w.StartsWith("/dev/", StringComparison.Ordinal));
            if (address.Count(c => c == ':') == 3 && node is { Length: > 5 })
            {
                job.Fact(new ConsumerFact(address, node[5..], string.Empty, at));
            }
        }

        /// <summary>The tool talks between its lines.</summary>
        private void Remark(string line)
        {
            var isRemark = line.StartsWith("list_", StringComparison.Ordinal) || line.Contains("NVMe", StringComparison.Ordinal)
                || line.StartsWith("lsscsi", StringComparison.Ordinal) || line[0] is '#' or '$';
            job.Comments += isRemark ? 1 : 0;
            job.Skipped += isRemark ? 0 : 1;
        }

        private void Note(string unknown)
        {
            if (unknown.Length > 0)
            {
                _unknownLines++;
                _unknown = _unknown.Length == 0 ? unknown[..Math.Min(unknown.Length, 40)] : _unknown;
            }
        }

        private void Flush()
        {
            if (_path is { } path)
            {
                job.Fact(path);
                job.Fact(new ConsumerFact(path.Address.ToString(), path.Node ?? string.Empty, string.Empty, path.Source));
            }

            if (_host is { } host)
            {
                job.Fact(host);
            }

            (_path, _host) = (null, null);
        }
    }
}
