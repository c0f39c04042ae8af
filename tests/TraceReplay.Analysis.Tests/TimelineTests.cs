using System.Globalization;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Analysis.Tests;

/// <summary>Several logs of one boot, on the kernel's clock and on the wall's, tell one story.</summary>
public sealed class TimelineTests : IDisposable
{
    private static readonly DateTime Boot = new(2006, 4, 12, 9, 51, 27, DateTimeKind.Utc);

    private readonly string _folder = Directory.CreateTempSubdirectory("tracereplay").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_failure_is_the_first_of_all_logs()
    {
        // The dmesg begins late (its ring has wrapped); the daemon's log holds an earlier line, and both stamps in another.
        Write("dmesg", string.Concat(Enumerable.Range(0, 5).Select(i => $"[{300 + i,12:F6}] {Full(20_000 + i)}\n")));
        Write("messages", $"{Iso(100)} db1 kernel: [  100.000000] {Full(1000)}\n{Iso(299)} db1 kernel: {Full(1500)}\n");

        foreach (var database in new[] { null, At("x.db") })
        {
            var report = Analyze(database, "dmesg", "messages");
            var incident = Assert.Single(report.Incidents);
            Assert.Equal((1000L, At("messages")), (incident.FirstFailure!.UsedUnits, incident.FirstFailure.Source.Path));
            Assert.Equal(304_000_000_000, incident.LastFailureTimeNs);
            var (path, offset) = Assert.Single(report.Clocks);
            Assert.Equal((At("messages"), 1L, ClockDomain.WallUtc), (path, offset.Lines, offset.To));
            Assert.Contains(report.Warnings, w => w.Code == "TR0314" && w.Message.Contains("2006-04-12 09:51:27 UTC", StringComparison.Ordinal));
        }

        var stored = StoredJob.Run(At("x.db"), new AnalysisOptions { Inputs = [] });
        Assert.Equal(1000L, stored.Incidents[0].FirstFailure!.UsedUnits);
        Assert.Single(stored.Clocks);
    }

    [Fact]
    public void Equal_messages_on_two_clocks_tell_their_distance()
    {
        Write("dmesg", string.Concat(Enumerable.Range(0, 12).Select(i => $"[{100 + (i * 7.25),12:F6}] {Full(20_000 + i)}\n")));
        Write("messages", string.Concat(Enumerable.Range(-1, 10).Select(i => $"{Iso(100 + (i * 7.25))} db1 kernel: {Full(20_000 + i)}\n")));

        var report = Analyze(null, "dmesg", "messages");
        Assert.Equal(19_999L, report.Incidents[0].FirstFailure!.UsedUnits);
        Assert.Equal(13, report.Incidents[0].Failures);
    }

    [Fact]
    public void Logs_of_several_boots_are_not_mixed()
    {
        Write("dmesg", string.Concat(Enumerable.Range(0, 5).Select(i => $"[{300 + i,12:F6}] {Full(20_000 + i)}\n")));
        Write("messages", $"{Iso(100)} db1 kernel: [  100.000000] {Full(1000)}\n{Iso(5000)} db1 kernel: [   50.000000] {Full(1500)}\n");

        // Which of the boots the dmesg is of is not told: it stays where it was read.
        Assert.Equal(20_000L, Analyze(null, "dmesg", "messages").Incidents[0].FirstFailure!.UsedUnits);
    }

    [Fact]
    public void Logs_on_the_walls_clock_are_ordered_by_it()
    {
        Write("b-20060413", $"Apr 12 10:00:00 db1 kernel: {Full(2000)}\n");
        Write("c-20060412", $"Apr 11 10:00:00 db1 kernel: {Full(1000)}\n");

        var report = Analyze(null, "b-20060413", "c-20060412");
        Assert.Equal(1000L, report.Incidents[0].FirstFailure!.UsedUnits);
        Assert.Empty(report.Clocks);
    }

    private static string Full(int used) => string.Create(CultureInfo.InvariantCulture, $"ahci 0000:05:00.0: swiotlb buffer is full (sz: 4096 bytes), total 32768 (slots), used {used} (slots)");

    private static string Iso(double seconds) => Boot.AddSeconds(Math.Floor(seconds)).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + "+00:00";

    private Diagnosis.AnalysisReport Analyze(string? database, params string[] names) =>
        AnalysisJob.Run(new AnalysisOptions { Inputs = [.. names.Select(At)], Database = database }, CancellationToken.None);

    private void Write(string name, string text) => File.WriteAllText(At(name), text, Encoding.UTF8);

    private string At(string name) => Path.Combine(_folder, name);
}
