using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Journal;

/// <summary><c>journalctl -o verbose</c>: a line of time and cursor, then indented <c>NAME=value</c> lines; what is indented deeper goes on
/// with the value before it (spec formats.md 1.7).</summary>
internal sealed class JournalVerboseFormat : IFormat
{
    private const int Indent = 4;

    /// <inheritdoc/>
    public string Name => "journal-verbose";

    /// <inheritdoc/>
    public string Description => "journalctl -o verbose";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Log;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        const int Most = 40;
        var head = input.Head;
        for (var i = 0; i < Most && !head.IsEmpty; i++)
        {
            if (IsHead(HeadLines.Next(ref head)) && head.StartsWith("    "u8))
            {
                return new ProbeResult(95, "journal records with their cursors");
            }
        }

        return ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var lines = job.OpenLines();
        var record = new JournalRecord(job);
        var value = new List<byte>();
        var name = Array.Empty<byte>();
        var number = 0L;
        while (lines.Next(out var line))
        {
            if (IsHead(line))
            {
                End(record, name, value, number);
                (name, number) = ([], lines.LineNumber);
                Cursor(record, line);
            }
            else if (number > 0 && Starts(line, out var equals))
            {
                Field(record, name, value);
                name = line[Indent..equals].ToArray();
                value.AddRange(line[(equals + 1)..]);
                number = name.AsSpan().SequenceEqual("MESSAGE"u8) ? lines.LineNumber : number;
            }
            else if (name.Length > 0)
            {
                value.Add((byte)'\n');
                value.AddRange(line.TrimStart((byte)' '));
            }
        }

        End(record, name, value, number);
        record.Finish();
        job.Skipped += lines.Overlong;
        Accounts.Report(job, lines, "log lines");
    }

    private static void End(JournalRecord record, byte[] name, List<byte> value, long number)
    {
        Field(record, name, value);
        if (number > 0)
        {
            record.End(number);
        }
    }

    private static void Field(JournalRecord record, byte[] name, List<byte> value)
    {
        if (name.Length > 0)
        {
            record.Field(name, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(value));
            value.Clear();
        }
    }

    /// <summary><c>Sun 2026-11-22 06:13:21.234567 UTC [s=...;i=...;b=...;m=12d687;t=660d75fc4d687;x=...]</c>.</summary>
    private static bool IsHead(ReadOnlySpan<byte> line) => line.EndsWith("]"u8) && line.IndexOf(" [s="u8) is > 20 and < 60 && line.IndexOf(";b="u8) > 0;

    /// <summary>The cursor holds both clocks, in hexadecimal microseconds.</summary>
    private static void Cursor(JournalRecord record, ReadOnlySpan<byte> line)
    {
        Span<byte> digits = stackalloc byte[20];
        foreach (var (mark, field) in new[] { (";m=", "__MONOTONIC_TIMESTAMP"), (";t=", "__REALTIME_TIMESTAMP") })
        {
            var at = line.IndexOf(System.Text.Encoding.ASCII.GetBytes(mark));
            at += mark.Length;
            if (at >= mark.Length && Ascii.Hex(line, ref at, out var microseconds) && System.Buffers.Text.Utf8Formatter.TryFormat(microseconds, digits, out var written))
            {
                record.Field(System.Text.Encoding.ASCII.GetBytes(field), digits[..written]);
            }
        }
    }

    private static bool Starts(ReadOnlySpan<byte> line, out int equals)
    {
        equals = line.IndexOf((byte)'=');
        return equals > Indent && line.StartsWith("    "u8) && (line[Indent] is >= (byte)'A' and <= (byte)'Z' || line[Indent] == (byte)'_')
            && line[Indent..equals].IndexOfAnyExcept(Letters) < 0;
    }

    private static readonly System.Buffers.SearchValues<byte> Letters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"u8);
}
