using TraceReplay.Core;

namespace TraceReplay.Parsers.ProbeDefinitions;

/// <summary>The user's own file of probe meanings: <c>my_probe = swiotlb-map dev=device where=orig len=size</c>.</summary>
internal static class BindingFile
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">Its path, null = there is none.</param>
    /// <param name="sink">Where lines that are not understood are told.</param>
    /// <returns>Bindings by event name.</returns>
    public static Dictionary<string, ProbeBinding> Read(string? path, IRecordSink sink)
    {
        var bindings = new Dictionary<string, ProbeBinding>(StringComparer.Ordinal);
        if (path is null)
        {
            return bindings;
        }

        try
        {
            var number = 0;
            foreach (var line in File.ReadLines(path))
            {
                number++;
                var text = line.Split('#')[0].Trim();
                if (text.Length > 0 && !Add(text, bindings, out var problem))
                {
                    sink.Report(Notice.BadBinding.At(new SourceRef(path, number), problem));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            sink.Report(Notice.CannotOpen.At(new SourceRef(path, 0), e.Message));
        }

        return bindings;
    }

    private static bool Add(string text, Dictionary<string, ProbeBinding> bindings, out string problem)
    {
        problem = text;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            return false;
        }

        var name = text[..equals].Trim();
        var words = text[(equals + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var meaning = words.Length == 0 ? ProbeMeaning.None : ProbeWords.Meaning(words[0]);
        if (meaning == ProbeMeaning.None)
        {
            problem = $"{text}: meaning must be one of {string.Join(' ', ProbeWords.Meanings)}";
            return false;
        }

        var fields = new Dictionary<string, BoundField>(StringComparer.Ordinal);
        foreach (var word in words.Skip(1))
        {
            var at = word.IndexOf('=', StringComparison.Ordinal);
            var field = at > 0 ? ProbeWords.Field(word[(at + 1)..]) : default;
            if (field.Field == ProbeField.None)
            {
                problem = $"{text}: {word} names no field";
                return false;
            }

            fields[word[..at]] = field;
        }

        bindings[name] = new ProbeBinding(meaning, key => fields.TryGetValue(key, out var f) ? f : ProbeWords.Field(key));
        return true;
    }
}
