namespace TraceReplay.Core;

/// <summary>What the year of stamps is known from that have none, the surest first.</summary>
public enum YearOrigin
{
    /// <summary>It is not known, or the stamps have years.</summary>
    None,

    /// <summary>A line of the same log states a date with its year.</summary>
    Log,

    /// <summary>The user said so.</summary>
    Option,

    /// <summary>A date in the file's name (<c>messages-20060412</c>): the log was rotated then.</summary>
    FileName,

    /// <summary>The file, or the archive's member, was last changed when its last line was written.</summary>
    FileTime,

    /// <summary>Another log of the case tells of the same time, with years.</summary>
    OtherLog,

    /// <summary>A date in the name of the folder or archive that it lies in.</summary>
    FolderName,

    /// <summary>Only one year lies between the kernel's build and the file's last change.</summary>
    Bounds,
}

/// <summary>The spelling of origins, the same in the database and the report.</summary>
public static class YearOrigins
{
    private static readonly string[] Names = ["none", "log", "option", "file-name", "file-time", "other-log", "folder-name", "bounds"];

    /// <summary>An origin's stable name.</summary>
    /// <param name="origin">The origin.</param>
    /// <returns>Lower case with hyphens, null for None.</returns>
    public static string? Name(this YearOrigin origin) => origin == YearOrigin.None ? null : Names[(int)origin];

    /// <summary>The origin of a name.</summary>
    /// <param name="name">A name that <see cref="Name"/> gives.</param>
    /// <returns>The origin; None for another.</returns>
    public static YearOrigin Parse(string? name) => name is not null && Array.IndexOf(Names, name) is >= 0 and var at ? (YearOrigin)at : YearOrigin.None;
}
