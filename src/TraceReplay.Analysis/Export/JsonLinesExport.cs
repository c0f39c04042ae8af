using TraceReplay.Core;
using TraceReplay.Store;

namespace TraceReplay.Analysis.Export;

/// <summary>One JSON object a line, each with its <c>type</c>: header, source, pool, run, event, failure, finding. Absent values are left
/// out; addresses are hexadecimal text, times nanoseconds.</summary>
internal sealed class JsonLinesExport(TraceDatabase store, StoredFacts facts, IReadOnlyList<SourceRow> sources)
{
    private static readonly string[] Directions = ["bidirectional", "to-device", "from-device", "none"];

    /// <summary>Writes all lines.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Write(Stream output, CancellationToken cancellation)
    {
        using var lines = new JsonLineWriter(output);
        lines.Begin("header").Text("schema", "tracereplay.export/1").End();
        foreach (var source in sources)
        {
            Source(lines, source);
        }

        var results = store.ReadResults();
        foreach (var pool in results.Pools())
        {
            lines.Begin("pool").Number("id", pool.Id).Text("kind", pool.Kind.Name()).Text("model", pool.Model).Number("unit_bytes", pool.UnitBytes)
                .Number("units", pool.Units).Number("areas", pool.Areas).Raw("geometry", pool.GeometryJson).End();
        }

        foreach (var run in results.Runs())
        {
            lines.Begin("run").Number("id", run.Id).Number("pool", run.PoolId).Text("case", run.CaseName).Text("spec", run.Spec).Text("what_if", run.WhatIf)
                .Number("units", run.Units).Number("areas", run.Areas).Number("events", run.Events).Number("failures", run.Failures)
                .Number("peak_used_units", run.PeakUsedUnits).Number("peak_time_ns", run.PeakTimeNs)
                .Number("fidelity_compared", run.FidelityCompared).Number("fidelity_equal", run.FidelityEqual).End();
        }

        Events(lines, cancellation);
        Failures(lines, results, cancellation);
        foreach (var incident in results.Incidents())
        {
            Finding(lines, incident);
        }
    }

    private static void Source(JsonLineWriter lines, SourceRow source)
    {
        var s = source.Summary;
        lines.Begin("source").Number("id", source.Id).Text("path", s.Path).Text("format", s.Format).Text("sha256", s.Sha256).Number("bytes", s.Bytes)
            .Number("records", s.Records).Number("events", s.Events).Number("skipped", s.Skipped).Number("lost", s.Lost).End();
    }

    private void Events(JsonLineWriter lines, CancellationToken cancellation)
    {
        var drivers = facts.All.OfType<DeviceFact>().Where(d => !string.IsNullOrEmpty(d.Driver))
            .GroupBy(d => d.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Driver!, StringComparer.Ordinal);
        using var reader = store.ReadEvents();
        var batch = new EventBatch();
        foreach (var source in sources)
        {
            reader.Begin(source);
            while (reader.Read(batch))
            {
                cancellation.ThrowIfCancellationRequested();
                for (var i = 0; i < batch.Count; i++)
                {
                    Event(lines, in batch.Events[i], batch, reader.Ids[i], source.Id, drivers);
                }
            }
        }
    }

    private static void Event(JsonLineWriter lines, in TraceEvent item, EventBatch batch, long id, long source, Dictionary<string, string> drivers)
    {
        var (names, device) = (batch.Names, batch.Names.Text(item.DeviceId));
        lines.Begin("event").Number("id", id).Number("source", source).Number("line", item.Line)
            .Number("time_ns", item.TimeNs == TraceEvent.NoTime ? null : item.TimeNs).Number("cpu", item.Cpu < 0 ? null : item.Cpu)
            .Number("pid", item.Pid < 0 ? null : item.Pid).Text("comm", names.Text(item.CommId)).Text("kind", item.Kind.Name())
            .Text("name", names.Text(item.NameId)).Text("device", device).Text("driver", drivers.GetValueOrDefault(device))
            .Text("consumer", names.Text(item.ConsumerId)).Text("pool", item.Pool == PoolKind.Unknown ? null : item.Pool.Name())
            .Text("direction", item.Direction < Directions.Length ? Directions[item.Direction] : null);
        if (item.DmaAddr == TraceEvent.MappingError)
        {
            lines.Flag("failed", true);
        }
        else
        {
            lines.Address("dma_addr", item.DmaAddr, Given(in item, EventFields.DmaAddr, (long)item.DmaAddr));
        }

        lines.Address("phys_addr", item.PhysAddr, Given(in item, EventFields.PhysAddr, (long)item.PhysAddr))
            .Number("bytes", Given(in item, EventFields.Bytes, item.Bytes) ? item.Bytes : null)
            .Number("units", Given(in item, EventFields.Units, item.Units) ? item.Units : null)
            .Number("used_units", item.UsedUnits < 0 ? null : item.UsedUnits).Address("align_mask", item.AlignMask, item.AlignMask != 0)
            .Address("search_limit", item.Limit, item.Limit != 0).Address("pool_ref", item.PoolRef, item.PoolRef != 0)
            .Number("arg", Given(in item, EventFields.Arg, item.Arg) ? item.Arg : null)
            .Flag("forced", item.Fields.HasFlag(EventFields.Forced)).Flag("interrupt", item.Fields.HasFlag(EventFields.Interrupt))
            .Flag("truncated", item.Fields.HasFlag(EventFields.Truncated)).Text("text", names.Text(item.TextId))
            .Numbers("state", batch.StateOf(in item)).End();
    }

    private static bool Given(in TraceEvent item, EventFields field, long value) => value != 0 || item.Fields.HasFlag(field);

    private static void Failures(JsonLineWriter lines, ResultReader results, CancellationToken cancellation)
    {
        foreach (var run in results.Runs().Select(r => (long?)r.Id).Prepend(null))
        {
            foreach (var f in results.Failures(run))
            {
                cancellation.ThrowIfCancellationRequested();
                lines.Begin("failure").Number("id", f.Id).Text("origin", run is null ? "log" : "replay").Number("run", f.RunId).Number("source", f.SourceId)
                    .Number("line", f.Line).Number("time_ns", f.TimeNs).Text("pool_kind", f.PoolKind == PoolKind.Unknown ? null : f.PoolKind.Name())
                    .Text("family", f.Family).Text("device", f.Device).Text("driver", f.Driver).Number("bytes", f.Bytes).Number("pages", f.Pages)
                    .Number("total_units", f.TotalUnits).Number("used_units", f.UsedUnits).Number("free_units", f.FreeUnits)
                    .Number("largest_free_run", f.LargestFreeRun).Text("reason", f.Reason).End();
            }
        }
    }

    private static void Finding(JsonLineWriter lines, IncidentRow incident)
    {
        var first = incident.FirstFailure;
        lines.Begin("finding").Number("id", incident.Id).Text("case", incident.CaseName).Text("level", incident.FromTrace ? "trace" : "log")
            .Text("pool_kind", incident.PoolKind.Name()).Text("cause", incident.Cause)
            .Real("confidence", incident.Confidence).Number("failures", incident.Failures)
            .Number("suppressed", incident.Suppressed).Number("first_time_ns", first?.TimeNs).Text("first_device", first?.Device)
            .Number("last_failure_time_ns", incident.LastFailureTimeNs).Text("explanation", incident.Explanation).Raw("incident", incident.ReportJson).End();
    }
}
