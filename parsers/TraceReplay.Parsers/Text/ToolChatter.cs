namespace TraceReplay.Parsers.Text;

/// <summary>What trace-cmd and perf themselves say on standard error: it stands in the output when that was redirected, too.</summary>
internal static class ToolChatter
{
    /// <summary>Whether a line is such a remark.</summary>
    /// <param name="line">The line.</param>
    /// <returns>True for warnings, plugin messages and complaints about print formats.</returns>
    public static bool Is(ReadOnlySpan<byte> line) =>
        line.StartsWith("libtraceevent:"u8) || line.StartsWith("  ["u8) || line.StartsWith("Warning:"u8) || line.StartsWith("trace-cmd:"u8)
        || line.StartsWith("registering plugin:"u8) || line.StartsWith("overriding event"u8) || line.StartsWith("removing override handler"u8)
        || line.StartsWith("'trace' not valid for"u8) || line.StartsWith("Processed "u8) || line.StartsWith("Check IO/CPU overload!"u8)
        || line.IndexOf("wakeup latency"u8) >= 0 || line.StartsWith("# "u8) || line.StartsWith("[ perf record:"u8);
}
