namespace TraceReplay.Report;

/// <summary>How a report is shown as text.</summary>
/// <param name="Color">Use colours; meaning never depends on them.</param>
/// <param name="Width">Columns.</param>
public sealed record TextOptions(bool Color, int Width)
{
    /// <summary>Least and greatest width that is laid out: narrower cannot hold a table, wider cannot be read.</summary>
    public const int LeastWidth = 60, GreatestWidth = 140;

    /// <summary>Draw with block characters; ASCII otherwise.</summary>
    public bool Unicode { get; init; } = true;

    /// <summary>Command that the last line suggests, empty for none.</summary>
    public string NextCommand { get; init; } = string.Empty;
}
