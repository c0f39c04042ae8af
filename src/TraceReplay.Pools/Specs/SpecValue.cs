using System.Globalization;
using System.Numerics;
using TraceReplay.Core;

namespace TraceReplay.Pools.Specs;

/// <summary>Values of specs: read, or refused with the place and the form that was expected.</summary>
internal static class SpecValue
{
    private const int MostAreas = 1 << 20;

    /// <summary>A size above 0.</summary>
    public static long Size(string text, SpecWord word) => ByteSize.TryParse(word.Text, out var bytes) && bytes > 0
        ? bytes
        : throw new SpecException(text, word.At, ByteSize.Form);

    /// <summary>A whole number.</summary>
    public static long Number(string text, SpecWord word, long least, long most) =>
        long.TryParse(word.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : throw new SpecException(text, word.At, most == long.MaxValue
                ? string.Create(CultureInfo.InvariantCulture, $"a whole number from {least}")
                : string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    /// <summary>A number of areas or sub-pools: the kernel has powers of two only.</summary>
    public static int Areas(string text, SpecWord word)
    {
        var areas = Number(text, word, 1, MostAreas);
        return BitOperations.IsPow2(areas)
            ? (int)areas
            : throw new SpecException(text, word.At, "a power of two", string.Create(
                CultureInfo.InvariantCulture,
                $"the kernel rounds it up to {BitOperations.RoundUpToPowerOf2((ulong)areas)}"));
    }

    /// <summary>A page size, 4 KiB to 16 MiB, a power of two.</summary>
    public static long PageBytes(string text, SpecWord word)
    {
        var bytes = Size(text, word);
        return BitOperations.IsPow2(bytes) && bytes is >= 4096 and <= 16 << 20
            ? bytes
            : throw new SpecException(text, word.At, "a page size: a power of two from 4KiB to 16MiB");
    }

    /// <summary>An address.</summary>
    public static ulong Address(string text, SpecWord word)
    {
        var isHex = word.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ulong.TryParse(isHex ? word.Text.AsSpan(2) : word.Text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            CultureInfo.InvariantCulture, out var address)
            ? address
            : throw new SpecException(text, word.At, "an address such as 0x70000000");
    }

    /// <summary>The bytes below an address limit such as <c>32bit</c>.</summary>
    public static long SpaceOfBits(string text, SpecWord word) => 1L << Bits(text, word, 16, 56);

    /// <summary>A width such as <c>32bit</c> or <c>32</c>.</summary>
    public static int Bits(string text, SpecWord word, int least, int most)
    {
        var digits = word.Text.EndsWith("bit", StringComparison.Ordinal) ? word.Text.AsSpan(0, word.Text.Length - 3) : word.Text;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
                && bits >= least && bits <= most
            ? bits
            : throw new SpecException(text, word.At,
                string.Create(CultureInfo.InvariantCulture, $"a width from {least}bit to {most}bit"));
    }

    /// <summary>yes or no.</summary>
    public static long Switch(string text, SpecWord word) => word.Text switch
    {
        "yes" or "on" or "1" => 1,
        "no" or "off" or "0" => 0,
        _ => throw new SpecException(text, word.At, "yes or no"),
    };

    /// <summary>A kernel version or a generation of the kind.</summary>
    public static string Kernel(string text, SpecWord word, PoolKind kind) =>
        KernelVersion.TryParse(word.Text, out _) || PoolModels.IsGeneration(kind, word.Text)
            ? word.Text
            : throw new SpecException(text, word.At, "a kernel version such as 6.1.192, or a generation: "
                + string.Join(", ", PoolModels.All.Where(info => info.Kind == kind).Select(info => info.Generation)));
}
