using TraceReplay.TestSupport;

namespace TraceReplay.Conformance.Tests;

/// <summary>The conformance vectors: answers of the kernel's own allocator functions.</summary>
internal static class VectorFolders
{
    /// <summary>A subset kept in the repository; it always runs.</summary>
    public static string Kept { get; } = Places.InCheckout("tests", "TraceReplay.Conformance.Tests", "vectors");

    /// <summary>All vectors, null where they are absent.</summary>
    public static string? All { get; } = Places.Shared is { } shared ? Path.Combine(shared, "vectors") : null;

    /// <summary>The vector sets under a folder, as <c>model/name</c>.</summary>
    public static IEnumerable<string> In(string? folder) => folder is null || !Directory.Exists(folder)
        ? []
        : Directory.EnumerateFiles(folder, "*.ops.zst", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path)[..^".ops.zst".Length])
            .Order(StringComparer.Ordinal);
}
