using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store.Writing;

/// <summary>Writes facts and diagnostics of one source, one table for each type; a statement is prepared at the first
/// fact of its type.</summary>
internal sealed class FactRows : IDisposable
{
    private readonly Connection _connection;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly DeviceRows _devices;
    private readonly long _source;
    private readonly string _path;
    private long _nextId;

    public FactRows(Connection connection, long source, string path, DeviceRows devices)
    {
        _connection = connection;
        _source = source;
        _path = path;
        _devices = devices;
        _nextId = FactTables.LastId(connection) + 1;
    }

    public void Write(Fact fact)
    {
        switch (fact)
        {
            case LogRecordFact f:
                Begin("log_record", 7, f.Source).Bind(4, Time(f.TimeNs)).Bind(5, f.Level < 0 ? null : f.Level)
                    .Bind(6, f.Text).Run();
                break;
            case LogMessageFact f:
                Write(f);
                break;
            case PoolGeometryFact f:
                Write(f);
                break;
            case MachineFact f:
                Begin("machine", 11, f.Source).Bind(4, f.KernelRelease).Bind(5, f.KernelVersion).Bind(6, f.Arch)
                    .Bind(7, f.CommandLine).Bind(8, f.Cpus).Bind(9, f.BootTime).Bind(10, f.Model).Run();
                break;
            case DeviceFact f:
                _devices.Note(f);
                Begin("device_fact", 8, f.Source).Bind(4, f.Name).Bind(5, f.Driver).Bind(6, f.Bus).Bind(7, f.DmaMaskBits).Run();
                break;
            case ConsumerFact f:
                Begin("consumer", 7, f.Source).Bind(4, f.Consumer).BindOrNull(5, f.Alias).Bind(6, f.Device).Run();
                break;
            case UsageFact f:
                Begin("usage_sample", 10, f.Source).Bind(4, f.Kind.Name()).Bind(5, EnumText.Text(f.Moment))
                    .Bind(6, Time(f.TimeNs)).Bind(7, f.UsedUnits).Bind(8, f.TotalUnits).Bind(9, f.HighWaterUnits).Run();
                break;
            case ClockOffsetFact f:
                Begin("clock_offset", 7, f.Source).Bind(4, EnumText.Text(f.From)).Bind(5, EnumText.Text(f.To))
                    .Bind(6, f.OffsetNs).Run();
                break;
            case LossFact f:
                Begin("loss", 7, f.Source).Bind(4, f.Cpu < 0 ? null : f.Cpu).Bind(5, f.Lost < 0 ? null : f.Lost)
                    .Bind(6, f.AtStart).Run();
                break;
            default:
                throw new ArgumentException($"no table for facts of type {fact.GetType().Name}", nameof(fact));
        }
    }

    public void Write(Diagnostic item) =>
        Begin("diagnostic", 8, item.Source).Bind(4, item.Code).Bind(5, EnumText.Text(item.Severity)).Bind(6, item.Message)
            .BindOrNull(7, item.Hint).Run();

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }
    }

    private void Write(LogMessageFact f)
    {
        Begin("log_message", 18, f.Source).Bind(4, Time(f.TimeNs)).Bind(5, f.Family).Bind(6, f.Kind.Name()).Bind(7, f.IsFailure)
            .Bind(8, f.Text).BindOrNull(9, f.Device).BindOrNull(10, f.Driver).Bind(11, f.Bytes).Bind(12, f.Pages)
            .Bind(13, f.TotalUnits).Bind(14, f.UsedUnits).Bind(15, f.Suppressed).BindOrNull(16, f.Function)
            .Bind(17, f.Fields.Count == 0 ? null : Json(f.Fields)).Run();
        if (f.IsFailure)
        {
            Prepared(
                "failure",
                "INSERT INTO failure(origin, source_id, line, time_ns, pool_kind, family, device, driver, bytes, pages, "
                + "total_units, used_units, free_units) VALUES('log',?,?,?,?,?,?,?,?,?,?,?,?)")
                .Bind(1, _source).Bind(2, f.Source.Line).Bind(3, Time(f.TimeNs)).Bind(4, f.Kind.Name()).Bind(5, f.Family)
                .BindOrNull(6, f.Device).BindOrNull(7, f.Driver).Bind(8, f.Bytes).Bind(9, f.Pages).Bind(10, f.TotalUnits)
                .Bind(11, f.UsedUnits).Bind(12, f.TotalUnits - f.UsedUnits).Run();
        }
    }

    private void Write(PoolGeometryFact f) =>
        Begin("pool_geometry", 16, f.Source).Bind(4, f.Kind.Name()).Bind(5, EnumText.Text(f.Origin)).Bind(6, (long?)f.Base)
            .Bind(7, (long?)f.End).Bind(8, f.Units).Bind(9, f.UnitBytes).Bind(10, f.Areas).Bind(11, f.Forced)
            .Bind(12, f.CanGrow).Bind(13, f.PoolRef == 0 ? null : (long)f.PoolRef).BindOrNull(14, f.Device)
            .Bind(15, f.More.Count == 0 ? null : Json(f.More)).Run();

    /// <summary>The insert of a fact table with the common columns bound: id, source_id and line first, path last.</summary>
    private Statement Begin(string table, int columns, SourceRef source)
    {
        var statement = Prepared(table, null, columns);
        return statement.Bind(1, _nextId++).Bind(2, _source).Bind(3, source.Line)
            .Bind(columns, string.Equals(source.Path, _path, StringComparison.Ordinal) ? null : source.Path ?? string.Empty);
    }

    private Statement Prepared(string table, string? sql, int columns = 0)
    {
        if (!_statements.TryGetValue(table, out var statement))
        {
            sql ??= $"INSERT INTO {table} VALUES({string.Join(',', Enumerable.Repeat("?", columns))})";
            statement = _connection.Prepare(sql);
            _statements.Add(table, statement);
        }

        return statement;
    }

    private static long? Time(long timeNs) => timeNs == TraceEvent.NoTime ? null : timeNs;

    // Keys keep the order in which the parser met them: the same input gives the same bytes.
    private static string Json<T>(IReadOnlyDictionary<string, T> values) => JsonSerializer.Serialize(values, JsonText.Options);
}
