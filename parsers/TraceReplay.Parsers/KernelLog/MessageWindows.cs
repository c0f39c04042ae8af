using System.Runtime.InteropServices;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Which four-byte pieces stand in a message, by hash: most wordings of a large family are ruled out by one look, without a
/// search for each.</summary>
internal sealed class MessageWindows
{
    /// <summary>Bytes of a piece.</summary>
    public const int Width = 4;

    private const int HashBits = 13;

    private readonly ulong[] _bits = new ulong[(1 << HashBits) / 64];

    /// <summary>Hash of the first piece of a text.</summary>
    /// <param name="text">At least <see cref="Width"/> bytes.</param>
    /// <returns>The hash.</returns>
    public static int Hash(ReadOnlySpan<byte> text) => (int)((MemoryMarshal.Read<uint>(text) * 0x9e3779b1u) >> (32 - HashBits));

    /// <summary>Takes the pieces of a message in place of those of the one before.</summary>
    /// <param name="message">The message.</param>
    public void Set(ReadOnlySpan<byte> message)
    {
        Array.Clear(_bits);
        for (var at = 0; at + Width <= message.Length; at++)
        {
            var hash = Hash(message[at..]);
            _bits[hash >> 6] |= 1UL << (hash & 63);
        }
    }

    /// <summary>Whether a piece may stand in the message.</summary>
    /// <param name="hash">Its hash.</param>
    /// <returns>False if it does not.</returns>
    public bool MayHold(int hash) => (_bits[hash >> 6] >> (hash & 63) & 1) != 0;
}
