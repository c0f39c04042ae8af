using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Parsers;

/// <summary>The table of everything the parsers can tell a user: id, weight, wording, hint.</summary>
/// <param name="Code">Stable id.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">Wording; <c>{0}</c> is the detail of the case.</param>
/// <param name="Hint">What to do, empty if nothing.</param>
public sealed record Notice(string Code, Severity Severity, string Text, string Hint = "")
{
    /// <summary>An input path does not exist or cannot be opened.</summary>
    public static Notice CannotOpen { get; } = new("TR0101", Severity.Error, "cannot be read: {0}", "check the path and its permissions");

    /// <summary>No format recognises the bytes.</summary>
    public static Notice UnknownFormat { get; } = new(
        "TR0102", Severity.Warning, "not recognised as any known format ({0})", "`tracereplay formats` lists them; --input-format NAME forces one");

    /// <summary>The source is known to be of no use.</summary>
    public static Notice Ignored { get; } = new("TR0103", Severity.Info, "ignored: {0}");

    /// <summary>Compressed data ends early or is damaged.</summary>
    public static Notice ContentCut { get; } = new(
        "TR0104", Severity.DataLoss, "the content ends early: {0}", "everything before this point was read; record or copy the file again if the end matters");

    /// <summary>A system library is missing.</summary>
    public static Notice LibraryMissing { get; } = new(
        "TR0105", Severity.Error, "cannot be decompressed: {0}", "install the library (Debian and Ubuntu: libzstd1, liblzma5, liblz4-1) or decompress the file first");

    /// <summary>Lines longer than the limit were dropped.</summary>
    public static Notice LongLines { get; } = new("TR0106", Severity.DataLoss, "{0} longer than 1 MiB dropped");

    /// <summary>Lines that are no record of this format.</summary>
    public static Notice SkippedLines { get; } = new("TR0107", Severity.Warning, "{0}");

    /// <summary>NUL bytes in a text.</summary>
    public static Notice NulBytes { get; } = new("TR0108", Severity.Warning, "{0} NUL bytes passed over (a file zeroed by a crash?)");

    /// <summary>The last line has no end.</summary>
    public static Notice LastLineCut { get; } = new("TR0109", Severity.Info, "the last line has no line end: the file may be cut there{0}");

    /// <summary>The source is empty.</summary>
    public static Notice Empty { get; } = new("TR0110", Severity.Info, "empty{0}");

    /// <summary>A trace in a form that does not carry the events' fields.</summary>
    public static Notice RefusedForm { get; } = new("TR0111", Severity.Error, "cannot be used: {0}");

    /// <summary>Names the user asked for that do not exist.</summary>
    public static Notice UnknownFormatName { get; } = new(
        "TR0112", Severity.Error, "no format is called {0}", "`tracereplay formats` lists them");

    /// <summary>The trace has lost events.</summary>
    public static Notice TraceLoss { get; } = new(
        "TR0113", Severity.DataLoss, "{0}", "a larger buffer_size_kb loses less; results are bounds");

    /// <summary>The binding file has a line that cannot be used.</summary>
    public static Notice BadBinding { get; } = new(
        "TR0114", Severity.Error, "binding not understood: {0}", "the form is: probe-name = meaning field=meaning ... (parsers/README.md)");

    /// <summary>A message catalog has a line that cannot be used.</summary>
    public static Notice BadCatalog { get; } = new(
        "TR0151", Severity.Error, "catalog not understood: {0}", "the form is in parsers/README.md, 'To add a kernel message'; this family is left out, the others are used");

    /// <summary>A log holds the same lines more than once.</summary>
    public static Notice PrintedTwice { get; } = new(
        "TR0152", Severity.Info, "{0} messages stand in this log more than once with the same stamp (a ring buffer printed again); they count once");

    /// <summary>Records of netconsole that lack a fragment.</summary>
    public static Notice FragmentsMissing { get; } = new(
        "TR0153", Severity.DataLoss, "a part of the text is missing of {0} sent by netconsole (a datagram was lost); what came is read", "the ring buffer of the sender (dmesg) has them whole");

    /// <summary>The year of stamps that have none.</summary>
    public static Notice YearTaken { get; } = new(
        "TR0154", Severity.Info, "the stamps have no year: {0}; their zone is not told either", "--year N says another year of the last line");

    /// <summary>The year of stamps is not known.</summary>
    public static Notice YearNotKnown { get; } = new(
        "TR0155", Severity.Warning, "the stamps have no year, and nothing tells it{0}: times are shown without one", "--year N says the year of the last line");

    /// <summary>Two lines of a log tell different years.</summary>
    public static Notice YearDisagrees { get; } = new(
        "TR0156", Severity.Warning, "the year of some lines is doubtful: {0}", "--year N says the year of the last line");

    /// <summary>A log's wall clock was set back.</summary>
    public static Notice ClockSetBack { get; } = new(
        "TR0157", Severity.Info, "the times of the lines fall {0}: the clock was set back, or lines stand in another order; they are taken in the order they stand");

    /// <summary>Probe events whose meaning is not known.</summary>
    public static Notice UnboundProbe { get; } = new(
        "TR0115", Severity.Warning, "events of probe {0} have no known meaning and are only counted",
        "keep a copy of kprobe_events/dynamic_events beside the trace, or name the fields in a binding file");

    /// <summary>A row of a table that cannot be used.</summary>
    public static Notice BadRow { get; } = new("TR0116", Severity.Warning, "row not understood: {0}");

    /// <summary>Records of the function tracers.</summary>
    public static Notice FunctionRecords { get; } = new("TR0131", Severity.Info, "{0} records of the function tracer say nothing of pools and were passed over");

    /// <summary>Stamps of a trace that run backwards.</summary>
    public static Notice TimeGoesBack { get; } = new(
        "TR0132", Severity.Warning, "the times of the events go back {0}",
        "events are taken in the order they stand; recordings that were put one behind the other are better given as files of their own");

    /// <summary>Events that do not stand in order of time, and can be put into it.</summary>
    public static Notice PutInOrder { get; } = new(
        "TR0138", Severity.Info, "the events do not stand in order of time (it falls {0}): they are taken in order of time");

    /// <summary>A trace whose lines have neither task nor time.</summary>
    public static Notice NoColumns { get; } = new(
        "TR0133", Severity.Warning, "the lines have no time, only their order is known: {0}",
        "times are needed to say how old mappings are, and to bring trace and log together");

    /// <summary>Events whose lines tell no device, address or size.</summary>
    public static Notice NoFields { get; } = new(
        "TR0134", Severity.Warning, "{0} DMA events without device, address and size are only counted",
        "the lines may be cut; perf script needs the field `trace` (-F +trace)");

    /// <summary>An inventory has columns that stand for nothing known.</summary>
    public static Notice UnknownColumns { get; } = new(
        "TR0140", Severity.Warning, "columns that are not known were passed over: {0}", "the rest of the line was read");

    /// <summary>Addresses are hidden from readers without privileges.</summary>
    public static Notice HiddenAddresses { get; } = new(
        "TR0141", Severity.Warning, "the addresses are all zero{0}", "the kernel hides them from unprivileged readers: read the file as root");

    /// <summary>Members of a tree or an archive that are of no use.</summary>
    public static Notice PassedOver { get; } = new(
        "TR0142", Severity.Info, "passed over {0}", "give a file by itself to have it read");

    /// <summary>Links that lead out of a folder.</summary>
    public static Notice LinksOut { get; } = new(
        "TR0143", Severity.Warning, "not followed: {0}", "give the file itself if it belongs to the case");

    /// <summary>Traces of different CPUs over the same time.</summary>
    public static Notice RunsBeside { get; } = new(
        "TR0137", Severity.Info, "it holds other CPUs over the same time as {0}: their events, and those of further files like these, are taken together in order of time");

    /// <summary>A CPU's own copy of what the merged trace holds.</summary>
    public static Notice CopyOfMerged { get; } = new(
        "TR0139", Severity.Info, "passed over: {0} holds the events of all CPUs", "give it by itself to have it read");

    /// <summary>An archive within archives that is not opened.</summary>
    public static Notice NestedTooDeep { get; } = new(
        "TR0135", Severity.Warning, "an archive nested more than 3 levels deep is not opened{0}", "unpack the outer archive and give this one by itself");

    /// <summary>A member of an archive that cannot be unpacked.</summary>
    public static Notice MemberUnreadable { get; } = new(
        "TR0136", Severity.DataLoss, "this member cannot be unpacked: {0}", "unpack the archive yourself and give the folder");

    /// <summary>Makes the diagnostic of one case.</summary>
    /// <param name="source">Where.</param>
    /// <param name="detail">What <c>{0}</c> stands for.</param>
    /// <returns>The diagnostic.</returns>
    public Diagnostic At(SourceRef source, string detail) =>
        new(Code, Severity, string.Format(CultureInfo.InvariantCulture, Text, detail), source, Hint);
}
