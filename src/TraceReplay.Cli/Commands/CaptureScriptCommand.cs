using System.CommandLine;
using System.Text;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Running;
using TraceReplay.Diagnosis.Capture;
using TraceReplay.Report;

namespace TraceReplay.Cli.Commands;

/// <summary><c>capture-script</c>: the script that records what an analysis needs.</summary>
internal static class CaptureScriptCommand
{
    public static Command Create()
    {
        var target = SharedOptions.OneOf("--for", "Which pool; auto (if not given) asks the machine.", [.. CaptureScript.Targets]);
        var kernel = new Option<string?>("--kernel") { HelpName = "VERSION", Description = "Kernel release it is meant for; if not given, the script asks the machine." };
        var output = SharedOptions.Output();
        var command = new Command("capture-script", "Print a shell script that records on a live machine what analyze needs; read it, then run it as root there.")
        {
            target, kernel, output,
        };
        HelpPage.SetExamples(command, "tracereplay capture-script > capture.sh", "tracereplay capture-script --for tce --output capture.sh");
        command.SetAction(parsed => Job.Run(_ =>
        {
            var script = Script(parsed.GetValue(target) ?? "auto", parsed.GetValue(kernel));
            ResultFile.Write(parsed.GetValue(output), stream => stream.Write(Encoding.UTF8.GetBytes(script)));
            return ExitCode.Done;
        }));
        return command;
    }

    private static string Script(string target, string? kernel)
    {
        try
        {
            return CaptureScript.Write(target, kernel, ToolVersion.Text);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"--kernel: {exception.Message.Split(" (")[0]}", "a release as uname -r prints it, for example 6.1.0-56-amd64");
        }
    }
}
