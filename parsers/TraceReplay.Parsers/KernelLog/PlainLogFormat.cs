namespace TraceReplay.Parsers.KernelLog;

/// <summary>Any other text: logs without stamps, pastes, mails. Recognised messages count, the rest is passed over.</summary>
internal sealed class PlainLogFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "plain-log";

    /// <inheritdoc/>
    public string Description => "any other text: logs without stamps, bug reports, mails";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Log;

    /// <inheritdoc/>
    public int BestScore => 20;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        if (input.Head.IsEmpty)
        {
            return ProbeResult.No;
        }

        // Text has line ends and hardly any control characters; a log may hold runs of NULs where a crash zeroed it.
        var controls = 0;
        foreach (var b in input.Head)
        {
            controls += b is < 9 or (> 13 and < 27) ? 1 : 0;
        }

        var isMessage = MessageCatalog.Shared.Scanner.IndexOf(input.Head) >= 0;
        return controls * 50L < input.Head.Length || isMessage
            ? new ProbeResult(isMessage ? 20 : 5, isMessage ? "text with known messages" : "text")
            : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job) => new KernelLogReader(job).Run();
}
