using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.Parsers.Containers;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Bpftrace;

/// <summary>What a script printed, without what bpftrace itself says: the rows from the header on. What is left out becomes an empty
/// line, so that line numbers stay those of the file.</summary>
internal sealed class BpftraceRows : ReadOnlyStream
{
    private readonly SourceJob _job;
    private readonly LineReader _lines;
    private byte[] _row = [];
    private int _at;
    private int _end;

    /// <summary>Prepares for one source.</summary>
    /// <param name="job">The source.</param>
    public BpftraceRows(SourceJob job)
    {
        _job = job;
        _lines = job.OpenLines();
    }

    /// <summary>The header of a table was found.</summary>
    public bool HasColumns { get; private set; }

    /// <summary>Lines that were too long to keep.</summary>
    public long Overlong => _lines.Overlong;

    /// <summary>The comments that a script printed.</summary>
    /// <param name="head">First bytes of the source.</param>
    /// <returns>Lines that begin with a hash.</returns>
    public static byte[] Comments(ReadOnlySpan<byte> head)
    {
        var comments = new List<byte>();
        while (!head.IsEmpty)
        {
            var line = HeadLines.Next(ref head);
            line = Printed(line) is { } text ? text : line;
            if (line.StartsWith("#"u8))
            {
                comments.AddRange(line);
                comments.Add((byte)'\n');
            }
        }

        return [.. comments];
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_at == _end && !Next())
        {
            return 0;
        }

        var part = _row.AsSpan(_at, Math.Min(_end - _at, buffer.Length));
        part.CopyTo(buffer);
        _at += part.Length;
        return part.Length;
    }

    private bool Next()
    {
        if (!_lines.Next(out var line))
        {
            return false;
        }

        if (line.StartsWith("{\"type\""u8))
        {
            Set(default);
            Json(line);
        }
        else
        {
            Set(IsRow(line) ? line : default);
        }

        return true;
    }

    private bool IsRow(ReadOnlySpan<byte> line)
    {
        // Maps (@name[key]: value), histograms ([1K, 2K) 12 |@@@ |) and what stands before the header.
        if (line.IsEmpty || line[0] is (byte)'@' or (byte)'[' || line.StartsWith("Attaching "u8) || line.StartsWith("ERROR: "u8) || line.StartsWith("WARNING: "u8))
        {
            return false;
        }

        if (line.StartsWith("Lost "u8) && line.EndsWith(" events"u8))
        {
            var at = "Lost ".Length;
            Loss(Ascii.Decimal(line, ref at, out var lost) ? lost : 0);
            return false;
        }

        HasColumns |= line.IndexOf("time"u8) >= 0 && line.IndexOf(",op,"u8) > 0;
        return HasColumns || line[0] == (byte)'#';
    }

    /// <summary>Option -f json: <c>{"type": "printf", "data": "..."}</c>, <c>{"type": "lost_events", "data": {"events": 5}}</c>.</summary>
    private void Json(ReadOnlySpan<byte> line)
    {
        if (Printed(line) is { } text)
        {
            Set(IsRow(text) ? text : default);
        }
        else if (line.StartsWith("{\"type\": \"lost_events\""u8) && line.IndexOf("\"events\": "u8) is > 0 and var events)
        {
            var at = events + "\"events\": ".Length;
            Loss(Ascii.Decimal(line, ref at, out var lost) ? lost : 0);
        }
    }

    private static byte[]? Printed(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("{\"type\": \"printf\", \"data\": "u8))
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.GetProperty("data") is { ValueKind: JsonValueKind.String } data
                ? System.Text.Encoding.UTF8.GetBytes(data.GetString()!.TrimEnd('\n'))
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private void Loss(ulong lost)
    {
        var count = (long)Math.Min(lost, int.MaxValue);
        _job.Lost += count;
        _job.Fact(new LossFact(-1, count > 0 ? count : -1, false, _job.At(_lines.LineNumber)));
    }

    private void Set(ReadOnlySpan<byte> row)
    {
        if (_row.Length < row.Length + 1)
        {
            _row = new byte[(row.Length + 1) * 2];
        }

        row.CopyTo(_row);
        _row[row.Length] = (byte)'\n';
        (_at, _end) = (0, row.Length + 1);
    }
}
