using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store.Writing;

/// <summary>Writes the facts of a kernel log, which may be as many as its lines: records, messages and failures.</summary>
internal sealed class LogRows : IDisposable
{
    private readonly BulkInsert _records;
    private readonly BulkInsert _messages;
    private readonly BulkInsert _failures;
    private readonly long _source;
    private readonly string _path;
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly Utf8JsonWriter _jsonWriter;

    public LogRows(Connection connection, long source, string path)
    {
        _source = source;
        _path = path;
        _records = new BulkInsert(connection, "log_record", "id, source_id, line, time_ns, level, text, path");
        _messages = new BulkInsert(
            connection,
            "log_message",
            "id, source_id, line, time_ns, family, pool_kind, is_failure, text, device, driver, bytes, pages, total_units, used_units, "
            + "suppressed, function, fields, boot, host, path");
        _failures = new BulkInsert(
            connection,
            "failure",
            "origin, source_id, line, time_ns, pool_kind, family, device, driver, bytes, pages, total_units, used_units, free_units");
        _jsonWriter = new Utf8JsonWriter(_json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void Write(LogRecordFact f, long id)
    {
        Begin(_records, id, f.Source, f.TimeNs);
        if (f.Level < 0)
        {
            _records.PutNull(4);
        }
        else
        {
            _records.Put(4, f.Level);
        }

        _records.PutText(5, f.Text);
        _records.PutText(6, PathOf(f));
        _records.EndRow();
    }

    public void Write(LogMessageFact f, long id)
    {
        Begin(_messages, id, f.Source, f.TimeNs);
        _messages.PutText(4, f.Family);
        _messages.PutText(5, f.Kind.Name());
        _messages.Put(6, f.IsFailure ? 1 : 0);
        _messages.PutText(7, f.Text);
        PutName(_messages, 8, f.Device);
        PutName(_messages, 9, f.Driver);
        Put(_messages, 10, f.Bytes);
        Put(_messages, 11, f.Pages);
        Put(_messages, 12, f.TotalUnits);
        Put(_messages, 13, f.UsedUnits);
        Put(_messages, 14, f.Suppressed);
        PutName(_messages, 15, f.Function);
        PutFields(f.Fields);
        Put(_messages, 17, f.Boot == 0 ? null : f.Boot);
        PutName(_messages, 18, f.Host);
        _messages.PutText(19, PathOf(f));
        _messages.EndRow();
        if (f.IsFailure)
        {
            WriteFailure(f);
        }
    }

    /// <summary>Writes the rows that do not fill a statement.</summary>
    public void Flush()
    {
        _records.Flush();
        _messages.Flush();
        _failures.Flush();
    }

    public void Dispose()
    {
        _records.Dispose();
        _messages.Dispose();
        _failures.Dispose();
        _jsonWriter.Dispose();
    }

    private void WriteFailure(LogMessageFact f)
    {
        _failures.PutText(0, "log");
        _failures.Put(1, _source);
        _failures.Put(2, f.Source.Line);
        PutTime(_failures, 3, f.TimeNs);
        _failures.PutText(4, f.Kind.Name());
        _failures.PutText(5, f.Family);
        PutName(_failures, 6, f.Device);
        PutName(_failures, 7, f.Driver);
        Put(_failures, 8, f.Bytes);
        Put(_failures, 9, f.Pages);
        Put(_failures, 10, f.TotalUnits);
        Put(_failures, 11, f.UsedUnits);
        Put(_failures, 12, f.TotalUnits - f.UsedUnits);
        _failures.EndRow();
    }

    private void Begin(BulkInsert rows, long id, SourceRef source, long timeNs)
    {
        rows.Put(0, id);
        rows.Put(1, _source);
        rows.Put(2, source.Line);
        PutTime(rows, 3, timeNs);
    }

    private string? PathOf(Fact fact) =>
        string.Equals(fact.Source.Path, _path, StringComparison.Ordinal) ? null : fact.Source.Path ?? string.Empty;

    private static void PutTime(BulkInsert rows, int column, long timeNs) => Put(rows, column, timeNs == TraceEvent.NoTime ? null : timeNs);

    private static void PutName(BulkInsert rows, int column, string name) => rows.PutText(column, name.Length == 0 ? null : name);

    private static void Put(BulkInsert rows, int column, long? value)
    {
        if (value is { } number)
        {
            rows.Put(column, number);
        }
        else
        {
            rows.PutNull(column);
        }
    }

    // Keys keep the order in which the parser met them: the same input gives the same bytes.
    private void PutFields(IReadOnlyDictionary<string, string> fields)
    {
        const int column = 16;
        if (fields.Count == 0)
        {
            _messages.PutNull(column);
            return;
        }

        _json.ResetWrittenCount();
        _jsonWriter.Reset();
        _jsonWriter.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            _jsonWriter.WriteString(name, value);
        }

        _jsonWriter.WriteEndObject();
        _jsonWriter.Flush();
        _messages.PutText(column, _json.WrittenSpan);
    }
}
