namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>A format whose job can be looked at when it was read.</summary>
/// <param name="format">The format.</param>
internal sealed class ObservedFormat(IFormat format) : IFormat
{
    /// <inheritdoc/>
    public string Name => format.Name;

    /// <inheritdoc/>
    public string Description => format.Description;

    /// <inheritdoc/>
    public SourceRole Role => format.Role;

    /// <inheritdoc/>
    public int BestScore => format.BestScore;

    /// <summary>The job of the last reading, null before the first.</summary>
    public SourceJob? Job { get; private set; }

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input) => format.Probe(input);

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        Job = job;
        format.Read(job);
    }

    /// <summary>Forgets the last reading.</summary>
    public void Clear() => Job = null;
}
