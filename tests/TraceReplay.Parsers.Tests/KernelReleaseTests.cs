using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Where no banner is left, the state that a crash or a warning prints names the kernel.</summary>
public class KernelReleaseTests
{
    [Theory]
    [InlineData("REGS: c0000001e7bb3940 TRAP: 0300   Not tainted  (2.6.16-rc1-ppc64)", "2.6.16-rc1-ppc64", "2.6.16")]
    [InlineData("[  235.092840] CPU: 1 PID: 2873 Comm: bash Not tainted 4.0.0+ #1", "4.0.0+", "4.0.0")]
    [InlineData("[   47.212734] CPU: 0 PID: 454 Comm: usb-storage Tainted: P           OE     5.2.6-200.fc30.x86_64 #1", "5.2.6-200.fc30.x86_64", "5.2.6")]
    [InlineData("[   50.000001] CPU: 2 PID: 99 Comm: x y Tainted: G        W         6.1.0-56-amd64 #1  Debian 6.1.192-2", "6.1.0-56-amd64", "6.1.192")]
    [InlineData("EIP:    0060:[<c01180a0>]    Tainted: P   (2.4.21-63.EL)", "2.4.21-63.EL", "2.4.21")]
    [InlineData("Pid: 1, comm: swapper Not tainted 2.6.32-220.el6.x86_64 #1 HP ProLiant", "2.6.32-220.el6.x86_64", "2.6.32")]
    public void A_crash_names_the_kernel(string line, string release, string version)
    {
        var machine = Assert.Single(Reading.Text(line + "\n", "log.txt").Of<MachineFact>());
        Assert.Equal((release, version), (machine.KernelRelease, machine.KernelVersion));
    }

    [Theory]
    [InlineData("[    1.0] module xyz: Tainted: yes (maybe)")]
    [InlineData("[    1.0] Not tainted #1")]
    public void What_is_no_version_is_none(string line) => Assert.Empty(Reading.Text(line + "\n", "log.txt").Of<MachineFact>());
}
