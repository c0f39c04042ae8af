using System.Buffers.Binary;
using System.Text;

namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>Binary recordings of a few kilobytes, cut out of real ones: some events' descriptions, their pages, no symbols. What stands
/// where is noted while they are written.</summary>
internal sealed class SmallRecordings
{
    private static readonly string[] Wanted = ["swiotlb_bounced", "dma_map_phys", "dma_unmap_phys", "dma_map_sg", "scsi_dispatch_cmd_start", "scsi_dispatch_cmd_done", "kernel_stack", "print"];

    private readonly List<byte> _out = [];

    /// <summary>Where numbers stand.</summary>
    public List<BinaryField> Fields { get; } = [];

    /// <summary>The recording.</summary>
    public byte[] Bytes => _out.ToArray();

    /// <summary>A trace.dat of version 6.</summary>
    /// <param name="whole">A real one.</param>
    public static SmallRecordings Version6(byte[] whole)
    {
        var small = new SmallRecordings();
        var at = small.Head(whole, 0, "6");
        var cpus = BitConverter.ToUInt32(whole, at);
        small.U32(cpus);
        small.Text("options  \0"u8);
        small.U16(4);
        small.Sized32("[local] global counter\0"u8.ToArray());
        small.U16(3);
        small.U32(16);
        var instance = (int)small._out.Count;
        small.U64(0);
        small.Text("inst\0\0\0\0"u8);
        small.U16(0);
        var pages = Pages(whole, at);
        small.Text("flyrecord\0"u8);
        var table = (int)small._out.Count + ((int)cpus * 16);
        var start = (table + 10 + ((int)cpus * 16) + 511) / 512 * 512;
        small.Table(cpus, start, pages.Length);
        small.Patch(instance, (ulong)small._out.Count);
        small.Text("flyrecord\0"u8);
        small.Table(cpus, start, pages.Length);
        small._out.AddRange(new byte[start - (int)small._out.Count]);
        small.RingFields(pages);
        small._out.AddRange(pages);
        return small;
    }

    /// <summary>A trace.dat of version 7.</summary>
    /// <param name="whole">A real one of version 6.</param>
    /// <param name="compression"><c>zstd</c> or <c>none</c>.</param>
    public static SmallRecordings Version7(byte[] whole, string compression)
    {
        var parts = new SmallRecordings();
        var at = parts.Head(whole, 0, "6", out var cuts);
        var pages = Pages(whole, at);
        var body = parts.Bytes;
        var small = new SmallRecordings();
        small.Start(whole, "7");
        small.Text(Encoding.ASCII.GetBytes(compression + "\0" + "1.5\0"));
        var first = (int)small._out.Count;
        small.U64(0);
        List<(int Id, ulong Offset)> sections = [];
        for (var i = 0; i < cuts.Count; i++)
        {
            sections.Add((cuts[i].Id, (ulong)small._out.Count));
            var end = i + 1 < cuts.Count ? cuts[i + 1].At : body.Length;
            small.Section(cuts[i].Id, body[cuts[i].At..end], compression);
        }

        var ring = small._out.Count;
        small.U16(3);
        small.U16(compression == "none" ? (ushort)0 : (ushort)1);
        small.U32(0);
        small.U64((ulong)pages.Length);
        var data = (ulong)small._out.Count;
        if (compression == "none")
        {
            small.RingFields(pages);
            small._out.AddRange(pages);
        }
        else
        {
            small.U32(2);
            foreach (var half in new[] { pages[..(pages.Length / 2)], pages[(pages.Length / 2)..] })
            {
                small.Packed(half);
            }
        }

        small.Patch(first, (ulong)small._out.Count);
        small.OptionsOf7(sections, (ulong)ring, data, (ulong)pages.Length);
        return small;
    }

    /// <summary>The head that perf.data embeds.</summary>
    /// <param name="whole">A real one, from its magic on.</param>
    public static byte[] Embedded(byte[] whole)
    {
        var small = new SmallRecordings();
        _ = small.Head(whole, 0, "0.6");
        return small.Bytes;
    }

    private static byte[] Pages(byte[] whole, int cpuCount)
    {
        var table = cpuCount + 4 + 10;
        var tag = Encoding.ASCII.GetString(whole, cpuCount + 4, 10);
        if (tag.StartsWith("options", StringComparison.Ordinal))
        {
            for (int id; (id = BitConverter.ToUInt16(whole, table)) != 0;)
            {
                table += 6 + (int)BitConverter.ToUInt32(whole, table + 2);
            }

            table += 2 + 10;
        }

        // The first pages of the two CPUs that have most on theirs: a page begins with its time and the bytes that are used.
        var cpus = BitConverter.ToUInt32(whole, cpuCount);
        var pages = Enumerable.Range(0, (int)cpus).Select(cpu => (int)BitConverter.ToUInt64(whole, table + (cpu * 16)))
            .Where(offset => offset > 0 && offset + 4096 <= whole.Length)
            .OrderByDescending(offset => BitConverter.ToUInt64(whole, offset + 8) & 0xfffff).Take(2).ToArray();
        return [.. whole.AsSpan(pages[0], 4096), .. whole.AsSpan(pages[^1], 4096)];
    }

    private void Start(byte[] whole, string version)
    {
        Text([0x17, 0x08, 0x44]);
        Text("tracing"u8);
        Text(Encoding.ASCII.GetBytes(version + "\0"));
        var old = Array.IndexOf(whole, (byte)0, 10) + 1;
        Fields.Add(new BinaryField(_out.Count, 1));
        Fields.Add(new BinaryField(_out.Count + 1, 1));
        Fields.Add(new BinaryField(_out.Count + 2, 4));
        _out.AddRange(whole.AsSpan(old, 6));
    }

    private int Head(byte[] whole, int at, string version) => Head(whole, at, version, out _);

    /// <summary>Copies the head; of the events only the wanted ones.</summary>
    /// <returns>Where the number of CPUs stands in the whole one.</returns>
    private int Head(byte[] whole, int at, string version, out List<(int Id, int At)> cuts)
    {
        Start(whole, version);
        cuts = [(16, _out.Count)];
        at = Array.IndexOf(whole, (byte)0, at + 10) + 1 + 6;
        at = Named(whole, at, 12);
        at = Named(whole, at, 13);
        cuts.Add((17, _out.Count));
        at = Layouts(whole, at);
        cuts.Add((18, _out.Count));
        var systems = BitConverter.ToUInt32(whole, at);
        at += 4;
        U32(systems);
        for (var i = 0; i < systems; i++)
        {
            var end = Array.IndexOf(whole, (byte)0, at) + 1;
            Text(whole.AsSpan(at, end - at));
            at = Layouts(whole, end);
        }

        cuts.Add((19, _out.Count));
        at += 4 + (int)BitConverter.ToUInt32(whole, at);
        Sized32("ffffffff81000000 T _text\nffffffff81000100 t swiotlb_map\t[mod]\n"u8.ToArray());
        at += 4 + (int)BitConverter.ToUInt32(whole, at);
        if (version == "6")
        {
            cuts.Add((20, _out.Count));
        }

        Sized32("0xffffffff82 : \"x\"\n"u8.ToArray());
        cuts.Add((21, _out.Count));
        at += 8 + (int)BitConverter.ToUInt64(whole, at);
        U64(22);
        Text("10 kworker/0:0H\n458 dd\n"u8[..22]);
        return at;
    }

    private int Named(byte[] whole, int at, int nameBytes)
    {
        var size = (int)BitConverter.ToUInt64(whole, at + nameBytes);
        Text(whole.AsSpan(at, nameBytes));
        U64((ulong)size);
        Text(whole.AsSpan(at + nameBytes + 8, size));
        return at + nameBytes + 8 + size;
    }

    private int Layouts(byte[] whole, int at)
    {
        var count = BitConverter.ToUInt32(whole, at);
        at += 4;
        List<byte[]> kept = [];
        for (var i = 0; i < count; i++)
        {
            var size = (int)BitConverter.ToUInt64(whole, at);
            var text = whole[(at + 8)..(at + 8 + size)];
            var name = Encoding.ASCII.GetString(text, 6, Array.IndexOf(text, (byte)'\n') - 6);
            if (Wanted.Contains(name, StringComparer.Ordinal))
            {
                kept.Add(text);
            }

            at += 8 + size;
        }

        U32((uint)kept.Count);
        foreach (var text in kept)
        {
            U64((ulong)text.Length);
            Text(text);
        }

        return at;
    }

    private void Section(int id, byte[] body, string compression)
    {
        U16((ushort)id);
        U16(compression == "none" ? (ushort)0 : (ushort)1);
        U32(0);
        if (compression == "none")
        {
            U64((ulong)body.Length);
            _out.AddRange(body);
            return;
        }

        var packed = Zstd.Compress(body);
        U64((ulong)packed.Length + 8);
        U32((uint)packed.Length);
        U32((uint)body.Length);
        _out.AddRange(packed);
    }

    private void Packed(byte[] content)
    {
        var packed = Zstd.Compress(content);
        U32((uint)packed.Length);
        U32((uint)content.Length);
        _out.AddRange(packed);
    }

    private void OptionsOf7(List<(int Id, ulong Offset)> sections, ulong ring, ulong data, ulong pageBytes)
    {
        var options = new SmallRecordings();
        foreach (var (id, offset) in sections)
        {
            options.U16((ushort)id);
            options.U32(8);
            options.U64(offset);
        }

        options.U16(5);
        options.Sized32("Linux host 6.12.1 x86_64\0"u8.ToArray());
        options.U16(2);
        options.Sized32("CPU: 0\nentries: 0\noverrun: 5\ndropped events: 0\n\0"u8.ToArray());
        options.U16(14);
        options.U32(16);
        options.U32(0);
        options.U32(10);
        options.U64(0);
        options.U16(3);
        options.U32(8 + 1 + 6 + 4 + 4 + 20);
        options.U64(ring);
        options.Text("\0local\0"u8);
        options.U32(4096);
        options.U32(1);
        options.U32(1);
        options.U64(data);
        options.U64(pageBytes);
        options.U16(0);
        options.U32(8);
        options.U64(0);
        U16(0);
        U16(0);
        U32(0);
        U64((ulong)options.Bytes.Length);
        Fields.AddRange(options.Fields.Select(f => f with { At = f.At + _out.Count }));
        _out.AddRange(options.Bytes);
    }

    private void Table(uint cpus, int start, int size)
    {
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            U64((ulong)start);
            U64(cpu == 0 ? (ulong)size : 4096);
        }
    }

    /// <summary>Heads of pages and of their records, and the lengths within the records.</summary>
    private void RingFields(byte[] pages)
    {
        for (var page = 0; page + 4096 <= pages.Length; page += 4096)
        {
            var start = _out.Count + page;
            Fields.Add(new BinaryField(start, 8));
            Fields.Add(new BinaryField(start + 8, 8));
            for (var word = 16; word < 400; word += 4)
            {
                Fields.Add(new BinaryField(start + word, 4));
            }
        }
    }

    private void Text(ReadOnlySpan<byte> bytes) => _out.AddRange(bytes);

    private void Sized32(byte[] bytes)
    {
        U32((uint)bytes.Length);
        _out.AddRange(bytes);
    }

    private void U16(ushort value)
    {
        Fields.Add(new BinaryField(_out.Count, 2));
        _out.AddRange(BitConverter.GetBytes(value));
    }

    private void U32(uint value)
    {
        Fields.Add(new BinaryField(_out.Count, 4));
        _out.AddRange(BitConverter.GetBytes(value));
    }

    private void U64(ulong value)
    {
        Fields.Add(new BinaryField(_out.Count, 8));
        _out.AddRange(BitConverter.GetBytes(value));
    }

    private void Patch(int at, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_out)[at..], value);
    }
}
