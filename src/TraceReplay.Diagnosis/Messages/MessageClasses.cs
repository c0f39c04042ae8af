using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;
using TraceReplay.Diagnosis.LogRules.Rules;

namespace TraceReplay.Diagnosis.Messages;

/// <summary>Puts messages into classes by all that rules look at but the device: kind, family, wording, driver, boot, error, octave of the
/// size, fill of the pool, what stands beside it. There are few classes in any log that a kernel wrote; where one holds more than
/// <see cref="MostClasses"/>, what comes new is told apart more coarsely.</summary>
internal sealed class MessageClasses
{
    private const int MostClasses = 2048;
    private const int MostCoarse = 2048;
    private readonly Dictionary<Key, MessageClass> _classes = [];
    private readonly Dictionary<CoarseKey, MessageClass> _coarse = [];
    private readonly Dictionary<PoolKind, MessageClass> _rest = [];

    /// <summary>Every class, in the order of its first message.</summary>
    public IEnumerable<MessageClass> All => _classes.Values.Concat(_coarse.Values).Concat(_rest.Values);

    /// <summary>The class of a message.</summary>
    /// <param name="kept">The message, with what stands behind it.</param>
    /// <param name="counts">Bits: whether it counts as a failure, whether its time counts.</param>
    /// <returns>The class.</returns>
    public MessageClass Of(KeptMessage kept, int counts)
    {
        var fact = kept.Fact;
        var line = new FailureLine(fact, 0);
        if (kept.TableUse is { } use)
        {
            line = line with { Total = use.TotalUnits, Used = use.UsedUnits };
        }

        var judged = Judged(line) | (counts << 8) | (kept.Companions.Length == 0 ? 0 : kept.Companions.Any(c => c.Fact.Family == "cma-pages-busy") ? 1 << 10 : 1 << 11);
        var key = new Key(fact.Kind, fact.Family, Stem(fact.Driver), fact.Function, fact.Boot, line.Total ?? -1, CmaNoFreeRun.ReturnOf(fact),
            Wording(fact), judged, Octave(line.Units), kept.Precedes);
        if (_classes.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_classes.Count < MostClasses)
        {
            return _classes[key] = new MessageClass();
        }

        var coarse = new CoarseKey(fact.Kind, fact.Family, judged, kept.Precedes);
        return _coarse.TryGetValue(coarse, out known) ? known : _coarse.Count < MostCoarse ? _coarse[coarse] = new MessageClass()
            : _rest.TryGetValue(fact.Kind, out known) ? known : _rest[fact.Kind] = new MessageClass();
    }

    /// <summary>What <see cref="FailureLine"/> says of a line, and the tenth up to which the pool was full.</summary>
    private static int Judged(FailureLine line)
    {
        var fill = line.IsNumbered ? (int)Math.Clamp(line.Used!.Value * 10 / line.Total!.Value, 0, 11) : 15;
        return fill | (line.IsAboveSegmentLimit ? 1 << 4 : 0) | (line.IsShort ? 1 << 5 : 0) | (line.Units == 1 ? 1 << 6 : 0) | (RequestAtSegmentLimit.IsAtLimit(line) ? 1 << 7 : 0);
    }

    private static int Octave(long? units) => units is { } some and > 0 ? BitOperations.Log2((ulong)some) : -1;

    /// <summary>A driver's name without its number: one driver names its hosts apart in its messages.</summary>
    private static string Stem(string driver)
    {
        var end = driver.Length;
        while (end > 0 && char.IsAsciiDigit(driver[end - 1]))
        {
            end--;
        }

        return end == driver.Length ? driver : driver[..end];
    }

    /// <summary>A hash over the letters of a text that are no hexadecimal digits, without the names in it: the wording.</summary>
    private static ulong Wording(LogMessageFact fact)
    {
        const int most = 256;
        Span<char> letters = stackalloc char[most];
        var count = 0;
        var text = fact.Text.AsSpan();
        var name = fact.Device.Length > 0 ? text.IndexOf(fact.Device, StringComparison.Ordinal) : -1;
        text = name >= 0 && name < 64 ? text[(name + fact.Device.Length)..] : text;
        foreach (var c in text[..Math.Min(text.Length, most)])
        {
            if (c is (>= 'g' and <= 'z') or (>= 'G' and <= 'Z'))
            {
                letters[count++] = c;
            }
        }

        return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(letters[..count]));
    }

    private readonly record struct Key(
        PoolKind Kind, string Family, string Driver, string Function, int Boot, long Total, int? Ret, ulong Wording, int Judged, int Octave, ulong Precedes);

    private readonly record struct CoarseKey(PoolKind Kind, string Family, int Judged, ulong Precedes);
}
