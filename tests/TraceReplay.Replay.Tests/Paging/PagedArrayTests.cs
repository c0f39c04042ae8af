using TraceReplay.Core;
using TraceReplay.Replay.Paging;

namespace TraceReplay.Replay.Tests.Paging;

/// <summary>What lies in the temporary file is what was put there, whatever the order of reads and writes.</summary>
public class PagedArrayTests
{
    private const int Items = 200_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Equals_an_array_in_memory(int seed)
    {
        var random = new Random(seed);
        var paged = new PagedArray<long>(1 << 20, fill: -1);
        var plain = new List<long>();
        for (var step = 0; step < Items; step++)
        {
            switch (random.Next(1000))
            {
                case 0:
                    var less = plain.Count - random.Next(Math.Min(plain.Count, 20_000) + 1);
                    paged.Resize(less);
                    plain.RemoveRange(less, plain.Count - less);
                    break;
                case 1:
                    var more = random.Next(30_000);
                    paged.Resize(plain.Count + more);
                    plain.AddRange(Enumerable.Repeat(-1L, more));
                    break;
                case < 500 when plain.Count > 0:
                    var at = random.Next(plain.Count);
                    paged[at] = plain[at] = step;
                    Assert.Equal(plain[at / 2], paged[at / 2]);
                    break;
                default:
                    paged.Add(step);
                    plain.Add(step);
                    break;
            }
        }

        Assert.True(paged.SpilledBytes > 0);
        Assert.Equal(plain.Count, paged.Count);
        Assert.True(plain.SequenceEqual(Enumerable.Range(0, paged.Count).Select(i => paged[i])));
    }

    [Fact]
    public void Readers_do_not_disturb_each_other()
    {
        var paged = new PagedArray<long>(1 << 20);
        for (var i = 0; i < Items * 2; i++)
        {
            paged.Add(i * 3L);
        }

        Parallel.For(0, 8, reader =>
        {
            var random = new Random(reader);
            for (var i = 0; i < Items; i++)
            {
                var at = reader % 2 == 0 ? i * 2 : random.Next(Items * 2);
                if (paged[at] != at * 3L)
                {
                    throw new InvalidOperationException($"item {at} is {paged[at]}");
                }
            }
        });
        Assert.True(paged.SpilledBytes > 0);
    }

    [Fact]
    public void What_is_outside_is_refused()
    {
        var paged = new PagedArray<int>(0);
        paged.Add(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => paged[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => paged[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => paged[1] = 2);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("rising")]
    [InlineData("falling")]
    [InlineData("equal")]
    [InlineData("two values")]
    public void Sorts_more_than_is_in_memory(string kind)
    {
        var random = new Random(5);
        var groups = new SortedGroups<int>();
        var plain = new List<long>();
        for (var i = 0; i < 900_000; i++)
        {
            plain.Add(kind switch { "random" => random.NextInt64(), "rising" => i, "falling" => -i, "equal" => 7, _ => i % 2 });
            groups.Expect(i % 3 == 0 ? 1 : 2);
        }

        for (var i = 0; i < plain.Count; i++)
        {
            groups.Add(i % 3 == 0 ? 1 : 2, plain[i]);
        }

        groups.Sort();
        foreach (var key in new[] { 1, 2 })
        {
            var expected = plain.Where((_, i) => (i % 3 == 0 ? 1 : 2) == key).Order().ToArray();
            Assert.True(expected.SequenceEqual(Enumerable.Range(0, groups.Count(key)).Select(i => groups.At(key, i))));
        }

        Assert.Equal(0, groups.Count(3));
    }

    [Fact]
    public void A_set_holds_what_was_added()
    {
        var set = new OperationSet();
        int[] members = [0, 63, 64, 40_000, 5_000_000];
        foreach (var member in members.Concat(members))
        {
            set.Add(member);
        }

        Assert.Equal(members, set);
        Assert.Equal(members.Length, set.Count);
        Assert.DoesNotContain(set, m => !members.Contains(m));
        Assert.False(set.Contains(65) || set.Contains(6_000_000));
    }
}
