using System.Text.RegularExpressions;
using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Diagnosis.Knowledge;

/// <summary>How far a release string says which fixes a kernel has.</summary>
public enum KernelLineage
{
    /// <summary>No version is told.</summary>
    Unknown,

    /// <summary>An upstream or stable version to its last number.</summary>
    Exact,

    /// <summary>The series is told, the stable level is not (Ubuntu <c>5.15.0-91-generic</c>, Debian's release without its banner).</summary>
    SeriesOnly,

    /// <summary>A distribution that carries years of backports under an old number (RHEL, SLES, UEK).</summary>
    Backports,
}

/// <summary>A kernel, as far as its fixes can be told from what the inputs name.</summary>
/// <param name="Lineage">What the number says.</param>
/// <param name="Version">Upstream version, null if not told.</param>
/// <param name="Release">Release as printed, empty if not told.</param>
public sealed partial record KernelIdentity(KernelLineage Lineage, KernelVersion? Version, string Release)
{
    /// <summary>Where the version is not told: the kernels that print what the log holds, null if that is not known either.</summary>
    public KernelRange? Wording { get; init; }

    /// <summary>Reads what the machine facts tell.</summary>
    /// <param name="machine">The machine.</param>
    /// <returns>The kernel.</returns>
    public static KernelIdentity Of(MachineFact machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var release = machine.KernelRelease ?? machine.KernelVersion ?? string.Empty;
        if (!KernelVersion.TryParse(machine.KernelVersion ?? machine.KernelRelease, out var version))
        {
            return new KernelIdentity(KernelLineage.Unknown, null, release);
        }

        var lineage = Backported().IsMatch(release) ? KernelLineage.Backports
            : version.Patch == 0 && version.Major > 2 && Numbered().IsMatch(release) ? KernelLineage.SeriesOnly
            : version is { Major: 2, Minor: 6, Fix: 0 } && Numbered().IsMatch(release) ? KernelLineage.SeriesOnly
            : KernelLineage.Exact;
        return new KernelIdentity(lineage, version, release);
    }

    /// <summary>RHEL and its kin (<c>4.18.0-513.el8</c>, <c>2.4.21-63.EL</c>), Oracle's UEK, SLES (<c>-default</c> behind a build number).</summary>
    [GeneratedRegex(@"\.el\d|\.EL\b|\.ELsmp|\d\.ELhugemem|uek|-\d[\d.]*-(default|azure|preempt|rt|ppc64|bigsmp|smp)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Backported();

    /// <summary>A build number behind the version: a distribution's, whose third number is not stable's.</summary>
    [GeneratedRegex(@"^\d+\.\d+(\.\d+)?-\d+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Numbered();
}
