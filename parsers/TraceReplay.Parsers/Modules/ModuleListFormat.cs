using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;
using Ascii = TraceReplay.Parsers.Text.Ascii;

namespace TraceReplay.Parsers.Modules;

/// <summary>Loaded modules: <c>lsmod</c> (2.4 to 6.x) and <c>/proc/modules</c>.</summary>
internal sealed class ModuleListFormat : LineFormat
{
    /// <inheritdoc/>
    public override string Name => "lsmod";

    /// <inheritdoc/>
    public override string Description => "loaded modules: lsmod, /proc/modules";

    /// <inheritdoc/>
    public override SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public override ProbeResult Probe(in ProbeInput input)
    {
        var head = HeadLines.WithoutPrompt(input.Head, "lsmod"u8);
        return IsHeader(HeadLines.Next(ref head)) ? new ProbeResult(92, "list of modules")
            : HeadLines.Share(input.Head, 50, IsProcLine) == 100 ? new ProbeResult(90, "lines of /proc/modules") : ProbeResult.No;
    }

    /// <inheritdoc/>
    protected override bool Line(SourceJob job, ReadOnlySpan<byte> line, long number)
    {
        if (IsHeader(line))
        {
            return true;
        }

        var at = line.IndexOf((byte)' ');
        var rest = at < 0 ? default : line[at..].TrimStart((byte)' ');
        if (at is < 1 or > 64 || rest.IsEmpty || !Ascii.IsDigit(rest[0]))
        {
            return false;
        }

        job.Fact(new KernelModuleFact(Encoding.UTF8.GetString(line[..at]).Replace('-', '_'), job.At(number)) { IsLoaded = true });
        return true;
    }

    private static bool IsHeader(ReadOnlySpan<byte> line) => line.StartsWith("Module "u8) && line.IndexOf(" Size "u8) > 0 && line.IndexOf("Used by"u8) > 0;

    /// <summary><c>lpfc 1105920 0 - Live 0xffffffffc0a5b000</c> (m_show, kernel/module/procfs.c).</summary>
    private static bool IsProcLine(ReadOnlySpan<byte> line) => line.IndexOf(" Live 0x"u8) > 0 || line.IndexOf(" Loading 0x"u8) > 0 || line.IndexOf(" Unloading 0x"u8) > 0;
}
