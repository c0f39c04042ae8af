using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class HostAdapterBehindTableTests
{
    private static LogScene Refused(string driver) => new LogScene(PoolKind.Tce).Pages("tce-alloc-failed", 32, "0001:00:00.0", driver);

    [Fact]
    public void Its_commands_in_flight_all_go_through_the_table() => Assert.Equal(Cause.Capacity, Refused("lpfc").One("host-adapter-behind-table").Cause);

    [Fact]
    public void A_device_without_a_driver_of_that_kind() => Refused("pci").Silent("host-adapter-behind-table");

    [Fact]
    public void A_direct_window_goes_past_the_table() => Refused("lpfc")
        .Beside("tce-window", "ibm,create-pe-dma-window(8) 1 2 3 returned 0", device: "0001:00:00.0").Silent("host-adapter-behind-table");
}
