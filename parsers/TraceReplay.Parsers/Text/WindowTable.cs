using System.Numerics;
using System.Runtime.CompilerServices;

namespace TraceReplay.Parsers.Text;

/// <summary>A literal and where a window stands in it.</summary>
/// <param name="Literal">Number of the literal.</param>
/// <param name="Offset">Bytes before the window.</param>
internal readonly record struct LiteralAt(int Literal, int Offset);

/// <summary>Literals by the four bytes that stand for them: a table so sparse that a wrong window ends at its first look.</summary>
internal sealed class WindowTable
{
    private readonly uint[] _keys;
    private readonly LiteralAt[]?[] _literals;
    private readonly int _shift;

    /// <summary>Fills the table.</summary>
    /// <param name="windows">By window, read as a number in the machine's own byte order: the literals it stands for.</param>
    /// <param name="sparse">Places in the table for each window.</param>
    public WindowTable(Dictionary<uint, List<LiteralAt>> windows, int sparse = 32)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)(windows.Count * sparse));
        _shift = 32 - BitOperations.Log2((uint)size);
        _keys = new uint[size];
        _literals = new LiteralAt[]?[size];
        foreach (var (window, literals) in windows)
        {
            var slot = Slot(window);
            while (_literals[slot] is not null)
            {
                slot = (slot + 1) & (size - 1);
            }

            (_keys[slot], _literals[slot]) = (window, [.. literals]);
        }
    }

    /// <summary>The literals of a window.</summary>
    /// <param name="window">Four bytes in the machine's own byte order.</param>
    /// <returns>Null if it stands for none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LiteralAt[]? Find(uint window)
    {
        for (var slot = Slot(window); ; slot = (slot + 1) & (_keys.Length - 1))
        {
            var literals = _literals[slot];
            if (literals is null || _keys[slot] == window)
            {
                return literals;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(uint window) => (int)((window * 0x9e3779b1u) >> _shift);
}
