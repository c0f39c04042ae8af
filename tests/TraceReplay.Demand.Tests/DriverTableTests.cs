using TraceReplay.Demand.Drivers;

namespace TraceReplay.Demand.Tests;

public sealed class DriverTableTests
{
    [Fact]
    public void EveryRowSaysWhereItWasRead() => Assert.All(DriverTable.All, row =>
    {
        Assert.NotEmpty(row.Source);
        Assert.True(row.Segments is null || row.Segments.Value.Least <= row.Segments.Value.Most, row.Driver);
        Assert.True(row.CoherentBytes is >= 0 and <= 4096, row.Driver);
    });

    [Fact]
    public void AKernelThatWasReadGetsItsRow()
    {
        Assert.Equal((255, 255), Bounds(DriverTable.Find("lpfc", "2.6.9-89.EL")!.Segments));
        Assert.Equal((64, 64), Bounds(DriverTable.Find("lpfc", "6.1.192")!.QueueDepth));
        Assert.Equal((2038, 2038), Bounds(DriverTable.Find("lpfc", "2.4.21")!.CanQueue));
    }

    // Between 3.6 (depth 30) and 6.1 (depth 64) nobody read when it changed.
    [Fact]
    public void AKernelBetweenTwoGetsBounds()
    {
        Assert.Equal((30, 64), Bounds(DriverTable.Find("lpfc", "5.10.200")!.QueueDepth));
        Assert.Equal((64, 255), Bounds(DriverTable.Find("lpfc", "2.6.12")!.Segments));
    }

    [Fact]
    public void OlderAndNewerKernelsGetTheNearestRow()
    {
        Assert.Equal((64, 64), Bounds(DriverTable.Find("lpfc", "7.3")!.QueueDepth));
        Assert.Equal((128, 128), Bounds(DriverTable.Find("nvme", "5.4")!.Segments));
        Assert.Equal((64, 64), Bounds(DriverTable.Find("lpfc", null)!.QueueDepth));
    }

    [Fact]
    public void AnUnknownDriverHasNone() => Assert.Null(DriverTable.Find("nosuch", "6.1"));

    [Fact]
    public void WhatTheFirmwareDecidesIsNotMadeUp() => Assert.Null(DriverTable.Find("megaraid_sas", "6.12")!.CanQueue);

    private static (long, long) Bounds(Estimate? estimate) => (estimate!.Least, estimate.Most);
}
