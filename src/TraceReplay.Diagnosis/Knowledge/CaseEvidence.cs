using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Knowledge;

/// <summary>What is known of one incident and its machine, in the terms that knowledge files ask for. Nothing here is guessed: what the
/// inputs do not tell stays unknown.</summary>
public sealed class CaseEvidence
{
    private static readonly string[] WordNames =
        ["family", "cause", "driver", "device", "reporter", "arch", "cmdline", "level", "model", "release", "pool", "text"];

    private static readonly string[] NumberNames =
    [
        "bytes", "least-bytes", "pages", "total", "used", "used-share", "areas", "area-slots", "page-size", "pool-base", "failures",
        "suppressed", "cpus", "ret", "mask-bits",
    ];

    private readonly Dictionary<string, IReadOnlyList<string>> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _texts = new(StringComparer.Ordinal);
    private readonly Lazy<string[]> _messages;

    private CaseEvidence(Incident? incident, CaseFacts facts, PoolReport? pool)
    {
        _messages = new Lazy<string[]>(() => Representatives(facts));
        Incident = incident;
        Facts = facts;
        Pool = pool;
        Kernel = KernelIdentity.Of(facts.Machine) with { Wording = KernelWording.Of(facts.Messages) };
        Machine(facts.Machine);
        Log(facts);
        var kind = incident?.PoolKind ?? PoolKind.Swiotlb;
        Put("pool-base", pool?.Base ?? facts.Geometry.Where(g => g.Kind == kind).Select(g => g.Base).FirstOrDefault(b => b is not null));
        if (incident is null)
        {
            // No mapping is known to have failed: there is no cause, which is not the same as one that is not told.
            Tell("cause", ["none"]);
            Tell("level", ["none"]);
        }
        else
        {
            Drivers(incident, facts);
            Sizes(incident, facts, pool);
        }
    }

    /// <summary>Subjects that are words.</summary>
    internal static IReadOnlyCollection<string> WordSubjects => WordNames;

    /// <summary>Subjects that are numbers.</summary>
    internal static IReadOnlyCollection<string> NumberSubjects => NumberNames;

    /// <summary>The incident, null for the case as a whole.</summary>
    public Incident? Incident { get; }

    /// <summary>Its pool, null if nothing is known of it.</summary>
    public PoolReport? Pool { get; }

    /// <summary>The kernel.</summary>
    public KernelIdentity Kernel { get; }

    /// <summary>The facts of the case.</summary>
    internal CaseFacts Facts { get; }

    /// <summary>Collects the evidence of an incident.</summary>
    /// <param name="incident">The incident; null = the case as a whole, of which only machine and log are known.</param>
    /// <param name="facts">The case.</param>
    /// <param name="pool">The incident's pool.</param>
    /// <returns>The evidence.</returns>
    public static CaseEvidence Of(Incident? incident, CaseFacts facts, PoolReport? pool)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new CaseEvidence(incident, facts, pool);
    }

    /// <summary>A subject in words.</summary>
    internal static string Say(string subject) => subject switch
    {
        "bytes" => "the largest refused request in bytes",
        "least-bytes" => "the smallest refused request in bytes",
        "pages" => "the largest refused request in pages",
        "total" => "the pool's size in units",
        "used" => "the use of the pool in units",
        "used-share" => "the used part of the pool",
        "area-slots" => "slots of an area",
        "areas" => "the number of areas",
        "page-size" => "the page size in bytes",
        "pool-base" => "the pool's bus address",
        "failures" => "the number of failures",
        "suppressed" => "the number of suppressed lines",
        "cpus" => "the number of CPUs",
        "ret" => "the error code",
        "mask-bits" => "the narrowest DMA mask of the devices that failed, in bits,",
        "reporter" => "reported by",
        "family" => "the log has the message",
        "cmdline" => "the command line has",
        "model" => "the machine is",
        "release" => "the kernel is",
        "arch" => "the architecture is",
        "cause" => "the cause is",
        "level" => "read from the",
        _ => subject,
    };

    /// <summary>Whether anything is told of a subject of words.</summary>
    internal bool IsTold(string subject) => _words.ContainsKey(subject);

    /// <summary>Words told of a subject, none if nothing is.</summary>
    internal IReadOnlyList<string> Words(string subject) => _words.GetValueOrDefault(subject) ?? [];

    /// <summary>Number told of a subject.</summary>
    internal double? Number(string subject) => _numbers.TryGetValue(subject, out var number) ? number : null;

    /// <summary>Whether a recognised line of the log holds a text.</summary>
    internal bool HasText(string text)
    {
        if (!_texts.TryGetValue(text, out var found))
        {
            found = Array.Exists(_messages.Value, m => m.Contains(text, StringComparison.OrdinalIgnoreCase));
            _texts.Add(text, found);
        }

        return found;
    }

    /// <summary>Texts to search: of a hundred thousand lines of one wording about one driver a few say all that their words say.</summary>
    private static string[] Representatives(CaseFacts facts)
    {
        const int most = 64;
        var counts = new Dictionary<(string Family, string Driver, string Function), int>();
        var texts = new List<string>();
        foreach (var message in facts.Messages)
        {
            ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                counts, (message.Family, message.Driver, message.Function), out _);
            if (count++ < most)
            {
                texts.Add(message.Text);
            }
        }

        return [.. texts];
    }

    private void Machine(MachineFact machine)
    {
        Tell("arch", machine.Arch is { } arch ? [arch] : []);
        Tell("model", machine.Model is { } model ? [model] : []);
        Tell("release", machine.KernelRelease is { } release ? [release] : []);
        if (machine.CommandLine is { } line)
        {
            // An empty command line is known to hold nothing.
            Tell("cmdline", line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words ? words : [string.Empty]);
        }

        Put("cpus", machine.Cpus);
        Put("page-size", PageSize.Of(machine));
    }

    private void Log(CaseFacts facts)
    {
        Tell("family", [.. facts.Messages.Select(m => m.Family).Distinct(StringComparer.Ordinal)]);
        var results = facts.Messages.Select(m => m.Fields.GetValueOrDefault("ret")).Where(r => r is not null).Distinct(StringComparer.Ordinal).ToList();
        if (results is [{ } only] && double.TryParse(only, System.Globalization.CultureInfo.InvariantCulture, out var ret))
        {
            Put("ret", ret);
        }
    }

    private void Drivers(Incident incident, CaseFacts facts)
    {
        Tell("pool", [incident.PoolKind.Name()]);
        Tell("cause", [.. incident.Causes.Select(c => c.Cause.Name()).Append(incident.Cause.Name()).Distinct(StringComparer.Ordinal)]);
        Tell("level", [incident.FromTrace ? "trace" : "log"]);
        var failing = facts.Messages.Where(m => m.IsFailure && (m.Kind == incident.PoolKind || m.Kind == PoolKind.Driver)).ToList();
        var reporters = incident.Reporters.Select(r => r.Driver).Concat(failing.Select(m => m.Driver)).Where(IsNamed).Distinct(StringComparer.Ordinal).ToList();
        Tell("reporter", reporters);
        Tell("driver", [.. reporters.Concat(incident.Culprits.Select(c => c.Driver)).Concat(incident.Holders.Select(h => h.Driver))
            .Where(IsNamed).Distinct(StringComparer.Ordinal)]);
        Tell("device", [.. incident.Reporters.Select(r => r.Device).Concat(incident.Holders.Select(h => h.Device)).Where(IsNamed).Distinct(StringComparer.Ordinal)]);
    }

    private void Sizes(Incident incident, CaseFacts facts, PoolReport? pool)
    {
        var failing = facts.Messages.Where(m => m.IsFailure && m.Kind == incident.PoolKind).ToList();
        var bytes = failing.Select(m => m.Bytes).Append(incident.FirstFailure?.Bytes).OfType<long>().ToList();
        if (bytes.Count > 0)
        {
            Put("bytes", bytes.Max());
            Put("least-bytes", bytes.Min());
        }

        var pages = failing.Select(m => m.Pages).OfType<long>().ToList();
        Put("pages", pages.Count > 0 ? pages.Max() : null);
        var total = incident.FirstFailure?.TotalUnits ?? failing.Select(m => m.TotalUnits).FirstOrDefault(t => t is not null)
            ?? (pool is { Units: > 0, GeometryFrom: not GeometryOrigin.Default } ? pool.Units : null);
        var used = failing.Select(m => m.UsedUnits).Append(incident.FirstFailure?.UsedUnits).OfType<long>().ToList();
        Put("total", total);
        if (used.Count > 0)
        {
            Put("used", used.Max());
            Put("used-share", total is > 0 ? (double)used.Max() / total : null);
        }

        if (pool is not null && pool.GeometryFrom != GeometryOrigin.Default)
        {
            Put("areas", pool.Areas);
            Put("area-slots", pool is { Areas: > 0, Units: > 0 } ? (double)pool.Units / pool.Areas : null);
        }

        Put("mask-bits", incident.Reporters.Select(r => facts.MaskBitsOf(r.Device)).Min());
        Put("failures", incident.Failures);
        Put("suppressed", incident.Suppressed);
    }

    private void Tell(string subject, IReadOnlyList<string> values)
    {
        // A log without messages of this field is known to hold none; a device without a driver's name may have any.
        if (values.Count > 0 || subject == "family")
        {
            _words[subject] = values;
        }
    }

    private void Put(string subject, double? value)
    {
        if (value is { } number)
        {
            _numbers[subject] = number;
        }
    }

    private static bool IsNamed(string text) => text.Length > 0;
}
