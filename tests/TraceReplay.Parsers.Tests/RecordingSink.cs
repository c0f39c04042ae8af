using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Keeps everything a reading delivers.</summary>
internal sealed class RecordingSink(bool keepEvents = true) : IRecordSink
{
    public List<TraceEvent> Events { get; } = [];

    public List<int[]> States { get; } = [];

    public List<Fact> Facts { get; } = [];

    public List<Diagnostic> Diagnostics { get; } = [];

    public List<SourceSummary> Sources { get; } = [];

    public List<SourceInfo> Begun { get; } = [];

    public Dictionary<string, long> CountByName { get; } = new(StringComparer.Ordinal);

    public NameTable Names { get; private set; } = NameTable.Shared;

    public bool BeginSource(SourceInfo source)
    {
        Names = source.Names;
        Begun.Add(source);
        return true;
    }

    public EventBatch RentBatch() => new();

    void IRecordSink.Events(EventBatch batch)
    {
        foreach (ref readonly var item in batch.Span)
        {
            var name = batch.Names.Text(item.NameId);
            CountByName[name] = CountByName.GetValueOrDefault(name) + 1;
            if (keepEvents)
            {
                Events.Add(item);
                States.Add(batch.StateOf(item).ToArray());
            }
        }
    }

    public void Fact(Fact fact) => Facts.Add(fact);

    public void Report(Diagnostic diagnostic) => Diagnostics.Add(diagnostic);

    public void EndSource(SourceSummary summary) => Sources.Add(summary);

    public void Progress(string path, long doneBytes, long totalBytes)
    {
    }

    public string Text(int id) => Names.Text(id);

    public IEnumerable<T> Of<T>()
        where T : Fact => Facts.OfType<T>();

    public TraceEvent First(EventKind kind) => Events.First(e => e.Kind == kind);
}
