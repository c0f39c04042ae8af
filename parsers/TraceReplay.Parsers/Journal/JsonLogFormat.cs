using System.Text.Json;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.Journal;

/// <summary>Log records as JSON: <c>journalctl -o json</c> with its variants (pretty, seq, sse) and <c>dmesg -J</c>. Any object
/// with a message is a record.</summary>
internal sealed class JsonLogFormat : IFormat
{
    private const long MostBytes = 256L << 20;

    /// <inheritdoc/>
    public string Name => "json-log";

    /// <inheritdoc/>
    public string Description => "journalctl -o json, json-pretty, json-seq, json-sse; dmesg -J";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Log;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var head = input.Head.TrimStart("\u001e \r\n\t"u8);
        head = head.StartsWith("data: "u8) ? head["data: ".Length..] : head;
        return head.StartsWith("{"u8) && (head.IndexOf("\"dmesg\""u8) is > 0 and < 64 || head.IndexOf("\"__REALTIME_TIMESTAMP\""u8) > 0)
            ? new ProbeResult(95, "JSON records")
            : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        if (WholeContent.Read(job, MostBytes, "JSON above 256 MiB; use `journalctl -o export` or `-o short-monotonic`") is not { } whole)
        {
            return;
        }

        var content = whole.Span;
        Plain(content);
        var record = new JournalRecord(job);
        long line = 1;
        while (!content.IsEmpty)
        {
            var used = Objects(content, record, ref line, out var isDamaged);
            if (isDamaged)
            {
                // Go on behind the line that broke it.
                var end = content[used..].IndexOf((byte)'\n');
                used = end < 0 ? content.Length : used + end + 1;
                line++;
                job.Records++;
                job.Skipped++;
            }

            content = content[used..];
        }

        record.Finish();
        if (job.Skipped > 0)
        {
            job.Report(Notice.SkippedLines, 0, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{job.Skipped} damaged JSON records were skipped"));
        }
    }

    /// <summary>Takes record separators (json-seq) and <c>data: </c> (json-sse) off.</summary>
    private static void Plain(Span<byte> content)
    {
        content.Replace((byte)0x1e, (byte)' ');
        for (var rest = content; !rest.IsEmpty;)
        {
            if (rest.StartsWith("data: "u8))
            {
                rest[..6].Fill((byte)' ');
            }

            var end = rest.IndexOf((byte)'\n');
            rest = end < 0 ? default : rest[(end + 1)..];
        }
    }

    /// <summary>Reads as far as the JSON is whole.</summary>
    /// <returns>Bytes used.</returns>
    private static int Objects(ReadOnlySpan<byte> content, JournalRecord record, ref long line, out bool isDamaged)
    {
        isDamaged = false;
        var reader = new Utf8JsonReader(content, new JsonReaderOptions { AllowMultipleValues = true, AllowTrailingCommas = true, MaxDepth = 16 });
        var counted = 0;
        var name = Array.Empty<byte>();
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = reader.ValueSpan.ToArray();
                        break;
                    case JsonTokenType.String:
                        record.Field(name, Unescaped(ref reader));
                        break;
                    case JsonTokenType.Number:
                        record.Field(name, reader.ValueSpan);
                        break;
                    case JsonTokenType.StartArray when name.AsSpan().SequenceEqual("MESSAGE"u8):
                        record.Field(name, Bytes(ref reader));
                        break;
                    case JsonTokenType.EndObject:
                        var at = (int)reader.TokenStartIndex;
                        line += content[counted..at].Count((byte)'\n');
                        counted = at;
                        record.End(line);
                        break;
                    default:
                        break;
                }
            }

            line += content[counted..].Count((byte)'\n');
            return content.Length;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            isDamaged = true;
            var used = (int)reader.BytesConsumed;
            line += content[counted..used].Count((byte)'\n');
            return used;
        }
    }

    private static ReadOnlySpan<byte> Unescaped(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        var buffer = new byte[reader.ValueSpan.Length];
        return buffer.AsSpan(0, reader.CopyString(buffer));
    }

    /// <summary>A message that is no UTF-8 is printed as an array of bytes.</summary>
    private static byte[] Bytes(ref Utf8JsonReader reader)
    {
        var bytes = new List<byte>();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetByte(out var b))
            {
                bytes.Add(b);
            }
        }

        return [.. bytes];
    }
}
