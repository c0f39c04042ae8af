namespace TraceReplay.Parsers.Containers;

/// <summary>A source that will be read, with the format found for it.</summary>
/// <param name="Path">Path as shown to the user and opened.</param>
/// <param name="Format">Its format.</param>
/// <param name="Opened">The source, if it can be read only once; null = open it when its turn comes.</param>
internal sealed record PlannedSource(string Path, IFormat Format, OpenedSource? Opened);
