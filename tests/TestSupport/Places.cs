namespace TraceReplay.TestSupport;

/// <summary>Where tests find the checkout and the optional folder of captures and vectors beside it.</summary>
internal static class Places
{
    /// <summary>Top of the checkout.</summary>
    public static string Checkout { get; } = FindCheckout();

    /// <summary>The folder of kernel captures and vectors beside the checkout, null where it is absent.</summary>
    public static string? Shared { get; } = FindShared();

    /// <summary>A file or folder of the checkout.</summary>
    public static string InCheckout(params string[] parts) => Path.Combine([Checkout, .. parts]);

    private static string FindCheckout()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "TraceReplay.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no TraceReplay.sln above the tests");
        }

        return folder;
    }

    private static string? FindShared()
    {
        var folder = Path.GetFullPath(Path.Combine(Checkout, "..", "shared"));
        return Directory.Exists(Path.Combine(folder, "captures")) ? folder : null;
    }
}
