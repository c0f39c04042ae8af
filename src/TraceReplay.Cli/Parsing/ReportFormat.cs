using TraceReplay.Cli.Output;
using TraceReplay.Diagnosis;
using TraceReplay.Report;

namespace TraceReplay.Cli.Parsing;

/// <summary>The formats of a report, and how each is written.</summary>
internal static class ReportFormat
{
    public const string Text = "text", Json = "json", Markdown = "markdown", Html = "html";

    /// <summary>All names.</summary>
    public static readonly string[] All = [Text, Json, Markdown, Html];

    /// <summary>The format asked for; if none is, the one that the output's name ends in.</summary>
    public static string Choose(string? asked, string? output, string usual) => asked ?? Path.GetExtension(output)?.ToLowerInvariant() switch
    {
        ".json" => Json,
        ".md" or ".markdown" => Markdown,
        ".html" or ".htm" => Html,
        ".txt" => Text,
        _ => usual,
    };

    /// <summary>The JSON of a report, for the database.</summary>
    public static string JsonText(AnalysisReport report)
    {
        using var stream = new MemoryStream();
        JsonReport.Write(report, stream);
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Writes a report.</summary>
    public static void Write(AnalysisReport report, string format, string? output, string nextCommand)
    {
        var profile = output is null or "-" ? TerminalProfile.Output : TerminalProfile.Output with { Color = false };
        ResultFile.Write(output, stream =>
        {
            if (format == Json)
            {
                JsonReport.Write(report, stream);
                return;
            }

            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            switch (format)
            {
                case Markdown:
                    MarkdownReport.Write(report, writer);
                    break;
                case Html:
                    HtmlReport.Write(report, writer);
                    break;
                default:
                    TextReport.Write(report, writer, new TextOptions(profile.Color, profile.Width)
                    {
                        Unicode = profile.Unicode, NextCommand = nextCommand,
                    });
                    break;
            }
        });
    }
}
