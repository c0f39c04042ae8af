using TraceReplay.Diagnosis;
using TraceReplay.TestSupport;

namespace TraceReplay.Analysis.Tests;

/// <summary>Captures with known truth, analysed from their kernel log alone: the answer may be "unknown", but never another cause than
/// the true one, and never a victim as the culprit.</summary>
public sealed class LogAloneTests : IDisposable
{
    /// <summary>Nothing failed, and nothing may be reported.</summary>
    private const string None = "none";

    private static readonly string[] SideFiles = ["dmesg.txt", "uname.txt", "version.txt", "cmdline.txt", "nproc.txt"];

    private readonly string _folder = Directory.CreateTempSubdirectory("tracereplay-log-").FullName;

    public static TheoryData<string, string> Truth => new()
    {
        { "01-", "capacity" }, { "02b-", "capacity" }, { "03-", "segment-limit" }, { "04-", "fragmentation" }, { "05-", "leak" },
        { "06-", "capacity" }, { "06c-", "capacity" }, { "07-", string.Empty }, { "08-", None }, { "09-", None },
        { "10-", "capacity" }, { "11-", "capacity" }, { "13-", "capacity" }, { "13c-", "capacity" }, { "c1b-", "capacity" },
        { "c1d-", None }, { "c1e-", "capacity" }, { "c2-", string.Empty }, { "c3-", None }, { "c3d-", None },
        { "c4l-", "leak" }, { "c4m-", "fragmentation" }, { "c5-", None }, { "c6-", "leak" }, { "d1b-", None }, { "d2-", "capacity" },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Truth))]
    public void The_truth_is_not_contradicted(string capture, string cause)
    {
        if (Places.Shared is { } shared)
        {
            Check(Path.Combine(Directory.GetDirectories(Path.Combine(shared, "captures"), capture + "*").Single(), "input"), cause);
        }
    }

    [Theory]
    [InlineData("03-segment-limit", "segment-limit")]
    [InlineData("05-leak", "leak")]
    [InlineData("06-greedy-vs-innocent", "capacity")]
    public void Nor_is_that_of_the_samples(string sample, string cause) => Check(Places.InCheckout("sample-logs", sample, "input"), cause);

    private void Check(string input, string cause)
    {
        foreach (var file in SideFiles.Where(f => File.Exists(Path.Combine(input, f))))
        {
            File.Copy(Path.Combine(input, file), Path.Combine(_folder, file));
        }

        var report = AnalysisJob.Run(new AnalysisOptions { Inputs = [_folder] }, CancellationToken.None);
        if (cause == None)
        {
            Assert.Empty(report.Incidents);
            return;
        }

        // In 07 and c2 the kernel prints no line of the pool: there, nothing can be named.
        Assert.True(cause.Length == 0 || report.Incidents.Count > 0);
        Assert.All(report.Incidents, incident =>
        {
            Assert.True(incident.Cause.Name() == cause || incident.Cause == Cause.Unknown, $"{incident.Cause} {incident.Explanation}");
            Assert.True(incident.Cause == Cause.Unknown || incident.Confidence < 0.9 || cause == "segment-limit");
            Assert.False(incident.FromTrace);
            Assert.Empty(incident.Culprits);
            Assert.NotEmpty(incident.NextCapture);
        });
    }
}
