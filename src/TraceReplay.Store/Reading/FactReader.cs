using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>Reads the fact tables back into records.</summary>
internal sealed class FactReader(Connection connection, Dictionary<long, string> paths)
{
    private readonly List<(long Id, long Source, Fact Fact)> _facts = [];

    /// <summary>Reads all but the lines of logs.</summary>
    /// <returns>The facts in the order in which they were read, with their ids, and the diagnostics.</returns>
    public (List<(long Id, long Source, Fact Fact)> Facts, List<StoredDiagnostic> Diagnostics) ReadAllButLogs()
    {
        Read(
            "pool_geometry",
            "pool_kind, origin, base_addr, end_addr, units, unit_bytes, areas, forced, can_grow, pool_ref, device, more",
            Geometry);
        Read(
            "machine",
            "kernel_release, kernel_version, arch, command_line, cpus, boot_time, model, memory_bytes, memory_end, distribution",
            Machine);
        Read(
            "device_fact",
            "name, driver, bus, dma_mask_bits, ids, class_code, description, iommu_group",
            (r, at) => new DeviceFact(r.Text(4), at)
            {
                Driver = r.NullableText(5), Bus = r.NullableText(6), DmaMaskBits = r.NullableInt32(7), Ids = r.NullableText(8),
                ClassCode = r.NullableText(9), Description = r.NullableText(10), IommuGroup = r.NullableInt32(11),
            });
        Read("consumer", "consumer, alias, device", (r, at) => new ConsumerFact(r.Text(4), r.Text(5), r.Text(6), at));
        foreach (var (table, columns, make) in InventoryTables.All)
        {
            Read(table, columns, make);
        }

        Read("usage_sample", "pool_kind, moment, time_ns, used_units, total_units, high_water_units", Usage);
        Read("clock_offset", "from_clock, to_clock, offset_ns, boot, lines, spread_ns, since_ns", (r, at) =>
            new ClockOffsetFact(EnumText.Clock(r.Text(4)), EnumText.Clock(r.Text(5)), r.Int64(6), at)
            {
                Boot = (int)r.Int64(7), Lines = r.Int64(8), SpreadNs = r.Int64(9), SinceNs = r.Int64(10, TraceEvent.NoTime),
            });
        Read("loss", "cpu, lost, at_start", (r, at) =>
            new LossFact((int)r.Int64(4, -1), r.Int64(5, -1), r.Int64(6) != 0, at));
        Read("boot", "number, kernel, boot_id", (r, at) =>
            new BootFact((int)r.Int64(4), at) { Kernel = r.Text(5), Id = r.Text(6) });
        _facts.Sort((a, b) => a.Id.CompareTo(b.Id));
        return (_facts, ReadDiagnostics());
    }

    /// <summary>Streams the lines of logs among the other facts: there may be very many.</summary>
    /// <param name="others">All other facts in order.</param>
    /// <returns>All facts in the order in which they were read.</returns>
    public IEnumerable<StoredFact> WithLogs(IReadOnlyList<(long Id, long Source, Fact Fact)> others)
    {
        using var records = Rows("log_record", "time_ns, level, text", (r, at) =>
            new LogRecordFact(r.Int64(4, TraceEvent.NoTime), (int)r.Int64(5, -1), r.Text(6), at)).GetEnumerator();
        using var messages = Rows(
            "log_message",
            "time_ns, family, pool_kind, is_failure, text, device, driver, bytes, pages, total_units, used_units, suppressed, "
            + "function, fields, boot, host", LogMessage).GetEnumerator();
        using var rest = others.GetEnumerator();
        IEnumerator<(long Id, long Source, Fact Fact)>[] streams = [records, messages, rest];
        var open = streams.Where(s => s.MoveNext()).ToList();
        while (open.Count > 0)
        {
            var next = open[0];
            for (var i = 1; i < open.Count; i++)
            {
                next = open[i].Current.Id < next.Current.Id ? open[i] : next;
            }

            yield return new StoredFact(next.Current.Source, next.Current.Fact);
            if (!next.MoveNext())
            {
                open.Remove(next);
            }
        }
    }

    private static LogMessageFact LogMessage(Statement r, SourceRef at) => new(
        r.Text(5), EnumText.Pool(r.Text(6)), r.Int64(7) != 0, r.Int64(4, TraceEvent.NoTime), r.Text(8), at)
    {
        Device = r.Text(9),
        Driver = r.Text(10),
        Bytes = r.NullableInt64(11),
        Pages = r.NullableInt64(12),
        TotalUnits = r.NullableInt64(13),
        UsedUnits = r.NullableInt64(14),
        Suppressed = r.NullableInt64(15),
        Function = r.Text(16),
        Fields = Json<string>(r, 17),
        Boot = (int)r.Int64(18, 0),
        Host = r.Text(19),
    };

    private static PoolGeometryFact Geometry(Statement r, SourceRef at) =>
        new(EnumText.Pool(r.Text(4)), at, EnumText.Origin(r.Text(5)))
        {
            Base = (ulong?)r.NullableInt64(6),
            End = (ulong?)r.NullableInt64(7),
            Units = r.NullableInt64(8),
            UnitBytes = r.NullableInt64(9),
            Areas = r.NullableInt32(10),
            Forced = r.NullableBool(11),
            CanGrow = r.NullableBool(12),
            PoolRef = (ulong)r.Int64(13),
            Device = r.Text(14),
            More = Json<long>(r, 15),
        };

    private static MachineFact Machine(Statement r, SourceRef at) => new(at)
    {
        KernelRelease = r.NullableText(4),
        KernelVersion = r.NullableText(5),
        Arch = r.NullableText(6),
        CommandLine = r.NullableText(7),
        Cpus = r.NullableInt32(8),
        BootTime = r.NullableText(9),
        Model = r.NullableText(10),
        MemoryBytes = r.NullableInt64(11),
        MemoryEnd = r.NullableInt64(12),
        Distribution = r.NullableText(13),
    };

    private static UsageFact Usage(Statement r, SourceRef at) => new(
        EnumText.Pool(r.Text(4)), EnumText.Moment(r.Text(5)), r.Int64(6, TraceEvent.NoTime), r.Int64(7), r.NullableInt64(8), at)
    {
        HighWaterUnits = r.NullableInt64(9),
    };

    /// <summary>A column that holds a JSON object.</summary>
    /// <typeparam name="T">Type of its values.</typeparam>
    /// <param name="row">The row.</param>
    /// <param name="column">The column.</param>
    /// <returns>Its members; empty for NULL.</returns>
    internal static Dictionary<string, T> Json<T>(Statement row, int column)
    {
        if (row.IsNull(column))
        {
            return new Dictionary<string, T>(StringComparer.Ordinal);
        }

        try
        {
            var read = JsonSerializer.Deserialize<Dictionary<string, T>>(row.Bytes(column), JsonText.Options);
            return new Dictionary<string, T>(read ?? [], StringComparer.Ordinal);
        }
        catch (JsonException failure)
        {
            throw new StoreException(
                StoreError.Corrupt, "the database holds JSON that cannot be read: " + failure.Message, inner: failure);
        }
    }

    private void Read(string table, string columns, Func<Statement, SourceRef, Fact> make) => _facts.AddRange(Rows(table, columns, make));

    private IEnumerable<(long Id, long Source, Fact Fact)> Rows(string table, string columns, Func<Statement, SourceRef, Fact> make)
    {
        using var rows = connection.Prepare($"SELECT id, source_id, line, path, {columns} FROM {table} ORDER BY id");
        while (rows.Step())
        {
            yield return (rows.Int64(0), rows.Int64(1), make(rows, Place(rows)));
        }
    }

    private List<StoredDiagnostic> ReadDiagnostics()
    {
        var all = new List<StoredDiagnostic>();
        using var rows = connection.Prepare(
            "SELECT id, source_id, line, path, code, severity, message, hint FROM diagnostic ORDER BY id");
        while (rows.Step())
        {
            all.Add(new StoredDiagnostic(rows.NullableInt64(1), new Diagnostic(
                rows.Text(4), EnumText.Severity(rows.Text(5)), rows.Text(6), Place(rows), rows.Text(7))));
        }

        return all;
    }

    private SourceRef Place(Statement row)
    {
        var path = row.IsNull(3) ? paths.GetValueOrDefault(row.Int64(1), string.Empty) : row.Text(3);
        return new SourceRef(path, row.Int64(2));
    }
}
