using System.Buffers.Binary;
using System.Text;

namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>A field of a binary structure: where a wrong number hurts.</summary>
/// <param name="At">Offset in the input.</param>
/// <param name="Width">Bytes, at most 8.</param>
internal readonly record struct BinaryField(int At, int Width);

/// <summary>Changes inputs in a buffer of its own: a case, a seed and a number give the same change always.</summary>
internal sealed class Mutator
{
    private const int MostChanges = 3;

    // What a change makes longer at most: a piece, or a token.
    private const int MostGrowth = 1 << 10;

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "18446744073709551615", "18446744073709551616", "-1", "0", "4294967296", "9223372036854775808", "0x", "0xffffffffffffffff", "99999999999.999999999", "1e99",
            "[FAILED TO PARSE]", "ARRAY[", "{", "}", "=", ": ", " + ", "(", ")", "[", "]", "\"", "\n", "\r", "\r\n", "\0", "\t", ",", ";", "#", "<stack trace>", " => ",
            "CPU:9 [LOST 1 EVENTS]", "[000]", " dir=", "%s", "\u001b[31m", "\uFEFF", "é", "../../", "'", "\\",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xff, 0xfe], [0x80, 0x80], new byte[300],
    ];

    // Numbers that stand in the place of another.
    private const int Numbers = 10;

    private readonly MutationCase _case;
    private readonly byte[] _bytes;
    private MutationRandom _random;

    /// <summary>Prepares for a case.</summary>
    /// <param name="changed">The case.</param>
    public Mutator(MutationCase changed)
    {
        _case = changed;
        _bytes = new byte[changed.Seeds.Max(seed => seed.Length) + (MostChanges * MostGrowth)];
    }

    /// <summary>The buffer; what stands behind <see cref="Length"/> is of earlier changes.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Bytes of the changed input.</summary>
    public int Length { get; private set; }

    /// <summary>Makes a changed copy of one of the inputs.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="number">Which change.</param>
    public void Change(ulong seed, int number)
    {
        _random = new MutationRandom((seed << 32) + (uint)number);
        var which = _random.Next(_case.Seeds.Count);
        var source = _case.Seeds[which];
        var fields = which == 0 ? _case.Fields : [];
        source.CopyTo(_bytes, 0);
        Length = source.Length;
        for (var changes = 1 + _random.Next(MostChanges); changes > 0 && Length > 0; changes--)
        {
            // Most changes are at fields where there are any; these keep the length, so that the other fields stay where they are.
            if (fields.Count > 0 && _random.Next(10) < 7)
            {
                Field(fields);
            }
            else if (fields.Count > 0 && _random.Next(10) < 6)
            {
                _bytes[_random.Next(Length)] = _random.Next(3) == 0 ? (byte)0xff : (byte)_random.Next(256);
            }
            else
            {
                Edit();
            }
        }

        _case.Repair?.Invoke(_bytes.AsSpan(0, Length));
    }

    private void Field(IReadOnlyList<BinaryField> fields)
    {
        var field = fields[_random.Next(fields.Count)];
        var other = fields[_random.Next(fields.Count)];
        if (field.At + field.Width > Length)
        {
            return;
        }

        var at = _bytes.AsSpan(field.At, field.Width);
        var old = Value(field);
        var value = _random.Next(14) switch
        {
            0 => 0UL,
            1 => 1UL,
            2 => ulong.MaxValue,
            3 => old + 1,
            4 => old - 1,
            5 => (ulong)Length,
            6 => (ulong)Length - (ulong)_random.Next(64),
            7 => (ulong)field.At,

            // Structures begin with a field: what points to one makes chains that go round, and sections within each other.
            8 => (ulong)other.At,
            9 => other.At + other.Width <= Length ? Value(other) : old + 2,
            10 => 1UL << _random.Next(64),
            11 => (1UL << _random.Next(64)) - 1,
            12 => (ulong)_random.Next(Length + 1),
            _ => old ^ (1UL << _random.Next(field.Width * 8)),
        };
        Span<byte> whole = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(whole, value);
        whole[..field.Width].CopyTo(at);
    }

    private ulong Value(BinaryField field)
    {
        Span<byte> whole = stackalloc byte[8];
        whole.Clear();
        _bytes.AsSpan(field.At, field.Width).CopyTo(whole);
        return BinaryPrimitives.ReadUInt64LittleEndian(whole);
    }

    private void Edit()
    {
        var at = _random.Next(Length + 1);
        var length = _random.Next(Math.Min(Length - at, 1 << _random.Next(10)) + 1);
        switch (_random.Next(12))
        {
            case 0:
                Length = at;
                break;
            case 1:
                Replace(at, length, []);
                break;
            case 2:
                Replace(at, 0, _bytes.AsSpan(at, length).ToArray());
                break;
            case 3:
                var other = _case.Seeds[_random.Next(_case.Seeds.Count)];
                var from = _random.Next(other.Length);
                Replace(at, 0, other.AsSpan(from, Math.Min(other.Length - from, length + 20)));
                break;
            case 4 or 5:
                Replace(at, 0, Tokens[_random.Next(Tokens.Length)]);
                break;
            case 6:
                Replace(at, length, Tokens[_random.Next(Tokens.Length)]);
                break;
            case 7 or 8:
                Number(at);
                break;
            case 9:
                Line(at);
                break;
            default:
                _bytes[Math.Min(at, Length - 1)] ^= (byte)(1 << _random.Next(8));
                break;
        }
    }

    /// <summary>Puts another number where the next one stands.</summary>
    private void Number(int at)
    {
        var start = _bytes.AsSpan(at, Length - at).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start >= 0)
        {
            var rest = _bytes.AsSpan(at + start, Length - at - start);
            var digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            Replace(at + start, digits < 0 ? rest.Length : digits, Tokens[_random.Next(Numbers)]);
        }
    }

    /// <summary>Takes the line of a place away, or puts it at the beginning once more.</summary>
    private void Line(int at)
    {
        var start = _bytes.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        var end = _bytes.AsSpan(at, Length - at).IndexOf((byte)'\n') is >= 0 and var found ? at + found + 1 : Length;
        if (_random.Next(2) == 0)
        {
            Replace(start, end - start, []);
        }
        else if (end - start <= MostGrowth)
        {
            Replace(0, 0, _bytes.AsSpan(start, end - start).ToArray());
        }
    }

    private void Replace(int at, int length, ReadOnlySpan<byte> by)
    {
        _bytes.AsSpan(at + length, Length - at - length).CopyTo(_bytes.AsSpan(at + by.Length));
        by.CopyTo(_bytes.AsSpan(at));
        Length += by.Length - length;
    }
}
