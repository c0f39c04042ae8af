using TraceReplay.TestSupport;

namespace TraceReplay.EndToEnd.Tests;

/// <summary>Captures of real kernels: those in sample-logs/, and the folder beside the checkout where it is present.</summary>
internal static class Captures
{
    /// <summary>Input folder of a capture in sample-logs/.</summary>
    public static string Sample(string name) => Places.InCheckout("sample-logs", name, "input");

    /// <summary>Input folder of a capture beside the checkout, null if it is absent.</summary>
    public static string? Beside(string name) => Places.Shared is { } shared
        && Directory.Exists(Path.Combine(shared, "captures", name, "input")) ? Path.Combine(shared, "captures", name, "input") : null;
}
