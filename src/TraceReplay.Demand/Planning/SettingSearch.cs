using System.Globalization;
using TraceReplay.Demand.Drivers;
using TraceReplay.Pools;

namespace TraceReplay.Demand.Planning;

/// <summary>Solves for the one setting that makes the most that could be asked for fit, all else equal. Demand grows with
/// every setting and capacity with the pool, so each answer is found by halving.</summary>
internal sealed class SettingSearch(PoolFit fit, PoolGeometry geometry, IReadOnlyList<HostInput> hosts)
{
    private readonly DriverDefaults? _defaults = hosts[0].Defaults;

    /// <summary>The settings that matter for this pool, each with its answer.</summary>
    public IReadOnlyList<Setting> All()
    {
        var settings = new List<Setting> { Depth() };
        if (hosts.All(host => host.CanQueue is not null))
        {
            settings.Add(HostCommands());
        }

        settings.Add(Segments());
        settings.Add(LunPaths());
        settings.Add(new PoolSizeSearch(fit, geometry, hosts).Find());
        return settings;
    }

    private Setting Depth()
    {
        var parameter = _defaults?.Depth ?? DriverSetting.None;
        var present = Widest(host => host.QueueDepth);
        var value = Largest(1, present.Most, depth => [.. hosts.Select(host => host with
        {
            QueueDepth = Estimate.Exactly(Math.Min(depth, host.QueueDepth.Most), Basis.Stated, "solved for"),
            TotalDepth = null,
        })]);
        var note = value is null
            ? string.Create(CultureInfo.InvariantCulture, $"even with one command per LUN path the {Sum(host => host.LunPaths.Most):#,0} paths ask for too much at once")
            : string.Empty;
        return new Setting(SettingKind.QueueDepth, parameter.Name, value, present, note);
    }

    private Setting HostCommands()
    {
        var parameter = _defaults?.HostDepth ?? DriverSetting.None;
        var reserved = parameter.Name.StartsWith("lpfc_", StringComparison.Ordinal) ? DriverDefaults.ReservedCommands : 0;
        var present = Widest(host => host.CanQueue!);
        var value = Largest(1, present.Most, commands => [.. hosts.Select(host => host with
        {
            CanQueue = Estimate.Exactly(Math.Min(commands, host.CanQueue!.Most), Basis.Stated, "solved for"),
        })]);
        var note = value is null ? "even one command for each host is too much" : string.Empty;
        if (value + reserved < parameter.Least)
        {
            (value, note) = (null, string.Create(CultureInfo.InvariantCulture, $"the driver takes no value below {parameter.Least}"));
        }

        return new Setting(SettingKind.HostCommands, parameter.Name, value, present, note) { Reserved = reserved };
    }

    private Setting Segments()
    {
        var parameter = _defaults?.SegmentCount ?? DriverSetting.None;
        var present = Widest(host => host.Segments);
        var value = Largest(1, present.Most, count => [.. hosts.Select(host => host with
        {
            Segments = Estimate.Exactly(Math.Min(count, host.Segments.Most), Basis.Stated, "solved for"),
        })]);
        var note = value is null ? "even commands of one segment ask for too much at once" : string.Empty;
        var below = parameter.Name.Length > 0 && value < parameter.Least;
        if (below)
        {
            note = string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} takes no value below {parameter.Least}: limit the size of requests instead");
        }

        return new Setting(SettingKind.Segments, below ? string.Empty : parameter.Name, value, present, note);
    }

    private Setting LunPaths()
    {
        var present = Widest(host => host.LunPaths);
        var value = Largest(1, present.Most, paths => [.. hosts.Select(host => host with
        {
            LunPaths = Estimate.Exactly(Math.Min(paths, host.LunPaths.Most), Basis.Stated, "solved for"),
            TotalDepth = null,
        })]);
        return new Setting(SettingKind.LunPaths, string.Empty, value, present,
            value is null ? "not even one LUN path fits at this depth" : "at the present depth");
    }

    /// <summary>The largest value up to the present one at which everything fits.</summary>
    private long? Largest(long least, long most, Func<long, IReadOnlyList<HostInput>> with)
    {
        if (!fit.Fits(geometry, with(least)))
        {
            return null;
        }

        var (low, high) = (least, Math.Max(least, most) + 1);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (fit.Fits(geometry, with(middle)))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private Estimate Widest(Func<HostInput, Estimate> value) => hosts.Select(value).Aggregate((one, other) => one.Or(other));

    private long Sum(Func<HostInput, long> value) => hosts.Sum(host => Math.Min(value(host), int.MaxValue));
}
