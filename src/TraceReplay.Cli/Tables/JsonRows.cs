using System.Text.Json;

namespace TraceReplay.Cli.Tables;

/// <summary>JSON: one array of objects, or one object a line.</summary>
internal sealed class JsonRows(Stream output, bool asArray) : RowWriter
{
    private const int FlushBytes = 1 << 16;

    public override void Write(IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        var names = Distinct(columns).Select(name => JsonEncodedText.Encode(name)).ToArray();
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = asArray, NewLine = "\n" });
        if (asArray)
        {
            json.WriteStartArray();
        }

        foreach (var row in rows)
        {
            WriteRow(json, names, row);
            if (!asArray)
            {
                json.Flush();
                output.WriteByte((byte)'\n');
                json.Reset();
            }
            else if (json.BytesPending > FlushBytes)
            {
                json.Flush();
            }
        }

        if (asArray)
        {
            json.WriteEndArray();
            json.Flush();
            output.WriteByte((byte)'\n');
        }
    }

    private static void WriteRow(Utf8JsonWriter json, JsonEncodedText[] names, object?[] row)
    {
        json.WriteStartObject();
        for (var i = 0; i < names.Length; i++)
        {
            switch (row[i])
            {
                case null:
                    json.WriteNull(names[i]);
                    break;
                case long number:
                    json.WriteNumber(names[i], number);
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumber(names[i], number);
                    break;
                case var value:
                    json.WriteString(names[i], Text(value));
                    break;
            }
        }

        json.WriteEndObject();
    }
}
