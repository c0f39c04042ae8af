using System.Text;
using TraceReplay.TestSupport;

namespace TraceReplay.Parsers.Tests;

/// <summary>Ways to read something in a test.</summary>
internal static class Reading
{
    public static string Fixture(string name) => Places.InCheckout("tests", "TraceReplay.Parsers.Tests", "fixtures", name);

    public static RecordingSink Fixtures(params string[] names) => Paths(new ReaderOptions(), [.. names.Select(Fixture)]);

    public static RecordingSink Paths(ReaderOptions options, params string[] paths)
    {
        var sink = new RecordingSink();
        InputReader.Read(paths, options, sink, CancellationToken.None);
        return sink;
    }

    public static RecordingSink Bytes(byte[] content, string name = "input.txt", ReaderOptions? options = null)
    {
        var folder = Directory.CreateTempSubdirectory("tracereplay");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            File.WriteAllBytes(path, content);

            // A time of change would tell the year of stamps that have none, on one day of each year.
            File.SetLastWriteTimeUtc(path, new DateTime(1985, 6, 15, 0, 0, 0, DateTimeKind.Utc));
            return Paths(options ?? new ReaderOptions(), path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A temporary file has its name for a moment only; other processes may just be making theirs.</summary>
    public static void NoTemporaryFileStays()
    {
        var named = Directory.GetFiles(Path.GetTempPath(), "tracereplay-*");
        Assert.True(SpinWait.SpinUntil(() => !named.Any(File.Exists), TimeSpan.FromSeconds(20)), string.Join(' ', named));
    }

    public static RecordingSink Text(string content, string name = "input.txt", ReaderOptions? options = null) =>
        Bytes(Encoding.UTF8.GetBytes(content), name, options);
}
