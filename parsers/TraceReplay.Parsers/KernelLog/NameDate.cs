using System.Globalization;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Dates in names of files and folders: <c>messages-20060412</c>, <c>kern.log.2006-04-12.gz</c>, <c>sosreport-db1-20060412093000</c>.</summary>
internal static class NameDate
{
    private const int FirstYear = 1991;
    private const int LastYear = 2199;

    /// <summary>Finds a date.</summary>
    /// <param name="name">A name without folders.</param>
    /// <returns>The last date that stands in it, null if there is none.</returns>
    public static DateOnly? Of(ReadOnlySpan<char> name)
    {
        DateOnly? found = null;
        for (var at = 0; at < name.Length; at++)
        {
            if (!char.IsAsciiDigit(name[at]) || (at > 0 && char.IsAsciiDigit(name[at - 1])))
            {
                continue;
            }

            var digits = name[at..].IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : name.Length - at;

            // A date alone, or with hours and minutes, or seconds, behind it.
            found = (digits is 8 or 12 or 14 ? Date(name.Slice(at, 4), name.Slice(at + 4, 2), name.Slice(at + 6, 2))
                : digits == 4 && Separated(name[at..]) ? Date(name.Slice(at, 4), name.Slice(at + 5, 2), name.Slice(at + 8, 2)) : null) ?? found;
        }

        return found;
    }

    /// <summary><c>2006-04-12</c> and the like, with the same mark twice.</summary>
    private static bool Separated(ReadOnlySpan<char> text) =>
        text.Length >= 10 && text[4] is '-' or '_' or '.' && text[7] == text[4] && char.IsAsciiDigit(text[6]) && (text.Length == 10 || !char.IsAsciiDigit(text[10]));

    private static DateOnly? Date(ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day) =>
        int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var y) && y is >= FirstYear and <= LastYear
        && int.TryParse(month, NumberStyles.None, CultureInfo.InvariantCulture, out var m) && m is >= 1 and <= 12
        && int.TryParse(day, NumberStyles.None, CultureInfo.InvariantCulture, out var d) && d >= 1 && d <= DateTime.DaysInMonth(y, m) ? new DateOnly(y, m, d) : null;
}
