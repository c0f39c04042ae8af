using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Parsers;

namespace TraceReplay.Analysis;

/// <summary>What the user asks of an analysis.</summary>
public sealed record AnalysisOptions
{
    /// <summary>Files, directories, archives, or <c>-</c>.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Database to keep, null = none.</summary>
    public string? Database { get; init; }

    /// <summary>How inputs are read.</summary>
    public ReaderOptions Reader { get; init; } = new();

    /// <summary>Pool specs (<c>--pool</c>).</summary>
    public IReadOnlyList<string> Pools { get; init; } = [];

    /// <summary>Files or folders with known issues of the user's own (<c>--known-issues</c>).</summary>
    public IReadOnlyList<string> KnownIssues { get; init; } = [];

    /// <summary>What-if specs (<c>--what-if</c>).</summary>
    public IReadOnlyList<string> WhatIfs { get; init; } = [];

    /// <summary>Failures before this time of the trace's clock are left out, ns; null = from the start.</summary>
    public long? SinceNs { get; init; }

    /// <summary>Failures after this time are left out, ns; null = to the end.</summary>
    public long? UntilNs { get; init; }

    /// <summary>Only incidents of devices that match this glob, null = all.</summary>
    public string? DeviceGlob { get; init; }

    /// <summary>Writes the report's JSON for the database, null = it is not stored.</summary>
    public Func<AnalysisReport, string>? ReportJson { get; init; }

    /// <summary>Receives progress, null = none.</summary>
    public Action<ReadProgress>? Progress { get; init; }
}

/// <summary>How far reading has come.</summary>
/// <param name="Path">Source being read.</param>
/// <param name="DoneBytes">Stored bytes read.</param>
/// <param name="TotalBytes">Stored bytes in all, 0 = not known.</param>
/// <param name="Events">Events so far, all sources.</param>
public readonly record struct ReadProgress(string Path, long DoneBytes, long TotalBytes, long Events);

/// <summary>A job failed in a way the user can do something about.</summary>
public sealed class AnalysisException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="diagnostic">What is wrong, where, and what to do.</param>
    public AnalysisException(Diagnostic diagnostic)
        : base(diagnostic?.Message) => Diagnostic = diagnostic!;

    /// <summary>What is wrong, where, and what to do.</summary>
    public Diagnostic Diagnostic { get; }
}
