using System.Globalization;
using TraceReplay.Parsers.Containers;
using TraceReplay.TestSupport;
using Xunit.Abstractions;

namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>Real inputs of every format and container, changed a thousand times, or as often as <c>TRACEREPLAY_MUTATIONS</c> says (a whole run:
/// a hundred thousand times): whatever comes in, nothing is thrown, hangs, grows without bound or disappears. What once failed is kept in
/// <c>regressions/</c>.</summary>
public class MutationTests(ITestOutputHelper output)
{
    private const int Default = 1000;
    private const int DefaultSeed = 20061;

    public static TheoryData<string> Cases => [.. MutationCase.All.Keys.Order(StringComparer.Ordinal)];

    public static TheoryData<string> FormatNames => [.. Formats.All.Select(format => format.Name)];

    public static TheoryData<string> ContainerNames => [.. Decompression.Names, .. ArchiveMembers.Names];

    public static TheoryData<string> Regressions
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (var path in Directory.GetFiles(Folder).Order(StringComparer.Ordinal))
            {
                data.Add(Path.GetFileName(path));
            }

            return data;
        }
    }

    private static string Folder => Places.InCheckout("tests", "TraceReplay.Parsers.Tests", "regressions");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Changed_inputs_are_survived(string name)
    {
        var seed = Told("TRACEREPLAY_MUTATION_SEED", DefaultSeed);
        var run = new MutationRun(name, (ulong)seed);
        var only = Told("TRACEREPLAY_MUTATION", -1);
        var problem = only < 0 ? run.Run(0, Told("TRACEREPLAY_MUTATIONS", Default)) : run.Run(only, 1);
        if (problem is not null && only >= 0)
        {
            problem += "\nThe input is " + Kept(name, seed, only) + ": mend the reader, and keep it in regressions/.";
        }

        Assert.True(problem is null, problem);
        output.WriteLine(run.Measured);
    }

    /// <summary>A new format comes with a real sample: <c>fixtures/NAME.*</c>.</summary>
    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Every_format_has_samples_that_are_recognised_and_read(string name)
    {
        var cases = MutationCase.All.Where(entry => entry.Key.Split(',')[0] == name).Select(entry => entry.Value()).ToArray();
        Assert.True(cases.Sum(c => c.Seeds.Count) > 0, $"there is no fixture of {name}: put a real sample into tests/TraceReplay.Parsers.Tests/fixtures/{name}.*");
        Assert.All(cases, mutation =>
        {
            Assert.Equal(name, mutation.Format);
            Assert.Contains(mutation.Seeds, seed => Formats.Detect(new ProbeInput(seed, name, isWhole: true), out _)?.Name == name);
            Assert.True(name is "refused" or "useless" || mutation.Seeds.Any(seed => IsRead(mutation, seed)), "nothing of the samples is understood");
        });
    }

    /// <summary>A new container comes with a case.</summary>
    [Theory]
    [MemberData(nameof(ContainerNames))]
    public void Every_container_has_samples_that_are_read(string name)
    {
        Assert.True(MutationCase.All.TryGetValue(name, out var make), $"there is no case for {name}: add one to ContainerCases");
        var mutation = make();
        Assert.All(mutation.Seeds, seed => Assert.True(IsRead(mutation, seed), "nothing of the content is understood"));
    }

    /// <summary>Inputs that once made a reader fail; the name begins with the format, or with <c>detected</c>.</summary>
    [Theory]
    [MemberData(nameof(Regressions))]
    public void What_once_failed_is_survived(string name)
    {
        var format = name.Split('.')[0];
        var bytes = File.ReadAllBytes(Path.Combine(Folder, name));
        Assert.Null(new SafeReading(format == "detected" ? null : format).Check(bytes, bytes.Length));
    }

    /// <summary>More than half of the records is something.</summary>
    private static bool IsRead(MutationCase mutation, byte[] seed)
    {
        var reading = new SafeReading(mutation.Format);
        Assert.Null(reading.Check(seed, seed.Length));
        return reading.Job is { } job ? job.Understood > 0 && job.Skipped * 2 < job.Records : reading.Facts + reading.Events > 0;
    }

    private static string Kept(string name, int seed, int number)
    {
        var mutation = MutationCase.All[name]();
        var mutator = new Mutator(mutation);
        mutator.Change((ulong)seed, number);
        var path = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"{mutation.Format ?? "detected"}.{name.Replace(", ", "_", StringComparison.Ordinal).Replace(' ', '_')}_{seed}_{number}"));
        File.WriteAllBytes(path, mutator.Bytes.AsSpan(0, mutator.Length));
        return path;
    }

    private static int Told(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var told) ? told : otherwise;
}
