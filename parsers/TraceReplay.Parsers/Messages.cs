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
    public static IEnumerable<MessageInfo> All => MessageCatalog.Shared.Families.SelectMany(family =>
        family.Templates.Select(template => new MessageInfo(
            family.Name, family.Pool, family.IsFailure, template.Versions, template.Text, family.Proves)));
}
