using System.Buffers;
using System.Globalization;
using System.Text.Json;
using TraceReplay.Store;

namespace TraceReplay.Analysis.Export;

/// <summary>Writes the JSON trace-event format, which ui.perfetto.dev and chrome://tracing open ("Trace Event Format", the Chromium
/// project): times in microseconds, here with three decimals.</summary>
internal sealed class PerfettoWriter : IDisposable
{
    private const int FlushBytes = 1 << 16;
    private const long NanosecondsPerMicrosecond = 1000;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushBytes * 2);
    private readonly Utf8JsonWriter _json;
    private bool _isFirst = true;

    /// <summary>Begins the trace.</summary>
    /// <param name="output">Where to; not closed.</param>
    public PerfettoWriter(Stream output)
    {
        _output = output;
        _json = new Utf8JsonWriter(_buffer);
        _buffer.Write("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"u8);
    }

    /// <summary>Names a process, the heading of tracks.</summary>
    /// <param name="process">Its number.</param>
    /// <param name="name">Its name.</param>
    /// <param name="order">Lower stands higher.</param>
    public void Process(int process, string name, int order)
    {
        Event("M", "process_name", process);
        _json.WriteStartObject("args"u8);
        _json.WriteString("name"u8, name);
        _json.WriteEndObject();
        EndEvent();
        Event("M", "process_sort_index", process);
        _json.WriteStartObject("args"u8);
        _json.WriteNumber("sort_index"u8, order);
        _json.WriteEndObject();
        EndEvent();
    }

    /// <summary>A value of a counter.</summary>
    /// <param name="process">Process it stands under.</param>
    /// <param name="name">Name of the counter.</param>
    /// <param name="timeNs">When.</param>
    /// <param name="value">Its value.</param>
    public void Counter(int process, string name, long timeNs, long value)
    {
        Event("C", name, process);
        Time(timeNs);
        _json.WriteStartObject("args"u8);
        _json.WriteNumber("value"u8, value);
        _json.WriteEndObject();
        EndEvent();
    }

    /// <summary>The beginning of a slice that may overlap others.</summary>
    /// <param name="process">Process.</param>
    /// <param name="id">Number of the slice.</param>
    /// <param name="name">Name; slices of one name share a track.</param>
    /// <param name="timeNs">When.</param>
    /// <param name="mapping">What is shown of it.</param>
    public void Begin(int process, long id, string name, long timeNs, in MappingRow mapping)
    {
        Slice("b", process, id, name, timeNs);
        _json.WriteStartObject("args"u8);
        _json.WriteNumber("bytes"u8, mapping.Bytes);
        _json.WriteNumber("first_unit"u8, mapping.FirstUnit);
        _json.WriteNumber("units"u8, mapping.Units);
        _json.WriteNumber("map_event_id"u8, mapping.MapEventId);
        _json.WriteEndObject();
        EndEvent();
    }

    /// <summary>The end of a slice.</summary>
    /// <param name="process">Process.</param>
    /// <param name="id">Number of the slice.</param>
    /// <param name="name">Name as at its beginning.</param>
    /// <param name="timeNs">When.</param>
    public void End(int process, long id, string name, long timeNs)
    {
        Slice("e", process, id, name, timeNs);
        EndEvent();
    }

    /// <summary>A failed mapping.</summary>
    /// <param name="process">Process.</param>
    /// <param name="name">Name.</param>
    /// <param name="failure">The failure; it has a time.</param>
    public void Failure(int process, string name, FailureRow failure)
    {
        Event("i", name, process);
        Time(failure.TimeNs!.Value);
        _json.WriteString("s"u8, "p"u8);
        _json.WriteNumber("tid"u8, process);
        _json.WriteStartObject("args"u8);
        Text("device", failure.Device);
        Text("driver", failure.Driver);
        Text("reason", failure.Reason);
        Number("bytes", failure.Bytes);
        Number("pages", failure.Pages);
        Number("total_units", failure.TotalUnits);
        Number("used_units", failure.UsedUnits);
        Number("free_units", failure.FreeUnits);
        Number("largest_free_run", failure.LargestFreeRun);
        Number("line", failure.Line);
        _json.WriteEndObject();
        EndEvent();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffer.Write("\n]}\n"u8);
        Flush();
        _json.Dispose();
    }

    private void Slice(string phase, int process, long id, string name, long timeNs)
    {
        Event(phase, name, process);
        _json.WriteString("cat"u8, "dma"u8);
        _json.WriteString("id"u8, "0x" + id.ToString("x", CultureInfo.InvariantCulture));
        _json.WriteNumber("tid"u8, process);
        Time(timeNs);
    }

    private void Event(string phase, string name, int process)
    {
        if (!_isFirst)
        {
            _buffer.Write(",\n"u8);
        }

        _isFirst = false;
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("ph"u8, phase);
        _json.WriteString("name"u8, name);
        _json.WriteNumber("pid"u8, process);
    }

    private void Time(long timeNs)
    {
        Span<byte> room = stackalloc byte[32];
        var (whole, rest) = Math.DivRem(Math.Max(timeNs, 0), NanosecondsPerMicrosecond);
        _ = whole.TryFormat(room, out var length, provider: CultureInfo.InvariantCulture);
        room[length++] = (byte)'.';
        _ = rest.TryFormat(room[length..], out var decimals, "D3", CultureInfo.InvariantCulture);
        _json.WritePropertyName("ts"u8);
        _json.WriteRawValue(room[..(length + decimals)], skipInputValidation: true);
    }

    private void Text(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _json.WriteString(name, value);
        }
    }

    private void Number(string name, long? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }
    }

    private void EndEvent()
    {
        _json.WriteEndObject();
        _json.Flush();
        if (_buffer.WrittenCount >= FlushBytes)
        {
            Flush();
        }
    }

    private void Flush()
    {
        _output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
