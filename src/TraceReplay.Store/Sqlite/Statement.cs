using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using SQLitePCL;

namespace TraceReplay.Store.Sqlite;

/// <summary>A prepared statement over the raw layer. Parameters are 1-based, columns 0-based, as in SQLite.</summary>
internal sealed unsafe class Statement : IDisposable
{
    private const int RowReady = 100;
    private const int Done = 101;
    private const int NullType = 5;
    private static readonly nint Transient = -1;
    private readonly Connection _owner;
    private readonly sqlite3_stmt _handle;
    private readonly nint _raw;

    internal Statement(Connection owner, sqlite3_stmt handle)
    {
        _owner = owner;
        _handle = handle;
        _raw = handle.DangerousGetHandle();
    }

    public nint Raw => _raw;

    public sqlite3_stmt Handle => _handle;

    public Statement Bind(int index, long value)
    {
        Check(NativeMethods.BindInt64(_raw, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } v ? Bind(index, v) : BindNull(index);

    public Statement Bind(int index, bool? value) => value is { } v ? Bind(index, v ? 1L : 0L) : BindNull(index);

    public Statement Bind(int index, double? value)
    {
        Check(value is { } v ? NativeMethods.BindDouble(_raw, index, v) : NativeMethods.BindNull(_raw, index));
        return this;
    }

    public Statement BindNull(int index)
    {
        Check(NativeMethods.BindNull(_raw, index));
        return this;
    }

    /// <summary>Binds text; null gives NULL.</summary>
    public Statement Bind(int index, string? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }

        var size = Encoding.UTF8.GetMaxByteCount(value.Length);
        byte[]? rented = null;
        Span<byte> room = size <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(size);
        var length = Encoding.UTF8.GetBytes(value, room);
        fixed (byte* start = room)
        {
            Check(NativeMethods.BindText(_raw, index, start, length, Transient));
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return this;
    }

    /// <summary>Binds text; an empty string gives NULL.</summary>
    public Statement BindOrNull(int index, string? value) => Bind(index, string.IsNullOrEmpty(value) ? null : value);

    /// <summary>Binds text given as UTF-8; SQLite copies it.</summary>
    public Statement BindText(int index, ReadOnlySpan<byte> value)
    {
        byte none = 0;
        fixed (byte* start = value)
        {
            Check(NativeMethods.BindText(_raw, index, start == null ? &none : start, value.Length, Transient));
        }

        return this;
    }

    public Statement BindBlob(int index, ReadOnlySpan<byte> value)
    {
        byte none = 0;
        fixed (byte* start = value)
        {
            Check(NativeMethods.BindBlob(_raw, index, start == null ? &none : start, value.Length, Transient));
        }

        return this;
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Step()
    {
        var result = NativeMethods.Step(_raw);
        if (result == RowReady)
        {
            return true;
        }

        if (result != Done)
        {
            Fail(result);
        }

        return false;
    }

    /// <summary>Runs a statement that gives no rows, and makes it ready for the next run.</summary>
    public void Run()
    {
        var result = NativeMethods.Step(_raw);
        if (result is not (Done or RowReady))
        {
            Fail(result);
        }

        _ = NativeMethods.Reset(_raw);
    }

    public void Reset() => _ = NativeMethods.Reset(_raw);

    public bool IsNull(int column) => NativeMethods.ColumnType(_raw, column) == NullType;

    public int Type(int column) => NativeMethods.ColumnType(_raw, column);

    public long Int64(int column) => NativeMethods.ColumnInt64(_raw, column);

    public long Int64(int column, long ifNull) => IsNull(column) ? ifNull : Int64(column);

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    public int? NullableInt32(int column) => IsNull(column) ? null : (int)Int64(column);

    public bool? NullableBool(int column) => IsNull(column) ? null : Int64(column) != 0;

    public double Double(int column) => NativeMethods.ColumnDouble(_raw, column);

    public double? NullableDouble(int column) => IsNull(column) ? null : Double(column);

    public string? NullableText(int column) => IsNull(column) ? null : Text(column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    /// <summary>Bytes of a text or blob column; valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        var start = NativeMethods.ColumnBlob(_raw, column);
        return start == null ? default : new ReadOnlySpan<byte>(start, NativeMethods.ColumnBytes(_raw, column));
    }

    public void Dispose() => _handle.Dispose();

    internal void Check(int result)
    {
        if (result != 0)
        {
            Fail(result);
        }
    }

    private void Fail(int result)
    {
        var failure = _owner.Failure(result);
        _ = NativeMethods.Reset(_raw);
        throw failure;
    }
}
