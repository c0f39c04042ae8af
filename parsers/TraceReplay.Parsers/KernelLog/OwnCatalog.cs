using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>A user's own file of kernel messages, in the form of <c>messages/*.catalog</c>.</summary>
internal static class OwnCatalog
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">Its path, null = there is none.</param>
    /// <param name="report">Where what cannot be used is told.</param>
    /// <returns>Its families.</returns>
    public static IReadOnlyList<MessageFamily> Read(string? path, Action<Diagnostic> report)
    {
        if (path is null)
        {
            return [];
        }

        try
        {
            var (families, problems) = CatalogFile.Read(File.ReadAllText(path));
            foreach (var problem in problems)
            {
                report(Notice.BadCatalog.At(new SourceRef(path, problem.Line), problem.Problem));
            }

            return families;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report(Notice.CannotOpen.At(new SourceRef(path, 0), e.Message));
            return [];
        }
    }
}
