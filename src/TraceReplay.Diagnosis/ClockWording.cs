using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis;

/// <summary>How the report says on which clocks its logs are.</summary>
internal static class ClockWording
{
    /// <summary>Says which clock was brought to which, by how many lines.</summary>
    /// <param name="path">The log with the kernel's clock.</param>
    /// <param name="offset">The offset taken.</param>
    /// <param name="later">The offsets of the same boot that follow it.</param>
    /// <returns>A note.</returns>
    public static Diagnostic Notice(string path, ClockOffsetFact offset, IEnumerable<ClockOffsetFact> later)
    {
        var where = offset.Source.Line > 0 && offset.Source.Path != path ? $" of {offset.Source.Path}" : string.Empty;
        var lines = offset.Lines == 1 ? $"a line{where} tells" : string.Create(CultureInfo.InvariantCulture, $"{offset.Lines} lines{where} tell");
        var spread = string.Create(CultureInfo.InvariantCulture, $"; it is sure to {Math.Max(offset.SpreadNs, offset.To == ClockDomain.WallUtc ? 0 : 1_000_000_000) / 1e9:0.######} s");
        var steps = later.Select(o => string.Create(CultureInfo.InvariantCulture, $"; from {o.SinceNs / 1e9:0.000000} s on it is another by {(o.OffsetNs - offset.OffsetNs) / 1e9:+0.0;-0.0} s (the clock was set, or the machine slept)"));
        return new Diagnostic("TR0314", Severity.Info,
            $"the kernel's clock stood at 0 at {Moment(offset)}, as {lines}{spread}{string.Concat(steps.Take(4))}", new SourceRef(path, 0));
    }

    private static string Moment(ClockOffsetFact offset)
    {
        const long NsPerTick = 100;
        return offset.To == ClockDomain.WallNoYear ? YearlessTime.Text(offset.OffsetNs) + " local time (year not known)"
            : DateTime.UnixEpoch.AddTicks(offset.OffsetNs / NsPerTick).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + (offset.To == ClockDomain.WallUtc ? " UTC" : " local time");
    }
}
