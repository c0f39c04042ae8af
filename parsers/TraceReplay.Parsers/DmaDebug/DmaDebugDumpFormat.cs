using TraceReplay.Core;
using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.DmaDebug;

/// <summary><c>/sys/kernel/debug/dma-api/dump</c>: all live mappings at one instant (spec formats.md 5.1). Each becomes a
/// Map or Alloc event without a time.</summary>
internal sealed class DmaDebugDumpFormat : LineFormat
{
    /// <inheritdoc/>
    public override string Name => "dma-debug-dump";

    /// <inheritdoc/>
    public override string Description => "dump of dma-debug: all live mappings";

    /// <inheritdoc/>
    public override SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public override ProbeResult Probe(in ProbeInput input) =>
        HeadLines.Share(input.Head, 50, line => line.IndexOf(" idx "u8) > 0 && line.IndexOf(" P="u8) > 0 && line.IndexOf(" D="u8) > 0 && line.IndexOf(" DMA_"u8) > 0) >= 60
            ? new ProbeResult(90, "lines of live mappings")
            : ProbeResult.No;

    /// <inheritdoc/>
    protected override bool Line(SourceJob job, ReadOnlySpan<byte> line, long number)
    {
        var index = line.IndexOf(" idx "u8);
        if (index <= 0)
        {
            return false;
        }

        // driver device type; the driver may be empty.
        var front = line[..index];
        var type = front[(front.LastIndexOf((byte)' ') + 1)..];
        var names = front[..Math.Max(0, front.Length - type.Length - 1)];
        var device = names[(names.LastIndexOf((byte)' ') + 1)..];
        var driver = names[..Math.Max(0, names.Length - device.Length - 1)];
        var at = index;
        if (!Value(line, " P="u8, ref at, out var physical) || !Value(line, " D="u8, ref at, out var address) || !Value(line, " L="u8, ref at, out var length))
        {
            return false;
        }

        ref var item = ref job.NewEvent();
        item.Line = number;
        item.Kind = type.SequenceEqual("coherent"u8) || type.SequenceEqual("noncoherent"u8) ? EventKind.Alloc : EventKind.Map;
        item.NameId = job.Names.Intern("dma-debug-dump"u8);
        item.DeviceId = job.Names.Intern(device);
        item.ConsumerId = job.Names.Intern(driver);
        item.PhysAddr = physical;
        item.DmaAddr = address;
        item.Bytes = BodyFields.Signed(length);
        item.Direction = Direction(line);
        item.Fields = EventFields.PhysAddr | EventFields.DmaAddr | EventFields.Bytes;
        return true;
    }

    /// <summary>Hexadecimal with or without <c>0x</c>, also the length.</summary>
    private static bool Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key, ref int at, out ulong value)
    {
        value = 0;
        if (!BodyFields.Find(line, key, ref at))
        {
            return false;
        }

        at += line[at..].StartsWith("0x"u8) ? 2 : 0;
        return Ascii.Hex(line, ref at, out value);
    }

    private static byte Direction(ReadOnlySpan<byte> line) => line switch
    {
        _ when line.IndexOf("DMA_BIDIRECTIONAL"u8) > 0 => 0,
        _ when line.IndexOf("DMA_TO_DEVICE"u8) > 0 => 1,
        _ when line.IndexOf("DMA_FROM_DEVICE"u8) > 0 => 2,
        _ when line.IndexOf("DMA_NONE"u8) > 0 => 3,
        _ => 255,
    };
}
