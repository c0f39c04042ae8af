using System.Formats.Tar;

namespace TraceReplay.Parsers.Containers;

/// <summary>Members of a tar archive, streamed: nothing is ever written to disk, names are only shown.</summary>
internal static class TarMembers
{
    /// <summary>Most members looked at (a bomb of empty files).</summary>
    public const int Most = 200_000;

    private const int MagicAt = 257;

    /// <summary>Whether content is a tar archive.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <returns>True for ustar, pax and GNU archives.</returns>
    public static bool Recognise(ReadOnlySpan<byte> head) => head.Length > MagicAt + 5 && head.Slice(MagicAt, 5).SequenceEqual("ustar"u8);

    /// <summary>Walks the regular files of an archive; links and devices are passed over.</summary>
    /// <param name="content">The archive, decompressed.</param>
    /// <returns>Name and content of each; the content is valid until the next member.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged or cut.</exception>
    public static IEnumerable<(string Name, Stream Content)> Walk(Stream content)
    {
        using var reader = new TarReader(content, leaveOpen: true);
        for (var count = 0; count < Most; count++)
        {
            var entry = Next(reader);
            if (entry is null)
            {
                yield break;
            }

            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)
            {
                yield return (entry.Name, entry.DataStream ?? Stream.Null);
            }
        }
    }

    private static TarEntry? Next(TarReader reader)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            throw new InvalidDataException("damaged or cut tar archive: " + e.Message, e);
        }
    }
}
