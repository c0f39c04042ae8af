using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TraceReplay.Replay.Paging;

/// <summary>An array of plain structs of any length in bounded memory: as many pages as its room allows stay in memory, the others lie in a
/// temporary file that nobody else sees; it is closed, and so gone, when the array is collected, and at the latest with the process. One thread writes; any number of threads read at the same time, as
/// long as nobody writes. Items are copied out, so that no page is in use while it is given to other items.</summary>
/// <typeparam name="T">A struct without references.</typeparam>
public sealed class PagedArray<T>
    where T : unmanaged
{
    /// <summary>Bytes of a page: below the limit of the large object heap.</summary>
    private const int PageBytes = 1 << 16;

    /// <summary>The fewest pages: those that one operation of a reader and a writer may touch in turn.</summary>
    private const int LeastPages = 16;

    private static readonly int Bits = BitOperations.Log2((uint)(PageBytes / Unsafe.SizeOf<T>()));
    private static readonly int PageSize = 1 << Bits;
    private static readonly int Mask = PageSize - 1;

    private readonly Lock _loading = new();
    private readonly T _fill;
    private readonly List<Page> _resident = [];
    private Page?[] _pages = new Page?[16];
    private ulong[] _written = new ulong[1];
    private int _most;
    private int _hand;
    private SafeFileHandle? _file;

    /// <summary>Creates an empty array.</summary>
    /// <param name="roomBytes">Room in memory, bytes.</param>
    /// <param name="fill">What items are before they are set.</param>
    public PagedArray(long roomBytes, T fill = default)
    {
        _most = (int)Math.Clamp(roomBytes / PageBytes, LeastPages, int.MaxValue);
        _fill = fill;
    }

    /// <summary>Number of items.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes in the temporary file.</summary>
    public long SpilledBytes { get; private set; }

    /// <summary>An item.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public T this[int index]
    {
        get
        {
            Check(index);
            var number = index >> Bits;
            while (true)
            {
                var page = Volatile.Read(ref _pages[number]) ?? Load(number);
                var item = page.Items[index & Mask];

                // The page may have been given to other items meanwhile: its number tells.
                Volatile.ReadBarrier();
                if (Volatile.Read(ref page.Number) == number)
                {
                    return item;
                }
            }
        }

        set
        {
            Check(index);
            var page = _pages[index >> Bits] ?? Load(index >> Bits);
            page.Items[index & Mask] = value;
            page.IsDirty = true;
        }
    }

    /// <summary>Appends an item.</summary>
    /// <param name="item">The item.</param>
    public void Add(in T item)
    {
        var index = Count;
        if ((index & Mask) != 0 && _pages[index >> Bits] is { } page)
        {
            page.Items[index & Mask] = item;
            page.IsDirty = true;
            Count = checked(index + 1);
            return;
        }

        Resize(checked(index + 1));
        this[index] = item;
    }

    /// <summary>Makes the array longer by items that are not set, or shorter.</summary>
    /// <param name="count">Number of items.</param>
    public void Resize(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var pages = (int)(((long)count + PageSize - 1) >> Bits);
        if (pages > _pages.Length)
        {
            Array.Resize(ref _pages, Math.Max(pages, _pages.Length * 2));
            Array.Resize(ref _written, (_pages.Length + 63) / 64);
        }

        for (var number = pages; count < Count && number <= (Count - 1) >> Bits; number++)
        {
            Forget(number);
        }

        if (count < Count && (count & Mask) != 0)
        {
            var last = _pages[count >> Bits] ?? Load(count >> Bits);
            last.Items.AsSpan(count & Mask).Fill(_fill);
            last.IsDirty = true;
        }

        Count = count;
    }

    private void Check(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, null);
        }
    }

    private void Forget(int number)
    {
        if (_pages[number] is { } page)
        {
            page.Number = -1;
            page.IsDirty = false;
            _pages[number] = null;
        }

        _written[number / 64] &= ~(1UL << (number % 64));
    }

    private Page Load(int number)
    {
        lock (_loading)
        {
            if (_pages[number] is { } already)
            {
                return already;
            }

            var page = Free();
            if ((_written[number / 64] >> (number % 64) & 1) != 0)
            {
                Read(page, number);
            }
            else
            {
                page.Items.AsSpan().Fill(_fill);
            }

            Volatile.Write(ref page.Number, number);
            Volatile.Write(ref _pages[number], page);
            return page;
        }
    }

    /// <summary>A page for other items: a new one while there is room, else the one that was loaded first.</summary>
    private Page Free()
    {
        if (_resident.Count >= _most)
        {
            var page = _resident[_hand];
            if (!page.IsDirty || TryWrite(page))
            {
                _hand = (_hand + 1) % _resident.Count;
                var number = page.Number;
                Volatile.Write(ref page.Number, -1);
                if (number >= 0)
                {
                    Volatile.Write(ref _pages[number], null);
                }

                Interlocked.MemoryBarrier();
                return page;
            }
        }

        var added = new Page(new T[PageSize]);
        _resident.Add(added);
        return added;
    }

    private void Read(Page page, int number)
    {
        var bytes = MemoryMarshal.AsBytes(page.Items.AsSpan());
        for (var at = (long)number * bytes.Length; !bytes.IsEmpty;)
        {
            var read = RandomAccess.Read(_file!, bytes, at);
            if (read == 0)
            {
                throw new EndOfStreamException("the temporary file of the replay was cut short");
            }

            at += read;
            bytes = bytes[read..];
        }
    }

    /// <summary>Puts a page into the file; where that cannot be, memory has to do.</summary>
    private bool TryWrite(Page page)
    {
        try
        {
            _file ??= Open();
            var bytes = MemoryMarshal.AsBytes(page.Items.AsSpan());
            RandomAccess.Write(_file, bytes, (long)page.Number * bytes.Length);
            SpilledBytes = Math.Max(SpilledBytes, ((long)page.Number + 1) * bytes.Length);
            _written[page.Number / 64] |= 1UL << (page.Number % 64);
            page.IsDirty = false;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _most = int.MaxValue;
            return false;
        }
    }

    /// <summary>A file without a name: a killed process leaves nothing behind.</summary>
    private static SafeFileHandle Open()
    {
        var path = Path.Combine(Path.GetTempPath(), "tracereplay-" + Path.GetRandomFileName());
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete,
            OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return file;
    }

    private sealed class Page(T[] items)
    {
        public readonly T[] Items = items;

        /// <summary>Number of the page, -1 while it holds none.</summary>
        public int Number = -1;

        public bool IsDirty;
    }
}
