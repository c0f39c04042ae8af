using System.Text;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Sysfs;

/// <summary>Output of <c>systool -v</c> (sysfsutils): indented <c>name = "value"</c> lines under the path of a device or the
/// name of a module.</summary>
internal sealed class SystoolFormat : IFormat
{
    private const int LongestLine = 4096;

    /// <inheritdoc/>
    public string Name => "systool";

    /// <inheritdoc/>
    public string Description => "output of systool -v -c scsi_host, -b scsi, -m MODULE";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var isFirst = false;
        var head = input.Head;
        for (var i = 0; i < 5 && !head.IsEmpty; i++)
        {
            var line = HeadLines.Next(ref head);
            isFirst |= line.StartsWith("Class = \""u8) || line.StartsWith("Bus = \""u8) || line.StartsWith("Module = \""u8);
        }

        return isFirst && HeadLines.Share(input.Head, 60, line => line.IndexOf("= \""u8) > 0 || line[^1] == (byte)':') >= 60
            ? new ProbeResult(90, "lines of systool")
            : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var values = new SysfsValues(job);
        var place = new Place();
        var lines = job.OpenLines();
        while (lines.Next(out var bytes))
        {
            var line = bytes.Length > LongestLine ? string.Empty : Encoding.UTF8.GetString(bytes).Trim();
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                place.Section(line);
                job.Comments++;
                continue;
            }

            var key = line[..equals].Trim();
            var value = line[(equals + 1)..].Trim().Trim('"');
            job.Understood++;
            if (!place.Move(key, value))
            {
                _ = values.Add(SysfsPath.Parse(place.PathOf(key)), value, job.At(lines.LineNumber));
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
        values.Flush();
    }

    /// <summary>The folder of sysfs that the lines speak of.</summary>
    private sealed class Place
    {
        private string _group = string.Empty;
        private string _folder = string.Empty;
        private bool _parameters;

        public void Section(string line)
        {
            _parameters = line == "Parameters:" || (_parameters && line.Length > 0 && !line.EndsWith(':'));
        }

        public bool Move(string key, string value)
        {
            switch (key)
            {
                case "Class":
                    _group = "/sys/class/" + value;
                    return true;
                case "Bus":
                    _group = $"/sys/bus/{value}/devices";
                    return true;
                case "Module":
                    _folder = "/sys/module/" + value;
                    _parameters = false;
                    return true;
                case "Class Device" or "Device":
                    _folder = _group + "/" + value;
                    return true;
                case "Class Device path" or "Device path":
                    _folder = value;
                    return true;
                default:
                    return false;
            }
        }

        public string PathOf(string key) => _folder + (_parameters ? "/parameters/" : "/") + key;
    }
}
