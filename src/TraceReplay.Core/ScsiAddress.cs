using System.Globalization;

namespace TraceReplay.Core;

/// <summary>Address of a SCSI logical unit on one path, as the kernel names its devices: <c>host:channel:target:lun</c>
/// (drivers/scsi/scsi_sysfs.c: <c>"%d:%d:%d:%llu"</c>).</summary>
/// <param name="Host">Number of the host (<c>host3</c> = 3), from 0.</param>
/// <param name="Channel">Channel (bus) of the host, from 0.</param>
/// <param name="Target">Target id, from 0.</param>
/// <param name="Lun">Logical unit number as the kernel prints it: all 64 bits may be used.</param>
public readonly record struct ScsiAddress(int Host, int Channel, int Target, ulong Lun)
{
    /// <summary>Reads <c>H:C:T:L</c>.</summary>
    /// <param name="text">Four decimal numbers with colons between them, and nothing else.</param>
    /// <param name="address">The address.</param>
    /// <returns>False if it is no address.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out ScsiAddress address)
    {
        address = default;
        Span<Range> parts = stackalloc Range[5];
        if (text.Split(parts, ':') != 4
            || !int.TryParse(text[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var host)
            || !int.TryParse(text[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out var channel)
            || !int.TryParse(text[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var target)
            || !ulong.TryParse(text[parts[3]], NumberStyles.None, CultureInfo.InvariantCulture, out var lun))
        {
            return false;
        }

        address = new ScsiAddress(host, channel, target, lun);
        return true;
    }

    /// <summary><c>host:channel:target:lun</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Channel}:{Target}:{Lun}");
}
