using System.Globalization;
using TraceReplay.Pools;

namespace TraceReplay.Diagnosis;

/// <summary>What <c>swiotlb=</c> on a kernel command line asks for (spec swiotlb.md, section 1).</summary>
/// <param name="Slots">Slots the kernel sets up, null = its default.</param>
/// <param name="Areas">Areas asked for, null = the default.</param>
/// <param name="Forced">Bouncing is forced.</param>
public sealed record CommandLinePool(long? Slots, int? Areas, bool Forced)
{
    private const string Name = "swiotlb=";

    /// <summary>Reads the last <c>swiotlb=</c> option; the kernel's parser takes digits, a comma, digits, and a word.</summary>
    /// <param name="commandLine">Kernel command line, may be null.</param>
    /// <param name="kernel">Kernel version.</param>
    /// <returns>The option, or null if there is none.</returns>
    public static CommandLinePool? Read(string? commandLine, string kernel)
    {
        var option = commandLine?.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault(word => word.StartsWith(Name, StringComparison.Ordinal))?[Name.Length..];
        if (option is null)
        {
            return null;
        }

        var words = option.Split(',');
        var numbers = words.Select(w => long.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1)
            .TakeWhile(n => n >= 0).ToList();
        long? slots = numbers.Count > 0 && numbers[0] is > 0 and < 1L << 32 ? SlotsOf(numbers[0], kernel) : null;
        int? areas = numbers.Count > 1 && numbers[1] is > 0 and < 1 << 20 ? (int)numbers[1] : null;
        return new CommandLinePool(slots, areas, words.Contains("force", StringComparer.Ordinal));
    }

    private static long SlotsOf(long number, string kernel)
    {
        // Before 2.6.14 the number counts pages.
        var version = KernelVersion.TryParse(kernel, out var parsed) ? parsed : new KernelVersion(6, 1);
        return BootParameter.SlotsGiven(kernel, version < new KernelVersion(2, 6, 14) ? number * 2 : number);
    }
}
