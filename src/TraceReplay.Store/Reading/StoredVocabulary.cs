using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>Shapes, tasks and names of all sources in memory, by row id.</summary>
internal sealed class StoredVocabulary
{
    /// <summary>Marks a shape that exists, in the field that every event overwrites.</summary>
    public const long Known = -1;

    private readonly Connection _connection;

    public StoredVocabulary(Connection connection, NameTable names)
    {
        _connection = connection;
        Texts = ReadNames(names);
        var devices = ReadDevices(names);
        Shapes = ReadShapes(devices);
        Tasks = ReadTasks();
    }

    public TraceEvent[] Shapes { get; }

    public TaskRow[] Tasks { get; }

    /// <summary>Ids of the name table by name.id.</summary>
    public int[] Texts { get; }

    private int[] ReadNames(NameTable names)
    {
        var ids = Room<int>("SELECT max(id) FROM name");
        using var rows = _connection.Prepare("SELECT id, text, bytes FROM name ORDER BY id");
        while (rows.Step())
        {
            ids[Index(rows.Int64(0), ids.Length)] = names.Intern(rows.IsNull(2) ? rows.Bytes(1) : rows.Bytes(2));
        }

        return ids;
    }

    private int[] ReadDevices(NameTable names)
    {
        var ids = Room<int>("SELECT max(id) FROM device");
        using var rows = _connection.Prepare("SELECT id, name, bytes FROM device ORDER BY id");
        while (rows.Step())
        {
            ids[Index(rows.Int64(0), ids.Length)] = names.Intern(rows.IsNull(2) ? rows.Bytes(1) : rows.Bytes(2));
        }

        return ids;
    }

    private TraceEvent[] ReadShapes(int[] devices)
    {
        var shapes = Room<TraceEvent>("SELECT max(id) FROM event_shape");
        using var rows = _connection.Prepare(
            "SELECT id, kind, name_id, device_id, consumer_id, pool_kind, direction, fields, align_mask, search_limit, "
            + "pool_ref FROM event_shape ORDER BY id");
        while (rows.Step())
        {
            ref var item = ref shapes[Index(rows.Int64(0), shapes.Length)];
            item = TraceEvent.Empty;
            item.Line = Known;
            item.Kind = EnumText.Kind(rows.Text(1));
            item.NameId = Lookup(Texts, rows.Int64(2));
            item.DeviceId = Lookup(devices, rows.Int64(3));
            item.ConsumerId = Lookup(Texts, rows.Int64(4));
            item.Pool = rows.IsNull(5) ? PoolKind.Unknown : EnumText.Pool(rows.Text(5));
            item.Direction = (byte)rows.Int64(6, 255);
            item.Fields = (EventFields)(ushort)rows.Int64(7);
            item.AlignMask = (ulong)rows.Int64(8);
            item.Limit = (ulong)rows.Int64(9);
            item.PoolRef = (ulong)rows.Int64(10);
        }

        return shapes;
    }

    private TaskRow[] ReadTasks()
    {
        var tasks = Room<TaskRow>("SELECT max(id) FROM event_task");
        using var rows = _connection.Prepare("SELECT id, cpu, pid, comm_id FROM event_task ORDER BY id");
        while (rows.Step())
        {
            tasks[Index(rows.Int64(0), tasks.Length)] = new TaskRow(
                (int)rows.Int64(1, -1), (int)rows.Int64(2, -1), Lookup(Texts, rows.Int64(3)));
        }

        return tasks;
    }

    // Ids are dense in a file of ours; a file from elsewhere must not make the program ask for all memory.
    private T[] Room<T>(string lastId)
    {
        var last = _connection.Scalar(lastId);
        return last is >= 0 and < 1 << 26 ? new T[last + 1] : throw Damaged();
    }

    private long Index(long id, int length) => id >= 0 && id < length ? id : throw Damaged();

    private static int Lookup(int[] ids, long row) => row >= 0 && row < ids.Length ? ids[row] : 0;

    private StoreException Damaged() => new(StoreError.Corrupt, $"{_connection.Path} is damaged: ids are out of range");
}

/// <summary>A row of event_task with its name as an id of the name table.</summary>
internal readonly record struct TaskRow(int Cpu, int Pid, int CommId);
