using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers;

/// <summary>Opens a file for those who read its content themselves: compression is taken off as the first bytes say.</summary>
public static class ContentStream
{
    /// <summary>Opens it.</summary>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <returns>The content, forward only; the caller disposes it.</returns>
    public static Stream Open(string path) =>
        Decompression.Unwrap(path == "-" ? Console.OpenStandardInput() : File.OpenRead(path));
}
