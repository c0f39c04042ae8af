using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>How this schema spells times, shares, places and what is not known.</summary>
internal static class JsonFields
{
    /// <summary>Text, null where it is empty: empty means "not known" in the model.</summary>
    public static void Text(this Utf8JsonWriter json, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>A count, null where it is not known (null or negative).</summary>
    public static void Count(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is >= 0)
        {
            json.WriteNumber(name, value.Value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>A time in seconds under its name, and in nanoseconds under <c>name_ns</c>.</summary>
    public static void Moment(this Utf8JsonWriter json, string name, long timeNs)
    {
        if (timeNs == TraceEvent.NoTime)
        {
            json.WriteNull(name);
            json.WriteNull(name + "_ns");
            return;
        }

        json.WritePropertyName(name);
        json.WriteRawValue(ShortSeconds(timeNs), skipInputValidation: true);
        json.WriteNumber(name + "_ns", timeNs);
    }

    /// <summary>A number between 0 and 1, six decimals: more would be noise.</summary>
    public static void Share(this Utf8JsonWriter json, string name, double value) =>
        json.WriteNumber(name, double.IsFinite(value) ? Math.Round(value, 6) : 0);

    /// <summary>A real number, null where it is not known; six decimals.</summary>
    public static void Real(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known && double.IsFinite(known))
        {
            json.WriteNumber(name, Math.Round(known, 6));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>A place as <c>source</c>; null where the statement was computed.</summary>
    public static void Place(this Utf8JsonWriter json, SourceRef source)
    {
        if (string.IsNullOrEmpty(source.Path))
        {
            json.WriteNull("source");
            return;
        }

        json.WriteStartObject("source");
        json.WriteString("path", source.Path);
        json.Count("line", source.Line > 0 ? source.Line : -1);
        json.WriteEndObject();
    }

    /// <summary>A list under a name.</summary>
    public static void Array<T>(
        this Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    private static string ShortSeconds(long timeNs)
    {
        var text = Amounts.SecondsText(timeNs, 9).TrimEnd('0');
        return text.EndsWith('.') ? text[..^1] : text;
    }
}
