namespace TraceReplay.Core;

/// <summary>The spelling of clocks, the same in the database, the report and the canonical CSV.</summary>
public static class ClockNames
{
    private static readonly string[] Names =
    [
        "none", "boot-printk", "mono", "mono-raw", "boot", "tai", "wall-utc", "wall-local", "ftrace-local", "ftrace-global",
        "jiffies", "cycles", "counter", "relative", "wall-no-year",
    ];

    /// <summary>A clock's stable name.</summary>
    /// <param name="clock">The clock.</param>
    /// <returns>Lower case with hyphens.</returns>
    public static string Name(this ClockDomain clock) => Names[(int)clock];

    /// <summary>The clock of a name.</summary>
    /// <param name="name">A name that <see cref="Name"/> gives.</param>
    /// <returns>The clock, null if there is none of this name.</returns>
    public static ClockDomain? Parse(string name) => Array.IndexOf(Names, name) is >= 0 and var at ? (ClockDomain)at : null;
}
