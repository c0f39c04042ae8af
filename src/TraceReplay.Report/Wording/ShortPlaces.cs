using TraceReplay.Core;

namespace TraceReplay.Report.Wording;

/// <summary>Shows places short: the folder that all sources share is said once, and left out of every place.</summary>
public sealed class ShortPlaces
{
    /// <summary>Finds the common folder of the sources.</summary>
    /// <param name="paths">Paths as the user gave them.</param>
    public ShortPlaces(IEnumerable<string> paths)
    {
        string? common = null;
        foreach (var path in paths)
        {
            var folder = path[..(path.LastIndexOf('/') + 1)];
            common = common is null ? folder : CommonFolder(common, folder);
        }

        Folder = common ?? string.Empty;
    }

    /// <summary>The common folder with its slash at the end, empty if there is none.</summary>
    public string Folder { get; }

    /// <summary>A path without the common folder.</summary>
    /// <param name="path">A path.</param>
    /// <returns>The shorter path.</returns>
    public string Short(string path) =>
        Folder.Length > 0 && path.StartsWith(Folder, StringComparison.Ordinal) ? path[Folder.Length..] : path;

    /// <summary>A place without the common folder.</summary>
    /// <param name="place">A place.</param>
    /// <returns><c>file:line</c>, empty if the place is none.</returns>
    public string Short(SourceRef place) => string.IsNullOrEmpty(place.Path)
        ? string.Empty
        : new SourceRef(Short(place.Path), place.Line).ToString();

    private static string CommonFolder(string left, string right)
    {
        var length = 0;
        var limit = Math.Min(left.Length, right.Length);
        for (var i = 0; i < limit && left[i] == right[i]; i++)
        {
            if (left[i] == '/')
            {
                length = i + 1;
            }
        }

        return left[..length];
    }
}
