using System.Globalization;
using Sprache;

namespace TraceReplay.Diagnosis.Knowledge;

/// <summary>The grammar of conditions: <c>subject words...</c> or <c>subject OPERATOR number</c>, with <c>or</c> between alternatives.
/// Words with blanks stand in double quotes; numbers take <c>KiB MiB GiB</c> and <c>0x</c>.</summary>
internal static class ConditionGrammar
{
    private static readonly Parser<string> Quoted =
        from open in Parse.Char('"')
        from text in Parse.CharExcept('"').Many().Text()
        from close in Parse.Char('"')
        select text;

    private static readonly Parser<string> Bare = Parse.CharExcept("\" \t").AtLeastOnce().Text();

    private static readonly Parser<string> Subject = Parse.LetterOrDigit.Or(Parse.Char('-')).AtLeastOnce().Text().Token();

    private static readonly Parser<string> Or = Parse.String("or").Then(_ => Parse.WhiteSpace.AtLeastOnce()).Return("or").Token();

    private static readonly Parser<string> Word = Quoted.Or(Bare.Where(w => w != "or" && w[0] is not ('<' or '>' or '='))).Token();

    private static readonly Parser<string> Operator = Parse.String(">=").Or(Parse.String("<=")).Or(Parse.String(">"))
        .Or(Parse.String("<")).Or(Parse.String("=")).Text().Token();

    private static readonly Parser<double> Number = Word.Select(ReadNumber).Where(n => n is not null).Select(n => n!.Value);

    private static readonly Parser<Term> NumberTerm =
        from subject in Subject
        from op in Operator
        from number in Number
        select new Term(subject, op, [], number);

    private static readonly Parser<Term> WordTerm =
        from subject in Subject
        from words in Word.AtLeastOnce()
        select new Term(subject, string.Empty, [.. words], 0);

    private static readonly Parser<IEnumerable<Term>> Terms = NumberTerm.Or(WordTerm).DelimitedBy(Or).End();

    /// <summary>Reads a condition.</summary>
    /// <param name="line">Where it stands.</param>
    /// <param name="path">File, for messages.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="KnowledgeException">It cannot be read, or asks for what is not evidence.</exception>
    public static Condition Read(KnowledgeLine line, string path)
    {
        var result = Terms.TryParse(line.Text);
        if (!result.WasSuccessful)
        {
            throw new KnowledgeException(path, line.Line, $"the condition '{line.Text}' cannot be read at column {result.Remainder.Column}",
                "write: SUBJECT WORD..., or SUBJECT > NUMBER; 'or' between alternatives");
        }

        Term[] terms = [.. result.Value];
        foreach (var term in terms)
        {
            Check(term, line, path);
        }

        return new Condition(line.Text, terms);
    }

    private static void Check(Term term, KnowledgeLine line, string path)
    {
        var subjects = term.Operator.Length > 0 ? CaseEvidence.NumberSubjects : CaseEvidence.WordSubjects;
        if (!subjects.Contains(term.Subject, StringComparer.Ordinal))
        {
            throw new KnowledgeException(path, line.Line, $"'{term.Subject}' is not something the evidence tells",
                $"subjects of words are {string.Join(", ", CaseEvidence.WordSubjects)}; of numbers {string.Join(", ", CaseEvidence.NumberSubjects)}");
        }
    }

    private static double? ReadNumber(string word)
    {
        if (word.StartsWith("0x", StringComparison.Ordinal))
        {
            return ulong.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null;
        }

        var (scale, digits) = word switch
        {
            _ when word.EndsWith("KiB", StringComparison.Ordinal) => (1L << 10, word[..^3]),
            _ when word.EndsWith("MiB", StringComparison.Ordinal) => (1L << 20, word[..^3]),
            _ when word.EndsWith("GiB", StringComparison.Ordinal) => (1L << 30, word[..^3]),
            _ => (1L, word),
        };
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number * scale : null;
    }
}
