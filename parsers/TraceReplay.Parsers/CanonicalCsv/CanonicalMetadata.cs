using System.Globalization;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.CanonicalCsv;

/// <summary>The comment lines in front of the rows: <c># clock=mono</c>, <c># kernel=6.12.1</c>,
/// <c># pool=swiotlb nslabs=32768 areas=8</c>, <c># usage=swiotlb moment=before-trace used=17</c>, <c># lost=5</c>, <c># escapes=backslash</c>.</summary>
internal sealed class CanonicalMetadata(SourceJob job)
{
    /// <summary>Text fields are escaped (<see cref="EscapedText"/>).</summary>
    public bool IsEscaped { get; private set; }

    /// <summary>Where the pools lie.</summary>
    public PoolAddresses Pools { get; } = new();

    /// <summary>Reads the lines.</summary>
    /// <param name="head">First bytes of the source.</param>
    public void Read(ReadOnlySpan<byte> head)
    {
        head = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        for (long line = 1; head.StartsWith("#"u8); line++)
        {
            var text = Encoding.UTF8.GetString(Text.HeadLines.Next(ref head)).TrimStart('#', ' ');
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(w => w.Split('=', 2)).Where(w => w.Length == 2)
                .GroupBy(w => w[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First()[1], StringComparer.Ordinal);
            Line(words, job.At(line));
        }
    }

    private void Line(Dictionary<string, string> words, SourceRef source)
    {
        IsEscaped |= words.GetValueOrDefault("escapes") == "backslash";
        if (words.TryGetValue("clock", out var clock))
        {
            job.Clock = Clock(clock);
        }

        if (words.TryGetValue("kernel", out var kernel))
        {
            job.Incident.Kernel ??= KernelIdentity.KernelVersion.Number(kernel);
            job.Fact(new MachineFact(source) { KernelRelease = kernel, KernelVersion = job.Incident.Kernel?.ToString(), Arch = words.GetValueOrDefault("arch") });
        }

        if (Number(words, "lost") is { } count)
        {
            job.Lost += count;
            job.Fact(new LossFact((int?)Number(words, "cpu") ?? -1, count > 0 ? count : -1, words.GetValueOrDefault("at") == "start", source));
        }

        if (words.TryGetValue("pool", out var pool) && PoolKindNames.Parse(pool) is { } kind)
        {
            Pool(kind, words, source);
        }

        if (words.TryGetValue("usage", out var usage) && PoolKindNames.Parse(usage) is { } used && Number(words, "used") is { } units)
        {
            var moment = words.GetValueOrDefault("moment") switch
            {
                "before-trace" => UsageMoment.BeforeTrace,
                "after-trace" => UsageMoment.AfterTrace,
                _ => UsageMoment.Sample,
            };
            job.Fact(new UsageFact(used, moment, Number(words, "time_ns") ?? TraceEvent.NoTime, units, Number(words, "total"), source)
            {
                HighWaterUnits = Number(words, "high_water"),
            });
        }
    }

    private void Pool(PoolKind kind, Dictionary<string, string> words, SourceRef source)
    {
        Pools.Set(kind, Address(words, "base") ?? 0, Number(words, "unit_bytes") ?? 0);
        job.Fact(new PoolGeometryFact(kind, source, words.GetValueOrDefault("origin") == "log" ? GeometryOrigin.Log : GeometryOrigin.Trace)
        {
            Units = Number(words, "nslabs") ?? Number(words, "units"),
            UnitBytes = Number(words, "unit_bytes") ?? (kind == PoolKind.Swiotlb ? 2048 : null),
            Areas = Number(words, "areas") is { } n and < 65536 ? (int)n : null,
            Base = Address(words, "base"),
            End = Address(words, "end"),
            Forced = Flag(words, "forced"),
            CanGrow = Flag(words, "can_grow"),
            PoolRef = Address(words, "ref") ?? 0,
            Device = words.GetValueOrDefault("device", string.Empty),
            More = words.Where(w => w.Key.StartsWith("more.", StringComparison.Ordinal))
                .Select(w => (Name: w.Key["more.".Length..], Value: Number(words, w.Key))).Where(w => w.Value is not null)
                .ToDictionary(w => w.Name, w => w.Value!.Value, StringComparer.Ordinal),
        });
    }

    private static ClockDomain Clock(string text) => text switch
    {
        "mono" => ClockDomain.Mono,
        "mono-raw" or "mono_raw" => ClockDomain.MonoRaw,
        "boot" => ClockDomain.Boot,
        "boot-printk" => ClockDomain.BootPrintk,
        "tai" => ClockDomain.Tai,
        "wall" or "utc" or "wall-utc" => ClockDomain.WallUtc,
        "wall-local" => ClockDomain.WallLocalUnknownZone,
        "ftrace-global" => ClockDomain.FtraceGlobal,
        "jiffies" => ClockDomain.Jiffies,
        "cycles" => ClockDomain.Cycles,
        "counter" => ClockDomain.Counter,
        _ => ClockDomain.FtraceLocal,
    };

    private static bool? Flag(Dictionary<string, string> words, string name) => words.GetValueOrDefault(name) switch { "1" => true, "0" => false, _ => null };

    private static long? Number(Dictionary<string, string> words, string name) =>
        words.TryGetValue(name, out var text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static ulong? Address(Dictionary<string, string> words, string name) =>
        words.TryGetValue(name, out var text) && text.StartsWith("0x", StringComparison.Ordinal)
            && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
