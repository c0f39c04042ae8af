using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Pools;
using TraceReplay.Pools.Swiotlb;

namespace TraceReplay.Conformance.Tests;

/// <summary>Replays a traced kernel with SWIOTLB_DYNAMIC line by line and compares every answer and the kernel's use
/// counter.</summary>
internal sealed class DynamicTrace
{
    private readonly DynamicSwiotlb _pool;
    private readonly List<(ulong Base, long First, long Units)> _pools = [];
    private readonly Dictionary<ulong, MapResult> _live = [];
    private readonly Stack<(MapRequest Request, long Used, ulong Transient)> _open = [];
    private (ulong Start, long Units, int Areas) _made;

    public DynamicTrace(ulong start, long slots)
    {
        _pool = (DynamicSwiotlb)PoolModels.Create(new PoolGeometry
        {
            Kind = PoolKind.Swiotlb, Kernel = "6.12.117", Units = slots, UnitBytes = 2048, Base = start, Areas = 1,
            More = new Dictionary<string, long>(StringComparer.Ordinal) { [DynamicSwiotlb.Key] = 1, [DynamicSwiotlb.DelayKey] = -1 },
        });
        _pools.Add((start, 0, slots));
    }

    public int Maps { get; private set; }

    public int Equal { get; private set; }

    public int CountersEqual { get; private set; }

    public int Failures { get; private set; }

    public DynamicSwiotlb Pool => _pool;

    public void Line(string line)
    {
        if (line.Contains(" map_in: ", StringComparison.Ordinal))
        {
            var request = new MapRequest
            {
                Bytes = (long)Field(line, " msize="), PhysAddr = Field(line, " orig="), AlignMask = Field(line, " amask="),
            };
            _open.Push((request, (long)Field(line, " used="), 0));
        }
        else if (line.Contains(" pool_alloc_ret: ", StringComparison.Ordinal))
        {
            PoolMade(line);
        }
        else if (line.Contains(" dyn_alloc_ret: ", StringComparison.Ordinal) && _made.Start != 0)
        {
            _pools.Add((_made.Start, _pool.TotalUnits, _made.Units));
            _pool.AddPool(_made.Start, _made.Units, _made.Areas);
            _made = default;
        }
        else if (line.Contains(" map_ret: ", StringComparison.Ordinal) && _open.TryPop(out var open))
        {
            Answer(open.Request, open.Used, open.Transient, Field(line, " ret="));
        }
        else if (line.Contains(" unmap: ", StringComparison.Ordinal) && _live.Remove(Field(line, " tlb="), out var held))
        {
            _pool.Unmap(held.FirstUnit, held.Units, 0);
        }
    }

    /// <summary>A number behind a key, decimal or hex; 0 if the line has none.</summary>
    public static ulong Field(string line, string key)
    {
        var at = line.IndexOf(key, StringComparison.Ordinal);
        if (at < 0)
        {
            return 0;
        }

        var text = line.AsSpan(at + key.Length);
        var end = text.IndexOf(' ');
        text = (end < 0 ? text : text[..end]).TrimEnd();
        return text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private void PoolMade(string line)
    {
        var start = Field(line, " pool=") == 0 ? 0 : Field(line, " start=");
        if (line.Contains("(swiotlb_dyn_alloc+", StringComparison.Ordinal))
        {
            _made = (start, (long)Field(line, " nslabs="), (int)Field(line, " nareas="));
        }
        else if (_open.TryPop(out var open))
        {
            _open.Push((open.Request, open.Used, start));
        }
    }

    private void Answer(in MapRequest request, long used, ulong transient, ulong address)
    {
        Maps++;
        CountersEqual += _pool.UsedUnits == used ? 1 : 0;
        _pool.CanHaveTransient = transient != 0;
        var result = _pool.Map(request);
        var expected = address == ulong.MaxValue ? MapOutcome.Failed : MapOutcome.Mapped;
        Failures += expected == MapOutcome.Failed ? 1 : 0;
        Equal += result.Outcome == expected && (!result.Ok || AddressOf(result, transient) == address) ? 1 : 0;
        if (result.Ok)
        {
            _live[address] = result;
        }
    }

    private ulong AddressOf(MapResult result, ulong transient)
    {
        if (result.FirstUnit >= DynamicSwiotlb.FirstTransientUnit)
        {
            return transient + (ulong)(result.Offset - (result.FirstUnit << 11));
        }

        var pool = _pools.FindLast(pool => pool.First <= result.FirstUnit);
        return pool.Base + (ulong)(result.Offset - (pool.First << 11));
    }
}
