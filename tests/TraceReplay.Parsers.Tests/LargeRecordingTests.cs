using TraceReplay.Core;
using TraceReplay.TestSupport;

namespace TraceReplay.Parsers.Tests;

/// <summary>Recordings that are read from the file or from a temporary file, because they are too large for memory.</summary>
[Collection(nameof(HostileInputTests))]
public class LargeRecordingTests
{
    private const int Times = 2600;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_large_trace_dat_is_read_with_flat_memory(bool isPacked)
    {
        var small = Unpacked("trace-dat.version_6_without_symbols.dat.zst");
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.Create(path))
            {
                if (isPacked)
                {
                    using var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest);
                    GrownTraceDat.Write(small, Times, gzip);
                }
                else
                {
                    GrownTraceDat.Write(small, Times, file);
                }
            }

            var few = Reading.Bytes(small, "trace.dat");
            var sink = new RecordingSink(keepEvents: false);
            var before = GC.GetAllocatedBytesForCurrentThread();
            InputReader.Read([path], new ReaderOptions(), sink, CancellationToken.None);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.True(sink.Sources[0].Bytes > Containers.RandomContent.MostInMemory);
            Assert.Equal((few.Sources[0].Events * Times, 0L), (sink.Sources[0].Events, sink.Sources[0].Skipped));

            // The batches of the sink itself are the most of it.
            Assert.True(allocated < 4L * sink.Sources[0].Bytes, $"{allocated >> 20} MiB");
            Reading.NoTemporaryFileStays();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Windows_of_a_file_are_those_of_memory()
    {
        var bytes = new byte[300_000];
        new Random(5).NextBytes(bytes);
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, bytes);
        try
        {
            using var memory = new Containers.RandomContent(bytes);
            using var file = Containers.RandomContent.OfFile(path);
            var random = new Random(6);
            for (var i = 0; i < 5000; i++)
            {
                var at = random.Next(bytes.Length);
                var count = random.Next(Math.Min(bytes.Length - at, random.Next(3) == 0 ? Containers.RandomContent.MostWindow : 300) + 1);
                Assert.True(memory.Window(at, count).SequenceEqual(file.Window(at, count)));
                Assert.True(memory.Slice(at, count).Span.SequenceEqual(file.Slice(at, count).Span));
            }

            Assert.Throws<InvalidDataException>(() => file.Window(bytes.Length - 1, 2).Length);
            Assert.Throws<InvalidDataException>(() => file.Slice(-1, 2));
            Assert.Throws<InvalidDataException>(() => file.Slice(5, long.MaxValue));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Unpacked(string name)
    {
        using var stream = new Containers.ZstdStream(File.OpenRead(Reading.Fixture(name)));
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
