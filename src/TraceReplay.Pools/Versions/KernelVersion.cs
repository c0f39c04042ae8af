using System.Globalization;

namespace TraceReplay.Pools;

/// <summary>An upstream kernel version as far as it decides which allocator ran: up to four numbers. A release
/// candidate counts as its release, because features arrive in the merge window.</summary>
/// <param name="Major">First number.</param>
/// <param name="Minor">Second number.</param>
/// <param name="Patch">Third number, 0 if absent.</param>
/// <param name="Fix">Fourth number (2.6.x.y only), 0 if absent.</param>
public readonly record struct KernelVersion(int Major, int Minor, int Patch = 0, int Fix = 0) : IComparable<KernelVersion>
{
    private const int MaxParts = 4;

    /// <summary>Reads the numbers at the head of a version or release string: <c>2.6.16-rc3</c>, <c>5.15.135</c>,
    /// <c>6.1.0-56-amd64</c>, <c>v7.3</c>, <c>2.4.21-63.EL</c>.</summary>
    /// <param name="text">The string.</param>
    /// <param name="version">The version.</param>
    /// <returns>False if the string does not begin with a version.</returns>
    public static bool TryParse(string? text, out KernelVersion version)
    {
        version = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        Span<int> parts = stackalloc int[MaxParts];
        var count = 0;
        var at = text[0] is 'v' or 'V' ? 1 : 0;
        while (count < MaxParts && TryReadNumber(text, ref at, out parts[count]))
        {
            count++;
            if (at >= text.Length || text[at] != '.')
            {
                break;
            }

            at++;
        }

        if (count < 2 && !(count == 1 && at >= text.Length))
        {
            return false;
        }

        version = new KernelVersion(parts[0], parts[1], parts[2], parts[3]);
        return true;
    }

    /// <summary>Reads a version of the tables in this project.</summary>
    /// <param name="text">A version.</param>
    /// <returns>The version.</returns>
    /// <exception cref="FormatException">The text is not a version.</exception>
    public static KernelVersion Parse(string text) => TryParse(text, out var version)
        ? version
        : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{text}' is not a kernel version"));

    /// <inheritdoc/>
    public int CompareTo(KernelVersion other)
    {
        var order = Major.CompareTo(other.Major);
        order = order != 0 ? order : Minor.CompareTo(other.Minor);
        order = order != 0 ? order : Patch.CompareTo(other.Patch);
        return order != 0 ? order : Fix.CompareTo(other.Fix);
    }

    /// <summary>Whether the left version is older.</summary>
    public static bool operator <(KernelVersion left, KernelVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left version is newer.</summary>
    public static bool operator >(KernelVersion left, KernelVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left version is not newer.</summary>
    public static bool operator <=(KernelVersion left, KernelVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left version is not older.</summary>
    public static bool operator >=(KernelVersion left, KernelVersion right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => (Patch, Fix) switch
    {
        (0, 0) => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}"),
        (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}.{Fix}"),
    };

    private static bool TryReadNumber(string text, ref int at, out int number)
    {
        number = 0;
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]) && at - start < 8)
        {
            number = (number * 10) + (text[at++] - '0');
        }

        return at > start;
    }
}
