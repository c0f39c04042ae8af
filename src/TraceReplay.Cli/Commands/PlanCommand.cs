using System.CommandLine;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Parsing;
using TraceReplay.Cli.Running;
using TraceReplay.Demand.Planning;
using TraceReplay.Pools.Specs;
using TraceReplay.Report;

namespace TraceReplay.Cli.Commands;

/// <summary><c>plan</c>: demand against capacity, before it breaks.</summary>
internal static class PlanCommand
{
    private const string Any = "any";

    public static Command Create()
    {
        var numbers = new PlanOptions();
        var pools = SharedOptions.Pools();
        pools.Description = "A pool the hosts draw from, for example tce(kernel=2.6.16, window=256MiB); several are answered one by one.";
        var format = SharedOptions.OneOf("--format", "How to report; without it the name of --output decides, else text.",
            ReportFormat.Text, ReportFormat.Json, ReportFormat.Markdown);
        var output = SharedOptions.Output();
        var failOn = SharedOptions.OneOf("--fail-on", "Exit with 3 at this verdict or a worse one; any = whatever is not sure to fit.",
            Any, Verdict.Depends.Name(), Verdict.DoesNotFit.Name());
        var command = new Command("plan", "Demand against capacity before it breaks: who could ask for how much, and which setting makes it fit.");
        numbers.AddTo(command);
        foreach (var option in new Option[] { pools, format, output, failOn, SharedOptions.NoColor() })
        {
            command.Add(option);
        }

        HelpPage.SetExamples(command,
            "tracereplay plan --luns 16000 --paths 2 --commands-per-lun 3..30 --segments 64 --driver lpfc --pool \"tce(kernel=2.6.16, window=256MiB)\"",
            "tracereplay plan --inventory sosreport.tar.xz --pool \"tce(window=2GiB)\"",
            "tracereplay plan --luns 500 --driver lpfc --kernel 2.4.21 --arch ppc64 --pool \"scsi-dma(kernel=2.4)\"",
            "tracereplay plan --luns 24 --driver mpt3sas --can-queue 9000 --kernel 6.1 --pool \"swiotlb(size=64MiB)\" --format json");
        command.SetAction(parsed => Job.Run(stop =>
        {
            var specs = parsed.GetValue(pools) ?? [];
            var report = Planner.Run(numbers.Read(parsed, [.. specs.Select(PoolSpec.Parse)], stop));
            var path = parsed.GetValue(output);
            Write(report, ReportFormat.Choose(parsed.GetValue(format), path, ReportFormat.Text), path);
            return Matches(parsed.GetValue(failOn), report.Verdict) ? ExitCode.Found : ExitCode.Done;
        }));
        return command;
    }

    private static bool Matches(string? failOn, Verdict verdict) => failOn switch
    {
        null => false,
        _ when failOn == Verdict.DoesNotFit.Name() => verdict == Verdict.DoesNotFit,
        _ => verdict != Verdict.Fits,
    };

    private static void Write(PlanReport report, string format, string? path)
    {
        var profile = path is null or "-" ? TerminalProfile.Output : TerminalProfile.Output with { Color = false };
        ResultFile.Write(path, stream =>
        {
            if (format == ReportFormat.Json)
            {
                PlanJson.Write(report, stream);
                return;
            }

            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            if (format == ReportFormat.Markdown)
            {
                PlanMarkdown.Write(report, writer);
                return;
            }

            PlanText.Write(report, writer, new TextOptions(profile.Color, profile.Width) { Unicode = profile.Unicode });
        });
    }
}
