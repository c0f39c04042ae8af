using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.BlockTrace;

/// <summary>A line of blkparse: <c>8,0 1 4 0.002456625 28 D RS 0 + 128 [kworker/1:0H]</c>.</summary>
internal ref struct BlkparseLine
{
    /// <summary>Major and minor number, <c>8,0</c>.</summary>
    public ReadOnlySpan<byte> Device;

    /// <summary>CPU.</summary>
    public int Cpu;

    /// <summary>Time since the recording began, nanoseconds.</summary>
    public long TimeNs;

    /// <summary>Task.</summary>
    public int Pid;

    /// <summary>One or two letters.</summary>
    public ReadOnlySpan<byte> Action;

    /// <summary>First sector.</summary>
    public ulong Sector;

    /// <summary>Number of sectors.</summary>
    public long Sectors;

    /// <summary>The line has sectors.</summary>
    public bool HasSectors;

    /// <summary>What stands in the brackets: a task name, for completions the error.</summary>
    public ReadOnlySpan<byte> Process;

    /// <summary>Splits a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="parts">Its parts.</param>
    /// <returns>False if it is none.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out BlkparseLine parts)
    {
        parts = default;
        var device = Word(ref line);
        var comma = device.IndexOf((byte)',');
        if (comma <= 0 || !Ascii.Whole(device[..comma], out var major) || !Ascii.Whole(device[(comma + 1)..], out var minor) || major > 4095 || minor > 1 << 20
            || !Ascii.Whole(Word(ref line), out var cpu) || cpu > 65535 || !Ascii.Whole(Word(ref line), out _))
        {
            return false;
        }

        var stamp = Word(ref line);
        var at = 0;
        if (!Ascii.Seconds(stamp, ref at, out parts.TimeNs, out var decimals) || decimals != 9 || at != stamp.Length
            || !Ascii.Whole(Word(ref line), out var pid) || pid > int.MaxValue)
        {
            return false;
        }

        parts.Action = Word(ref line);
        if (parts.Action.Length is < 1 or > 2)
        {
            return false;
        }

        parts.Device = device;
        (parts.Cpu, parts.Pid) = ((int)cpu, (int)pid);
        parts.Tail(line);
        return true;
    }

    private static ReadOnlySpan<byte> Word(scoped ref ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        var end = text.IndexOf((byte)' ');
        var word = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[end..];
        return word;
    }

    /// <summary><c>RS 0 + 128 [dd]</c>; remaps, plugs and messages have other tails.</summary>
    private void Tail(ReadOnlySpan<byte> rest)
    {
        _ = Word(ref rest);
        var sector = Word(ref rest);
        HasSectors = Ascii.Whole(sector, out Sector) && Word(ref rest).SequenceEqual("+"u8)
            && Ascii.Whole(Word(ref rest), out var count) && count <= uint.MaxValue && (Sectors = (long)count) >= 0;
        var open = rest.LastIndexOf((byte)'[');
        var close = rest.LastIndexOf((byte)']');
        Process = open >= 0 && close > open ? rest[(open + 1)..close] : default;
    }
}
