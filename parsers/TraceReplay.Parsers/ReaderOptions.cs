using TraceReplay.Core;

namespace TraceReplay.Parsers;

/// <summary>What a user may say about inputs. Everything has a default that suits an unknown capture.</summary>
public sealed record ReaderOptions
{
    /// <summary>Name of the format every input is to be read as, null = detect from the bytes.</summary>
    public string? InputFormat { get; init; }

    /// <summary>Path of a file that says what the user's own probes mean (parsers/README.md), null = none.</summary>
    public string? BindingFile { get; init; }

    /// <summary>Path of a catalog of further kernel messages (parsers/README.md), null = none.</summary>
    public string? CatalogFile { get; init; }

    /// <summary>Every log line becomes a <see cref="LogRecordFact"/>, not only the recognised ones.</summary>
    public bool KeepAllLines { get; init; }

    /// <summary>The clock of the traces, where the user knows it better than the sidecar file or the numbers.</summary>
    public ClockDomain? TraceClock { get; init; }

    /// <summary>Year of the last stamp of logs whose stamps have none, null = found out where something tells it.</summary>
    public int? Year { get; init; }

    /// <summary>Most bytes read of one source after decompression; the rest is reported as lost (compression bombs).</summary>
    public long MaxSourceBytes { get; init; } = 1L << 40;
}
