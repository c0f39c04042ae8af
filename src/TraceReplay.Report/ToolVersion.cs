namespace TraceReplay.Report;

/// <summary>The version that reports carry.</summary>
public static class ToolVersion
{
    /// <summary>Version of this build, three numbers.</summary>
    public static string Text { get; } = typeof(ToolVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
