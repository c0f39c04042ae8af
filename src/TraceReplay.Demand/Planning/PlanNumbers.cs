using System.Globalization;
using TraceReplay.Demand.Drivers;

namespace TraceReplay.Demand.Planning;

/// <summary>Bounds as a user states them.</summary>
/// <param name="Least">Lower bound.</param>
/// <param name="Most">Upper bound.</param>
public readonly record struct Bounds(long Least, long Most);

/// <summary>A plan's numbers as a user states them; what is null comes from the driver's defaults or is assumed, and the
/// report says so.</summary>
public sealed record PlanNumbers
{
    private const long PageBytes = 4096;

    /// <summary>LUNs of the machine.</summary>
    public Bounds? Luns { get; init; }

    /// <summary>Paths to each LUN.</summary>
    public Bounds? Paths { get; init; }

    /// <summary>SCSI hosts that the paths are spread over.</summary>
    public int? Hosts { get; init; }

    /// <summary>Commands that one LUN path may have in flight.</summary>
    public Bounds? CommandsPerLun { get; init; }

    /// <summary>Commands that one host may have in flight.</summary>
    public Bounds? CanQueue { get; init; }

    /// <summary>Segments of one command.</summary>
    public Bounds? Segments { get; init; }

    /// <summary>Bytes of one segment.</summary>
    public Bounds? SegmentBytes { get; init; }

    /// <summary>Largest request of the block layer, KiB (<c>max_sectors_kb</c>).</summary>
    public Bounds? MaxSectorsKb { get; init; }

    /// <summary>Driver of the hosts.</summary>
    public string? Driver { get; init; }

    /// <summary>Kernel version.</summary>
    public string? Kernel { get; init; }

    /// <summary>Makes the hosts.</summary>
    /// <param name="notes">Receives what was assumed.</param>
    /// <returns>The hosts, all alike.</returns>
    /// <exception cref="PlanException">A number is missing that nothing gives, or the driver is not known.</exception>
    public IReadOnlyList<HostInput> MakeHosts(ICollection<string> notes)
    {
        ArgumentNullException.ThrowIfNull(notes);
        var luns = Luns ?? throw new PlanException("how many LUNs there are is not said", "say --luns N, or give an --inventory");
        var paths = Paths ?? new Bounds(1, 1);
        if (Paths is null)
        {
            notes.Add("one path to each LUN is assumed (--paths N)");
        }

        var hosts = Hosts ?? (int)Math.Clamp(paths.Most, 1, 1024);
        if (Hosts is null && hosts > 1)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"each path goes through a host of its own: {hosts} hosts are assumed (--hosts N)"));
        }

        var defaults = Defaults();
        var template = new HostInput
        {
            Name = "host0",
            Driver = Driver ?? string.Empty,
            Defaults = defaults,
            LunPaths = Stated(luns, "--luns").Times(Stated(paths, "--paths")) with { Source = "--luns times --paths, spread over the hosts" },
            QueueDepth = QueueDepth(defaults),
            CanQueue = CanQueue is { } limit ? Stated(limit, "--can-queue") : defaults?.CanQueue,
            SegmentBytes = SegmentSize(notes),
            Segments = SegmentCount(defaults, notes),
        };
        return [.. Enumerable.Range(0, hosts).Select(number => template with
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"host{number}"),
            LunPaths = Share(template.LunPaths, hosts),
        })];
    }

    private DriverDefaults? Defaults()
    {
        if (Driver is null)
        {
            return null;
        }

        return DriverTable.Find(Driver, Kernel) ?? throw new PlanException(
            $"no defaults of a driver '{Driver}' are known", "known are " + string.Join(", ", DriverTable.Names)
                + "; without --driver say --commands-per-lun, --segments and --can-queue");
    }

    private Estimate QueueDepth(DriverDefaults? defaults) => CommandsPerLun is { } stated
        ? Stated(stated, "--commands-per-lun")
        : defaults?.QueueDepth ?? throw new PlanException(
            "how many commands a LUN may have in flight is not said", "say --commands-per-lun A..B, or --driver NAME for its default");

    private Estimate SegmentCount(DriverDefaults? defaults, ICollection<string> notes)
    {
        var segments = Segments is { } stated
            ? Stated(stated, "--segments")
            : defaults?.Segments ?? throw new PlanException(
                "how many segments a command has is not said", "say --segments N, or --driver NAME for its default");
        if (Segments is null)
        {
            notes.Add("every command is taken to use all segments that the driver allows: the worst case (--segments A..B)");
        }

        // A request of max_sectors touches one segment more than it fills if it begins inside one (spec demand-side.md 1.2).
        var bytes = SegmentBytes ?? new Bounds(PageBytes, PageBytes);
        return MaxSectorsKb is { } largest
            ? segments.AtMost(Stated(new Bounds((largest.Least * 1024 / bytes.Most) + 1, (largest.Most * 1024 / bytes.Least) + 1), "--max-sectors-kb"))
            : segments;
    }

    private Estimate SegmentSize(ICollection<string> notes)
    {
        if (SegmentBytes is { } stated)
        {
            return Stated(stated, "--segment-bytes");
        }

        notes.Add("segments of one page (4096 bytes) are assumed (--segment-bytes A..B)");
        return Estimate.Exactly(PageBytes, Basis.Assumed, "one page");
    }

    private static Estimate Share(Estimate all, int hosts) =>
        all with { Least = all.Least / hosts, Most = (all.Most + hosts - 1) / hosts };

    private static Estimate Stated(Bounds bounds, string option) => Estimate.Stated(bounds.Least, bounds.Most, option);
}
