using System.CommandLine;
using TraceReplay.Cli.Help;
using TraceReplay.Parsers;

namespace TraceReplay.Cli.Commands;

/// <summary><c>formats</c>: the input formats.</summary>
internal static class FormatsCommand
{
    public static Command Create()
    {
        var command = new Command("formats", "List the input formats that are recognised.");
        HelpPage.SetExamples(command, "tracereplay formats", "tracereplay formats --format json");
        return Listing.Fill(command, ["format", "role", "description"], () => Formats.All.Select(format => new[]
        {
            format.Name, format.Role.ToString().ToLowerInvariant(), format.Description,
        }));
    }
}
