namespace TraceReplay.Parsers.KernelLog;

/// <summary>What prefixes of messages name, remembered: those of a log are few and come again and again.</summary>
internal sealed class KnownPrefixes
{
    private const int Slots = 1 << 10;

    private readonly Known?[] _known = new Known?[Slots];

    /// <summary>As <see cref="MessagePrefix.Parse"/>.</summary>
    /// <param name="prefix">What stands before the matched text.</param>
    /// <returns>Driver and device, empty where none is named.</returns>
    public (string Driver, string Device) Parse(ReadOnlySpan<byte> prefix) => prefix.IsEmpty ? (string.Empty, string.Empty) : Of(prefix).Names;

    /// <summary>As <see cref="MessagePrefix.ParseModule"/>.</summary>
    /// <param name="prefix">What stands before the matched text.</param>
    /// <returns>A driver, or the device where the name is that of an interface or disk.</returns>
    public (string Driver, string Device) ParseModule(ReadOnlySpan<byte> prefix)
    {
        if (prefix.IsEmpty)
        {
            return (string.Empty, string.Empty);
        }

        var known = Of(prefix);
        return known.Module ??= MessagePrefix.ParseModule(prefix);
    }

    private Known Of(ReadOnlySpan<byte> prefix)
    {
        var hash = new HashCode();
        hash.AddBytes(prefix);
        ref var slot = ref _known[hash.ToHashCode() & (Slots - 1)];
        if (slot is null || !prefix.SequenceEqual(slot.Prefix))
        {
            slot = new Known(prefix.ToArray(), MessagePrefix.Parse(prefix));
        }

        return slot;
    }

    private sealed class Known(byte[] prefix, (string Driver, string Device) names)
    {
        public byte[] Prefix => prefix;

        public (string Driver, string Device) Names => names;

        public (string Driver, string Device)? Module { get; set; }
    }
}
