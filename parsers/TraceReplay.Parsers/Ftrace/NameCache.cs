using System.Runtime.InteropServices;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>A small direct-mapped cache in front of a <see cref="NameTable"/>: the same few names come again and again.</summary>
internal sealed class NameCache(NameTable names)
{
    private readonly int[] _ids = new int[256];

    /// <summary>The id of a name.</summary>
    /// <param name="name">The bytes.</param>
    /// <returns>Its id.</returns>
    public int Intern(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return 0;
        }

        ref var id = ref _ids[Slot(name)];
        if (id == 0 || !name.SequenceEqual(names.Bytes(id)))
        {
            id = names.Intern(name);
        }

        return id;
    }

    /// <summary>The tail of a name varies most (device function, worker number).</summary>
    private static int Slot(ReadOnlySpan<byte> name)
    {
        var tail = name.Length >= 4 ? MemoryMarshal.Read<uint>(name[^4..]) : name[^1];
        return (int)(((tail + (uint)name.Length) * 2654435761u) >> 24);
    }
}
