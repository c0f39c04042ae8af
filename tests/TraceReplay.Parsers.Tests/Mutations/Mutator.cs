using System.Buffers.Binary;

namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>A field of a binary structure: where a wrong number hurts.</summary>
/// <param name="At">Offset in the input.</param>
/// <param name="Width">Bytes.</param>
internal readonly record struct BinaryField(int At, int Width);

/// <summary>Changes inputs: a seed and a number give the same change always.</summary>
internal static class Mutator
{
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "18446744073709551615", "18446744073709551616", "-1", "0", "4294967296", "9223372036854775808", "0x", "0xffffffffffffffff", "99999999999.999999999", "1e99",
            "[FAILED TO PARSE]", "ARRAY[", "{", "}", "=", ": ", " + ", "(", ")", "[", "]", "\"", "\n", "\r", "\r\n", "\0", "\t", ",", ";", "#", "<stack trace>", " => ",
            "CPU:9 [LOST 1 EVENTS]", "[000]", " dir=", "%s", "\u001b[31m", "\uFEFF", "é", "../../", "'", "\\",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
        [0xff], [0xff, 0xfe], [0x80, 0x80], new byte[300],
    ];

    /// <summary>Makes a changed copy.</summary>
    /// <param name="source">A real input.</param>
    /// <param name="other">Another one, to take pieces of.</param>
    /// <param name="fields">Its fields, none if it is a text.</param>
    /// <param name="random">Decides.</param>
    public static byte[] Change(byte[] source, byte[] other, IReadOnlyList<BinaryField> fields, Random random)
    {
        var bytes = (byte[])source.Clone();
        for (var changes = 1 + random.Next(3); changes > 0 && bytes.Length > 0; changes--)
        {
            // Most changes are at fields where there are any; these keep the length, so that the other fields stay where they are.
            if (fields.Count > 0 && random.Next(10) < 7)
            {
                Field(bytes, fields[random.Next(fields.Count)], random);
            }
            else if (fields.Count > 0 && random.Next(10) < 6)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)0xff : (byte)random.Next(256);
            }
            else
            {
                bytes = Edit(bytes, other, random);
            }
        }

        return bytes;
    }

    private static void Field(byte[] bytes, BinaryField field, Random random)
    {
        if (field.At + field.Width > bytes.Length)
        {
            return;
        }

        var at = bytes.AsSpan(field.At, field.Width);
        Span<byte> whole = stackalloc byte[8];
        whole.Clear();
        at.CopyTo(whole);
        var old = BinaryPrimitives.ReadUInt64LittleEndian(whole);
        var value = random.Next(12) switch
        {
            0 => 0UL,
            1 => 1UL,
            2 => ulong.MaxValue,
            3 => old + 1,
            4 => old - 1,
            5 => (ulong)bytes.Length,
            6 => (ulong)bytes.Length - (ulong)random.Next(64),
            7 => (ulong)field.At,
            8 => 1UL << random.Next(64),
            9 => (1UL << random.Next(64)) - 1,
            10 => (ulong)random.Next(bytes.Length + 1),
            _ => old ^ (1UL << random.Next(field.Width * 8)),
        };
        BinaryPrimitives.WriteUInt64LittleEndian(whole, value);
        whole[..field.Width].CopyTo(at);
    }

    private static byte[] Edit(byte[] bytes, byte[] other, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        var length = random.Next(Math.Min(bytes.Length - at, 1 << random.Next(10)) + 1);
        switch (random.Next(8))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
            case 2:
                return [.. bytes.AsSpan(0, at + length), .. bytes.AsSpan(at)];
            case 3 when other.Length > 0:
                var from = random.Next(other.Length);
                return [.. bytes.AsSpan(0, at), .. other.AsSpan(from, Math.Min(other.Length - from, length + 20)), .. bytes.AsSpan(at)];
            case 4 or 5:
                return [.. bytes.AsSpan(0, at), .. Tokens[random.Next(Tokens.Length)], .. bytes.AsSpan(at)];
            case 6:
                return [.. bytes.AsSpan(0, at), .. Tokens[random.Next(Tokens.Length)], .. bytes.AsSpan(at + length)];
            default:
                bytes[Math.Min(at, bytes.Length - 1)] ^= (byte)(1 << random.Next(8));
                return bytes;
        }
    }
}
