using TraceReplay.Core;
using TraceReplay.Parsers.KernelLog;

namespace TraceReplay.Parsers;

/// <summary>What a user can be told of one wording of a kernel message.</summary>
/// <param name="Family">Family: messages of one meaning.</param>
/// <param name="Pool">Pool it speaks of.</param>
/// <param name="IsFailure">Each line states one failed mapping.</param>
/// <param name="Kernels">Kernel versions it was read in, empty if not told.</param>
/// <param name="Text">The wording, fields in braces.</param>
/// <param name="Proves">What a line of it proves.</param>
public sealed record MessageInfo(string Family, PoolKind Pool, bool IsFailure, string Kernels, string Text, string Proves);

/// <summary>The kernel messages that are recognised.</summary>
public static class Messages
{
    /// <summary>All wordings, in the order of the catalog.</summary>
    public static IEnumerable<MessageInfo> All => Infos(MessageCatalog.Shared.Families);

    /// <summary>Compiles the catalog on another thread, while the caller does something else: whoever needs it waits for it.</summary>
    public static void Prepare() => _ = Task.Run(() => MessageCatalog.Shared);

    /// <summary>Reads a user's own catalog (parsers/README.md).</summary>
    /// <param name="path">Its path.</param>
    /// <param name="problems">What in it cannot be used, with file and line.</param>
    /// <returns>Its wordings.</returns>
    public static IReadOnlyList<MessageInfo> Read(string path, out IReadOnlyList<Diagnostic> problems)
    {
        var told = new List<Diagnostic>();
        var own = OwnCatalog.Read(path, told.Add);
        problems = told;
        return [.. Infos(own)];
    }

    private static IEnumerable<MessageInfo> Infos(IEnumerable<MessageFamily> families) => families.SelectMany(family =>
        family.Templates.DistinctBy(template => template.Text, StringComparer.Ordinal).Select(template => new MessageInfo(
            family.Name, family.Pool, family.IsFailure, template.Versions, template.Text, family.Proves)));
}
