using System.Globalization;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Diagnosis.Knowledge;
using TraceReplay.Pools;

namespace TraceReplay.Diagnosis.Capture;

/// <summary>The shell script that records on a live machine what an analysis needs (<c>script/capture.sh</c> with the probes of
/// <see cref="AllocatorProbes"/> put in).</summary>
public static class CaptureScript
{
    private const string Resource = "script.";

    private static readonly (string Name, PoolKind Kind)[] Pools =
        [("swiotlb", PoolKind.Swiotlb), ("tce", PoolKind.Tce), ("iova", PoolKind.Iova)];

    /// <summary>What can be asked for.</summary>
    public static IReadOnlyList<string> Targets { get; } = ["auto", .. Pools.Select(p => p.Name)];

    /// <summary>Writes the script.</summary>
    /// <param name="target">One of <see cref="Targets"/>.</param>
    /// <param name="kernel">Kernel release it is meant for; null = the script asks the machine.</param>
    /// <param name="toolVersion">Version of this program, for the head of the script.</param>
    /// <returns>A POSIX shell script.</returns>
    /// <exception cref="ArgumentException">The target is none, or the release is not one.</exception>
    public static string Write(string target, string? kernel, string toolVersion)
    {
        ArgumentNullException.ThrowIfNull(toolVersion);
        if (!Targets.Contains(target, StringComparer.Ordinal))
        {
            throw new ArgumentException($"'{target}' is not one of {string.Join(", ", Targets)}", nameof(target));
        }

        // The release stands in a shell script: letters that mean something there are no part of any release.
        if (kernel is not null && (!KernelVersion.TryParse(kernel, out _) || kernel.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_' or '+'))))
        {
            throw new ArgumentException($"'{kernel}' is not a kernel release", nameof(kernel));
        }

        var text = KnowledgeFiles.Resources(Resource).Single().Text.ReplaceLineEndings("\n");
        return text.Replace("@VERSION@", toolVersion, StringComparison.Ordinal)
            .Replace("@TARGET@", target == "auto" ? "whatever pool the machine has" : target, StringComparison.Ordinal)
            .Replace("@KERNEL_TEXT@", kernel ?? "as found", StringComparison.Ordinal)
            .Replace("@WANT@", target, StringComparison.Ordinal)
            .Replace("@KERNEL@", kernel ?? string.Empty, StringComparison.Ordinal)
            .Replace("@PROBES@", Definitions(target), StringComparison.Ordinal);
    }

    private static string Definitions(string target)
    {
        var text = new StringBuilder();
        foreach (var (name, kind) in Pools.Where(p => target == "auto" || p.Name == target))
        {
            foreach (var convention in CallConvention.All.Where(c => kind != PoolKind.Tce || c.Machine.StartsWith("ppc64", StringComparison.Ordinal)))
            {
                text.Append(CultureInfo.InvariantCulture, $"        {name}.{convention.Machine})\n");
                Layouts(text, kind, Versions(kind), convention);
                text.Append("            ;;\n");
            }

            if (kind != PoolKind.Tce)
            {
                // A machine whose registers are not known here: the kernel may know its arguments by number.
                text.Append(CultureInfo.InvariantCulture, $"        {name}.*)\n");
                Layouts(text, kind, [.. Versions(kind).Select(v => v < CallConvention.ByNumberFrom ? CallConvention.ByNumberFrom : v).Distinct()], CallConvention.ByNumber);
                text.Append("            ;;\n");
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    private static void Layouts(StringBuilder text, PoolKind kind, KernelVersion[] versions, CallConvention convention)
    {
        for (var i = versions.Length - 1; i >= 0; i--)
        {
            var number = (versions[i].Major * 1000) + versions[i].Minor;
            text.Append(CultureInfo.InvariantCulture, $"            {(i == versions.Length - 1 ? "if" : "elif")} [ \"$VERSION\" -ge {number} ]; then\n");
            foreach (var line in AllocatorProbes.For(kind, versions[i], convention))
            {
                var quoted = $"                printf '%s\\n' '{line}'";
                var state = kind == PoolKind.Swiotlb && line.Contains("/map_in ", StringComparison.Ordinal);
                text.Append(state ? quoted + "\"$AREA_FIELDS\"" : quoted).Append('\n');
            }
        }

        text.Append("            fi\n");
    }

    /// <summary>First kernels of each layout of the functions.</summary>
    private static KernelVersion[] Versions(PoolKind kind) => kind switch
    {
        PoolKind.Swiotlb => [.. AllocatorProbes.SwiotlbLayouts],
        PoolKind.Tce => [new KernelVersion(3, 10), new KernelVersion(4, 2)],
        _ => [new KernelVersion(4, 11)],
    };
}
