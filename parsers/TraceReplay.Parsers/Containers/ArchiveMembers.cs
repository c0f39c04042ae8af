using ICSharpCode.SharpZipLib.Zip;
using TraceReplay.Parsers.Supportconfig;

namespace TraceReplay.Parsers.Containers;

/// <summary>Members of tar and zip archives, streamed: nothing is ever written to disk under its name, names are only shown.</summary>
internal static class ArchiveMembers
{
    /// <summary>Deepest nesting of archives that is followed.</summary>
    public const int MaxDepth = 3;

    /// <summary>Most members looked at (a bomb of empty files).</summary>
    public const int Most = 2_000_000;

    /// <summary>The kinds of archives.</summary>
    public static IReadOnlyList<string> Names { get; } = ["tar", "zip"];

    /// <summary>Whether content is an archive.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <returns>True for ustar, pax and GNU tar, for zip, and for the files of supportconfig.</returns>
    public static bool Recognise(ReadOnlySpan<byte> head) => IsArchive(head) || SectionWalker.Recognise(head);

    /// <summary>Whether content is an archive of files, and so a case of its own; a text that holds several is one of many of a machine.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <returns>True for tar and zip.</returns>
    public static bool IsArchive(ReadOnlySpan<byte> head) => TarWalker.Recognise(head) || IsZip(head);

    /// <summary>Walks the regular files of an archive; links and devices are passed over.</summary>
    /// <param name="head">First bytes of the archive.</param>
    /// <param name="content">The archive, decompressed.</param>
    /// <param name="budget">What the members of a zip may grow to.</param>
    /// <returns>Name, content and time of change of each; the content is valid until the next member, and reading it may tell that it is damaged.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged or cut, or has too many members.</exception>
    public static IEnumerable<(string Name, Stream Content, DateTime? Modified)> Walk(ReadOnlySpan<byte> head, Stream content, ContentBudget budget) =>
        IsZip(head) ? WalkZip(content, budget) : TarWalker.Recognise(head) ? WalkTar(content) : WalkSections(content);

    private static bool IsZip(ReadOnlySpan<byte> head) => head.StartsWith("PK\u0003\u0004"u8);

    private static IEnumerable<(string Name, Stream Content, DateTime? Modified)> WalkSections(Stream content)
    {
        var walker = new SectionWalker(content);
        for (var count = 0; walker.Next() is { } section; count++)
        {
            Bound(count);
            yield return (section.Name, section.Text, null);
        }
    }

    private static IEnumerable<(string Name, Stream Content, DateTime? Modified)> WalkTar(Stream content)
    {
        var walker = new TarWalker(content);
        TarMember? member = null;
        for (var count = 0; (member = walker.Next(member)) is not null; count++)
        {
            Bound(count);
            yield return (member.Name, member, member.Modified);
        }
    }

    private static IEnumerable<(string Name, Stream Content, DateTime? Modified)> WalkZip(Stream content, ContentBudget budget)
    {
        using var reader = new ZipInputStream(content) { IsStreamOwner = false };
        var buffer = new byte[1 << 14];
        for (var count = 0; Next(reader) is { } entry; count++)
        {
            Bound(count);
            if (!entry.IsFile)
            {
                continue;
            }

            if (entry.IsCrypted || !entry.CanDecompress)
            {
                // The stream cannot be carried on behind what cannot be unpacked.
                throw new InvalidDataException(entry.IsCrypted ? $"{entry.Name} is encrypted; unpack the archive yourself" : $"the compression method of {entry.Name} is not known; unpack the archive yourself");
            }

            using var member = new ZipMember(reader, buffer, budget);
            yield return (entry.Name, member, Modified(entry));

            // What was not looked at is inflated here, within the budget, and not unseen by the reader's own skipping. Where a damaged member
            // ends is not known.
            member.Drain();
        }
    }

    /// <summary>Zip keeps local time of an unknown zone, which is less than a day from UTC.</summary>
    private static DateTime? Modified(ZipEntry entry) => entry.DosTime > 0 ? DateTime.SpecifyKind(entry.DateTime, DateTimeKind.Utc) : null;

    private static void Bound(int count)
    {
        if (count >= Most)
        {
            throw new InvalidDataException($"it has more than {Most} members; the rest was not looked at");
        }
    }

    private static ZipEntry? Next(ZipInputStream reader)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception e) when (ZipMember.IsDamage(e))
        {
            throw new InvalidDataException("damaged or cut zip archive: " + e.Message, e);
        }
    }
}
