using System.Buffers;
using System.Globalization;

namespace TraceReplay.Pools.Scripts;

/// <summary>Reads an allocator script line by line (vectors/README.md): comments, <c>cfg</c>, <c>dev</c>, then
/// operations.</summary>
internal sealed class VectorScript
{
    private const string OperationForms = "'s', 'a ID CPU DEV SIZE ALIGN X' or 'f ID CPU'";
    private const int MostDevices = 4096;

    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r");

    private readonly TextReader _reader;
    private long _line;

    /// <summary>Reads from a reader, which stays the caller's.</summary>
    public VectorScript(TextReader reader) => _reader = reader;

    /// <summary>The pool's parameters, complete once the first operation was read.</summary>
    public ScriptValues Pool { get; } = new();

    /// <summary>Device profiles by number.</summary>
    public Dictionary<int, ScriptValues> Devices { get; } = [];

    /// <summary>Reads up to the next operation.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="ScriptException">A line is not part of the script's language.</exception>
    public bool TryRead(out ScriptOperation operation)
    {
        while (_reader.ReadLine() is { } text)
        {
            _line++;
            var rest = text.AsSpan().Trim();
            if (rest.IsEmpty || rest[0] == '#')
            {
                continue;
            }

            var word = Word(ref rest);
            switch (word)
            {
                case "cfg":
                    ReadPairs(Pool, rest);
                    break;
                case "dev":
                    ReadDevice(rest);
                    break;
                default:
                    operation = ReadOperation(word, rest);
                    return true;
            }
        }

        operation = default;
        return false;
    }

    private ScriptOperation ReadOperation(ReadOnlySpan<char> verb, ReadOnlySpan<char> rest)
    {
        var operation = verb switch
        {
            "s" => new ScriptOperation(ScriptVerb.State, _line),
            "a" => new ScriptOperation(ScriptVerb.Allocate, _line,
                Number(ref rest, "ID", 0, long.MaxValue),
                (int)Number(ref rest, "CPU", 0, int.MaxValue),
                (int)Number(ref rest, "DEV", 0, MostDevices - 1),
                Number(ref rest, "SIZE", 1, long.MaxValue),
                Bits(ref rest, "ALIGN"),
                Bits(ref rest, "X")),
            "f" => new ScriptOperation(ScriptVerb.Release, _line,
                Number(ref rest, "ID", 0, long.MaxValue), (int)Number(ref rest, "CPU", 0, int.MaxValue)),
            _ => throw Fail($"'{verb}' is not an operation, expected {OperationForms}"),
        };
        return rest.Trim().IsEmpty ? operation : throw Fail($"'{rest.Trim()}' follows a complete operation");
    }

    private void ReadDevice(ReadOnlySpan<char> rest)
    {
        var number = (int)Number(ref rest, "the profile's number", 0, MostDevices - 1);
        if (!Devices.TryGetValue(number, out var values))
        {
            Devices[number] = values = new ScriptValues();
        }

        ReadPairs(values, rest);
    }

    private void ReadPairs(ScriptValues values, ReadOnlySpan<char> rest)
    {
        while (!rest.Trim().IsEmpty)
        {
            var pair = Word(ref rest);
            var equals = pair.IndexOf('=');
            if (equals <= 0 || !TryBits(pair[(equals + 1)..], out var value))
            {
                throw Fail($"'{pair}' is not KEY=0xHEX");
            }

            values.Set(pair[..equals].ToString(), value, _line);
        }
    }

    private long Number(ref ReadOnlySpan<char> rest, string what, long least, long most)
    {
        var word = Word(ref rest);
        return long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= least && value <= most
            ? value
            : throw Fail($"{what} is '{word}', must be a decimal number from {least} to {most}");
    }

    private ulong Bits(ref ReadOnlySpan<char> rest, string what)
    {
        var word = Word(ref rest);
        return TryBits(word, out var value) ? value : throw Fail(
            $"{what} is '{word}', must be decimal or 0xHEX, up to 64 bits");
    }

    private static bool TryBits(ReadOnlySpan<char> word, out ulong value) => word.StartsWith("0x", StringComparison.Ordinal)
        ? ulong.TryParse(word[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
        : ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static ReadOnlySpan<char> Word(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        var end = rest.IndexOfAny(Blanks);
        end = end < 0 ? rest.Length : end;
        var word = rest[..end];
        rest = rest[end..];
        return word;
    }

    private ScriptException Fail(string problem) => new(_line, problem,
        $"a script line is {OperationForms}, 'cfg KEY=0xHEX', 'dev N KEY=0xHEX ...' or a '#' comment");
}
