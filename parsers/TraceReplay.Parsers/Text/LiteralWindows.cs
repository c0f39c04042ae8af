using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TraceReplay.Parsers.Text;

/// <summary>Chooses a few short windows so that every literal holds one of them: rare in log text, shared by many literals.</summary>
internal static class LiteralWindows
{
    // More of a sample tells nothing new, and costs more than it saves.
    private const int SampleBytes = 1 << 17;

    // What a further window costs, in occurrences per million bytes: it makes the tables less selective.
    private const double PerWindow = 30;

    /// <summary>Chooses greedily: the window that costs least per literal it newly covers.</summary>
    /// <param name="literals">The literals, each at least <see cref="LiteralScanner.Width"/> long.</param>
    /// <param name="sample">Text of the kind that will be searched, may be empty.</param>
    /// <returns>By window, as a number in the machine's own byte order: the literals it stands for, and where it stands in them.</returns>
    public static Dictionary<uint, List<LiteralAt>> Choose(byte[][] literals, ReadOnlySpan<byte> sample)
    {
        var all = Windows(literals);
        var costs = Costs(all.Keys, sample);
        Choice[] windows = [.. all.Select(w => new Choice { Window = w.Key, Places = w.Value, Cost = costs[w.Key], Open = w.Value.Count }).OrderBy(c => Order(c.Window))];
        var byLiteral = ByLiteral(windows, literals.Length);
        var chosen = new Dictionary<uint, List<LiteralAt>>();
        var isCovered = new bool[literals.Length];
        for (var open = literals.Length; open > 0;)
        {
            var best = Cheapest(windows);
            List<LiteralAt> covers = [.. best.Places.Where(p => !isCovered[p.Literal])];
            chosen[best.Window] = covers;
            foreach (var (literal, _) in covers)
            {
                isCovered[literal] = true;
                byLiteral[literal].ForEach(choice => choice.Open--);
            }

            open -= covers.Count;
        }

        return chosen;
    }

    private static List<Choice>[] ByLiteral(Choice[] windows, int literals)
    {
        List<Choice>[] byLiteral = [.. Enumerable.Range(0, literals).Select(_ => new List<Choice>())];
        foreach (var choice in windows)
        {
            foreach (var (literal, _) in choice.Places)
            {
                byLiteral[literal].Add(choice);
            }
        }

        return byLiteral;
    }

    private static Choice Cheapest(Choice[] windows)
    {
        var (best, least) = (windows[0], double.MaxValue);
        foreach (var choice in windows)
        {
            if (choice.Open > 0 && choice.Cost < least * choice.Open)
            {
                (best, least) = (choice, choice.Cost / choice.Open);
            }
        }

        return best;
    }

    /// <summary>Share of each byte in text like a sample, or in kernel logs.</summary>
    /// <param name="sample">The sample, may be empty.</param>
    /// <returns>256 shares.</returns>
    public static double[] ByteShares(ReadOnlySpan<byte> sample)
    {
        const double Least = 1e-4;
        var shares = new double[256];
        sample = Tail(sample);
        if (sample.IsEmpty)
        {
            for (var b = 0; b < shares.Length; b++)
            {
                shares[b] = b < 128 ? PerThousand((byte)b) / 1000 : Least;
            }

            return shares;
        }

        foreach (var b in sample)
        {
            shares[b]++;
        }

        for (var b = 0; b < shares.Length; b++)
        {
            shares[b] = Math.Max(shares[b] / sample.Length, Least);
        }

        return shares;
    }

    /// <summary>Every window of every literal; of several places in one literal the first.</summary>
    private static Dictionary<uint, List<LiteralAt>> Windows(byte[][] literals)
    {
        var all = new Dictionary<uint, List<LiteralAt>>();
        for (var literal = 0; literal < literals.Length; literal++)
        {
            for (var offset = 0; offset + LiteralScanner.Width <= literals[literal].Length; offset++)
            {
                var window = MemoryMarshal.Read<uint>(literals[literal].AsSpan(offset));
                if (!all.TryGetValue(window, out var places))
                {
                    all.Add(window, places = []);
                }

                if (places.Count == 0 || places[^1].Literal != literal)
                {
                    places.Add(new LiteralAt(literal, offset));
                }
            }
        }

        return all;
    }

    /// <summary>Occurrences per million bytes: as guessed from single bytes, or as found in the sample if that is more.</summary>
    private static Dictionary<uint, double> Costs(IEnumerable<uint> windows, ReadOnlySpan<byte> sample)
    {
        var costs = windows.ToDictionary(w => w, w => PerWindow + Guess(w));
        if (sample.Length < LiteralScanner.Width)
        {
            return costs;
        }

        var table = new WindowTable(costs.Keys.Select((window, i) => (window, i))
            .ToDictionary(w => w.window, w => new List<LiteralAt> { new(w.i, 0) }), sparse: 4);
        var counts = new int[costs.Count];
        sample = Tail(sample);
        for (var at = 0; at + LiteralScanner.Width <= sample.Length; at++)
        {
            if (table.Find(MemoryMarshal.Read<uint>(sample[at..])) is { } found)
            {
                counts[found[0].Literal]++;
            }
        }

        foreach (var (window, i) in costs.Keys.Select((window, i) => (window, i)).ToArray())
        {
            costs[window] = Math.Max(costs[window], PerWindow + (counts[i] * 1e6 / sample.Length));
        }

        return costs;
    }

    /// <summary>The part of a sample that is looked at: the beginning of a log is less like the rest of it.</summary>
    /// <param name="sample">The sample.</param>
    /// <returns>Its end.</returns>
    public static ReadOnlySpan<byte> Tail(ReadOnlySpan<byte> sample) => sample[Math.Max(0, sample.Length - SampleBytes)..];

    private static double Guess(uint window)
    {
        var product = 1e6;
        for (var shift = 0; shift < 32; shift += 8)
        {
            product *= PerThousand((byte)(window >> shift)) / 1000;
        }

        return product;
    }

    /// <summary>The window's bytes as they stand, for an order that is the same on every machine.</summary>
    private static uint Order(uint window) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(window) : window;

    /// <summary>Rough shares of bytes in kernel logs, per thousand.</summary>
    private static double PerThousand(byte b) => b switch
    {
        (byte)' ' or (byte)'0' => 100,
        (byte)'e' or (byte)'1' or (byte)'.' or (byte)':' or (byte)'i' or (byte)'t' or (byte)'r' => 35,
        >= (byte)'2' and <= (byte)'9' => 25,
        (byte)'a' or (byte)'o' or (byte)'s' or (byte)'n' or (byte)'d' or (byte)'c' or (byte)'l' or (byte)'m' or (byte)'p' => 25,
        (byte)'[' or (byte)']' or (byte)'x' or (byte)'f' or (byte)'u' => 20,
        >= (byte)'a' and <= (byte)'z' => 10,
        >= (byte)'A' and <= (byte)'Z' => 4,
        _ => 4,
    };

    private sealed class Choice
    {
        public uint Window { get; init; }

        public required List<LiteralAt> Places { get; init; }

        public double Cost { get; init; }

        /// <summary>Literals it holds that no chosen window stands for yet.</summary>
        public int Open { get; set; }
    }
}
