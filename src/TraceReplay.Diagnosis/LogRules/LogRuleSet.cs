using TraceReplay.Diagnosis.LogRules.Rules;

namespace TraceReplay.Diagnosis.LogRules;

/// <summary>The rules, one file each in <c>LogRules/Rules</c>.</summary>
public static class LogRuleSet
{
    /// <summary>All rules; their order has no meaning.</summary>
    public static IReadOnlyList<LogRule> All { get; } =
    [
        AddressBeyondMask.Rule,
        AddressWithoutPool.Rule,
        AddressesAboveFourGiB.Rule,
        AtomicPoolEmpty.Rule,
        CallingFunction.Rule,
        CmaBuffersInUse.Rule,
        CmaBusyRanges.Rule,
        CmaFreeRuns.Rule,
        CmaNoFreeRun.Rule,
        CmaPagesBusy.Rule,
        CmaRequestAboveArea.Rule,
        CoherentAllocation.Rule,
        CoherentTableRequestTooLarge.Rule,
        DebugEntriesUsedUp.Rule,
        DeviceBelowMemory.Rule,
        DriverStopsTheKernel.Rule,
        DynamicPoolCannotGrow.Rule,
        EmergencyBuffer.Rule,
        EveryMappingThroughOneMap.Rule,
        FailuresPause.Rule,
        ForcedBounce.Rule,
        FreedWhileInUse.Rule,
        FreedWithOtherSize.Rule,
        HostAdapterBehindTable.Rule,
        IovaOfOnePage.Rule,
        KernelMemoryExhausted.Rule,
        LockupInAllocator.Rule,
        ManyReporters.Rule,
        OverflowAfterBounce.Rule,
        OverlappingMappings.Rule,
        PendingAtUnbind.Rule,
        PoolNeverSetUp.Rule,
        PoolOfNoSlots.Rule,
        PoolOutOfReach.Rule,
        QuarterOutOfReach.Rule,
        RequestAboveSegmentLimit.Rule,
        RequestAtSegmentLimit.Rule,
        RoomLeftByNumber.Rule,
        SameTimeToFailure.Rule,
        ScsiPoolShort.Rule,
        SeveralBoots.Rule,
        ShrinkingRequests.Rule,
        SilentDrivers.Rule,
        TableWithoutDeviceNames.Rule,
        UncheckedMapping.Rule,
        UseAfterwards.Rule,
        UseComesBackDown.Rule,
        UseFallsAfterRelease.Rule,
        UseGrowsAndStays.Rule,
    ];

    /// <summary>Applies every rule.</summary>
    /// <param name="log">The evidence.</param>
    /// <returns>What they conclude.</returns>
    public static IReadOnlyList<Conclusion> Run(LogCase log) =>
        [.. All.SelectMany(rule => rule.Apply(log).Select(c => c with { Rule = rule }))];
}
