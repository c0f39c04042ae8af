using System.Buffers.Binary;

namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>A perf.data of a few kilobytes, cut out of a real one.</summary>
internal static class SmallPerfData
{
    private const int HeaderBytes = 104;
    private const int MostNames = 3;

    /// <summary>Cuts it out.</summary>
    /// <param name="whole">The real one.</param>
    /// <param name="most">Bytes of records to keep.</param>
    /// <param name="fields">Where numbers stand.</param>
    public static byte[] Of(byte[] whole, int most, out List<BinaryField> fields)
    {
        var attributeBytes = (int)U64(whole, 16);
        var attributes = whole.AsSpan((int)U64(whole, 24), (int)U64(whole, 32)).ToArray();
        var ids = Ids(whole, attributes, attributeBytes, HeaderBytes + attributes.Length);
        var records = Records(whole, most);
        var table = (int)(U64(whole, 40) + U64(whole, 48));
        var tracing = SmallRecordings.Embedded(whole.AsSpan((int)U64(whole, table), (int)U64(whole, table + 8)).ToArray());
        var data = HeaderBytes + attributes.Length + ids.Length;
        using var result = new MemoryStream();
        result.Write("PERFILE2"u8);
        foreach (var word in new[] { HeaderBytes, attributeBytes, HeaderBytes, attributes.Length, data, records.Length, 0, 0, 1 << 1, 0, 0, 0 })
        {
            result.Write(BitConverter.GetBytes((ulong)word));
        }

        result.Write(attributes);
        result.Write(ids);
        result.Write(records);
        result.Write(BitConverter.GetBytes((ulong)(data + records.Length + 16)));
        result.Write(BitConverter.GetBytes((ulong)tracing.Length));
        result.Write(tracing);
        fields = FieldsOf(result.ToArray());
        return result.ToArray();
    }

    /// <summary>Where numbers stand in a file or pipe.</summary>
    /// <param name="bytes">It.</param>
    public static List<BinaryField> FieldsOf(byte[] bytes)
    {
        List<BinaryField> fields = [];
        var isPipe = U64(bytes, 8) == 16;
        var at = isPipe ? 16 : (int)U64(bytes, 40);
        var end = isPipe ? bytes.Length : at + (int)U64(bytes, 48);
        for (var word = 8; word < at; word += 8)
        {
            fields.Add(new BinaryField(word, 8));
        }

        while (at + 8 <= end && BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 6)) is var size && size >= 8)
        {
            fields.Add(new BinaryField(at, 4));
            fields.Add(new BinaryField(at + 4, 2));
            fields.Add(new BinaryField(at + 6, 2));
            for (var word = 8; word + 4 <= Math.Min((int)size, 140); word += 4)
            {
                fields.Add(new BinaryField(at + word, 4));
            }

            // Tracing data stand behind their record.
            at += size + (BitConverter.ToUInt32(bytes, at) == 66 ? (int)BitConverter.ToUInt32(bytes, at + 8) : 0);
        }

        if (!isPipe)
        {
            fields.Add(new BinaryField(end, 8));
            fields.Add(new BinaryField(end + 8, 8));
            end += 16;
        }

        return fields;
    }

    private static byte[] Ids(byte[] whole, byte[] attributes, int attributeBytes, int start)
    {
        using var ids = new MemoryStream();
        for (var at = attributeBytes - 16; at < attributes.Length; at += attributeBytes)
        {
            var (offset, size) = ((int)U64(attributes, at), (int)U64(attributes, at + 8));
            BinaryPrimitives.WriteUInt64LittleEndian(attributes.AsSpan(at), (ulong)(start + (int)ids.Length));
            ids.Write(whole.AsSpan(offset, size));
        }

        return ids.ToArray();
    }

    /// <summary>Samples, rounds, a few task names; the maps of modules are left out.</summary>
    private static byte[] Records(byte[] whole, int most)
    {
        using var kept = new MemoryStream();
        var end = (int)(U64(whole, 40) + U64(whole, 48));
        var names = 0;
        for (var at = (int)U64(whole, 40); at < end && kept.Length < most;)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(whole.AsSpan(at + 6));
            if (BitConverter.ToUInt32(whole, at) is var type && (type is 9 or 68 || (type == 3 && names++ < MostNames)))
            {
                kept.Write(whole.AsSpan(at, size));
            }

            at += size;
        }

        // LOST of 3 events.
        kept.Write([2, 0, 0, 0, 0, 0, 24, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]);
        return kept.ToArray();
    }

    private static ulong U64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
