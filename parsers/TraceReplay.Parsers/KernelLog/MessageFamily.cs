using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>What a recognised message is turned into.</summary>
internal enum MessageUse
{
    /// <summary>A <see cref="LogMessageFact"/>.</summary>
    Message,

    /// <summary>A <see cref="PoolGeometryFact"/> as well.</summary>
    Geometry,

    /// <summary>A <see cref="MachineFact"/>.</summary>
    Machine,

    /// <summary>A message that stands in the trace too, for aligning clocks; nothing else is taken from it.</summary>
    Marker,
}

/// <summary>A family of messages: one meaning, several wordings.</summary>
internal sealed class MessageFamily
{
    /// <summary>Creates a family from its block in a catalog.</summary>
    /// <param name="name">Name of the family.</param>
    /// <param name="properties">Its properties.</param>
    /// <param name="templates">Its wordings.</param>
    public MessageFamily(string name, IReadOnlyDictionary<string, string> properties, IReadOnlyList<MessageTemplate> templates)
    {
        Name = name;
        Pool = PoolKindNames.Parse(properties.GetValueOrDefault("pool", "unknown"))
            ?? throw new FormatException($"family {name}: no pool is called {properties["pool"]}");
        IsFailure = properties.ContainsKey("failure");
        Proves = properties.GetValueOrDefault("proves", string.Empty);
        Use = Enum.Parse<MessageUse>(properties.GetValueOrDefault("use", "message"), ignoreCase: true);
        Anchors = properties.GetValueOrDefault("anchors", string.Empty).Split('|', StringSplitOptions.RemoveEmptyEntries);
        Prefix = properties.TryGetValue("prefix", out var prefix) ? prefix + ' ' : string.Empty;
        Templates = templates;
    }

    /// <summary>Name of the family.</summary>
    public string Name { get; }

    /// <summary>Pool it speaks of.</summary>
    public PoolKind Pool { get; }

    /// <summary>Each line states one failed mapping.</summary>
    public bool IsFailure { get; }

    /// <summary>What a line of it proves.</summary>
    public string Proves { get; }

    /// <summary>What it is turned into.</summary>
    public MessageUse Use { get; }

    /// <summary>Literals of which every wording has at least one: what the scan of a log looks for.</summary>
    public IReadOnlyList<string> Anchors { get; }

    /// <summary>What the kernel prints in front of every wording (pr_fmt), maybe with driver and device between.</summary>
    public string Prefix { get; }

    /// <summary>Wordings.</summary>
    public IReadOnlyList<MessageTemplate> Templates { get; }
}
