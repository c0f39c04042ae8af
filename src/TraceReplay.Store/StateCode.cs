namespace TraceReplay.Store;

/// <summary>The blob event_row.state: the ints of an event's area state, each as unsigned LEB128 of its 32 bits.</summary>
internal static class StateCode
{
    /// <summary>Bytes of one int at most.</summary>
    public const int MaxBytes = 5;

    /// <summary>Writes the ints and returns the bytes used; <paramref name="room"/> holds MaxBytes for each.</summary>
    public static int Write(ReadOnlySpan<int> values, Span<byte> room)
    {
        var at = 0;
        foreach (var value in values)
        {
            var rest = (uint)value;
            while (rest >= 0x80)
            {
                room[at++] = (byte)(rest | 0x80);
                rest >>= 7;
            }

            room[at++] = (byte)rest;
        }

        return at;
    }

    /// <summary>Reads the ints; a cut last int is dropped.</summary>
    /// <returns>Number of ints; <paramref name="room"/> holds one for each byte.</returns>
    public static int Read(ReadOnlySpan<byte> blob, Span<int> room)
    {
        var count = 0;
        uint value = 0;
        var shift = 0;
        foreach (var part in blob)
        {
            value |= (uint)(part & 0x7f) << shift;
            shift += 7;
            if (part < 0x80)
            {
                room[count++] = (int)value;
                value = 0;
                shift = 0;
            }
        }

        return count;
    }
}
