using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace TraceReplay.Analysis.Export;

/// <summary>Writes flat JSON objects, one a line. What is null or empty is left out.</summary>
internal sealed class JsonLineWriter : IDisposable
{
    private const int FlushBytes = 1 << 16;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushBytes * 2);
    private readonly Utf8JsonWriter _json;

    /// <summary>Starts writing.</summary>
    /// <param name="output">Where to; not closed.</param>
    public JsonLineWriter(Stream output)
    {
        _output = output;
        _json = new Utf8JsonWriter(_buffer);
    }

    /// <summary>Begins an object.</summary>
    public JsonLineWriter Begin(string type)
    {
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        return this;
    }

    /// <summary>A text.</summary>
    public JsonLineWriter Text(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _json.WriteString(name, value);
        }

        return this;
    }

    /// <summary>An integer.</summary>
    public JsonLineWriter Number(string name, long? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }

        return this;
    }

    /// <summary>A real number.</summary>
    public JsonLineWriter Real(string name, double value)
    {
        _json.WriteNumber(name, value);
        return this;
    }

    /// <summary>An address as hexadecimal text.</summary>
    public JsonLineWriter Address(string name, ulong value, bool isGiven) =>
        isGiven ? Text(name, "0x" + value.ToString("x", CultureInfo.InvariantCulture)) : this;

    /// <summary>A flag; false is left out.</summary>
    public JsonLineWriter Flag(string name, bool value)
    {
        if (value)
        {
            _json.WriteBoolean(name, value);
        }

        return this;
    }

    /// <summary>An array of integers.</summary>
    public JsonLineWriter Numbers(string name, ReadOnlySpan<int> values)
    {
        if (!values.IsEmpty)
        {
            _json.WriteStartArray(name);
            foreach (var value in values)
            {
                _json.WriteNumberValue(value);
            }

            _json.WriteEndArray();
        }

        return this;
    }

    /// <summary>JSON as stored; a database from elsewhere may hold anything there, so it is read first.</summary>
    public JsonLineWriter Raw(string name, string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return this;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            _json.WritePropertyName(name);
            document.RootElement.WriteTo(_json);
        }
        catch (JsonException)
        {
            _json.WriteString(name, json);
        }

        return this;
    }

    /// <summary>Ends the object and its line.</summary>
    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushBytes)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush();
        _json.Dispose();
    }

    private void Flush()
    {
        _output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
