using System.Globalization;
using System.Numerics;
using TraceReplay.Core;

namespace TraceReplay.Pools.Specs;

/// <summary>Gives the words of a pool spec their meaning.</summary>
internal static class PoolSpecReader
{
    /// <summary>Checks and converts a spec.</summary>
    /// <exception cref="SpecException">A word is not known or a value is impossible.</exception>
    public static PoolSpec Read(string text, SpecPool pool)
    {
        var kind = KindOf(text, pool.Kind);
        var keys = PoolSpecKeys.Of(kind);
        var spec = new PoolSpec { Text = text, Kind = kind };
        var seen = new HashSet<SpecMeaning>();
        (long Bytes, int At)? size = null;
        foreach (var field in pool.Fields)
        {
            var key = KeyOf(text, field.Key, keys);
            if (key.Meaning is not (SpecMeaning.More or SpecMeaning.Switch) && !seen.Add(key.Meaning))
            {
                throw new SpecException(text, field.Key.At, "a key that was not given before");
            }

            switch (key.Meaning)
            {
                case SpecMeaning.Size:
                    size = (SpecValue.Size(text, field.Value), field.Value.At);
                    break;
                case SpecMeaning.Bits:
                    size = (SpecValue.SpaceOfBits(text, field.Value), field.Value.At);
                    break;
                default:
                    spec = With(text, spec, key, field.Value);
                    break;
            }
        }

        return size is { } found ? spec with { Units = UnitsOf(text, spec, found.Bytes, found.At) } : spec;
    }

    private static PoolKind KindOf(string text, SpecWord word)
    {
        var kind = PoolKindNames.Parse(word.Text);
        return kind is { } found && PoolSpecKeys.Of(found).Count > 0
            ? found
            : throw new SpecException(text, word.At, "a kind of pool: " + string.Join(", ", PoolSpecKeys.Kinds),
                NearestName.Hint(word.Text, PoolSpecKeys.Kinds));
    }

    private static SpecKey KeyOf(string text, SpecWord word, IReadOnlyList<SpecKey> keys)
    {
        var names = keys.Select(key => key.Name);
        var found = keys.FirstOrDefault(key => string.Equals(key.Name, word.Text, StringComparison.Ordinal));
        return found.Name is not null
            ? found
            : throw new SpecException(text, word.At, "one of the keys " + string.Join(", ", names),
                NearestName.Hint(word.Text, names));
    }

    private static PoolSpec With(string text, PoolSpec spec, SpecKey key, SpecWord value) => key.Meaning switch
    {
        SpecMeaning.Kernel => spec with { Kernel = SpecValue.Kernel(text, value, spec.Kind) },
        SpecMeaning.Units => spec with { Units = SpecValue.Number(text, value, 1, long.MaxValue) },
        SpecMeaning.UnitBytes => spec with { UnitBytes = SpecValue.PageBytes(text, value) },
        SpecMeaning.Page => spec with { PageShift = BitOperations.Log2((ulong)SpecValue.PageBytes(text, value)) },
        SpecMeaning.Areas => spec with { Areas = SpecValue.Areas(text, value) },
        SpecMeaning.Base => spec with { Base = SpecValue.Address(text, value) },
        SpecMeaning.Switch => spec with { More = Add(spec, key.Stored, SpecValue.Switch(text, value)) },
        _ => spec with { More = Add(spec, key.Stored, SpecValue.Number(text, value, 0, long.MaxValue)) },
    };

    private static Dictionary<string, long> Add(PoolSpec spec, string name, long value) =>
        new(spec.More, StringComparer.Ordinal) { [name] = value };

    private static long UnitsOf(string text, PoolSpec spec, long bytes, int at)
    {
        if (spec.Units is not null)
        {
            throw new SpecException(text, at, "either a size or a number of units, not both");
        }

        var unit = spec.UnitBytes ?? PoolDefaults.For(spec.Kind, PoolDefaults.Kernel(spec.Kind)).UnitBytes;
        return bytes >= unit && bytes % unit == 0
            ? bytes / unit
            : throw new SpecException(text, at, string.Create(CultureInfo.InvariantCulture, $"a multiple of {unit} bytes"));
    }
}
