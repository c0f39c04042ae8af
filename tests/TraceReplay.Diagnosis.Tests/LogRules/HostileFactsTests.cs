using FsCheck.Fluent;
using TraceReplay.Core;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis.Tests.LogRules;

/// <summary>Whatever numbers and texts the lines hold, the rules answer, and keep the report's promises.</summary>
public class HostileFactsTests
{
    private static readonly string[] Families =
    [
        "swiotlb-full", "sw-iommu-out", "swiotlb-overflow", "swiotlb-missing", "tce-alloc-failed", "tce-table-use", "cma-alloc-failed", "cma-holes",
        "cma-free-total", "cma-pages-busy", "gpu-buffers", "iova-failed", "soft-lockup", "cpu-at", "device-gone", "callbacks-suppressed",
        "messages-suppressed", "dma-debug-pending", "dma-debug-overlap", "crash-after-map-failure", "swiotlb-geometry",
    ];

    private static readonly string[] Texts =
    [
        string.Empty, "overflow of DMA mask ", "swiotlb addr ", "number of available pages: 1@+@2+9999999999999999999999@=> free of total pages",
        "=> 5 free of 3 total pages", "exceeded", "\u001b[31m", ":", "swiotlb_find_slots",
    ];

    private static readonly long?[] Numbers = [null, 0, 1, -1, 128, 262_144, 262_145, long.MaxValue, long.MinValue, 32768];

    [Fact]
    public void Any_facts_give_an_answer_that_keeps_its_promises()
    {
        var fact = Gen.Choose(0, int.MaxValue - 1).ArrayOf(12).Select(Make);
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Arb.From(fact.ArrayOf()), facts =>
        {
            var @case = new CaseFacts();
            foreach (var (item, i) in facts.Select((f, i) => (f, i)))
            {
                @case.Add(item with { Source = new SourceRef("dmesg", (i / 2) + 1) });
            }

            foreach (var kind in LogDiagnosis.Kinds(@case, FailureFilter.All))
            {
                if (LogDiagnosis.Incident(1, 1, kind, @case, FailureFilter.All) is { } incident)
                {
                    Assert.InRange(incident.Confidence, 0, 0.99);
                    Assert.Empty(incident.Culprits);
                    Assert.NotEmpty(incident.Verdict);
                    Assert.True(incident.Causes.Sum(c => c.Failures) >= incident.Failures);
                    Assert.Equal(incident.Failures == 0, incident.FirstFailure is null);
                }
            }
        }));
    }

    private static LogMessageFact Make(int[] dice)
    {
        var family = Pick(Families, dice[0]);
        var kind = family[..3] switch { "tce" => PoolKind.Tce, "cma" => PoolKind.Cma, "iov" => PoolKind.Iova, "dma" => PoolKind.DmaDebug, "swi" or "sw-" => PoolKind.Swiotlb, _ => PoolKind.Unknown };
        var isFailure = family is "swiotlb-full" or "sw-iommu-out" or "swiotlb-overflow" or "swiotlb-missing" or "tce-alloc-failed" or "cma-alloc-failed" or "iova-failed";
        return new LogMessageFact(family, kind, isFailure, dice[1] % 5 == 0 ? TraceEvent.NoTime : dice[1] * 1000L, Pick(Texts, dice[2]), default)
        {
            Bytes = Pick(Numbers, dice[3]), Pages = Pick(Numbers, dice[4]), TotalUnits = Pick(Numbers, dice[5]), UsedUnits = Pick(Numbers, dice[6]),
            Suppressed = isFailure ? null : Pick(Numbers, dice[7]), Device = dice[8] % 3 == 0 ? string.Empty : $"dev{dice[8] % 4}", Function = Pick(Texts, dice[9]),
            Fields = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ret"] = dice[10] % 2 == 0 ? "-12" : "-16", ["first"] = "ffffffffffffffff", ["end"] = "7fffffffffffffff", ["kib"] = "9223372036854775807", ["mask"] = "ffffffff",
            },
        };
    }

    private static T Pick<T>(T[] from, int dice) => from[dice % from.Length];
}
