using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class TableWithoutDeviceNamesTests
{
    [Fact]
    public void A_kernel_before_3_4() =>
        Assert.Equal(Cause.Capacity, new LogScene(PoolKind.Tce).Pages("tce-alloc-failed", 16).One("table-without-device-names").Cause);

    [Fact]
    public void Later_kernels_name_the_device() =>
        new LogScene(PoolKind.Tce).Pages("tce-alloc-failed", 16, device: "0001:00:00.0").Silent("table-without-device-names");
}
