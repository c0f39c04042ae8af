using TraceReplay.Analysis;
using TraceReplay.Cli.Output;
using TraceReplay.Demand.Planning;
using TraceReplay.Pools.Scripts;
using TraceReplay.Pools.Specs;
using TraceReplay.Store;

namespace TraceReplay.Cli.Running;

/// <summary>Runs the work of a command: every way it can end becomes an exit code and, where it went wrong, one message that
/// says what, where and what to do. A stack trace is shown only with <c>TRACEREPLAY_DEBUG=1</c>.</summary>
internal static class Job
{
    private const string WrongSpec = "TR0003";

    public static int Run(Func<CancellationToken, int> work)
    {
        using var interruption = new Interruption();
        try
        {
            return work(interruption.Token);
        }
        catch (OperationCanceledException)
        {
            ErrorText.WriteLine("interrupted");
            return ExitCode.Interrupted;
        }
        catch (BrokenPipeException)
        {
            // Whoever read the output has seen enough.
            return ExitCode.Done;
        }
        catch (Exception exception)
        {
            return Explain(exception);
        }
    }

    private static int Explain(Exception exception)
    {
        if (Environment.GetEnvironmentVariable("TRACEREPLAY_DEBUG") == "1")
        {
            ErrorText.WriteLine(exception.ToString());
        }

        switch (exception)
        {
            case UsageException usage:
                ErrorText.Write("TR0901", usage.Message, string.Empty, usage.Hint);
                return ExitCode.Usage;
            case SpecException spec:
                ErrorText.WriteSpec(spec);
                return ExitCode.Usage;
            case PlanException plan:
                ErrorText.Write("TR0901", plan.Message, string.Empty, plan.Hint);
                return ExitCode.Usage;
            case AnalysisException { Diagnostic: var diagnostic }:
                ErrorText.Write(diagnostic.Code, diagnostic.Message, diagnostic.Source.ToString(), diagnostic.Hint);
                return diagnostic.Code == WrongSpec ? ExitCode.Usage : ExitCode.Failed;
            case StoreException { Error: StoreError.Query } query:
                ErrorText.Write("TR0905", query.Message, string.Empty, query.Hint);
                return ExitCode.Usage;
            case StoreException store:
                ErrorText.Write("TR0906", store.Message, string.Empty, store.Hint);
                return ExitCode.Failed;
            case ScriptException script:
                ErrorText.Write("TR0902", script.Problem, script.Line > 0 ? $"line {script.Line}" : string.Empty, script.Hint);
                return script.Line > 0 ? ExitCode.Failed : ExitCode.Usage;
            case IOException or UnauthorizedAccessException:
                ErrorText.Write("TR0903", exception.Message, string.Empty, string.Empty);
                return ExitCode.Failed;
            case OutOfMemoryException:
                ErrorText.Write("TR0904", "memory ran out", string.Empty, "narrow the input with --since and --until");
                return ExitCode.Failed;
            default:
                ErrorText.Write("TR0999", $"this should not have happened: {exception.Message}", string.Empty,
                    "run again with TRACEREPLAY_DEBUG=1 and report what it prints");
                return ExitCode.Failed;
        }
    }
}
