using System.Reflection;
using System.Xml.Linq;
using TraceReplay.TestSupport;

namespace TraceReplay.Architecture.Tests;

/// <summary>Imports run one way. A row lists what a project may know of the others, beside what those may know.</summary>
public sealed class ImportTests
{
    private static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Pools"] = ["Core"],
        ["Replay"] = ["Pools"],
        ["Demand"] = ["Pools"],
        ["Diagnosis"] = ["Replay"],
        ["Report"] = ["Diagnosis", "Demand"],
        ["Store"] = ["Core", "Diagnosis"],
        ["Parsers"] = ["Core"],
        ["Analysis"] = ["Diagnosis", "Demand", "Store", "Parsers"],
        ["Web"] = ["Report", "Store"],

        // Web is only built and started by Cli: no assembly of the web framework is loaded for other commands.
        ["Cli"] = ["Analysis", "Report", "Store", "Web"],
    };

    public static TheoryData<string> Projects() => [.. MayKnow.Keys];

    [Fact]
    public void EveryProjectHasARow()
    {
        var projects = ProjectFiles().Select(Name).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(MayKnow.Keys.Order(StringComparer.Ordinal), projects, StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectFileReferencesOnlyWhatItMay(string project)
    {
        var file = ProjectFiles().Single(path => Name(path) == project);
        var references = XDocument.Load(file).Descendants("ProjectReference")
            .Select(reference => Name((string)reference.Attribute("Include")!));
        Assert.All(references, reference => Assert.Contains(reference, Reachable(project), StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void AssemblyUsesOnlyWhatItMay(string project)
    {
        var assembly = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, project == "Cli" ? "tracereplay.dll" : $"TraceReplay.{project}.dll"));
        var used = assembly.GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => name.StartsWith("TraceReplay.", StringComparison.Ordinal)).Select(name => name["TraceReplay.".Length..]);
        Assert.All(used, name => Assert.Contains(name, Reachable(project), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Microsoft.Data.Sqlite", "Store", "Cli")]
    [InlineData("Spectre.Console", "Report", "Cli")]
    [InlineData("System.CommandLine", "Cli", "Cli")]
    [InlineData("ICSharpCode.SharpZipLib", "Parsers", "Parsers")]
    public void LibraryStaysInItsProject(string library, string project, string alsoIn)
    {
        foreach (var name in MayKnow.Keys.Where(name => name != project && name != alsoIn))
        {
            var assembly = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, name == "Cli" ? "tracereplay.dll" : $"TraceReplay.{name}.dll"));
            Assert.DoesNotContain(library, assembly.GetReferencedAssemblies().Select(reference => reference.Name!), StringComparer.Ordinal);
        }
    }

    [Fact]
    public void TheProgramStartsWithoutTheWebFramework()
    {
        var runtime = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ProgramPath())!, "tracereplay.runtimeconfig.json"));
        Assert.DoesNotContain("AspNetCore", runtime, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(ProgramPath())!, "web", "TraceReplay.Web.dll")));
    }

    private static string ProgramPath() => Places.InCheckout("src", "TraceReplay.Cli", "bin",
        AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug", "net10.0", "tracereplay.dll");

    private static HashSet<string> Reachable(string project)
    {
        var reachable = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(MayKnow[project]);
        while (open.TryPop(out var next))
        {
            if (reachable.Add(next))
            {
                Array.ForEach(MayKnow[next], open.Push);
            }
        }

        return reachable;
    }

    private static IEnumerable<string> ProjectFiles() => new[] { "src", "parsers" }
        .SelectMany(folder => Directory.EnumerateFiles(Places.InCheckout(folder), "*.csproj", SearchOption.AllDirectories));

    private static string Name(string path) =>
        Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["TraceReplay.".Length..];
}
