using System.CommandLine;
using TraceReplay.Cli.Help;
using TraceReplay.Core;
using TraceReplay.Parsers;

namespace TraceReplay.Cli.Commands;

/// <summary><c>messages</c>: the kernel messages.</summary>
internal static class MessagesCommand
{
    public static Command Create()
    {
        var command = new Command("messages", "List the kernel messages that are recognised, and what each proves.");
        HelpPage.SetExamples(command, "tracereplay messages", "tracereplay messages --format json");
        return Listing.Fill(command, ["family", "pool", "failure", "kernels", "text", "proves"], () => Messages.All.Select(message => new[]
        {
            message.Family, message.Pool.Name(), message.IsFailure ? "yes" : string.Empty, message.Kernels, message.Text, message.Proves,
        }));
    }
}
