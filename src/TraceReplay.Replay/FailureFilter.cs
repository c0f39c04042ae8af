using System.IO.Enumeration;

namespace TraceReplay.Replay;

/// <summary>Which failures count; the replay itself always runs over everything.</summary>
/// <param name="SinceNs">Not before this time, null = from the start.</param>
/// <param name="UntilNs">Not after this time, null = to the end.</param>
/// <param name="DeviceGlob">Only devices that match (<c>*</c> and <c>?</c>), null = all.</param>
public sealed record FailureFilter(long? SinceNs = null, long? UntilNs = null, string? DeviceGlob = null)
{
    /// <summary>Everything counts.</summary>
    public static FailureFilter All { get; } = new();

    /// <summary>Whether a failure counts.</summary>
    /// <param name="timeNs">Its time.</param>
    /// <param name="device">Its device, null = no device is named.</param>
    /// <returns>True if it counts.</returns>
    public bool Counts(long timeNs, string? device) =>
        (SinceNs is not { } since || timeNs >= since) && (UntilNs is not { } until || timeNs <= until)
        && (DeviceGlob is null || device is null || FileSystemName.MatchesSimpleExpression(DeviceGlob, device, ignoreCase: true));
}
