using System.Buffers;
using System.Globalization;
using System.Text;
using CsvHelper;
using TraceReplay.Core;
using TraceReplay.Store;

namespace TraceReplay.Analysis.Export;

/// <summary>The events as canonical CSV (spec formats.md 6.1), with the columns that allocator probes need beside it: one row an event.
/// Reading it gives the same events.</summary>
internal sealed class CanonicalCsvExport(TraceDatabase store, StoredFacts facts, IReadOnlyList<SourceRow> sources)
{
    private static readonly string[] Columns =
    [
        "time_ns", "op", "event", "device", "driver", "size", "dma_addr", "phys_addr", "dir", "result", "cpu", "pid", "comm", "pool", "lun",
        "units", "used_units", "align_mask", "limit", "pool_ref", "arg", "state", "flags", "text",
    ];

    private static readonly string[] Directions = ["bidirectional", "to_device", "from_device", "none"];

    private static readonly (EventFields Field, string Name)[] Presence =
    [
        (EventFields.DmaAddr, "dma_addr?"), (EventFields.PhysAddr, "phys_addr?"), (EventFields.Bytes, "size?"), (EventFields.Units, "units?"),
        (EventFields.Arg, "arg?"),
    ];

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Dictionary<string, string> _drivers = new(StringComparer.Ordinal);

    /// <summary>Writes all rows.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Write(Stream output, CancellationToken cancellation)
    {
        foreach (var device in facts.All.OfType<DeviceFact>().Where(d => !string.IsNullOrEmpty(d.Driver)))
        {
            _drivers.TryAdd(device.Name, device.Driver!);
        }

        var options = CsvWriterOptions.Default with { NewLine = "\n" };
        output.Write(Encoding.UTF8.GetBytes(CanonicalHead.Of(facts, sources)));
        using var csv = CsvWriter.Create(output, options, leaveOpen: true);
        csv.WriteHeader(Columns);
        using var reader = store.ReadEvents();
        var batch = new EventBatch();
        foreach (var source in sources)
        {
            reader.Begin(source);
            while (reader.Read(batch))
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (ref readonly var item in batch.Span)
                {
                    Row(csv, in item, batch);
                    csv.EndRecord();
                }
            }
        }
    }

    private void Row(CsvWriter csv, in TraceEvent item, EventBatch batch)
    {
        var failed = item.DmaAddr == TraceEvent.MappingError;
        Integer(csv, item.TimeNs, item.TimeNs != TraceEvent.NoTime);
        csv.WriteField(item.Kind.Name());
        Name(csv, batch.Names, item.NameId);
        Name(csv, batch.Names, item.DeviceId);
        csv.WriteField(item.DeviceId != 0 && _drivers.TryGetValue(batch.Names.Text(item.DeviceId), out var driver) ? Escaped(Encoding.UTF8.GetBytes(driver)) : default);
        Integer(csv, item.Bytes, Given(in item, EventFields.Bytes, item.Bytes));
        Hex(csv, item.DmaAddr, !failed && Given(in item, EventFields.DmaAddr, (long)item.DmaAddr));
        Hex(csv, item.PhysAddr, Given(in item, EventFields.PhysAddr, (long)item.PhysAddr));
        csv.WriteField(item.Direction < Directions.Length ? Directions[item.Direction] : string.Empty);
        csv.WriteField(failed ? "failed" : string.Empty);
        Integer(csv, item.Cpu, item.Cpu >= 0);
        Integer(csv, item.Pid, item.Pid >= 0);
        Name(csv, batch.Names, item.CommId);
        csv.WriteField(item.Pool == PoolKind.Unknown ? string.Empty : item.Pool.Name());
        Name(csv, batch.Names, item.ConsumerId);
        Integer(csv, item.Units, Given(in item, EventFields.Units, item.Units));
        Integer(csv, item.UsedUnits, item.UsedUnits != -1);
        Hex(csv, item.AlignMask, item.AlignMask != 0);
        Hex(csv, item.Limit, item.Limit != 0);
        Hex(csv, item.PoolRef, item.PoolRef != 0);
        Integer(csv, item.Arg, Given(in item, EventFields.Arg, item.Arg));
        csv.WriteField(item.StateCount == 0 ? string.Empty : State(batch.StateOf(in item)));
        csv.WriteField(Flags(in item));
        Name(csv, batch.Names, item.TextId);
    }

    private static bool Given(in TraceEvent item, EventFields field, long value) => value != 0 || item.Fields.HasFlag(field);

    private void Name(CsvWriter csv, NameTable names, int id) => csv.WriteField(id == 0 ? default : Escaped(names.Bytes(id)));

    private ReadOnlySpan<byte> Escaped(ReadOnlySpan<byte> text)
    {
        _text.ResetWrittenCount();
        EscapedText.Write(text, _text);
        return _text.WrittenSpan;
    }

    private static void Integer(CsvWriter csv, long value, bool isGiven)
    {
        if (isGiven)
        {
            csv.WriteField(value, []);
        }
        else
        {
            csv.WriteField(ReadOnlySpan<byte>.Empty);
        }
    }

    private static void Hex(CsvWriter csv, ulong value, bool isGiven)
    {
        Span<byte> room = stackalloc byte[18];
        "0x"u8.CopyTo(room);
        _ = value.TryFormat(room[2..], out var length, "x", CultureInfo.InvariantCulture);
        csv.WriteField(isGiven ? room[..(length + 2)] : default(ReadOnlySpan<byte>));
    }

    private static string State(ReadOnlySpan<int> values)
    {
        var text = new StringBuilder();
        foreach (var value in values)
        {
            text.Append(text.Length > 0 ? " " : string.Empty).Append(value.ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <summary>Flags by name; a value that stands in the row but was not told by the event is named with a question mark.</summary>
    private static string Flags(in TraceEvent item)
    {
        var text = string.Empty;
        text = Add(text, item.Fields.HasFlag(EventFields.Forced), "forced");
        text = Add(text, item.Fields.HasFlag(EventFields.Interrupt), "interrupt");
        text = Add(text, item.Fields.HasFlag(EventFields.Truncated), "truncated");
        text = Add(text, item.Fields.HasFlag(EventFields.Coherent), "coherent");
        Span<bool> stands = [item.DmaAddr != 0, item.PhysAddr != 0, item.Bytes != 0, item.Units != 0, item.Arg != 0];
        for (var i = 0; i < Presence.Length; i++)
        {
            text = Add(text, stands[i] && !item.Fields.HasFlag(Presence[i].Field), Presence[i].Name);
        }

        return text;
    }

    private static string Add(string text, bool isSet, string name) => !isSet ? text : text.Length == 0 ? name : text + "|" + name;
}
