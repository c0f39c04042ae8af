using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Knowledge;

/// <summary>Page size of a machine, as far as its architecture decides it.</summary>
internal static class PageSize
{
    /// <summary>The size.</summary>
    /// <param name="machine">The machine.</param>
    /// <returns>Bytes, null where the architecture leaves the choice to the configuration (arm64, ppc64, ia64).</returns>
    public static long? Of(MachineFact machine) => machine.Arch switch
    {
        "x86_64" or "i386" or "i486" or "i586" or "i686" or "s390x" or "riscv64" or "armv7l" => 4096,
        _ when machine.KernelRelease?.Contains("64k", StringComparison.OrdinalIgnoreCase) == true => 65536,
        _ => null,
    };
}
