using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Finds the descriptor of an event by the bytes of its name: a hash of length, first and last bytes.</summary>
internal sealed class EventTable(NameTable names, Incident incident)
{
    // A trace has some hundred event names; more are a hostile input and share one descriptor.
    private const int Most = 4096;

    private static readonly FrozenDictionary<string, BodyKind> Known = new Dictionary<string, BodyKind>(StringComparer.Ordinal)
    {
        ["swiotlb_bounced"] = BodyKind.Bounced,
        ["dma_map_page"] = BodyKind.DmaMap,
        ["dma_map_phys"] = BodyKind.DmaMap,
        ["dma_map_resource"] = BodyKind.DmaMap,
        ["dma_unmap_page"] = BodyKind.DmaUnmap,
        ["dma_unmap_phys"] = BodyKind.DmaUnmap,
        ["dma_unmap_resource"] = BodyKind.DmaUnmap,
        ["dma_map_sg"] = BodyKind.DmaMapSg,
        ["dma_unmap_sg"] = BodyKind.DmaUnmapSg,
        ["dma_map_sg_err"] = BodyKind.DmaMapSgError,
        ["dma_alloc"] = BodyKind.DmaAlloc,
        ["dma_alloc_pages"] = BodyKind.DmaAlloc,
        ["dma_alloc_sgt"] = BodyKind.DmaAlloc,
        ["dma_alloc_sgt_err"] = BodyKind.DmaAlloc,
        ["dma_free"] = BodyKind.DmaFree,
        ["dma_free_pages"] = BodyKind.DmaFree,
        ["dma_free_sgt"] = BodyKind.DmaFree,
        ["dma_sync_single_for_cpu"] = BodyKind.DmaSync,
        ["dma_sync_single_for_device"] = BodyKind.DmaSync,
        ["dma_sync_sg_for_cpu"] = BodyKind.DmaSyncSg,
        ["dma_sync_sg_for_device"] = BodyKind.DmaSyncSg,
        ["scsi_dispatch_cmd_start"] = BodyKind.ScsiStart,
        ["scsi_dispatch_cmd_done"] = BodyKind.ScsiDone,
        ["scsi_dispatch_cmd_error"] = BodyKind.ScsiError,
        ["scsi_dispatch_cmd_timeout"] = BodyKind.ScsiTimeout,
        ["block_rq_issue"] = BodyKind.BlockIssue,
        ["block_rq_complete"] = BodyKind.BlockComplete,
        ["block_rq_requeue"] = BodyKind.BlockRequeue,
        ["net_dev_start_xmit"] = BodyKind.NetXmit,
        ["tracing_mark_write"] = BodyKind.Marker,
        ["print"] = BodyKind.Marker,
        ["<stack trace>"] = BodyKind.Stack,
        ["<user stack trace>"] = BodyKind.Stack,
        ["kernel_stack"] = BodyKind.Stack,
        ["user_stack"] = BodyKind.Stack,
        ["function"] = BodyKind.Function,
        ["funcgraph_entry"] = BodyKind.Function,
        ["funcgraph_exit"] = BodyKind.Function,
        ["func_repeats"] = BodyKind.Function,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private EventDescriptor?[] _slots = new EventDescriptor?[256];
    private readonly EventDescriptor _overflow = new() { Name = [], NameId = names.Intern("(more event names)"), Body = BodyKind.Other, MayBeIommu = false };
    private int _count;

    /// <summary>The descriptor of a name.</summary>
    /// <param name="name">Name as it stands in the line.</param>
    /// <param name="body">Body of this line, to tell probes from other events at the first sight.</param>
    /// <returns>Its descriptor.</returns>
    public EventDescriptor Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> body)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)Hash(name) & mask; ; slot = (slot + 1) & mask)
        {
            var found = _slots[slot];
            if (found is null)
            {
                return _count == Most ? _overflow : Add(slot, Make(name, body));
            }

            if (name.SequenceEqual(found.Name))
            {
                return found;
            }
        }
    }

    private static uint Hash(ReadOnlySpan<byte> name)
    {
        uint first = name.Length >= 4 ? MemoryMarshal.Read<uint>(name) : name.IsEmpty ? 0u : name[0];
        uint last = name.Length >= 4 ? MemoryMarshal.Read<uint>(name[^4..]) : name.IsEmpty ? 0u : name[^1];
        var hash = ((first ^ (last * 31)) + (uint)name.Length) * 2654435761u;
        return hash >> 16;
    }

    /// <summary>Keeps at least half of the slots free, which is where a search ends.</summary>
    private EventDescriptor Add(int slot, EventDescriptor made)
    {
        _slots[slot] = made;
        if (_count * 2 >= _slots.Length && _count < Most)
        {
            var before = _slots;
            _slots = new EventDescriptor?[before.Length * 2];
            var mask = _slots.Length - 1;
            foreach (var descriptor in before)
            {
                if (descriptor is not null)
                {
                    var free = (int)Hash(descriptor.Name) & mask;
                    while (_slots[free] is not null)
                    {
                        free = (free + 1) & mask;
                    }

                    _slots[free] = descriptor;
                }
            }
        }

        return made;
    }

    private EventDescriptor Make(ReadOnlySpan<byte> name, ReadOnlySpan<byte> body)
    {
        _count++;
        var bare = name[(name.LastIndexOf((byte)':') + 1)..];
        var text = Encoding.UTF8.GetString(bare);
        var isProbe = body.StartsWith("("u8) || incident.Probes.ContainsKey(text) || incident.Bindings.ContainsKey(text);
        return new EventDescriptor
        {
            Name = name.ToArray(),
            NameId = names.Intern(bare),
            Body = Known.TryGetValue(text, out var kind) ? kind : isProbe || text is "map" or "unmap" ? BodyKind.Probe : BodyKind.Other,
            MayBeIommu = text is "map" or "unmap",
        };
    }
}
