using System.CommandLine;
using TraceReplay.Cli.Help;
using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Cli.Commands;

/// <summary><c>pools</c>: the pool models.</summary>
internal static class PoolsCommand
{
    public static Command Create()
    {
        var command = new Command("pools", "List the pool models and the kernels each one stands for.");
        HelpPage.SetExamples(command, "tracereplay pools", "tracereplay pools --format json");
        return Listing.Fill(command, ["model", "kind", "kernels", "kernel file", "how it is known"], () => PoolModels.All.Select(model => new[]
        {
            model.Name, model.Kind.Name(), model.Kernels, model.KernelFile, model.Verified,
        }));
    }
}
