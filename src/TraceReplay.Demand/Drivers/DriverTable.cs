using System.Globalization;
using TraceReplay.Pools;

namespace TraceReplay.Demand.Drivers;

/// <summary>Defaults of drivers by kernel, read from <c>drivers.table</c> (spec/demand-side.md 2.1): data, so that a driver
/// is a row.</summary>
public static class DriverTable
{
    private static readonly Lazy<IReadOnlyList<DriverRow>> Rows = new(Load);

    /// <summary>Every row, by driver and then oldest first.</summary>
    public static IReadOnlyList<DriverRow> All => Rows.Value;

    /// <summary>Names of the drivers.</summary>
    public static IEnumerable<string> Names => All.Select(row => row.Driver).Distinct(StringComparer.Ordinal);

    /// <summary>The defaults of a driver in a kernel. A kernel that was read gets its row; one between two that were read
    /// gets bounds that cover both; an older or newer one gets the nearest row.</summary>
    /// <param name="driver">Name of the module.</param>
    /// <param name="kernel">Kernel version, null = the newest row.</param>
    /// <returns>The defaults, null if the table does not have the driver.</returns>
    public static DriverDefaults? Find(string driver, string? kernel)
    {
        var rows = All.Where(row => string.Equals(row.Driver, driver, StringComparison.OrdinalIgnoreCase)).ToList();
        if (rows.Count == 0)
        {
            return null;
        }

        if (!KernelVersion.TryParse(kernel, out var version))
        {
            return new DriverDefaults(rows[^1], rows[^1]);
        }

        var below = rows.LastOrDefault(row => row.Kernel <= version) ?? rows[0];
        var above = rows.FirstOrDefault(row => row.Kernel > version) ?? below;
        return new DriverDefaults(below, IsRead(below, version) ? below : above);
    }

    private static bool IsRead(DriverRow row, KernelVersion version) => row.Kernel.Major == version.Major
        && row.Kernel.Minor == version.Minor && (row.Kernel.Patch == 0 || row.Kernel.Patch == version.Patch);

    private static List<DriverRow> Load()
    {
        using var stream = typeof(DriverTable).Assembly.GetManifestResourceStream("drivers.table")
            ?? throw new InvalidOperationException("drivers.table is not in the assembly");
        using var reader = new StreamReader(stream);
        var rows = new List<DriverRow>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                rows.Add(Row(line.Split('|', StringSplitOptions.TrimEntries)));
            }
        }

        return [.. rows.OrderBy(row => row.Driver, StringComparer.Ordinal).ThenBy(row => row.Kernel)];
    }

    private static DriverRow Row(string[] cells) => new(
        cells[0], KernelVersion.Parse(cells[1]), cells[2], Bounds(cells[3]), Bounds(cells[4]), Bounds(cells[5]),
        Bounds(cells[6])?.Most ?? 0, Setting(cells[7]), Setting(cells[8]), Setting(cells[9]), cells[10]);

    private static (long Least, long Most)? Bounds(string cell)
    {
        if (cell == "-")
        {
            return null;
        }

        var ends = cell.Split("..");
        return (long.Parse(ends[0], CultureInfo.InvariantCulture), long.Parse(ends[^1], CultureInfo.InvariantCulture));
    }

    private static DriverSetting Setting(string cell)
    {
        if (cell == "-")
        {
            return DriverSetting.None;
        }

        var words = cell.Split(' ');
        var (least, most) = Bounds(words[1])!.Value;
        return new DriverSetting(words[0], least, most);
    }
}
