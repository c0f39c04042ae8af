using Sprache;
using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Something in a catalog that cannot be used.</summary>
/// <param name="Line">Line, 1-based.</param>
/// <param name="Problem">What is wrong.</param>
internal readonly record struct CatalogProblem(int Line, string Problem);

/// <summary>Reads a catalog of messages line by line: <c>family NAME</c>, its properties, its <c>text</c> lines. A block with a
/// mistake is left out as a whole, and said; the others are kept.</summary>
internal sealed class CatalogFile
{
    private static readonly string[] Properties =
        ["pool", "failure", "use", "proves", "anchors", "prefix", "nocase", "starts", "unless", "echo", "joins", "limits", "level"];

    private readonly List<MessageFamily> _families = [];
    private readonly List<CatalogProblem> _problems = [];
    private readonly Dictionary<string, string> _properties = new(StringComparer.Ordinal);
    private readonly List<MessageTemplate> _templates = [];
    private string? _name;
    private int _nameLine;
    private bool _isBroken;

    private CatalogFile()
    {
    }

    /// <summary>Reads a catalog.</summary>
    /// <param name="text">The whole file.</param>
    /// <returns>Its families, and what could not be used.</returns>
    public static (IReadOnlyList<MessageFamily> Families, IReadOnlyList<CatalogProblem> Problems) Read(string text)
    {
        var file = new CatalogFile();
        var number = 0;
        foreach (var line in text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n'))
        {
            file.Line(line, ++number);
        }

        file.EndFamily();
        return (file._families, file._problems);
    }

    private void Line(string line, int number)
    {
        var text = line.Trim();
        if (text.Length == 0 || text[0] == '#')
        {
            return;
        }

        var blank = text.IndexOfAny([' ', '\t']);
        var key = blank < 0 ? text : text[..blank];

        // Blanks at the end of a wording belong to it; there are none in the kernel's own.
        var value = blank < 0 ? string.Empty : text[blank..].Trim();
        if (key == "family")
        {
            EndFamily();
            (_name, _nameLine) = (value, number);
            Require(value.Length > 0 && !value.Contains(' ', StringComparison.Ordinal), number, "a family needs a name of one word");
        }
        else if (_name is null)
        {
            Problem(number, $"'{key}' stands before the first line 'family NAME'");
        }
        else if (key == "text")
        {
            Text(value, number);
        }
        else if (Require(Properties.Contains(key, StringComparer.Ordinal), number, $"'{key}' is no property; there are: family text {string.Join(' ', Properties)}"))
        {
            Require(_properties.TryAdd(key, value), number, $"'{key}' is said twice in family {_name}");
            Property(key, value, number);
        }
    }

    private void Property(string key, string value, int number)
    {
        switch (key)
        {
            case "pool" or "joins":
                Require(PoolKindNames.Parse(value) is not null, number, $"no pool is called '{value}'; there are: {string.Join(' ', Enum.GetValues<PoolKind>().Select(k => k.Name()))}");
                break;
            case "use":
                Require(Enum.TryParse<MessageUse>(value, ignoreCase: true, out _), number, $"no use is called '{value}'; there are: {string.Join(' ', Enum.GetNames<MessageUse>()).ToLowerInvariant()}");
                break;
            case "anchors":
                Require(value.Split('|').All(a => a.Length >= MessageFamily.ShortestAnchor), number, "an anchor needs four characters or more");
                break;
            default:
                break;
        }
    }

    private void Text(string value, int number)
    {
        var blank = value.IndexOfAny([' ', '\t']);
        if (!Require(blank > 0, number, "the form is: text VERSIONS WORDING, with - for unknown versions"))
        {
            return;
        }

        var wording = value[blank..].Trim();
        var parsed = CatalogGrammar.Wording.TryParse(wording);
        if (!Require(parsed.WasSuccessful, number, $"the wording is not understood at column {parsed.Remainder.Column} of it: a field is {{name}} or {{name:type}}, types are d x n p w s r"))
        {
            return;
        }

        foreach (var parts in MessageTemplate.Expand(parsed.Value))
        {
            if (Require(MessageTemplate.Fault(parts) is not { } fault, number, MessageTemplate.Fault(parts) ?? string.Empty))
            {
                _templates.Add(new MessageTemplate(value[..blank], wording, parts));
            }
        }
    }

    private void EndFamily()
    {
        if (_name is { } name && !_isBroken && Require(_templates.Count > 0, _nameLine, $"family {name} has no text line"))
        {
            var family = new MessageFamily(name, _properties, [.. _templates]);
            var bare = _templates.FindAll(t => !family.HasAnchor(t));
            bare.ForEach(t => Problem(_nameLine, $"family {name}: none of its anchors stands in '{t.Sample}'"));
            if (bare.Count == 0)
            {
                _families.Add(family);
            }
        }

        _name = null;
        _isBroken = false;
        _properties.Clear();
        _templates.Clear();
    }

    private bool Require(bool condition, int number, string problem)
    {
        if (!condition)
        {
            Problem(number, problem);
        }

        return condition;
    }

    private void Problem(int number, string problem)
    {
        _isBroken = true;
        _problems.Add(new CatalogProblem(number, problem));
    }
}
