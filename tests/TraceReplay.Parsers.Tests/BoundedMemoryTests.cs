using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Content that is one line, no line, or nothing but line ends: memory does not grow with it, and it is said and counted.</summary>
public class BoundedMemoryTests
{
    private const int ContentBytes = 48 << 20;

    // Blocks on their way and the room in front of them; a reader that kept the content would need at least its size.
    private const int MostBytes = 12 << 20;

    [Theory]
    [InlineData("one line", 1)]
    [InlineData("NULs", 1)]
    [InlineData("line ends", ContentBytes)]
    [InlineData("not UTF-8", ContentBytes / 128)]
    [InlineData("a message, then one line", 2)]
    public void Memory_is_flat(string kind, long records)
    {
        var folder = Directory.CreateTempSubdirectory("tracereplay");
        try
        {
            var path = Path.Combine(folder.FullName, "big.log");
            Write(path, kind);
            var sink = new RecordingSink();
            var before = GC.GetAllocatedBytesForCurrentThread();
            InputReader.Read([path], new ReaderOptions { InputFormat = "dmesg" }, sink, CancellationToken.None);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.InRange(allocated, 0, MostBytes);
            var source = Assert.Single(sink.Sources);
            Assert.Equal((records, (long)ContentBytes), (source.Records, source.Bytes));
            Assert.Equal(records <= 2, sink.Diagnostics.Any(d => d.Code == Notice.LongLines.Code));
            Assert.Equal(kind.StartsWith("a message", StringComparison.Ordinal) ? 1 : 0, sink.Of<LogMessageFact>().Count());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Write(string path, string kind)
    {
        var block = new byte[1 << 20];
        block.AsSpan().Fill((byte)(kind switch { "NULs" => 0, "line ends" => '\n', "not UTF-8" => 0xff, _ => 'x' }));
        if (kind == "not UTF-8")
        {
            for (var i = 127; i < block.Length; i += 128)
            {
                block[i] = (byte)'\n';
            }
        }

        using var file = File.Create(path);
        for (var written = 0; written < ContentBytes; written += block.Length)
        {
            file.Write(block);
        }

        if (kind.StartsWith("a message", StringComparison.Ordinal))
        {
            file.Position = 0;
            file.Write(Encoding.ASCII.GetBytes("[    1.000000] e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes), total 32768 (slots), used 7 (slots)\n"));
        }
    }
}
