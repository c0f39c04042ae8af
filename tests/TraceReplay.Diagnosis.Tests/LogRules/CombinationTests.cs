using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class CombinationTests
{
    private static readonly FailureLine[] Two = [Line(1), Line(2)];

    private static FailureLine Line(long number) =>
        new(new LogMessageFact("swiotlb-full", PoolKind.Swiotlb, true, number, "full", new SourceRef("dmesg", number)), 0);

    [Fact]
    public void Agreement_raises()
    {
        var one = Combination.Of(Two, [Conclusion.For(Cause.Capacity, 0.5, "a")]);
        var both = Combination.Of(Two, [Conclusion.For(Cause.Capacity, 0.5, "a"), Conclusion.For(Cause.Capacity, 0.6, "b")]);
        Assert.Equal((Cause.Capacity, 0.5), (one.Cause, one.Confidence));
        Assert.InRange(both.Confidence, 0.61, 0.8);
    }

    [Fact]
    public void Contradiction_lowers()
    {
        var result = Combination.Of(Two, [Conclusion.For(Cause.Capacity, 0.5, "a"), Conclusion.For(Cause.Fragmentation, 0.65, "b")]);
        Assert.Equal(Cause.Fragmentation, result.Cause);
        Assert.InRange(result.Confidence, 0.45, 0.6);
    }

    [Fact]
    public void A_guess_is_not_named() =>
        Assert.Equal(Cause.Unknown, Combination.Of(Two, [Conclusion.For(Cause.Leak, 0.4, "a")]).Cause);

    [Fact]
    public void What_speaks_against_a_cause_takes_belief_away() => Assert.Equal(Cause.Unknown, Combination.Of(
        Two, [Conclusion.For(Cause.Leak, 0.6, "a"), Conclusion.Against(Cause.Leak, 0.9, "b")]).Cause);

    [Fact]
    public void Lines_have_causes_of_their_own_and_ties_go_to_the_certain()
    {
        var result = Combination.Of(Two, [
            Conclusion.For(Cause.Capacity, 0.7, "a") with { Lines = [Two[0]] },
            Conclusion.For(Cause.SegmentLimit, 0.99, "b") with { Lines = [Two[1]] },
        ]);
        Assert.Equal(Cause.SegmentLimit, result.Cause);
        Assert.Equal(0.99, result.Confidence);
        Assert.Equal([new CauseCount(Cause.SegmentLimit, 1), new CauseCount(Cause.Capacity, 1)], result.Causes);
    }

    [Fact]
    public void Nothing_concluded_is_unknown()
    {
        var result = Combination.Of(Two, []);
        Assert.Equal((Cause.Unknown, 0.0), (result.Cause, result.Confidence));
        Assert.Equal([new CauseCount(Cause.Unknown, 2)], result.Causes);
    }
}
