using System.CommandLine;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Running;
using TraceReplay.Parsers;
using TraceReplay.Pools.Scripts;

namespace TraceReplay.Cli.Commands;

/// <summary><c>simulate</c>: an allocator script through a pool model.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model")
        {
            HelpName = "ALLOCATOR-KERNEL", Required = true, Description = "The model, for example swiotlb-6.1.192, tce-2.6.15, gart-6.1.192.",
        };
        var script = new Argument<string>("SCRIPT") { Description = "The script, plain or compressed; - for standard input." };
        var command = new Command("simulate", "Run an allocator script through a pool model and print each answer.") { script, model };
        HelpPage.SetExamples(command,
            "tracereplay simulate --model swiotlb-6.1.192 script.txt",
            "zcat script.gz | tracereplay simulate --model swiotlb-6.1.192 -");
        command.SetAction(parsed => Job.Run(_ =>
        {
            using var input = ContentStream.Open(parsed.GetRequiredValue(script));
            ResultFile.Write(null, output =>
            {
                using var writer = new StreamWriter(output, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
                SimulateScript.Run(parsed.GetRequiredValue(model), input, writer);
            });
            return ExitCode.Done;
        }));
        return command;
    }
}
