using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Names of kernel addresses from /proc/kallsyms; made at the first question, because most files never ask.</summary>
internal sealed class SymbolTable(ReadOnlyMemory<byte> text)
{
    // A kernel with all modules has about 300,000.
    private const int MostSymbols = 1 << 20;

    private readonly Lazy<(ulong[] Addresses, Range[] Names)> _symbols = new(() => Load(text));

    /// <summary>The name of the function an address lies in.</summary>
    /// <param name="address">The address.</param>
    /// <returns>Its name, empty if not known.</returns>
    public ReadOnlySpan<byte> Find(ulong address)
    {
        var (addresses, names) = _symbols.Value;
        var index = Array.BinarySearch(addresses, address);
        index = index >= 0 ? index : ~index - 1;
        return index < 0 ? default : text.Span[names[index]];
    }

    private static (ulong[] Addresses, Range[] Names) Load(ReadOnlyMemory<byte> text)
    {
        var addresses = new List<ulong>();
        var names = new List<Range>();
        var span = text.Span;
        for (var start = 0; start < span.Length && addresses.Count < MostSymbols;)
        {
            var length = span[start..].IndexOf((byte)'\n');
            length = length < 0 ? span.Length - start : length;
            var line = span.Slice(start, length);
            var at = 0;

            // Restricted kallsyms show zeros.
            if (Ascii.Hex(line, ref at, out var address) && address != 0 && line.Length > at + 3)
            {
                var name = line[(at + 3)..];
                var end = name.IndexOfAny((byte)'\t', (byte)' ', (byte)'\r');
                end = end < 0 ? name.Length : end;
                addresses.Add(address);
                names.Add(new Range(start + at + 3, start + at + 3 + end));
            }

            start += length + 1;
        }

        var sorted = (Addresses: addresses.ToArray(), Names: names.ToArray());
        Array.Sort(sorted.Addresses, sorted.Names);
        return sorted;
    }
}
