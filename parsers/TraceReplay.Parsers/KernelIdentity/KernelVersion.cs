using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelIdentity;

/// <summary>Reads kernel release, upstream version and architecture out of the banner (<c>Linux version ...</c>) and of
/// <c>uname -a</c>.</summary>
internal static class KernelVersion
{
    private const string BannerStart = "Linux version ";

    private static readonly string[] Architectures =
    [
        "x86_64", "i386", "i486", "i586", "i686", "aarch64", "ppc64le", "ppc64", "ppc", "s390x", "ia64", "riscv64", "mips64", "sparc64",
        "parisc64", "armv7l",
    ];

    /// <summary>Reads a line.</summary>
    /// <param name="text">Banner without time stamp, or uname output.</param>
    /// <param name="source">Where it stands.</param>
    /// <returns>What it tells, null if it is neither.</returns>
    public static MachineFact? Parse(string text, SourceRef source)
    {
        if (text.StartsWith(BannerStart, StringComparison.Ordinal))
        {
            var release = text[BannerStart.Length..].Split(' ', 2)[0];
            return Leading(release).Length == 0 ? null : Fact(release, text, ArchOf(release), source);
        }

        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length < 4 || words[0] != "Linux" || Leading(words[2]).Length == 0
            ? null
            : Fact(words[2], text, Array.FindLast(words, word => Architectures.Contains(word, StringComparer.Ordinal)), source);
    }

    /// <summary>The number in front of a version text.</summary>
    /// <param name="text">For example <c>6.1.0-56-amd64</c>.</param>
    /// <returns>6.1.0, or null.</returns>
    public static Version? Number(string? text) => Version.TryParse(Leading(text ?? string.Empty), out var version) ? version : null;

    /// <summary>The year in which a kernel was built.</summary>
    /// <param name="banner">Its banner: <c>... #1 SMP Fri Feb 24 16:44:51 EST 2006</c>, <c>... Debian 6.1.192-2 (2026-11-16)</c>.</param>
    /// <returns>The year, null if the banner does not end in a date.</returns>
    public static int? BuildYear(string banner)
    {
        const int First = 1991;
        const int Last = 2199;
        var end = banner.AsSpan().TrimEnd();
        var word = end.EndsWith(")") && end.Length > 12 && end[^12] == '(' ? end[^11..^7] : end.Length > 5 && end[^5] == ' ' ? end[^4..] : default;
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= First and <= Last ? year : null;
    }

    private static MachineFact Fact(string release, string text, string? arch, SourceRef source)
    {
        // Debian prints the upstream version behind the build: "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)".
        const string Mark = " Debian ";
        var at = text.LastIndexOf(Mark, StringComparison.Ordinal);
        var debian = at < 0 ? string.Empty : Leading(text[(at + Mark.Length)..]);
        return new MachineFact(source)
        {
            KernelRelease = release, KernelVersion = debian.Length > 0 ? debian : Leading(release), Arch = arch,
        };
    }

    /// <summary>Two or three numbers with dots between them.</summary>
    private static string Leading(string text)
    {
        var end = 0;
        var dots = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || (text[end] == '.' && end > 0 && dots++ < 2)))
        {
            end++;
        }

        var number = text[..end].TrimEnd('.');
        return number.Contains('.', StringComparison.Ordinal) && Version.TryParse(number, out _) ? number : string.Empty;
    }

    private static string? ArchOf(string release) => release switch
    {
        _ when release.EndsWith("amd64", StringComparison.Ordinal) || release.EndsWith("x86_64", StringComparison.Ordinal) => "x86_64",
        _ when release.EndsWith("powerpc64le", StringComparison.Ordinal) || release.EndsWith("ppc64le", StringComparison.Ordinal) => "ppc64le",
        _ when release.EndsWith("ppc64", StringComparison.Ordinal) => "ppc64",
        _ when release.EndsWith("aarch64", StringComparison.Ordinal) || release.EndsWith("arm64", StringComparison.Ordinal) => "aarch64",
        _ => null,
    };
}
