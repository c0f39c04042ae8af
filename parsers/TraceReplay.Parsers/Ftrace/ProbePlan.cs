using System.Text;
using TraceReplay.Parsers.ProbeDefinitions;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>The fields of a probe event in the order its lines print them, with what each means. Made from the first line,
/// so that later lines need only one comparison per field.</summary>
internal sealed class ProbePlan
{
    /// <summary>Most fields looked at; the kernel allows 128 (MAX_TRACE_ARGS).</summary>
    private const int MostFields = 128;

    private ProbePlan(ProbeBinding binding, PlanField[] fields)
    {
        Meaning = binding.Meaning;
        RcuOffset = binding.RcuOffset;
        Fields = fields;
        Areas = fields.Where(f => f.Field is ProbeField.AreaUsed or ProbeField.AreaNext).Select(f => f.Area + 1).DefaultIfEmpty(0).Max();
    }

    /// <summary>What the event means.</summary>
    public ProbeMeaning Meaning { get; }

    /// <summary>What to add to the RCU pointer to get the pool's.</summary>
    public long RcuOffset { get; }

    /// <summary>Its fields.</summary>
    public PlanField[] Fields { get; }

    /// <summary>Number of areas whose state is printed.</summary>
    public int Areas { get; }

    /// <summary>Makes the plan from a line.</summary>
    /// <param name="name">Event name.</param>
    /// <param name="body">The body.</param>
    /// <param name="incident">What tells the meaning.</param>
    /// <returns>The plan.</returns>
    public static ProbePlan From(string name, ReadOnlySpan<byte> body, Incident incident)
    {
        var keys = Keys(body[PlaceLength(body)..]);
        var (function, isReturn) = Function(body);
        var binding = ProbeBinder.Bind(name, incident, function, isReturn, keys.Contains);
        var fields = keys.Select(key =>
        {
            var bound = binding.FieldOf(key);
            return new PlanField(Encoding.UTF8.GetBytes($" {key}="), bound.Field, Math.Min(bound.Area, 255));
        }).ToArray();
        return new ProbePlan(binding, fields);
    }

    /// <summary>Length of the place in parentheses at the front of a body.</summary>
    /// <param name="body">The body.</param>
    /// <returns>Index behind it, 0 if there is none.</returns>
    public static int PlaceLength(ReadOnlySpan<byte> body) => body.StartsWith("("u8) ? body.IndexOf((byte)')') + 1 : 0;

    private static (string Function, bool IsReturn) Function(ReadOnlySpan<byte> body)
    {
        var place = Encoding.UTF8.GetString(body[..PlaceLength(body)]).Trim('(', ')');
        var arrow = place.IndexOf(" <- ", StringComparison.Ordinal);
        var symbol = arrow < 0 ? place : place[(arrow + 4)..];
        var blank = symbol.IndexOf(' ', StringComparison.Ordinal);
        return (ProbeDefinition.SplitPlace(blank < 0 ? symbol : symbol[..blank]).Function, arrow >= 0);
    }

    private static List<string> Keys(ReadOnlySpan<byte> text)
    {
        var keys = new List<string>();
        while (keys.Count < MostFields)
        {
            var equals = text.IndexOf((byte)'=');
            if (equals <= 0)
            {
                break;
            }

            var start = text[..equals].LastIndexOf((byte)' ') + 1;
            var key = Encoding.UTF8.GetString(text[start..equals]);
            keys.Add(key);
            text = text[(equals + 1)..];
            if (text.StartsWith("\""u8))
            {
                var close = text[1..].IndexOf("\" "u8);
                text = close < 0 ? default : text[(close + 2)..];
            }
        }

        return keys;
    }
}

/// <summary>One field of a plan.</summary>
/// <param name="Key">Blank, name and equals sign.</param>
/// <param name="Field">What it tells.</param>
/// <param name="Area">Area, for the per-area fields.</param>
internal readonly record struct PlanField(byte[] Key, ProbeField Field, int Area);
