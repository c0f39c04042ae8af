using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Tells a second message about one refused request from a second failure: "Out of SW-IOMMU space" behind "buffer is
/// full", a driver's own line behind its pool's.</summary>
internal sealed class FailureEchoes
{
    /// <summary>How many lines apart two messages about one failed request may stand.</summary>
    public const int SameRequestLines = 4;

    private string _device = string.Empty;
    private long? _bytes;
    private PoolKind _pool;
    private string _family = string.Empty;
    private long _line = long.MinValue;

    /// <summary>Kind of the pool that the last failure line spoke of.</summary>
    public PoolKind LastPool => _pool;

    /// <summary>Family of the last failure line.</summary>
    public string LastFamily => _family;

    /// <summary>Device of the last failure line.</summary>
    public string LastDevice => _device;

    /// <summary>Line of the last failure.</summary>
    public long LastLine => _line;

    /// <summary>Whether a failure line speaks of a request already counted; if not, it is remembered.</summary>
    /// <param name="family">Its family.</param>
    /// <param name="device">Its device.</param>
    /// <param name="bytes">What it asked for.</param>
    /// <param name="line">Its line.</param>
    /// <returns>True for an echo.</returns>
    public bool IsEcho(MessageFamily family, string device, long? bytes, long line)
    {
        var isNear = line - _line is > 0 and <= SameRequestLines;
        var isDriver = family.Pool == PoolKind.Driver;
        var isSame = (_device == device || _device.Length == 0 || device.Length == 0)
            && (bytes is null || _bytes is null || bytes == _bytes || isDriver);

        // Two lines of one family are two requests; only another family's line can be an echo.
        var isOther = family.Name != _family && (!isDriver || _pool != PoolKind.Driver);
        if (isNear && (family.IsEcho || isDriver) && isSame && isOther)
        {
            return true;
        }

        if (family.IsFailure)
        {
            (_device, _bytes, _line, _pool, _family) = (device, bytes, line, family.Pool, family.Name);
        }

        return false;
    }
}
