using System.Text;
using Sprache;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>The grammar of <c>messages/*.catalog</c> (described in parsers/README.md).</summary>
internal static class CatalogGrammar
{
    private static readonly Parser<FieldType> Type =
        from colon in Parse.Char(':')
        from letter in Parse.Chars("dxnpwsr")
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

    private static readonly Parser<TemplatePart> Field =
        from open in Parse.Char('{')
        from name in Parse.LetterOrDigit.Or(Parse.Char('_')).AtLeastOnce().Text()
        from type in Type.Optional()
        from close in Parse.Char('}')
        select new TemplatePart(null, name, type.GetOrElse(FieldType.Word));

    private static readonly Parser<TemplatePart> Literal =
        from text in Parse.CharExcept("{}\r\n").AtLeastOnce().Text()
        select new TemplatePart(Encoding.UTF8.GetBytes(text), string.Empty, FieldType.Word);

    private static readonly Parser<string> Blanks = Parse.Chars(" \t").AtLeastOnce().Text();

    private static readonly Parser<string> RestOfLine = Parse.CharExcept("\r\n").Many().Text();

    private static readonly Parser<MessageTemplate> Text =
        from keyword in Parse.String("text")
        from before in Blanks
        from versions in Parse.CharExcept(" \t\r\n").AtLeastOnce().Text()
        from between in Blanks
        from parts in Field.Or(Literal).AtLeastOnce()
        select new MessageTemplate(versions, [.. parts]);

    private static readonly Parser<KeyValuePair<string, string>> Property =
        from key in Parse.Lower.AtLeastOnce().Text()
        where key is not "text" and not "family"
        from blanks in Blanks.Optional()
        from value in RestOfLine
        select KeyValuePair.Create(key, value.Trim());

    private static readonly Parser<string> Gap =
        (from comment in Parse.Char('#').Then(_ => RestOfLine).Optional()
         from end in Parse.Chars("\r\n").AtLeastOnce().Text()
         select end).Many().Select(_ => string.Empty);

    private static readonly Parser<MessageFamily> Family =
        from keyword in Parse.String("family")
        from blanks in Blanks
        from name in RestOfLine
        from gap in Gap
        from properties in (from property in Property from after in Gap select property).Many()
        from texts in (from text in Text from after in Gap select text).AtLeastOnce()
        select new MessageFamily(name.Trim(), properties.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal), [.. texts]);

    /// <summary>A whole catalog file.</summary>
    public static Parser<IEnumerable<MessageFamily>> File { get; } =
        (from gap in Gap
         from families in Family.Many()
         select families).End();
}
