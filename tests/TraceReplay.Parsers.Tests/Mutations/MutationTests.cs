using System.Globalization;
using TraceReplay.TestSupport;
using Xunit.Abstractions;

namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>Real inputs, changed a hundred thousand times where <c>TRACEREPLAY_MUTATIONS=100000</c> says so, a few thousand times in every
/// run: whatever comes in, nothing is thrown, hangs, grows without bound or disappears. What once failed is kept in <c>regressions/</c>.</summary>
public class MutationTests(ITestOutputHelper output)
{
    private const int Default = 1000;
    private const int Seed = 20061;

    public static TheoryData<string> Cases => [.. MutationCase.All.Keys.Order(StringComparer.Ordinal)];

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
        var count = int.TryParse(Environment.GetEnvironmentVariable("TRACEREPLAY_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out var told) ? told : Default;
        var mutation = MutationCase.All[name]();
        var reading = new SafeReading();
        Assert.All(mutation.Seeds, seed => Assert.Null(reading.Check(seed, mutation.Format)));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var number = 0; number < count; number++)
        {
            var random = new Random(Seed + number);
            var seed = random.Next(mutation.Seeds.Length);
            var other = mutation.Seeds[random.Next(mutation.Seeds.Length)];
            var bytes = Mutator.Change(mutation.Seeds[seed], other, seed == 0 ? mutation.Fields : [], random);
            mutation.Repair?.Invoke(bytes);
            if (reading.Check(bytes, mutation.Format) is { } problem)
            {
                var kept = Path.Combine(Path.GetTempPath(), $"{mutation.Format ?? "detected"}.{name.Replace(' ', '_')}_{number.ToString(CultureInfo.InvariantCulture)}");
                File.WriteAllBytes(kept, bytes);
                Assert.Fail($"{name}, change {number}: {problem}\nThe input is {kept}: mend the reader, and keep it in regressions/.");
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {count} changes, {clock.Elapsed.TotalMilliseconds * 1000 / Math.Max(count, 1):F0} us each"));
    }

    /// <summary>Inputs that once made a reader fail; the name begins with the format, or with <c>detected</c>.</summary>
    [Theory]
    [MemberData(nameof(Regressions))]
    public void What_once_failed_is_survived(string name)
    {
        var format = name.Split('.')[0];
        Assert.Null(new SafeReading().Check(File.ReadAllBytes(Path.Combine(Folder, name)), format == "detected" ? null : format));
    }
}
