using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Sysfs;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.BlockQueues;

/// <summary>One disk per line with its sysfs path and queue limits:
/// <c>sda dev=/sys/devices/pci0000:00/0000:00:02.0/virtio1/host0/target0:0:0/0:0:0:1 max_sectors_kb=1280 ...</c>.</summary>
internal sealed class BlockQueuesFormat : LineFormat
{
    /// <inheritdoc/>
    public override string Name => "block-queues";

    /// <inheritdoc/>
    public override string Description => "disks with dev=/sys/devices/... and queue limits";

    /// <inheritdoc/>
    public override SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public override ProbeResult Probe(in ProbeInput input) =>
        HeadLines.Share(input.Head, 50, line => line.IndexOf(" dev=/sys/devices/"u8) > 0) >= 60
            ? new ProbeResult(95, "disks with dev=/sys/devices/")
            : ProbeResult.No;

    /// <inheritdoc/>
    protected override bool Line(SourceJob job, ReadOnlySpan<byte> line, long number)
    {
        if (line.Length > 4096)
        {
            return false;
        }

        var words = Encoding.UTF8.GetString(line).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var path = Array.Find(words, word => word.StartsWith("dev=", StringComparison.Ordinal));
        if (path is null || words[0] == path)
        {
            return false;
        }

        var parts = path["dev=".Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var device = Array.FindLast(parts, SysfsPath.IsPciName) ?? string.Empty;
        var address = parts.Length > 0 && ScsiAddress.TryParse(parts[^1], out var at) ? at : (ScsiAddress?)null;
        var queue = Queue(words, new BlockQueueFact(words[0], job.At(number)) { Address = address, Device = device.Length > 0 ? device : null });
        job.Fact(new ConsumerFact(address?.ToString() ?? words[0], address is null ? string.Empty : words[0], device, job.At(number)));
        job.Fact(queue);
        if (address is { } place)
        {
            job.Fact(new LunPathFact(place, job.At(number)) { Node = words[0], QueueDepth = queue.QueueDepth });
            if (SysfsPath.HostDevice(parts) is { Length: > 0 } host)
            {
                job.Fact(new ScsiHostFact(place.Host, job.At(number)) { Device = host });
            }
        }

        return true;
    }

    private static BlockQueueFact Queue(string[] words, BlockQueueFact queue)
    {
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? null : HostAttribute.Number(word[(equals + 1)..]);
            queue = (equals < 0 ? string.Empty : word[..equals]) switch
            {
                "max_sectors_kb" => queue with { MaxSectorsKb = value },
                "max_hw_sectors_kb" => queue with { MaxHwSectorsKb = value },
                "max_segments" => queue with { MaxSegments = value },
                "max_segment_size" => queue with { MaxSegmentBytes = value },
                "nr_requests" => queue with { NrRequests = value },
                "qd" or "queue_depth" => queue with { QueueDepth = value },
                _ => queue,
            };
        }

        return queue;
    }
}
