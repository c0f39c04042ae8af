using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers;

/// <summary>Inputs that belong to one incident on one machine.</summary>
/// <param name="Name">The directory or archive as given, empty = loose files.</param>
/// <param name="Inputs">Its inputs.</param>
public sealed record InputCase(string Name, IReadOnlyList<string> Inputs)
{
    /// <summary>Splits inputs into cases: a directory or an archive is one incident of its own, and the loose files beside
    /// several of them are another. Beside a single one, loose files belong to it.</summary>
    /// <param name="inputs">Files, directories, archives, or <c>-</c>.</param>
    /// <returns>The cases in the order given, loose files last; never empty.</returns>
    public static IReadOnlyList<InputCase> Split(IReadOnlyList<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var containers = inputs.Where(input => IsContainer(input, inputs.Count)).Distinct(StringComparer.Ordinal).ToList();
        if (containers.Count <= 1)
        {
            return [new InputCase(containers.Count == 1 ? containers[0] : string.Empty, inputs)];
        }

        var loose = inputs.Except(containers, StringComparer.Ordinal).ToList();
        List<InputCase> cases = [.. containers.Select(container => new InputCase(container, [container]))];
        if (loose.Count > 0)
        {
            cases.Add(new InputCase(string.Empty, loose));
        }

        return cases;
    }

    /// <summary>Standard input and what cannot be read are loose; what is wrong with them is told when they are read.</summary>
    private static bool IsContainer(string input, int inputs)
    {
        if (Directory.Exists(input))
        {
            return true;
        }

        // One input is one case whatever it is: no need to open it here.
        if (inputs == 1 || !RegularFile.Is(input))
        {
            return false;
        }

        try
        {
            using var opened = OpenedSource.Over(OpenedSource.File(input), long.MaxValue, CancellationToken.None);
            return ArchiveMembers.IsArchive(opened.Pump.Head);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException or InvalidDataException)
        {
            return false;
        }
    }
}
