using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.ScsiDevices;

/// <summary>Output of <c>lsscsi</c>: <c>[0:0:0:1]    disk    QEMU     QEMU HARDDISK    2.5+  /dev/sdb</c>. Which adapter a
/// host belongs to is not told.</summary>
internal sealed class ScsiDevicesFormat : LineFormat
{
    /// <inheritdoc/>
    public override string Name => "lsscsi";

    /// <inheritdoc/>
    public override string Description => "output of lsscsi";

    /// <inheritdoc/>
    public override SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public override ProbeResult Probe(in ProbeInput input)
    {
        var share = HeadLines.Share(input.Head, 50, line => Address(line).Length > 0);
        return share >= 60 ? new ProbeResult(90, "lines of lsscsi") : ProbeResult.No;
    }

    /// <inheritdoc/>
    protected override bool Line(SourceJob job, ReadOnlySpan<byte> line, long number)
    {
        var address = Address(line);
        if (address.Length == 0)
        {
            return false;
        }

        var words = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 4096)]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var node = Array.Find(words, word => word.StartsWith("/dev/", StringComparison.Ordinal)) ?? string.Empty;
        job.Fact(new ConsumerFact(address, node.Length > 5 ? node[5..] : string.Empty, string.Empty, job.At(number)));
        return true;
    }

    /// <summary><c>H:C:T:L</c> in brackets, or <c>N:ctl:cntlid:ns</c> of NVMe.</summary>
    private static string Address(ReadOnlySpan<byte> line)
    {
        const int Longest = 48;
        var close = line.IndexOf((byte)']');
        if (close is < 4 or > Longest || line[0] != (byte)'[' || close + 1 >= line.Length || line[close + 1] != (byte)' ')
        {
            return string.Empty;
        }

        var parts = Encoding.UTF8.GetString(line[1..close]).Split(':');
        var isAddress = parts.Length == 4 && (parts[0] == "N" || parts[0].All(char.IsAsciiDigit)) && parts.Skip(1).All(p => p.Length > 0 && p.All(char.IsAsciiDigit));
        return isAddress && parts[0].Length > 0 ? string.Join(':', parts) : string.Empty;
    }
}
