using System.IO.Enumeration;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.Trees;

/// <summary>The files of one incident: loose ones as given, or those of a folder.</summary>
/// <param name="Folder">The folder, null for loose files.</param>
/// <param name="Paths">Paths of the files, in ordinal order.</param>
internal sealed record IncidentFiles(string? Folder, IReadOnlyList<string> Paths)
{
    // More files than a person puts together for a case: then what is not recognised is counted, not named one by one.
    private const int ManyFiles = 40;

    /// <summary>Files that links lead to, or that a tree holds too many of: accounts so far.</summary>
    public TreeMembers Members { get; } = new();

    /// <summary>Small files with a value each.</summary>
    public IReadOnlyList<(string Path, TreePath Place)> Values { get; private init; } = [];

    /// <summary>It is a machine's file tree or as large as one: files that are not recognised are counted, and texts without a
    /// known message are no logs.</summary>
    public bool IsTree { get; private init; }

    /// <summary>Lists a folder with its folders. Links within it lead to files that are read by themselves; links to folders and
    /// links that lead out are not followed. FIFOs and sockets would block for ever.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Its files.</returns>
    public static IncidentFiles Of(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true, MaxRecursionDepth = 64,
        };
        var entries = new FileSystemEnumerable<(string Path, bool IsLink)>(
            folder, (ref entry) => (entry.ToSpecifiedFullPath(), entry.Attributes.HasFlag(FileAttributes.ReparsePoint)), options)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        }.ToArray();
        Array.Sort(entries, (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return Sort(folder, entries);
    }

    /// <summary>Path within the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="path">Path of a file in it.</param>
    /// <returns>What stands behind the folder.</returns>
    public static string Within(string folder, string path) => path[Math.Min(path.Length, folder.Length)..].TrimStart('/');

    private static IncidentFiles Sort(string folder, (string Path, bool IsLink)[] entries)
    {
        List<string> looked = [];
        List<(string Path, TreePath Place)> values = [];
        var found = new IncidentFiles(folder, looked);
        var isTree = entries.Length > ManyFiles;
        var whole = Path.GetFullPath(folder).TrimEnd('/') + "/";
        foreach (var (path, isLink) in entries)
        {
            var inner = Within(folder, path);
            var place = TreePath.Of(inner);
            isTree |= place.RootLength >= 0;
            found.Members.Seen++;
            if (place.Use == TreeUse.Pass)
            {
                found.Members.Pass(place.Reason, inner);
            }
            else if (isLink)
            {
                Link(found.Members, path, inner, whole);
            }
            else if (!RegularFile.Is(path))
            {
                found.Members.Pass("FIFOs, sockets and devices", inner);
            }
            else if (place.Use == TreeUse.Value)
            {
                values.Add((path, place));
            }
            else
            {
                looked.Add(path);
            }
        }

        return found with { Values = values, IsTree = isTree };
    }

    private static void Link(TreeMembers members, string path, string inner, string folder)
    {
        string? target = null;
        try
        {
            target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            // A circle of links.
        }

        if (target is not null && File.Exists(target) && !Resolved(target).StartsWith(Resolved(folder), StringComparison.Ordinal))
        {
            members.LinkOut(inner);
        }
        else
        {
            members.Pass(target is not null && File.Exists(target) ? "links to other files of the folder" : "links to nothing", inner);
        }
    }

    /// <summary>The folder itself may be reached over links.</summary>
    private static string Resolved(string path)
    {
        var folder = Directory.Exists(path) ? path.TrimEnd('/') : Path.GetDirectoryName(path) ?? "/";
        var parts = folder.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var real = "/";
        foreach (var part in parts)
        {
            real = Path.Combine(real, part);
            real = new DirectoryInfo(real).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? real;
        }

        return real.TrimEnd('/') + "/";
    }
}
