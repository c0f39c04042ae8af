using System.CommandLine;
using System.Text.Json;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Running;
using TraceReplay.Report;

namespace TraceReplay.Cli.Commands;

/// <summary>The commands that list what this version knows: a table, or JSON of the same rows.</summary>
internal static class Listing
{
    /// <summary>Gives a command its <c>--format</c> and its action.</summary>
    public static Command Fill(Command command, string[] heads, Func<IEnumerable<string[]>> rows)
    {
        var format = SharedOptions.OneOf("--format", "How to list; table if not given.", "table", "json");
        command.Add(format);
        command.Add(SharedOptions.NoColor());
        command.SetAction(parsed => Job.Run(_ =>
        {
            if (parsed.GetValue(format) == "json")
            {
                ResultFile.Write(null, stream => WriteJson(stream, heads, rows()));
                return ExitCode.Done;
            }

            var profile = TerminalProfile.Output;
            ResultFile.Write(null, stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
                TextTable.Write(heads, rows(), writer, new TextOptions(profile.Color, profile.Width) { Unicode = profile.Unicode });
            });
            return ExitCode.Done;
        }));
        return command;
    }

    private static void WriteJson(Stream stream, string[] heads, IEnumerable<string[]> rows)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartArray();
            foreach (var row in rows)
            {
                json.WriteStartObject();
                for (var i = 0; i < heads.Length; i++)
                {
                    json.WriteString(heads[i].Replace(' ', '_'), row[i]);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        stream.WriteByte((byte)'\n');
    }
}
