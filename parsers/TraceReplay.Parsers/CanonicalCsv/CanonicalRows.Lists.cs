using System.Runtime.InteropServices;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.CanonicalCsv;

/// <content>Scatter-gather lists, and what the allocators of pools did for them.</content>
internal sealed partial class CanonicalRows
{
    private bool Elements(long time, bool isMap, bool failed, out string problem)
    {
        problem = string.Empty;
        _elements.Clear();
        if (!isMap && row["sg"].IsEmpty && _live.Remove(Id(), out var known))
        {
            _elements.AddRange(known);
        }

        foreach (var text in Encoding.UTF8.GetString(row["sg"]).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = text.Split(':').Select(Encoding.UTF8.GetBytes).ToArray();
            if (!CanonicalColumns.Hex(parts[0], out var physical) || (isMap && (parts.Length < 2 || !CanonicalColumns.Size(parts[1], out _))))
            {
                problem = "sg is not phys:len[:dma] joined by ;";
                return false;
            }

            _ = CanonicalColumns.Size(parts.Length > 1 ? parts[1] : [], out var bytes);
            var hasDma = CanonicalColumns.Hex(parts.Length > 2 ? parts[2] : [], out var address);
            _elements.Add(new SgElement(physical, bytes, hasDma ? address : null));
        }

        if (_elements.Count == 0)
        {
            problem = "sg is empty";
            return false;
        }

        if (isMap && !failed)
        {
            _live.Add(Id(), CollectionsMarshal.AsSpan(_elements));
        }

        if (NamedAllocator() is { } pool)
        {
            Allocations(time, pool, isMap, failed, EventFields.Arg);
            return true;
        }

        var mapped = MappedElements(isMap && failed);
        for (var i = 0; i < (isMap && failed ? mapped + 1 : mapped); i++)
        {
            Element(time, i, isMap ? EventKind.Map : EventKind.Unmap, isRefused: i == mapped);
        }

        for (var i = 0; isMap && failed && i < mapped; i++)
        {
            Element(time, i, EventKind.Unmap, isRefused: false);
        }

        return true;
    }

    private void Element(long time, int index, EventKind kind, bool isRefused)
    {
        var element = _elements[index];
        ref var item = ref Begin(time, kind);
        item.PhysAddr = element.Physical;
        item.Bytes = element.Bytes;
        item.Arg = index;
        item.DmaAddr = isRefused ? TraceEvent.MappingError : element.Address ?? 0;
        item.Fields |= EventFields.PhysAddr | EventFields.Bytes | EventFields.Arg
            | (isRefused || element.Address is not null ? EventFields.DmaAddr : EventFields.None);
    }

    /// <summary>Of a list that failed, what was mapped is given back at once; the first element without an address was
    /// refused, and what comes after it never tried.</summary>
    private int MappedElements(bool failed) => failed
        ? _elements.Take(_elements.Count - 1).TakeWhile(element => element.Address is not null).Count()
        : _elements.Count;

    /// <summary>A list that is one request of its pool, or its release.</summary>
    private bool Allocation(long time, PoolKind pool, bool isMap, bool isCoherent, bool failed, out string problem)
    {
        problem = string.Empty;
        var hasAddress = row.Hex("dma_addr", out var address);
        var hasSize = row.Size("size", out var bytes);
        _ = row.Hex("phys_addr", out var physical);
        if (!isMap && _live.Remove(Id(), out var known) && !hasAddress)
        {
            (address, bytes, physical, hasAddress) = (known[0].Address ?? 0, known[0].Bytes, known[0].Physical, true);
        }

        if (!hasAddress && !failed)
        {
            problem = isMap ? "dma_addr is missing" : "dma_addr is missing, and nothing is mapped under this id";
            return false;
        }

        if (isMap && !hasSize)
        {
            problem = "size is missing or no number of bytes";
            return false;
        }

        _elements.Clear();
        _elements.Add(new SgElement(physical, bytes, failed ? null : address));
        if (isMap && !failed)
        {
            _live.Add(Id(), CollectionsMarshal.AsSpan(_elements));
        }

        Allocations(time, pool, isMap, failed && isMap, isCoherent ? EventFields.Coherent : EventFields.None);
        return true;
    }

    /// <summary>What a pool's allocator did for a list: one request for each element.</summary>
    private void Allocations(long time, PoolKind pool, bool isMap, bool failed, EventFields more)
    {
        ref var first = ref Begin(time, EventKind.Other);
        var template = first;
        template.Fields |= EventFields.PhysAddr | EventFields.Bytes | EventFields.Units | EventFields.DmaAddr | more;
        if (pool == PoolKind.Gart)
        {
            // Whether the device could have reached the buffer; tables of other kinds count their limits in units.
            template.Limit = DeviceMask();
        }

        failed &= isMap;
        var mapped = MappedElements(failed);
        for (var i = 0; i < (failed ? mapped + 1 : mapped); i++)
        {
            ref var item = ref i == 0 ? ref first : ref job.NewEvent();
            Fill(ref item, in template, pool, i, !isMap ? EventKind.PoolUnmap : i < mapped ? EventKind.PoolMapped : EventKind.PoolMapFailed);
        }

        for (var i = 0; failed && i < mapped; i++)
        {
            Fill(ref job.NewEvent(), in template, pool, i, EventKind.PoolUnmap);
        }
    }

    private void Fill(ref TraceEvent item, in TraceEvent template, PoolKind pool, int index, EventKind kind)
    {
        var element = _elements[index];
        item = template;
        item.Kind = kind;
        item.PhysAddr = element.Physical;
        item.Bytes = element.Bytes;
        // A release of a whole list gives back what its request took, which a pool may have rounded up.
        var isWhole = kind == EventKind.PoolUnmap && !template.Fields.HasFlag(EventFields.Arg);
        item.Units = isWhole ? 0 : pools.UnitsOf(pool, element.Physical, element.Bytes);
        item.DmaAddr = kind == EventKind.PoolMapFailed ? TraceEvent.MappingError : pools.UnitOf(pool, element.Address ?? 0);
        // The chain of a list: its first segment begins it, the others go on where the last one ended.
        item.Arg = index;
    }

    private string Id() => Encoding.UTF8.GetString(row["id"]);

    /// <summary>The pool whose allocator a row speaks of. A row that names its event is one of an export, and says what that
    /// event was.</summary>
    private PoolKind? NamedAllocator() => row["event"].IsEmpty && row["pool"] is { IsEmpty: false } name
        && PoolKindNames.Parse(Encoding.UTF8.GetString(name)) is { } kind && PoolAddresses.IsAllocator(kind) ? kind : null;
}
