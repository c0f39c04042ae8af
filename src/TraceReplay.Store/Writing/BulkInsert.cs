using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store.Writing;

/// <summary>Inserts rows of integers, texts and small blobs many at a time: one statement holds the parameters of
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
    private const byte IsText = 3;
    private const int TextRoom = 1 << 16;
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
    private readonly Dictionary<int, byte[]> _longTexts = [];
    private byte* _texts;
    private int _textEnd;
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

    /// <summary>Sets a text column; null is NULL.</summary>
    public void PutText(int column, string? value)
    {
        if (value is null)
        {
            PutNull(column);
            return;
        }

        var size = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (size > TextRoom - _textEnd)
        {
            PutText(column, Encoding.UTF8.GetBytes(value));
            return;
        }

        BindText(_base + column, Encoding.UTF8.GetBytes(value, TextSpace(size)));
    }

    /// <summary>Sets a text column, given as UTF-8. The rows of a statement share room for their texts, which SQLite reads in
    /// place; SQLite copies what does not fit there.</summary>
    public void PutText(int column, ReadOnlySpan<byte> value)
    {
        var slot = _base + column;
        if (value.Length <= TextRoom - _textEnd)
        {
            value.CopyTo(TextSpace(value.Length));
            BindText(slot, value.Length);
            return;
        }

        _types[slot] = IsText;
        _values[slot] = -1;
        _longTexts[slot] = value.ToArray();
        _full.BindText(slot + 1, value);
    }

    /// <summary>Ends the row being built.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndRow()
    {
        _row++;
        _base += _width;
        if (_row == RowsPerStatement)
        {
            ClearRows();
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
                IsText => part.BindText(slot + 1, Text(slot)),
                _ => part.BindNull(slot + 1),
            };
        }

        part.Run();
        ClearRows();
    }

    public void Dispose()
    {
        _full.Dispose();
        NativeMemory.Free(_blobs);
        NativeMemory.Free(_texts);
    }

    private void ClearRows()
    {
        _row = 0;
        _base = 0;
        _textEnd = 0;
        _longTexts.Clear();
    }

    private Span<byte> TextSpace(int size)
    {
        _texts = _texts == null ? (byte*)NativeMemory.Alloc(TextRoom) : _texts;
        return new Span<byte>(_texts + _textEnd, size);
    }

    /// <summary>Binds the text just put into the shared room.</summary>
    private void BindText(int slot, int length)
    {
        _types[slot] = IsText;
        _values[slot] = ((long)_textEnd << 32) | (uint)length;
        _ = NativeMethods.BindTextInPlace(_statement, slot + 1, _texts + _textEnd, length, 0);
        _textEnd += length;
    }

    private ReadOnlySpan<byte> Text(int slot) => _values[slot] < 0
        ? _longTexts[slot]
        : new ReadOnlySpan<byte>(_texts + (_values[slot] >> 32), (int)_values[slot]);

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
