using System.Buffers.Binary;

namespace TraceReplay.TestSupport;

/// <summary>Makes a large trace.dat of a small one of version 6: its pages again and again, each time later than the time before.</summary>
internal static class GrownTraceDat
{
    private const int PageBytes = 4096;

    /// <summary>Writes it.</summary>
    /// <param name="whole">The small one.</param>
    /// <param name="times">How often its pages come.</param>
    /// <param name="target">Where it goes.</param>
    public static void Write(byte[] whole, int times, Stream target)
    {
        var tag = whole.AsSpan().IndexOf("flyrecord\0"u8);
        var table = tag + 10;
        var cpus = (int)BitConverter.ToUInt32(whole, whole.AsSpan(0, tag).LastIndexOf("options  \0"u8) is >= 0 and var options ? options - 4 : tag - 4);
        var head = whole[..(table + (cpus * 16))];
        var rings = Enumerable.Range(0, cpus).Select(cpu =>
        {
            var (offset, size) = ((int)BitConverter.ToUInt64(whole, table + (cpu * 16)), (int)BitConverter.ToUInt64(whole, table + (cpu * 16) + 8));
            return whole[offset..(offset + size)];
        }).ToArray();
        var at = (head.Length + PageBytes - 1) / PageBytes * PageBytes;
        var start = at;
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(table + (cpu * 16)), (ulong)at);
            BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(table + (cpu * 16) + 8), (ulong)rings[cpu].Length * (ulong)times);
            at += rings[cpu].Length * times;
        }

        target.Write(head);
        target.Write(new byte[start - head.Length]);
        foreach (var ring in rings)
        {
            for (var time = 0; time < times; time++)
            {
                target.Write(ring);
                Later(ring);
            }
        }
    }

    /// <summary>Moves the stamps of all pages on by a second.</summary>
    private static void Later(byte[] pages)
    {
        for (var page = 0; page + PageBytes <= pages.Length; page += PageBytes)
        {
            var stamp = BinaryPrimitives.ReadUInt64LittleEndian(pages.AsSpan(page));
            BinaryPrimitives.WriteUInt64LittleEndian(pages.AsSpan(page), stamp + 1_000_000_000);
        }
    }
}
