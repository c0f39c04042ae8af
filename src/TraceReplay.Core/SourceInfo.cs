namespace TraceReplay.Core;

/// <summary>The clock a source's times are read from (spec formats.md, section 0).</summary>
public enum ClockDomain : byte
{
    /// <summary>No times at all: order only.</summary>
    None,

    /// <summary>printk's local_clock since boot.</summary>
    BootPrintk,

    /// <summary>CLOCK_MONOTONIC.</summary>
    Mono,

    /// <summary>CLOCK_MONOTONIC_RAW.</summary>
    MonoRaw,

    /// <summary>CLOCK_BOOTTIME: counts suspend.</summary>
    Boot,

    /// <summary>CLOCK_TAI.</summary>
    Tai,

    /// <summary>Wall time, UTC.</summary>
    WallUtc,

    /// <summary>Wall time in the zone of the writing host, which is not known.</summary>
    WallLocalUnknownZone,

    /// <summary>ftrace <c>local</c>: per CPU.</summary>
    FtraceLocal,

    /// <summary>ftrace <c>global</c>.</summary>
    FtraceGlobal,

    /// <summary>ftrace <c>uptime</c>: jiffies.</summary>
    Jiffies,

    /// <summary>CPU cycles.</summary>
    Cycles,

    /// <summary>ftrace <c>counter</c>: order only.</summary>
    Counter,

    /// <summary>Differences only.</summary>
    Relative,

    /// <summary>Wall time in an unknown zone and an unknown year (<see cref="YearlessTime"/>): RFC 3164 stamps where nothing tells the year.</summary>
    WallNoYear,
}

/// <summary>A place in an input, for every number and statement of a report.</summary>
/// <param name="Path">Path as the user gave it, with <c>!member</c> for members of containers.</param>
/// <param name="Line">1-based line, or record number of a binary source; 0 = the source as a whole.</param>
public readonly record struct SourceRef(string Path, long Line)
{
    /// <summary><c>path:line</c>, or the path alone.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Line > 0
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Path}:{Line}")
        : Path;
}

/// <summary>What is known of a source when reading it begins.</summary>
/// <param name="Path">Path as shown to the user.</param>
/// <param name="Format">Name of the format chosen (<c>ftrace-text</c>, <c>dmesg</c>, …).</param>
/// <param name="Names">The table its events' ids refer to.</param>
public sealed record SourceInfo(string Path, string Format, NameTable Names);

/// <summary>What is known of a source when reading it has ended.</summary>
public sealed record SourceSummary
{
    /// <summary>Path as shown to the user.</summary>
    public required string Path { get; init; }

    /// <summary>Format name.</summary>
    public required string Format { get; init; }

    /// <summary>SHA-256 of the stored bytes, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Size of the content after decompression, bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Lines or records seen.</summary>
    public long Records { get; init; }

    /// <summary>Events delivered.</summary>
    public long Events { get; init; }

    /// <summary>Lines that could not be read as anything.</summary>
    public long Skipped { get; init; }

    /// <summary>Events the tracer itself says it lost.</summary>
    public long Lost { get; init; }

    /// <summary>Clock of the times.</summary>
    public ClockDomain Clock { get; init; }

    /// <summary>Name of the machine that all its lines are of, without its domain; empty if they name none or several.</summary>
    public string Host { get; init; } = string.Empty;

    /// <summary>Path of the first source of the same recording: files of one CPU each, whose events are to be taken together in order of time.
    /// Null = a recording of its own.</summary>
    public string? RecordedWith { get; init; }

    /// <summary>The events do not stand in order of time, and are to be taken so.</summary>
    public bool ByTime { get; init; }

    /// <summary>Of stamps without a year: that of the first one, null if nothing tells it or the stamps have years.</summary>
    public int? Year { get; init; }

    /// <summary>What <see cref="Year"/> is known from; None if it is not.</summary>
    public YearOrigin YearFrom { get; init; }
}
