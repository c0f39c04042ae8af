using System.Collections.Frozen;
using System.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Abbreviated months of the languages that logs come in (glibc's and ICU's abbreviations; spec formats.md 1.5).</summary>
internal static class MonthNames
{
    // January first; several spellings of a month stand behind each other.
    private static readonly string[] ByMonth =
    [
        "jan januar january jän jänner janv janvier ene enero gen gennaio janeiro januari sty styczeń led leden ian tammi ocak oca янв января",
        "feb februar february févr févrer février fev fevereiro febr febbraio februari lut luty úno únor helmi şub şubat фев февраля",
        "mar march mär märz mrz mars marzo março mrt maart marzec bře březen márc maalis mart мар марта",
        "apr april avr avril abr abril aprile avril kwi kwiecień dub duben ápr huhti nis nisan апр апреля",
        "may mai mayo maggio mag maio maj mei kvě květen máj touko mayıs мая май",
        "jun june juni juin junio giu giugno junho cze czerwiec čen červen čer iun jún kesä haz haziran июн июня",
        "jul july juli juil juillet julio lug luglio julho lip lipiec čec červenec iul júl heinä tem temmuz июл июля",
        "aug august août ago agosto augustus sie sierpień srp srpen elo ağu ağustos авг августа",
        "sep sept september septembre septiembre set settembre setembro wrz wrzesień zář září szept syys eyl eylül сен сентября",
        "oct okt oktober october octobre octubre ott ottobre out outubro paź październik říj říjen loka eki ekim окт октября",
        "nov november novembre noviembre novembro lis listopad marras kas kasım ноя ноября",
        "dec december dez dezember déc décembre dic diciembre dicembre dezembro gru grudzień pro prosinec des joulu ara aralık дек декабря",
    ];

    private static readonly FrozenDictionary<string, int> Names = ByMonth
        .SelectMany((names, month) => names.Split(' ').Select(name => (name, Month: month + 1)))
        .DistinctBy(x => x.name, StringComparer.Ordinal).ToFrozenDictionary(x => x.name, x => x.Month, StringComparer.Ordinal);

    /// <summary>Finds a month.</summary>
    /// <param name="word">UTF-8, any letter case, a full stop at its end or not.</param>
    /// <returns>1 to 12, 0 if it is none.</returns>
    public static int Find(ReadOnlySpan<byte> word) => Names.GetValueOrDefault(Encoding.UTF8.GetString(word).TrimEnd('.').ToLowerInvariant());
}
