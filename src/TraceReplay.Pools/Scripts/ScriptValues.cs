namespace TraceReplay.Pools.Scripts;

/// <summary>The <c>key=value</c> pairs of a <c>cfg</c> or <c>dev</c> line.</summary>
internal sealed class ScriptValues
{
    private readonly Dictionary<string, (ulong Value, long Line)> _values = new(StringComparer.Ordinal);

    /// <summary>Sets a value; a later line wins.</summary>
    public void Set(string key, ulong value, long line) => _values[key] = (value, line);

    /// <summary>A value, or what it is when absent.</summary>
    public ulong Get(string key, ulong absent) => _values.TryGetValue(key, out var found) ? found.Value : absent;

    /// <summary>A value within a range, or what it is when absent.</summary>
    /// <exception cref="ScriptException">It is outside the range.</exception>
    public long Get(string key, long absent, long least, long most)
    {
        if (!_values.TryGetValue(key, out var found))
        {
            return absent;
        }

        return found.Value <= long.MaxValue && (long)found.Value >= least && (long)found.Value <= most
            ? (long)found.Value
            : throw new ScriptException(found.Line, $"{key} is {found.Value}, must be {least} to {most}");
    }

    /// <summary>A value within a range that must be there.</summary>
    /// <exception cref="ScriptException">It is absent or outside the range.</exception>
    public long Need(string key, long least, long most, string example) => _values.ContainsKey(key)
        ? Get(key, 0, least, most)
        : throw new ScriptException(0, $"the script has no 'cfg {key}=...'",
            $"add a line like 'cfg {key}={example}' before the first operation");
}
