using System.Buffers;
using System.Buffers.Binary;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.Journal;

/// <summary><c>journalctl -o export</c>: <c>NAME=value</c> lines, or a name, a length and raw bytes; an empty line between records
/// (systemd.io/JOURNAL_EXPORT_FORMATS).</summary>
internal sealed class JournalExportFormat : IFormat
{
    // A field above this is no log message; systemd itself refuses 768 MiB.
    private const int LongestField = 64 << 20;
    private const int FirstRoom = 1 << 16;

    /// <inheritdoc/>
    public string Name => "journal-export";

    /// <inheritdoc/>
    public string Description => "journalctl -o export";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Log;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input) =>
        input.Head.StartsWith("__CURSOR="u8) || input.Head.StartsWith("__REALTIME_TIMESTAMP="u8) ? new ProbeResult(95, "journal fields") : ProbeResult.No;

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        using var stream = new BufferedStream(new PumpStream(job.Pump), 1 << 16);
        var record = new JournalRecord(job);
        var line = new List<byte>(256);
        long number = 1;
        while (ReadLine(stream, line))
        {
            var text = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(line);
            var equals = text.IndexOf((byte)'=');
            if (text.IsEmpty)
            {
                record.End(number++);
            }
            else if (equals > 0)
            {
                record.Field(text[..equals], text[(equals + 1)..]);
            }
            else if (!BinaryField(stream, text, record))
            {
                job.Skipped++;
                job.Records++;
                job.Report(Notice.SkippedLines, number, "a field is cut or damaged; the rest was not read");
                record.Finish();
                return;
            }
        }

        record.End(number);
        record.Finish();
    }

    private static bool ReadLine(Stream stream, List<byte> line)
    {
        line.Clear();
        int b;
        while ((b = stream.ReadByte()) >= 0 && b != '\n')
        {
            if (line.Count < LongestField)
            {
                line.Add((byte)b);
            }
        }

        return b >= 0 || line.Count > 0;
    }

    private static bool BinaryField(Stream stream, ReadOnlySpan<byte> name, JournalRecord record)
    {
        Span<byte> size = stackalloc byte[8];
        if (stream.ReadAtLeast(size, 8, throwOnEndOfStream: false) < 8)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(size);
        if (length > LongestField)
        {
            return false;
        }

        var isWhole = Value(stream, (int)length, out var value, out var have);
        if (isWhole)
        {
            record.Field(name, value.AsSpan(0, have));
        }

        ArrayPool<byte>.Shared.Return(value);
        return isWhole && stream.ReadByte() is '\n' or -1;
    }

    /// <summary>Reads a value; a length that promises more than there is takes no memory for it.</summary>
    private static bool Value(Stream stream, int length, out byte[] value, out int have)
    {
        value = ArrayPool<byte>.Shared.Rent(Math.Min(length, FirstRoom));
        for (have = 0; ;)
        {
            var room = value.AsSpan(have, Math.Min(value.Length, length) - have);
            var read = stream.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
            have += read;
            if (have == length || read < room.Length)
            {
                return have == length;
            }

            var larger = ArrayPool<byte>.Shared.Rent(value.Length * 2);
            value.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(value);
            value = larger;
        }
    }
}
