using System.Globalization;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>Says in plain words what is held for commands that are not in flight.</summary>
internal static class PreallocationWording
{
    /// <summary>The verdict, up to who paid.</summary>
    public static string Verdict(TraceCase @case, FailureReport typical)
    {
        var chief = @case.Preallocated[0];
        var held = HeldAtFirst(@case);
        var total = typical.TotalUnits ?? @case.Geometry.Units;
        var kind = @case.Geometry.Kind;
        return string.Create(CultureInfo.InvariantCulture,
            $"The {Wording.Pool(kind)} is taken up in advance: when the first request failed, {held} of {total} {Wording.Units(kind)} ({Wording.Percent(held, total)}) were held for commands that LUN paths of {Name(@case, chief.Device)} might have, not for commands in flight. ");
    }

    /// <summary>How it came to it.</summary>
    public static string Cause(TraceCase @case)
    {
        var chief = @case.Preallocated[0];
        var text = string.Create(CultureInfo.InvariantCulture,
            $"For each of {chief.LunPaths} LUN paths {Wording.Count(chief.MapsPerPath, "map")} of {Wording.Bytes(chief.BytesPerMap)} {(chief.MapsPerPath == 1 ? "was" : "were")} made when the path was set up, before its first command, and not given back: one for each command that it could have. The sum grows with LUNs, paths and queue depth, whatever is in flight. ");
        var commands = @case.Log.Commands;
        return text + (commands.Started > 0
            ? string.Create(CultureInfo.InvariantCulture, $"Of {chief.Operations.Length} that are held, at most {commands.Peak} were in use by commands at once.")
            : "The trace shows no command that was started.");
    }

    /// <summary>What proves it.</summary>
    public static IEnumerable<Evidence> Evidence(TraceCase @case)
    {
        foreach (var device in @case.Preallocated.Take(3))
        {
            yield return new Evidence(string.Create(CultureInfo.InvariantCulture,
                $"{Name(@case, device.Device)}: {device.Operations.Length} maps for {device.LunPaths} LUN paths, {device.MapsPerPath} each, made at set-up and never given back; the first is this one"),
                @case.Log.PlaceOf(device.Operations[0]));
        }

        var first = @case.Result.Failures[0].Operation;
        var meant = @case.Preallocated.SelectMany(p => p.Operations).ToHashSet();
        var others = @case.Result.LiveAtMoment.Where(o => !meant.Contains(o)).ToList();
        yield return new Evidence(string.Create(CultureInfo.InvariantCulture,
            $"all else held {others.Sum(@case.Result.UnitsOf)} {Wording.Units(@case.Geometry.Kind)} in {Wording.Count(others.Count, "map")} when this request was refused"), @case.Log.PlaceOf(first));
    }

    /// <summary>What a smaller queue depth does.</summary>
    public static string DepthNote(LunLoad load, long depth, long after, TraceCase @case) => string.Create(CultureInfo.InvariantCulture,
        $"Less is set aside for each LUN path: {load.BusiestLuns} paths asked for up to {load.DeepestQueue} maps each; at this depth they want {depth * load.BusiestLuns * load.UnitsPerCommand:F0} of {@case.Geometry.Units} {Wording.Units(@case.Geometry.Kind)}. ")
        + (after == 0
            ? "More LUNs or paths want more again." + QueueDepthRemedy.WhereSet(@case)
            : string.Create(CultureInfo.InvariantCulture, $"Even so {after} of {@case.Result.Failures.Count} requests are refused: there are too many LUN paths."));

    private static long HeldAtFirst(TraceCase @case)
    {
        var first = @case.Result.Failures[0].Operation;
        return @case.Preallocated.SelectMany(p => p.Operations).Where(o => o < first).Sum(@case.Result.UnitsOf);
    }

    private static string Name(TraceCase @case, int device)
    {
        var name = @case.DeviceName(device);
        return Wording.Device(name, @case.Facts.DriverOf(name));
    }
}
