using System.CommandLine;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Core;
using TraceReplay.Parsers;

namespace TraceReplay.Cli.Commands;

/// <summary><c>messages</c>: the kernel messages.</summary>
internal static class MessagesCommand
{
    public static Command Create()
    {
        var catalog = SharedOptions.Catalog();
        var command = new Command("messages", "List the kernel messages that are recognised, and what each proves.") { catalog };
        HelpPage.SetExamples(command, "tracereplay messages", "tracereplay messages --format json", "tracereplay messages --catalog vendor.catalog");
        return Listing.Fill(command, ["family", "pool", "failure", "kernels", "text", "proves"], parsed => Own(parsed.GetValue(catalog)).Concat(Messages.All).Select(message => new[]
        {
            message.Family, message.Pool.Name(), message.IsFailure ? "yes" : string.Empty, message.Kernels, message.Text, message.Proves,
        }));
    }

    /// <summary>A user's own messages stand first; what in the file cannot be used is told.</summary>
    private static IReadOnlyList<MessageInfo> Own(string? path)
    {
        if (path is null)
        {
            return [];
        }

        var messages = Messages.Read(path, out var problems);
        foreach (var problem in problems)
        {
            ErrorText.Write(problem.Code, problem.Message, problem.Source.ToString(), problem.Hint);
        }

        return messages;
    }
}
