namespace TraceReplay.Replay;

/// <content>Releases.</content>
public sealed partial class PoolReplay
{
    /// <summary>A mapping at a place that was thought taken: its release came late in the trace.</summary>
    private void EndStale(int index, long actual)
    {
        if (_live.TryGetValue(actual, out var stale))
        {
            _result.Mates[stale] = index;
            _result.TakenTwice++;
        }

        _prior.Remove(actual);
    }

    private void Unmap(int index, in DmaOperation operation)
    {
        var first = _places.UnitOf(operation.BusAddr);
        if (first < 0)
        {
            UnmapByAddress(index, in operation);
            return;
        }

        if (operation.Units > 0)
        {
            UnmapRange(index, first, operation.Units, operation.Cpu);
        }
        else if (_live.Remove(first, out var map))
        {
            Release(index, map, first, operation.Cpu);
        }
        else if (_prior.Remove(first, out var holding))
        {
            _result.Mates[index] = -2;
            _model.Unmap(holding.FirstUnit, holding.Units, operation.Cpu);
        }
        else
        {
            _result.UnknownReleases++;
        }
    }

    /// <summary>A release that counts units may cover several mappings: ppc_iommu_map_sg merges neighbours.</summary>
    private void UnmapRange(int index, long first, long units, int cpu)
    {
        List<int>? released = null;
        for (var unit = first; unit < first + units;)
        {
            if (_live.Remove(unit, out var map))
            {
                unit += Math.Max(1, _model.UnitsFor(_setup.Request(_log[map])));
                _result.Mates[map] = index;
                (released ??= []).Add(map);
            }
            else
            {
                _result.Mates[index] = _prior.Remove(unit) ? -2 : _result.Mates[index];
                unit++;
            }
        }

        _result.UnknownReleases += released is null && _result.Mates[index] != -2 ? 1 : 0;
        _model.Unmap(first, Math.Min(units, _model.Geometry.Units - first), cpu);
        if (released is not null)
        {
            _result.Mates[index] = released[0];
            if (released.Count > 1)
            {
                _result.MergedReleases[index] = [.. released];
            }
        }
    }

    private void UnmapByAddress(int index, in DmaOperation operation)
    {
        if (!_liveByAddress.Remove(operation.BusAddr, out var map))
        {
            _result.UnknownReleases++;
            return;
        }

        if (_result.FirstUnits[map] >= 0)
        {
            Release(index, map, _result.FirstUnits[map], operation.Cpu);
        }
        else
        {
            _result.Mates[index] = map;
            _result.Mates[map] = index;
        }
    }

    private void Release(int index, int map, long first, int cpu)
    {
        _result.Mates[index] = map;
        _result.Mates[map] = index;
        var units = _model.UnitsFor(_setup.Request(_log[map]));
        if (_sizeFromCaller && _log[index].Bytes > 0)
        {
            // The driver says what it gives back: a smaller size leaves slots behind for ever.
            var given = _model.UnitsFor(_setup.Request(_log[index]));
            _result.LeftBehindUnits += Math.Max(0, units - given);
            units = Math.Min(units, given);
        }

        _model.Unmap(first, _dynamic is null ? Math.Min(units, _model.Geometry.Units - first) : units, cpu);
    }
}
