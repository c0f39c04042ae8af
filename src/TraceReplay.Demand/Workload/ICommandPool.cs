namespace TraceReplay.Demand.Workload;

/// <summary>What commands need of a pool before they can start.</summary>
internal interface ICommandPool
{
    /// <summary>Attempts that the pool refused.</summary>
    long Failures { get; }

    /// <summary>Highest use, units.</summary>
    long PeakUnits { get; }

    /// <summary>Most commands that had what they need at once.</summary>
    long PeakCommands { get; }

    /// <summary>Gives a command all that it needs, or nothing.</summary>
    bool TryMap(ScsiCommand command, long timeNs);

    /// <summary>The command has ended.</summary>
    void Unmap(ScsiCommand command, long timeNs);
}
