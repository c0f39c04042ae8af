using TraceReplay.Core;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>Finds the device behind an IOVA domain. The allocator's probes know only the domain; the kernel itself prints
/// nothing when it runs out, but the driver does: if one device alone reports as many failed mappings as the domain had,
/// the domain is its own.</summary>
public static class DomainOwner
{
    /// <summary>Names the device in the domain's operations, where it can be told.</summary>
    /// <param name="log">The operations.</param>
    /// <param name="pool">Index of the domain.</param>
    /// <param name="facts">The case.</param>
    public static void Attribute(OperationLog log, int pool, CaseFacts facts)
    {
        var failures = 0;
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.Pool == pool && operation.Device != 0)
            {
                return;
            }

            failures += operation.Pool == pool && operation.Result == OperationResult.Failed ? 1 : 0;
        }

        var reporters = facts.Messages.Devices.Failing(PoolKind.Driver).Concat(facts.Messages.Devices.Failing(PoolKind.Iova))
            .Where(d => d.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (failures == 0 || reporters.Count != 1)
        {
            return;
        }

        var device = log.Names.Intern(reporters[0]);
        for (var i = 0; i < log.Count; i++)
        {
            if (log[i].Pool == pool)
            {
                log[i] = log[i] with { Device = device };
            }
        }
    }
}
