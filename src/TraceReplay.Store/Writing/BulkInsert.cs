using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store.Writing;

/// <summary>Inserts rows of integers (and small blobs) many at a time: one statement holds the parameters of
/// <see cref="RowsPerStatement"/> rows, and a parameter is bound again only when its value changed. Rows of a trace repeat
/// most of their columns, so most binds fall away.</summary>
internal sealed unsafe class BulkInsert : IDisposable
{
    /// <summary>Rows of one statement; more gain nothing (README, measurements).</summary>
    public const int RowsPerStatement = 32;

    private const int BlobRoom = 1024;
    private const byte IsNull = 0;
    private const byte IsInteger = 1;
    private const byte IsBlob = 2;
    private readonly Connection _connection;
    private readonly string _table;
    private readonly string _columns;
    private readonly int _width;
    private readonly Statement _full;
    private readonly nint _statement;
    private readonly byte[] _types;
    private readonly long[] _values;
    private readonly byte* _blobs;
    private readonly byte[][] _long = new byte[RowsPerStatement][];
    private int _base;
    private int _row;

    /// <param name="connection">The database.</param>
    /// <param name="table">Table name.</param>
    /// <param name="columns">Column names, comma-separated.</param>
    public BulkInsert(Connection connection, string table, string columns)
    {
        _connection = connection;
        _table = table;
        _columns = columns;
        _width = columns.Count(c => c == ',') + 1;
        _full = Prepare(RowsPerStatement);
        _statement = _full.Raw;
        _types = new byte[_width * RowsPerStatement];
        _values = new long[_width * RowsPerStatement];
        _blobs = (byte*)NativeMemory.Alloc(RowsPerStatement * BlobRoom);
    }

    /// <summary>Sets an integer column of the row being built.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int column, long value)
    {
        var slot = _base + column;
        if (_values[slot] != value || _types[slot] != IsInteger)
        {
            _values[slot] = value;
            _types[slot] = IsInteger;
            _ = NativeMethods.BindInt64(_statement, slot + 1, value);
        }
    }

    /// <summary>Sets a column of the row being built to NULL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutNull(int column)
    {
        var slot = _base + column;
        if (_types[slot] != IsNull)
        {
            _types[slot] = IsNull;
            _ = NativeMethods.BindNull(_statement, slot + 1);
        }
    }

    /// <summary>Sets a blob column. Each row has room for one short blob, which SQLite reads in place; SQLite copies a
    /// longer one.</summary>
    public void PutBlob(int column, ReadOnlySpan<byte> value)
    {
        var slot = _base + column;
        _types[slot] = IsBlob;
        _values[slot] = value.Length;
        if (value.Length <= BlobRoom)
        {
            var room = _blobs + (_row * BlobRoom);
            value.CopyTo(new Span<byte>(room, BlobRoom));
            _ = NativeMethods.BindBlob(_statement, slot + 1, room, value.Length, 0);
            return;
        }

        _long[_row] = value.ToArray();
        _full.BindBlob(slot + 1, value);
    }

    /// <summary>Ends the row being built.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndRow()
    {
        _row++;
        _base += _width;
        if (_row == RowsPerStatement)
        {
            _row = 0;
            _base = 0;
            _full.Run();
        }
    }

    /// <summary>Writes the rows that do not fill a statement.</summary>
    public void Flush()
    {
        if (_row == 0)
        {
            return;
        }

        using var part = Prepare(_row);
        for (var slot = 0; slot < _row * _width; slot++)
        {
            _ = _types[slot] switch
            {
                IsInteger => part.Bind(slot + 1, _values[slot]),
                IsBlob => part.BindBlob(slot + 1, Blob(slot)),
                _ => part.BindNull(slot + 1),
            };
        }

        part.Run();
        _row = 0;
        _base = 0;
    }

    public void Dispose()
    {
        _full.Dispose();
        NativeMemory.Free(_blobs);
    }

    private ReadOnlySpan<byte> Blob(int slot)
    {
        var (row, length) = (slot / _width, (int)_values[slot]);
        return length > BlobRoom ? _long[row] : new ReadOnlySpan<byte>(_blobs + (row * BlobRoom), length);
    }

    private Statement Prepare(int rows)
    {
        var row = "(" + string.Join(',', Enumerable.Repeat("?", _width)) + ")";
        var sql = new StringBuilder((rows * (row.Length + 1)) + 64);
        sql.Append("INSERT INTO ").Append(_table).Append('(').Append(_columns).Append(") VALUES ");
        sql.AppendJoin(',', Enumerable.Repeat(row, rows));
        return _connection.Prepare(sql.ToString());
    }
}
