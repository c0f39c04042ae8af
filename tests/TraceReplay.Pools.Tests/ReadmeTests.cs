using System.Text.RegularExpressions;
using TraceReplay.TestSupport;

namespace TraceReplay.Pools.Tests;

/// <summary>The README's table of models is the registry's.</summary>
public partial class ReadmeTests
{
    [Fact]
    public void Every_model_has_its_row_and_every_row_its_model()
    {
        var text = File.ReadAllText(Places.InCheckout("src", "TraceReplay.Pools", "README.md"));
        var rows = ModelRow().Matches(text)
            .Select(match => $"{match.Groups["name"].Value} | {match.Groups["kernels"].Value} | {match.Groups["verified"].Value}");
        Assert.Equal(PoolModels.All.Select(info => $"{info.Name} | {info.Kernels} | {info.Verified}"), rows,
            StringComparer.Ordinal);
    }

    [Fact]
    public void Every_folder_of_a_pool_kind_is_named()
    {
        var folder = Places.InCheckout("src", "TraceReplay.Pools");
        var text = File.ReadAllText(Path.Combine(folder, "README.md"));
        var folders = Directory.GetDirectories(folder).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj"));
        Assert.All(folders, name => Assert.Contains($"\n{name}/ ", text, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^\| `(?<name>[a-z-]+-[A-Z][^`]*)` \| (?<kernels>.*?) \| (?<verified>.*?) \|\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ModelRow();
}
