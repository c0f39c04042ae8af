namespace TraceReplay.Replay;

/// <summary>One failing request with the state of the pool at that moment.</summary>
public sealed record PoolFailure
{
    /// <summary>Index of the operation in its log.</summary>
    public required int Operation { get; init; }

    /// <summary>Units the request needs.</summary>
    public required long Units { get; init; }

    /// <summary>Units in use: the kernel's own counter where the trace has it, else the model's.</summary>
    public required long UsedUnits { get; init; }

    /// <summary>Units in the pool at that moment: a dynamic pool grows.</summary>
    public long TotalUnits { get; init; }

    /// <summary>Units free, from <see cref="UsedUnits"/>.</summary>
    public required long FreeUnits { get; init; }

    /// <summary>Longest free run in the model.</summary>
    public required long LargestFreeRun { get; init; }

    /// <summary>Most free units in any one area, by the model.</summary>
    public required long LargestAreaFree { get; init; }

    /// <summary>Whether the model refuses the request too.</summary>
    public required bool ModelAgrees { get; init; }

    /// <summary>Whether the model finds that the kernel's search never ends.</summary>
    public bool Livelock { get; init; }
}
