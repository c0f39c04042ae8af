using Sprache;

namespace TraceReplay.Pools.Specs;

/// <summary>A word of a spec and where it stands.</summary>
/// <param name="Text">The word.</param>
/// <param name="At">Index of its first character.</param>
internal readonly record struct SpecWord(string Text, int At);

/// <summary><c>key=value</c> inside the brackets of a pool.</summary>
internal readonly record struct SpecField(SpecWord Key, SpecWord Value);

/// <summary><c>kind(key=value, ...)</c>.</summary>
internal sealed record SpecPool(SpecWord Kind, IReadOnlyList<SpecField> Fields);

/// <summary>One change of a what-if, not yet checked: <c>subject(argument).property=value</c> and its short
/// forms.</summary>
internal abstract record SpecChange
{
    /// <summary><c>smallest pool.size</c>.</summary>
    public sealed record Smallest(SpecWord Property) : SpecChange;

    /// <summary><c>without device=NAME</c>.</summary>
    public sealed record Without(SpecWord Subject, SpecWord Name) : SpecChange;

    /// <summary><c>device(NAME).property=value</c>.</summary>
    public sealed record OfDevice(SpecWord Name, SpecWord Property, SpecWord Value) : SpecChange;

    /// <summary><c>model=kind(...)</c>.</summary>
    public sealed record Model(SpecPool Pool) : SpecChange;

    /// <summary><c>property=value</c>.</summary>
    public sealed record Set(SpecWord Property, SpecWord Value) : SpecChange;
}

/// <summary>The grammar of pool and what-if specs. Which names exist and what their values mean is decided afterwards,
/// so that an error can point at the very word.</summary>
internal static class SpecGrammar
{
    private static readonly Parser<int> Here = input => Result.Success(input.Position, input);

    private static readonly Parser<IEnumerable<char>> Blank = Parse.WhiteSpace.Many();

    private static readonly Parser<SpecWord> Name =
        WordOf(Parse.Char(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.', "a name"));

    private static readonly Parser<SpecWord> Value =
        WordOf(Parse.Char(c => !char.IsWhiteSpace(c) && c is not (',' or '(' or ')' or '='), "a value"));

    private static readonly Parser<SpecField> Field =
        from key in Name
        from sign in Sign('=')
        from value in Value
        select new SpecField(key, value);

    private static readonly Parser<IReadOnlyList<SpecField>> Fields =
        from open in Sign('(')
        from fields in Field.XDelimitedBy(Sign(',')).XOptional()
        from close in Sign(')')
        select (IReadOnlyList<SpecField>)[.. fields.GetOrElse([])];

    private static readonly Parser<SpecPool> PoolBody =
        from kind in Name
        from fields in Fields.XOptional()
        select new SpecPool(kind, fields.GetOrElse([]));

    private static readonly Parser<SpecChange> Smallest =
        from word in Keyword("smallest")
        from property in Name
        select new SpecChange.Smallest(property);

    private static readonly Parser<SpecChange> Without =
        from word in Keyword("without")
        from subject in Name
        from sign in Sign('=')
        from name in Value
        select new SpecChange.Without(subject, name);

    private static readonly Parser<SpecChange> OfDevice =
        from word in Keyword("device", '(')
        from open in Sign('(')
        from name in Value
        from close in Sign(')')
        from dot in Parse.Char('.').Named("'.'")
        from property in Name
        from sign in Sign('=')
        from value in Value
        select new SpecChange.OfDevice(name, property, value);

    private static readonly Parser<SpecChange> Model =
        from word in Keyword("model", '=')
        from sign in Sign('=')
        from pool in PoolBody
        select new SpecChange.Model(pool);

    private static readonly Parser<SpecChange> Set =
        from property in Name
        from sign in Sign('=')
        from value in Value
        select new SpecChange.Set(property, value);

    private static readonly Parser<SpecChange> Change = Smallest.XOr(Without).XOr(OfDevice).XOr(Model).XOr(Set);

    /// <summary>A whole pool spec.</summary>
    public static SpecPool ReadPool(string text) => Read(text,
        (from blank in Blank from pool in PoolBody select pool).End());

    /// <summary>A whole what-if spec: changes with commas between.</summary>
    public static IReadOnlyList<SpecChange> ReadChanges(string text) => Read(text,
        (from blank in Blank
         from changes in Change.XDelimitedBy(Sign(','))
         select (IReadOnlyList<SpecChange>)[.. changes]).End());

    private static Parser<SpecWord> WordOf(Parser<char> character) =>
        from at in Here
        from text in character.XAtLeastOnce().Text()
        from blank in Blank
        select new SpecWord(text, at);

    private static Parser<char> Sign(char sign) =>
        from found in Parse.Char(sign).Named($"'{sign}'")
        from blank in Blank
        select found;

    /// <summary>A word that decides the form of the change: only with a blank or <paramref name="next"/> behind
    /// it.</summary>
    private static Parser<string> Keyword(string word, char next = ' ') => input =>
    {
        var rest = input.Source.AsSpan(input.Position);
        var after = rest.StartsWith(word, StringComparison.Ordinal) ? rest[word.Length..] : [];
        var isMeant = next == ' ' ? !after.IsEmpty && char.IsWhiteSpace(after[0]) : after.TrimStart().StartsWith([next]);
        if (!isMeant)
        {
            return Result.Failure<string>(input, "unexpected word", [word]);
        }

        var end = input;
        for (var i = 0; i < rest.Length - after.TrimStart().Length; i++)
        {
            end = end.Advance();
        }

        return Result.Success(word, end);
    };

    private static T Read<T>(string text, Parser<T> parser)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = parser(new Input(text));
        return result.WasSuccessful
            ? result.Value
            : throw new SpecException(text, result.Remainder.Position, Expected(result.Expectations));
    }

    private static string Expected(IEnumerable<string> expectations)
    {
        var names = expectations.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToArray();
        return names.Length == 0 ? "the end" : string.Join(" or ", names);
    }
}
