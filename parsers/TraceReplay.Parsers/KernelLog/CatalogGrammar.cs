using System.Text;
using Sprache;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>The grammar of one line of a catalog (described in parsers/README.md).</summary>
internal static class CatalogGrammar
{
    private static readonly Parser<FieldType> Type =
        from colon in Parse.Char(':')
        from letter in Parse.Chars("dxnpwsr").Named("a field type: d x n p w s r")
        select letter switch
        {
            'd' => FieldType.Decimal,
            'x' => FieldType.Hex,
            'n' => FieldType.Number,
            'p' => FieldType.Pages,
            's' => FieldType.Text,
            'r' => FieldType.Rest,
            _ => FieldType.Word,
        };

    private static readonly Parser<TemplatePart[]> Field =
        from open in Parse.Char('{')
        from name in Parse.LetterOrDigit.Or(Parse.Char('_')).AtLeastOnce().Text()
        from type in Type.Optional()
        from close in Parse.Char('}')
        select new[] { new TemplatePart(null, name, type.GetOrElse(FieldType.Word)) };

    /// <summary><c>{failed to|unable to|}</c>: any of these literals stands there, maybe none.</summary>
    private static readonly Parser<TemplatePart[]> Choice =
        from open in Parse.Char('{')
        from first in Parse.CharExcept("{}|").Many().Text()
        from others in (from bar in Parse.Char('|') from text in Parse.CharExcept("{}|").Many().Text() select text).AtLeastOnce()
        from close in Parse.Char('}')
        select others.Prepend(first).Select(Part).ToArray();

    private static readonly Parser<TemplatePart[]> Literal =
        from text in Parse.CharExcept("{}").AtLeastOnce().Text()
        select new[] { Part(text) };

    /// <summary>A wording: what may stand at each place.</summary>
    public static Parser<IEnumerable<TemplatePart[]>> Wording { get; } = Choice.Or(Field).Or(Literal).AtLeastOnce().End();

    private static TemplatePart Part(string text) => new(Encoding.UTF8.GetBytes(text), string.Empty, FieldType.Word);
}
