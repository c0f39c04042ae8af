using System.Runtime.CompilerServices;
using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store.Writing;

/// <summary>Writes the events of one source.</summary>
internal sealed class EventRows : IDisposable
{
    private readonly BulkInsert _rows;
    private readonly Statement _shape;
    private readonly Statement _task;
    private readonly NameRows _names;
    private readonly DeviceRows _devices;
    private readonly RowKeys<ShapeKey> _shapes = new();
    private readonly RowKeys<TaskKey> _tasks = new();
    private readonly long _source;
    private long _nextShape;
    private long _nextTask;

    public EventRows(Connection connection, long source, NameRows names, DeviceRows devices)
    {
        _source = source;
        _names = names;
        _devices = devices;
        _nextShape = connection.Scalar("SELECT max(id) FROM event_shape") + 1;
        _nextTask = connection.Scalar("SELECT max(id) FROM event_task") + 1;
        FirstId = connection.Scalar("SELECT max(id) FROM event_row") + 1;
        _rows = new BulkInsert(
            connection, "event_row",
            "line, time_ns, shape_id, task_id, dma_addr, phys_addr, bytes, units, used_units, arg, text_id, state");
        _shape = connection.Prepare("INSERT INTO event_shape VALUES(?,?,?,?,?,?,?,?,?,?,?,?)");
        _task = connection.Prepare("INSERT INTO event_task VALUES(?,?,?,?)");
    }

    /// <summary>Id of the first event of this source.</summary>
    public long FirstId { get; }

    /// <summary>Events written.</summary>
    public long Count { get; private set; }

    public void Write(EventBatch batch)
    {
        foreach (ref readonly var item in batch.Span)
        {
            Write(in item, batch);
        }

        Count += batch.Count;
    }

    public void Flush() => _rows.Flush();

    public void Dispose()
    {
        _rows.Dispose();
        _shape.Dispose();
        _task.Dispose();
    }

    private void Write(in TraceEvent item, EventBatch batch)
    {
        var rows = _rows;
        var shape = new ShapeKey(in item);
        var shapeRow = _shapes.Find(in shape);
        var task = new TaskKey(in item);
        var taskRow = _tasks.Find(in task);
        rows.Put(0, item.Line);
        PutUnless(1, item.TimeNs, TraceEvent.NoTime);
        rows.Put(2, shapeRow != 0 ? shapeRow : AddShape(in item, in shape, batch.Names));
        rows.Put(3, taskRow != 0 ? taskRow : AddTask(in item, in task, batch.Names));
        PutGiven(4, (long)item.DmaAddr, item.Fields & EventFields.DmaAddr);
        PutGiven(5, (long)item.PhysAddr, item.Fields & EventFields.PhysAddr);
        PutGiven(6, item.Bytes, item.Fields & EventFields.Bytes);
        PutGiven(7, item.Units, item.Fields & EventFields.Units);
        PutUnless(8, item.UsedUnits, -1);
        PutGiven(9, item.Arg, item.Fields & EventFields.Arg);
        PutUnless(10, item.TextId == 0 ? 0 : _names.Row(item.TextId, batch.Names), 0);
        if (item.StateCount == 0)
        {
            rows.PutNull(11);
        }
        else
        {
            PutState(batch.StateOf(in item));
        }

        rows.EndRow();
    }

    /// <summary>NULL where the value is the one that means "not said".</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PutUnless(int column, long value, long absent)
    {
        if (value == absent)
        {
            _rows.PutNull(column);
        }
        else
        {
            _rows.Put(column, value);
        }
    }

    /// <summary>NULL where the field is neither flagged nor set: a value without its flag must come back too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PutGiven(int column, long value, EventFields given)
    {
        if (value == 0 && given == EventFields.None)
        {
            _rows.PutNull(column);
        }
        else
        {
            _rows.Put(column, value);
        }
    }

    private void PutState(ReadOnlySpan<int> state)
    {
        var longest = state.Length * StateCode.MaxBytes;
        Span<byte> room = longest <= 1024 ? stackalloc byte[1024] : new byte[longest];
        _rows.PutBlob(11, room[..StateCode.Write(state, room)]);
    }

    private long AddShape(in TraceEvent item, in ShapeKey key, NameTable names)
    {
        _shape.Bind(1, _nextShape).Bind(2, _source).Bind(3, item.Kind.Name())
            .Bind(4, Id(_names.Row(item.NameId, names))).Bind(5, Id(_devices.Row(item.DeviceId, names)))
            .Bind(6, Id(_names.Row(item.ConsumerId, names)))
            .Bind(7, item.Pool == PoolKind.Unknown ? null : item.Pool.Name())
            .Bind(8, item.Direction == 255 ? null : item.Direction).Bind(9, (long)item.Fields)
            .Bind(10, AlignMask(in item)).Bind(11, Id((long)item.Limit)).Bind(12, Id((long)item.PoolRef)).Run();
        _shapes.Add(in key, _nextShape);
        return _nextShape++;
    }

    private long AddTask(in TraceEvent item, in TaskKey key, NameTable names)
    {
        _task.Bind(1, _nextTask).Bind(2, item.Cpu == -1 ? null : item.Cpu).Bind(3, item.Pid == -1 ? null : item.Pid)
            .Bind(4, Id(_names.Row(item.CommId, names))).Run();
        _tasks.Add(in key, _nextTask);
        return _nextTask++;
    }

    // 0 says "none asked for" of an allocation, and nothing of other events.
    private static long? AlignMask(in TraceEvent item) =>
        item.AlignMask == 0 && item.Kind is not (EventKind.PoolMap or EventKind.PoolMapped) ? null : (long)item.AlignMask;

    private static long? Id(long row) => row == 0 ? null : row;
}
