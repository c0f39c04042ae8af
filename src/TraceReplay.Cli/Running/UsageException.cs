namespace TraceReplay.Cli.Running;

/// <summary>The command line asks for something that cannot be.</summary>
internal sealed class UsageException(string message, string hint = "") : Exception(message)
{
    /// <summary>What to do, empty if that is clear.</summary>
    public string Hint { get; } = hint;
}
