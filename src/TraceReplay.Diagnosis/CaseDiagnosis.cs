using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Diagnosis.Advice;
using TraceReplay.Diagnosis.KnownIssues;
using TraceReplay.Diagnosis.Messages;
using TraceReplay.Pools.Specs;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>Diagnoses a whole case: every pool that the trace shows, and what only the log tells.</summary>
public sealed class CaseDiagnosis
{
    private readonly OperationLog _log;
    private readonly CaseFacts _facts;
    private readonly DiagnosisOptions _options;
    private readonly List<PoolReport> _pools = [];
    private readonly List<Incident> _incidents = [];
    private readonly List<Diagnostic> _warnings = [];
    private Fidelity _fidelity = new(0, 0, 0, string.Empty);

    /// <summary>Creates the job.</summary>
    /// <param name="log">The operations of the trace, may be empty.</param>
    /// <param name="facts">The facts.</param>
    /// <param name="options">What the user asks.</param>
    public CaseDiagnosis(OperationLog log, CaseFacts facts, DiagnosisOptions options)
    {
        _log = log;
        _facts = facts;
        _options = options;
    }

    /// <summary>The replayed pools, for storing.</summary>
    public List<PoolReplayResult> Replays { get; } = [];

    /// <summary>The answers to the user's what-ifs, with the number of the replay they belong to.</summary>
    public List<(int Replay, WhatIfResult Answer)> WhatIfs { get; } = [];

    /// <summary>The cause of each failure of a replay, by the number of the replay.</summary>
    public Dictionary<int, Cause[]> Causes { get; } = [];

    /// <summary>Driver of a device.</summary>
    /// <param name="device">Device name.</param>
    /// <returns>The driver, empty if not known.</returns>
    public string DriverOf(string device) => _facts.DriverOf(device);

    /// <summary>Runs it.</summary>
    /// <returns>The report without its sources.</returns>
    public AnalysisReport Run()
    {
        for (var pool = 0; pool < _log.Pools.Count; pool++)
        {
            Replay(pool);
        }

        foreach (var kind in LogDiagnosis.Kinds(_facts, _options.Filter))
        {
            // Drivers' own lines are echoes of a pool's failure where one is known.
            if (kind == PoolKind.Driver ? _incidents.Count == 0 : _incidents.All(i => i.PoolKind != kind))
            {
                FromLog(kind);
            }
        }

        if (_pools.Count == 0)
        {
            LogPool(PoolKind.Swiotlb);
        }

        for (var i = 0; i < _incidents.Count; i++)
        {
            _incidents[i] = IncidentAdvice.Complete(_incidents[i], _facts, _pools.FirstOrDefault(p => p.Id == _incidents[i].Pool), _options.KnownIssues);
        }

        NoteDirectWindows();
        Compare();
        if (_incidents.Count == 0 && !ReferenceEquals(_options.Filter, FailureFilter.All) && AnyFailure())
        {
            _warnings.Add(new Diagnostic("TR0306", Severity.Warning,
                "mappings failed in these inputs, but none within the time and devices asked for",
                new SourceRef("command line", 0), "leave out --since, --until and --device to see them"));
        }

        if (_log.Losses.Count > 0)
        {
            _warnings.Add(new Diagnostic("TR0307", Severity.DataLoss, string.Create(CultureInfo.InvariantCulture,
                $"the tracer lost events at {Wording.Count(_log.Losses.Count, "place")}: what is held afterwards is known within bounds only"),
                new SourceRef(_log.Sources[0], _log.Losses[0].Line), "record again with a larger buffer_size_kb"));
        }

        if (_facts.RepeatedMessages > 0)
        {
            _warnings.Add(new Diagnostic("TR0304", Severity.Info,
                Wording.Count(_facts.RepeatedMessages, "message") + " stood in two sources (the same boot twice) and counted once", default));
        }

        NoteThinned();
        return new AnalysisReport
        {
            Machine = new MachineReport
            {
                Kernel = _facts.Machine.KernelRelease ?? _facts.Machine.KernelVersion,
                Arch = _facts.Machine.Arch,
                CommandLine = _facts.Machine.CommandLine,
                BootTime = _facts.Machine.BootTime,
            },
            Pools = _pools,
            Incidents = _incidents,
            KnownIssues = IncidentAdvice.OfCase(_facts, _incidents, _options.KnownIssues),
            Fidelity = _fidelity,
            Warnings = _warnings,
            Clocks = Clocks(),
        };
    }

    /// <summary>When, on the wall's clock, what failed on the kernel's; and how that is known.</summary>
    private List<(string Path, ClockOffsetFact Offset)> Clocks()
    {
        var timeline = _facts.Timeline;
        var clocks = new List<(string Path, ClockOffsetFact Offset)>();
        foreach (var first in _incidents.Where(i => !i.FromTrace).Select(i => i.FirstFailure))
        {
            if (first is null || first.TimeNs == TraceEvent.NoTime || _facts.Clocks.GetValueOrDefault(first.Source.Path) != ClockDomain.BootPrintk)
            {
                continue;
            }

            var boot = _facts.Messages.FirstOrDefault(m => m.Source == first.Source)?.Boot ?? 0;
            if (timeline.Offset(first.Source.Path, boot, first.TimeNs) is { } offset && clocks.TrueForAll(c => c.Path != first.Source.Path))
            {
                var later = _facts.ClockOffsets.Where(o => o.Source.Path == offset.Source.Path && o.Boot == offset.Boot && o.To == offset.To && o.SinceNs > first.TimeNs);
                clocks.AddRange([(first.Source.Path, offset), .. later.Select(o => (first.Source.Path, o))]);
                _warnings.Add(ClockWording.Notice(first.Source.Path, offset, later));
            }
        }

        return clocks;
    }

    /// <summary>Sources that do not agree: said, and the confidence in what is read from them lowered.</summary>
    private void Compare()
    {
        var contradictions = Contradictions.Find(_facts, _options.Pools);
        _warnings.AddRange(contradictions);
        for (var i = 0; contradictions.Count > 0 && i < _incidents.Count; i++)
        {
            _incidents[i] = Contradictions.Lower(_incidents[i], _fidelity);
        }
    }

    /// <summary>Where a log is not kept whole: what is exact, and what is read from a part.</summary>
    private void NoteThinned()
    {
        if (_facts.Messages.IsThinned)
        {
            _warnings.Add(new Diagnostic("TR0317", Severity.Info, string.Create(CultureInfo.InvariantCulture,
                $"of {_facts.Messages.Total} recognised messages {_facts.Messages.Count} are looked at one by one; the rest is counted: numbers of lines, sums, first, last, least and most are exact, what the order of lines tells is read from stretches at even distances"),
                default, "narrow it with --since and --until to have every line of a time looked at"));
        }

        foreach (var kind in Enum.GetValues<PoolKind>())
        {
            if (_facts.Messages.Devices.Others(kind) is { Lines: > 0 } others)
            {
                _warnings.Add(new Diagnostic("TR0318", Severity.Warning, string.Create(CultureInfo.InvariantCulture,
                    $"{others.Lines} failing lines of the kind {kind.Name()} name about {others.AboutDevices} devices beyond the first {DeviceTally.MostDevices}: they are counted among the failures, but not device by device"),
                    default, "--device NAME asks for one of them"));
            }
        }
    }

    private bool AnyFailure()
    {
        for (var i = 0; i < _log.Count; i++)
        {
            if (_log[i].Kind == OperationKind.Map && _log[i].Result == OperationResult.Failed)
            {
                return true;
            }
        }

        return _facts.Messages.Any(m => m.IsFailure);
    }

    /// <summary>Devices with a 64-bit direct window go past the TCE table.</summary>
    private void NoteDirectWindows()
    {
        var windows = _facts.Messages.Where(m => m.Family == "tce-window" && m.Device.Length > 0
            && m.Text.Contains("create-pe-dma-window", StringComparison.Ordinal)
            && m.Text.Contains("returned 0", StringComparison.Ordinal)).DistinctBy(m => m.Device, StringComparer.Ordinal);
        foreach (var window in windows)
        {
            _warnings.Add(new Diagnostic("TR0301", Severity.Info,
                $"{Wording.Device(window.Device, _facts.DriverOf(window.Device))} has a 64-bit direct window: its mappings go past the TCE table, which cannot run out for it",
                window.Source, "disable_ddw on the command line would put it back on the table"));
        }
    }

    private void Replay(int pool)
    {
        var key = _log.Pools[pool];
        GeometryChoice choice;
        switch (key.Kind)
        {
            case PoolKind.Swiotlb:
                LearnGeometry(pool);
                choice = Choice();
                break;
            case PoolKind.Tce:
                choice = Told(GeometryChoice.ForTce(_facts, _log, pool));
                break;
            case PoolKind.Iova:
                DomainOwner.Attribute(_log, pool, _facts);
                choice = Told(GeometryChoice.ForIova(_facts, _log, pool));
                break;
            case PoolKind.Gart or PoolKind.Calgary or PoolKind.ScsiDma:
                choice = Told(StatedGeometry.Choose(key.Kind, _facts, _log, pool));
                break;
            default:
                return;
        }

        if (PossiblePool.Problem(choice.Geometry) is { } problem)
        {
            _warnings.Add(new Diagnostic("TR0312", Severity.Warning,
                $"no kernel could have the {key.Kind.Name()} pool that the input states: {problem}; its mappings are not replayed",
                _log.PlaceOf(0), $"state it, for example --pool \"{key.Kind.Name()}(kernel={choice.Geometry.Kernel})\""));
            return;
        }

        var setup = new PoolSetup(_log, pool, choice.Geometry, DeviceProfiles.Learn(_log, _facts.DriverOf))
        {
            Filter = _options.Filter,
        };
        var before = _facts.Usage.FirstOrDefault(u => u.Moment == UsageMoment.BeforeTrace && u.Kind == key.Kind)?.UsedUnits;
        setup = setup with { Reachable = ReachableMappings.Find(setup, _facts.MaskBitsOf, choice.Forced) };
        setup = setup with { Prior = PriorHoldingsSearch.Find(setup, before) };
        var result = PoolReplay.Run(setup);
        if (_options.Pools.Count == 0 && GenerationFit.FindBetter(result) is { } better)
        {
            _warnings.Add(new Diagnostic("TR0302", Severity.Warning, string.Create(CultureInfo.InvariantCulture,
                $"the allocator of kernel {setup.Geometry.Kernel} agrees with {result.Equal} of {result.Compared} places in the trace, {better.Model} with {better.Equal}: this kernel carries that generation (a backport), and it is replayed as such"),
                _log.PlaceOf(0), "force another with --pool, for example swiotlb(kernel=6.12)"));
            result = better;
        }

        Replays.Add(result);
        var report = TraceDiagnosis.Pool(_pools.Count + 1, result, choice);
        _pools.Add(report);
        AddFidelity(result);
        if (result.Failures.Count == 0 && _options.WhatIfs.Count == 0)
        {
            return;
        }

        var @case = new TraceCase(result, _facts, choice);
        WhatIfs.AddRange(WhatIf.Answer(@case, _options.WhatIfs).Select(a => (Replays.Count - 1, a)));
        if (result.Failures.Count > 0)
        {
            Causes[Replays.Count - 1] = @case.FailureCauses();
            var incident = TraceDiagnosis.Incident(_incidents.Count + 1, report.Id, @case);
            _incidents.Add(incident with { Remedies = [.. incident.Remedies, .. AsRemedies()] });
        }
    }

    /// <summary>Where no source states the pool's place, the trace's own counters may tell it.</summary>
    private void LearnGeometry(int pool)
    {
        var said = _facts.Geometry.Where(g => g.Kind == PoolKind.Swiotlb).ToList();
        if (said.Any(g => g.Base is not null && g.Units is > 0))
        {
            return;
        }

        var units = said.OrderBy(g => g.Origin).Select(g => g.Units).FirstOrDefault(u => u is > 0);
        if (GeometryFromState.Find(_log, pool, units) is { } learned)
        {
            _facts.Add(learned);
            _warnings.Add(new Diagnostic("TR0305", Severity.Info, string.Create(CultureInfo.InvariantCulture,
                $"the pool's geometry is worked out from the counters in the trace: {learned.Units} slots in {learned.Areas} areas{(learned.Base is { } at ? $" at 0x{at:x}" : string.Empty)}"),
                learned.Source, "a pool.txt probe or the boot lines would state it"));
        }
    }

    private GeometryChoice Choice()
    {
        return Told(GeometryChoice.ForSwiotlb(_facts));
    }

    /// <summary>What the user says of a pool goes before what the sources say.</summary>
    private GeometryChoice Told(GeometryChoice choice)
    {
        var spec = _options.Pools.FirstOrDefault(p => p.Kind == choice.Geometry.Kind);
        if (spec is null)
        {
            return choice;
        }

        var geometry = spec.Resolve(choice.Geometry).Geometry;
        PossiblePool.Require(geometry, spec.Text);
        return choice with { Geometry = geometry, Origin = GeometryOrigin.Option };
    }

    private void AddFidelity(PoolReplayResult result)
    {
        var differs = result.Compared - result.Equal;
        var why = differs == 0
            ? string.Empty
            : result.Setup.Geometry.Areas > 1 || _facts.Machine.Cpus > 1
                ? "several CPUs worked in the allocator at the same time: a trace does not show the order inside its locks"
                : "the state of the pool when the trace began is not fully known, or another generation fits better";
        _fidelity = new Fidelity(
            _fidelity.Allocations + result.Mapped, _fidelity.Compared + result.Compared, _fidelity.Equal + result.Equal,
            _fidelity.Explanation.Length > 0 ? _fidelity.Explanation : why);
    }

    private IEnumerable<Remedy> AsRemedies() => WhatIfs.Where(w => w.Replay == Replays.Count - 1)
        .Select(w => new Remedy(w.Answer.Spec, "what-if", Proven: true, w.Answer.Failures, w.Answer.Note));

    private void FromLog(PoolKind kind)
    {
        var known = _pools.FirstOrDefault(p => p.Kind == kind);
        if (LogDiagnosis.Incident(_incidents.Count + 1, known?.Id ?? _pools.Count + 1, kind, _facts, _options.Filter) is not { } incident)
        {
            return;
        }

        var pool = known ?? LogPool(kind);
        if (pool.Id > _pools.Count)
        {
            // Nothing is stated of this pool but that it failed.
            _pools.Add(pool);
        }

        incident = incident with { Pool = pool.Id };
        _incidents.Add(incident);

        // Where there is no pool, its default size is not to be shown.
        _pools[pool.Id - 1] = incident.Cause == Cause.PoolUnavailable
            ? pool with { Failures = incident.Failures, Units = 0 } : pool with { Failures = incident.Failures };
    }

    /// <summary>A pool known only from what sources state of it.</summary>
    private PoolReport LogPool(PoolKind kind)
    {
        var messages = _facts.Messages.Where(m => m.Kind == kind).ToList();
        var total = messages.Select(m => m.TotalUnits).LastOrDefault(t => t is > 0);
        var usage = _facts.Usage.Where(u => u.Kind == kind).ToList();
        var peak = messages.Select(m => m.UsedUnits ?? -1)
            .Concat(usage.Select(u => Math.Max(u.UsedUnits, u.HighWaterUnits ?? 0))).DefaultIfEmpty(-1).Max();
        var choice = kind == PoolKind.Swiotlb ? Choice() : null;
        var option = choice is null ? _options.Pools.FirstOrDefault(p => p.Kind == kind && p.Units is > 0) : null;
        var stated = choice is null ? _facts.Geometry.Where(g => g.Kind == kind && g.Units is > 0).OrderBy(g => g.Origin).FirstOrDefault() : null;
        var report = new PoolReport
        {
            Id = _pools.Count + 1,
            Kind = kind,
            UnitBytes = choice?.Geometry.UnitBytes ?? (total is null ? option?.Resolve(null).Geometry.UnitBytes ?? stated?.UnitBytes : null) ?? 0,
            Units = total ?? choice?.Geometry.Units ?? option?.Units ?? stated?.Units ?? 0,
            Areas = choice?.Geometry.Areas ?? 1,
            Base = choice is { Geometry.BaseKnown: true } ? choice.Geometry.Base : null,
            GeometryFrom = total is not null ? GeometryOrigin.Log
                : choice?.Origin ?? (option is not null ? GeometryOrigin.Option : stated?.Origin ?? GeometryOrigin.Default),
            PeakUsedUnits = peak,
        };
        if (total is null && report.GeometryFrom == GeometryOrigin.Default && messages.Count == 0 && usage.Count == 0
            && _facts.Geometry.All(g => g.Kind != kind))
        {
            return report;
        }

        _pools.Add(report);
        return report;
    }
}

/// <summary>What the user asks of a diagnosis.</summary>
public sealed record DiagnosisOptions
{
    /// <summary>Pools as the user says they are (<c>--pool</c>); what they leave out comes from the sources.</summary>
    public IReadOnlyList<PoolSpec> Pools { get; init; } = [];

    /// <summary>Which failures count.</summary>
    public FailureFilter Filter { get; init; } = FailureFilter.All;

    /// <summary>The known issues (<c>--known-issues</c> adds the user's own).</summary>
    public KnownIssueCatalog KnownIssues { get; init; } = KnownIssueCatalog.Shared;

    /// <summary>Changes to replay (<c>--what-if</c>).</summary>
    public IReadOnlyList<WhatIfSpec> WhatIfs { get; init; } = [];
}
