using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.CpuCount;

/// <summary>Output of <c>nproc</c>: one number. The name decides, as a number alone tells nothing.</summary>
internal sealed class CpuCountFormat : LineFormat
{
    private const int MostCpus = 8192;

    /// <inheritdoc/>
    public override string Name => "nproc";

    /// <inheritdoc/>
    public override string Description => "output of nproc";

    /// <inheritdoc/>
    public override SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public override ProbeResult Probe(in ProbeInput input) =>
        input.IsWhole && input.Name.StartsWith("nproc", StringComparison.Ordinal) && Ascii.Whole(input.FirstLine, out var count) && count is > 0 and <= MostCpus
            ? new ProbeResult(90, "a number in a file called nproc")
            : ProbeResult.No;

    /// <inheritdoc/>
    protected override bool Line(SourceJob job, ReadOnlySpan<byte> line, long number)
    {
        if (!Ascii.Whole(line, out var count) || count is 0 or > MostCpus)
        {
            return false;
        }

        job.Fact(new MachineFact(job.At(number)) { Cpus = (int)count });
        return true;
    }
}
