namespace TraceReplay.Cli;

/// <summary>The contract's exit codes.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    public const int Failed = 1;

    public const int Usage = 2;

    /// <summary>Done, and what <c>--fail-on</c> names was found.</summary>
    public const int Found = 3;

    public const int Interrupted = 130;
}
