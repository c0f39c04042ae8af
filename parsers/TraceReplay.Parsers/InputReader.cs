using TraceReplay.Core;
using TraceReplay.Parsers.KernelLog;
using TraceReplay.Parsers.ProbeDefinitions;
using TraceReplay.Parsers.Trees;

namespace TraceReplay.Parsers;

/// <summary>Reads inputs of any known format into a sink. This is the parsers' only entry.</summary>
public static class InputReader
{
    /// <summary>What is wrong with inputs before anything is read: a name that does not exist is a slip, and an answer without it would be
    /// an answer to another question.</summary>
    /// <param name="inputs">The inputs as the user named them.</param>
    /// <returns>An error that names them all, null if all exist.</returns>
    public static Diagnostic? Missing(IReadOnlyList<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var missing = inputs.Where(path => path != "-" && !Path.Exists(path)).ToArray();
        return missing.Length == 0 ? null : Notice.CannotOpen.At(
            new SourceRef(missing[0], 0), missing.Length == 1 ? "there is no such file or folder" : "there is no " + string.Join(", no ", missing));
    }

    /// <summary>Reads inputs. Content never makes it throw; what cannot be read is told as a diagnostic.</summary>
    /// <param name="inputs">Files, directories (each is one incident), or <c>-</c> for standard input. Loose files are
    /// one incident together.</param>
    /// <param name="options">What the user said.</param>
    /// <param name="sink">Where records, facts and diagnostics go.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static void Read(IReadOnlyList<string> inputs, ReaderOptions options, IRecordSink sink, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sink);
        var forced = options.InputFormat is null ? null : Formats.ByName(options.InputFormat);
        if (options.InputFormat is not null && forced is null)
        {
            sink.Report(Notice.UnknownFormatName.At(default, options.InputFormat));
            return;
        }

        var names = new NameTable();
        var bindings = BindingFile.Read(options.BindingFile, sink);
        var ownMessages = OwnCatalog.Read(options.CatalogFile, sink.Report);
        var catalog = ownMessages.Count == 0 ? null : MessageCatalog.With(ownMessages);
        foreach (var files in Incidents(inputs))
        {
            var incident = new Incident(options, names, catalog);
            foreach (var (name, binding) in bindings)
            {
                incident.Bindings[name] = binding;
            }

            new IncidentReader(incident, forced, sink, cancellation).Read(files);
        }
    }

    /// <summary>Files by incident: every directory is one, all loose files together are one.</summary>
    private static IEnumerable<IncidentFiles> Incidents(IReadOnlyList<string> inputs)
    {
        var loose = inputs.Where(path => path == "-" || !Directory.Exists(path)).ToArray();
        if (loose.Length > 0)
        {
            yield return new IncidentFiles(null, loose);
        }

        foreach (var folder in inputs.Where(path => path != "-" && Directory.Exists(path)))
        {
            yield return IncidentFiles.Of(folder);
        }
    }
}
