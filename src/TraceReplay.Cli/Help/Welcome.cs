using TraceReplay.Cli.Output;

namespace TraceReplay.Cli.Help;

/// <summary>What a call without arguments shows: what this is, and what to type next.</summary>
internal static class Welcome
{
    private const string Text = """
        tracereplay finds out which device filled a DMA pool (swiotlb, TCE, GART, IOVA), from traces and kernel logs.

        Examples:
          tracereplay analyze capture/                      a folder with trace and dmesg: who held the pool, who suffers
          tracereplay analyze dmesg.txt                     a kernel log alone: what it tells, and what to capture next
          tracereplay analyze capture/ --format html --output report.html

        tracereplay --help lists all commands.

        """;

    public static int Write()
    {
        StandardStream.Out.Write(Text.ReplaceLineEndings("\n"));
        return ExitCode.Done;
    }
}
