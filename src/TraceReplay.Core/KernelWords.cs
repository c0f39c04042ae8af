namespace TraceReplay.Core;

/// <summary>Splits parameters as the kernel does (next_arg, lib/cmdline.c): blanks separate, double quotes hold blanks together.</summary>
public static class KernelWords
{
    /// <summary>Splits a line.</summary>
    /// <param name="line">A command line, or an <c>options</c> line of modprobe.</param>
    /// <returns>Its words, quotes kept.</returns>
    public static IReadOnlyList<string> Split(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var words = new List<string>();
        var start = -1;
        var isQuoted = false;
        for (var i = 0; i <= line.Length; i++)
        {
            var isEnd = i == line.Length || (!isQuoted && char.IsWhiteSpace(line[i]));
            if (isEnd && start >= 0)
            {
                words.Add(line[start..i]);
                start = -1;
            }
            else if (!isEnd)
            {
                isQuoted ^= line[i] == '"';
                start = start < 0 ? i : start;
            }
        }

        return words;
    }

    /// <summary>The module parameters of a command line (<c>lpfc.lpfc_lun_queue_depth=1</c>), in order; of equal ones the kernel
    /// takes the last.</summary>
    /// <param name="commandLine">The kernel command line.</param>
    /// <param name="source">Where it stands.</param>
    /// <returns>The parameters. What user space reads (<c>systemd.</c>, <c>rd.</c>) is not among them.</returns>
    public static IEnumerable<ModuleParameterFact> ModuleParameters(string commandLine, SourceRef source)
    {
        foreach (var word in Split(commandLine).Select(w => w.Trim('"')))
        {
            // What stands behind "--" is for init.
            if (word == "--")
            {
                yield break;
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals];
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || dot == name.Length - 1 || name.Contains('/', StringComparison.Ordinal) || name[..dot] is "systemd" or "rd")
            {
                continue;
            }

            yield return new ModuleParameterFact(
                name[..dot].Replace('-', '_'), name[(dot + 1)..].Replace('-', '_'), equals < 0 ? string.Empty : word[(equals + 1)..].Trim('"'),
                ParameterOrigin.CommandLine, source);
        }
    }
}
