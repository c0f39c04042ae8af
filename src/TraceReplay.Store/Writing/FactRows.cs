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
    private LogRows? _log;
    private long _nextId;

    public FactRows(Connection connection, long source, string path, DeviceRows devices)
    {
        _connection = connection;
        _source = source;
        _path = path;
        _devices = devices;
        _nextId = FactTables.LastId(connection) + 1;
    }

    private LogRows Log => _log ??= new LogRows(_connection, _source, _path);

    public void Write(Fact fact)
    {
        switch (fact)
        {
            case LogRecordFact f:
                Log.Write(f, _nextId++);
                break;
            case LogMessageFact f:
                Log.Write(f, _nextId++);
                break;
            case PoolGeometryFact f:
                Write(f);
                break;
            case MachineFact f:
                Begin("machine", 14, f.Source).Bind(4, f.KernelRelease).Bind(5, f.KernelVersion).Bind(6, f.Arch)
                    .Bind(7, f.CommandLine).Bind(8, f.Cpus).Bind(9, f.BootTime).Bind(10, f.Model).Bind(11, f.MemoryBytes)
                    .Bind(12, f.MemoryEnd).Bind(13, f.Distribution).Run();
                break;
            case DeviceFact f:
                _devices.Note(f);
                Begin("device_fact", 12, f.Source).Bind(4, f.Name).Bind(5, f.Driver).Bind(6, f.Bus).Bind(7, f.DmaMaskBits)
                    .Bind(8, f.Ids).Bind(9, f.ClassCode).Bind(10, f.Description).Bind(11, f.IommuGroup).Run();
                break;
            case ConsumerFact f:
                Begin("consumer", 7, f.Source).Bind(4, f.Consumer).BindOrNull(5, f.Alias).Bind(6, f.Device).Run();
                break;
            case UsageFact f:
                Begin("usage_sample", 10, f.Source).Bind(4, f.Kind.Name()).Bind(5, EnumText.Text(f.Moment))
                    .Bind(6, Time(f.TimeNs)).Bind(7, f.UsedUnits).Bind(8, f.TotalUnits).Bind(9, f.HighWaterUnits).Run();
                break;
            case ClockOffsetFact f:
                Begin("clock_offset", 11, f.Source).Bind(4, f.From.Name()).Bind(5, f.To.Name())
                    .Bind(6, f.OffsetNs).Bind(7, f.Boot).Bind(8, f.Lines).Bind(9, f.SpreadNs).Bind(10, Time(f.SinceNs)).Run();
                break;
            case BootFact f:
                Begin("boot", 7, f.Source).Bind(4, f.Number).BindOrNull(5, f.Kernel).BindOrNull(6, f.Id).Run();
                break;
            case LossFact f:
                Begin("loss", 7, f.Source).Bind(4, f.Cpu < 0 ? null : f.Cpu).Bind(5, f.Lost < 0 ? null : f.Lost)
                    .Bind(6, f.AtStart).Run();
                break;
            default:
                WriteInventory(fact);
                break;
        }
    }

    private void WriteInventory(Fact fact)
    {
        switch (fact)
        {
            case ScsiHostFact f:
                Begin("scsi_host", 18, f.Source).Bind(4, f.Host).Bind(5, f.Driver).Bind(6, f.DriverVersion).Bind(7, f.Device)
                    .Bind(8, f.Model).Bind(9, f.CanQueue).Bind(10, f.CmdPerLun).Bind(11, f.SgTablesize).Bind(12, f.LunQueueDepth)
                    .Bind(13, f.HbaQueueDepth).Bind(14, f.SgSegCnt).Bind(15, f.HwQueues).Bind(16, f.UncheckedIsaDma)
                    .Bind(17, f.More.Count == 0 ? null : Json(f.More)).Run();
                break;
            case LunPathFact f:
                Begin("lun_path", 20, f.Source).Bind(4, f.Address.Host).Bind(5, f.Address.Channel).Bind(6, f.Address.Target)
                    .Bind(7, (long)f.Address.Lun).Bind(8, f.Type).Bind(9, f.Vendor).Bind(10, f.Model).Bind(11, f.Rev)
                    .Bind(12, f.Node).Bind(13, f.Sg).Bind(14, f.QueueDepth).Bind(15, f.Bytes).Bind(16, f.Wwid)
                    .Bind(17, f.Map).Bind(18, f.GroupState).Bind(19, f.PathState).Run();
                break;
            case MultipathMapFact f:
                Begin("multipath_map", 12, f.Source).Bind(4, f.Map).Bind(5, f.Wwid).Bind(6, f.Dm).Bind(7, f.Vendor)
                    .Bind(8, f.Model).Bind(9, f.Bytes).Bind(10, f.Features).Bind(11, f.Policy).Run();
                break;
            case BlockQueueFact f:
                Begin("block_queue", 13, f.Source).Bind(4, f.Disk).Bind(5, f.Device).Bind(6, f.Address?.ToString())
                    .Bind(7, f.MaxSectorsKb).Bind(8, f.MaxHwSectorsKb).Bind(9, f.MaxSegments).Bind(10, f.MaxSegmentBytes)
                    .Bind(11, f.NrRequests).Bind(12, f.QueueDepth).Run();
                break;
            case ModuleParameterFact f:
                Begin("module_parameter", 8, f.Source).Bind(4, f.Module).Bind(5, f.Parameter).Bind(6, f.Value)
                    .Bind(7, EnumText.Text(f.Origin)).Run();
                break;
            case KernelModuleFact f:
                Begin("kernel_module", 7, f.Source).Bind(4, f.Module).Bind(5, f.Version).Bind(6, f.IsLoaded).Run();
                break;
            case MemoryRegionFact f:
                Begin("memory_region", 8, f.Source).Bind(4, (long)f.Start).Bind(5, (long)f.End).Bind(6, f.Depth).Bind(7, f.Name).Run();
                break;
            default:
                throw new ArgumentException($"no table for facts of type {fact.GetType().Name}", nameof(fact));
        }
    }

    public void Write(Diagnostic item) =>
        Begin("diagnostic", 8, item.Source).Bind(4, item.Code).Bind(5, EnumText.Text(item.Severity)).Bind(6, item.Message)
            .BindOrNull(7, item.Hint).Run();

    /// <summary>Writes what is still held back.</summary>
    public void Flush() => _log?.Flush();

    public void Dispose()
    {
        _log?.Dispose();
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
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
