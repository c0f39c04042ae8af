using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Replay;

/// <summary>Finds what was held before the trace: releases without a request tell place and device; the kernel's use
/// counter at the first entry tells how much more there was; and units that its search passed over although they were
/// never taken in the trace tell where.</summary>
public sealed class PriorHoldingsSearch
{
    /// <summary>Requests looked at for passed-over units; rings and event buffers show within the first sweep.</summary>
    private const int MaxRequests = 50_000;

    /// <summary>Larger pools (64-bit IOVA spaces) are not searched for prior holdings.</summary>
    private const long MostUnits = 1L << 26;

    private readonly PoolSetup _setup;
    private readonly byte[] _touched;
    private readonly List<PriorHolding> _found = [];
    private readonly long _areaUnits;
    private readonly long[] _missing;
    private readonly long[] _indices;

    /// <summary>Units known to be held in all areas together, where the trace does not tell them area by area.</summary>
    private long _missingAnywhere;

    private PriorHoldingsSearch(PoolSetup setup)
    {
        _setup = setup;
        _touched = new byte[Math.Min(setup.Geometry.Units, MostUnits)];
        _areaUnits = setup.Geometry.Units / Math.Max(1, setup.Geometry.Areas);
        var areas = Math.Max(1, setup.Geometry.Areas);
        _missing = new long[areas];
        _indices = new long[setup.Geometry.Kind == PoolKind.Swiotlb ? areas : 0];
    }

    /// <summary>Finds the holdings.</summary>
    /// <param name="setup">The pool; its <see cref="PoolSetup.Prior"/> is ignored.</param>
    /// <param name="usedBefore">Units in use before the trace by debugfs, null if not told; used where the trace has no
    /// counter of its own.</param>
    /// <returns>The holdings with the initial search indices.</returns>
    public static PriorHoldings Find(PoolSetup setup, long? usedBefore)
    {
        var search = new PriorHoldingsSearch(setup);
        search.FindFreed();
        search.ReadFirstState(usedBefore);
        if (search.AnyMissing && setup.Geometry.BaseKnown)
        {
            search.FindPassedOver();
        }

        search.PlaceTheRest();
        return new PriorHoldings(search._found, search._indices);
    }

    private bool AnyMissing => _missingAnywhere > 0 || _missing.Any(m => m > 0);

    /// <summary>Marks every unit that the trace touches, and takes releases of never-mapped units as prior holdings.</summary>
    private void FindFreed()
    {
        var log = _setup.Log;
        var model = _setup.NewModel();
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.Pool != _setup.Pool || operation.Result == OperationResult.Failed
                || operation.Kind == OperationKind.Grow)
            {
                continue;
            }

            var first = _setup.UnitOf(operation.BusAddr);
            if (first < 0 || first >= _touched.Length || (operation.Kind == OperationKind.Map && operation.Result == OperationResult.Unresolved))
            {
                continue;
            }

            var units = Math.Min(model.UnitsFor(_setup.Request(in operation)), _touched.Length - first);
            if (operation.Kind == OperationKind.Unmap)
            {
                NoteFreed(first, units, operation.Device);
            }

            _touched.AsSpan((int)first, (int)units).Fill(1);
        }
    }

    /// <summary>Runs of a release that no request of the trace has touched before.</summary>
    private void NoteFreed(long first, long units, int device)
    {
        for (var unit = first; unit < first + units; unit++)
        {
            if (_touched[unit] != 0)
            {
                continue;
            }

            var start = unit;
            while (unit < first + units && _touched[unit] == 0)
            {
                unit++;
            }

            _found.Add(new PriorHolding(start, unit - start, device, PriorBasis.Freed));
        }
    }

    private void ReadFirstState(long? usedBefore)
    {
        var log = _setup.Log;
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.Pool != _setup.Pool || operation.Kind != OperationKind.Map)
            {
                continue;
            }

            var state = _setup.AreaState(in operation);
            for (var area = 0; area * 2 + 1 < state.Length && area < _missing.Length; area++)
            {
                // A pool without areas (5.10) tells its use in one counter beside the index.
                _missing[area] = state.Length == 2 ? Math.Max(state[0], operation.UsedUnits) : state[area * 2];
                _indices[area] = state[(area * 2) + 1];
            }

            if (state.IsEmpty)
            {
                _missingAnywhere = operation.UsedUnits >= 0 ? operation.UsedUnits : usedBefore ?? 0;
            }

            break;
        }

        foreach (var holding in _found)
        {
            ref var missing = ref MissingAt(holding.FirstUnit);
            missing = Math.Max(0, missing - holding.Units);
        }
    }

    private ref long MissingAt(long unit)
    {
        if (_missingAnywhere > 0)
        {
            return ref _missingAnywhere;
        }

        return ref _missing[Math.Min(unit / _areaUnits, _missing.Length - 1)];
    }

    /// <summary>Replays the first requests; where the kernel went past units that the model thinks free and that the
    /// trace never takes, those were in use all along.</summary>
    private void FindPassedOver()
    {
        var log = _setup.Log;
        var setup = _setup with { Prior = new PriorHoldings(_found.ToArray(), _indices) };
        var model = setup.NewModel();
        var requests = 0;
        for (var i = 0; i < log.Count && requests < MaxRequests && AnyMissing; i++)
        {
            var operation = log[i];
            if (operation.Pool != _setup.Pool || operation.Kind == OperationKind.Grow)
            {
                continue;
            }

            var first = _setup.UnitOf(operation.BusAddr);
            var request = _setup.Request(in operation);
            if (operation.Kind == OperationKind.Unmap)
            {
                if (first >= 0)
                {
                    model.Unmap(first, model.UnitsFor(in request), operation.Cpu);
                }
            }
            else if (operation.Result == OperationResult.Mapped && first >= 0)
            {
                requests++;
                Follow(model, in request, first);
            }
        }
    }

    private void Follow(IPoolModel model, in MapRequest request, long actual)
    {
        for (var tries = 0; tries < 256; tries++)
        {
            var before = Indices(model);
            var answer = model.Map(in request);
            if (answer.Ok && answer.FirstUnit == actual)
            {
                return;
            }

            if (answer.Ok)
            {
                model.Unmap(answer.FirstUnit, answer.Units, request.Cpu);
                Restore(model, before);
                if (TakePassedOver(model, answer.FirstUnit, answer.Units))
                {
                    continue;
                }
            }

            Force(model, in request, actual);
            return;
        }

        Force(model, in request, actual);
    }

    private bool TakePassedOver(IPoolModel model, long first, long units)
    {
        var taken = false;
        ref var missing = ref MissingAt(first);
        for (var unit = first; unit < first + units && missing > 0; unit++)
        {
            if (_touched[unit] == 0)
            {
                model.Occupy(unit, 1);
                _touched[unit] = 1;
                _found.Add(new PriorHolding(unit, 1, 0, PriorBasis.PassedOver));
                missing--;
                taken = true;
            }
        }

        return taken;
    }

    private void Force(IPoolModel model, in MapRequest request, long actual)
    {
        var units = Math.Min(model.UnitsFor(in request), _setup.Geometry.Units - actual);
        model.Occupy(actual, units);
        var area = (int)(actual / _areaUnits);
        model.SetSearchIndex(area, (actual + units - (area * _areaUnits)) % _areaUnits);
    }

    /// <summary>Units known by number only go beside holdings that were found, else to the area's first untouched
    /// units: rings are allocated in one run early at boot.</summary>
    private void PlaceTheRest()
    {
        for (long unit = 0; unit < _touched.Length && _missingAnywhere > 0; unit++)
        {
            if (_touched[unit] == 0)
            {
                _touched[unit] = 1;
                _found.Add(new PriorHolding(unit, 1, 0, PriorBasis.Counted));
                _missingAnywhere--;
            }
        }

        for (var area = 0; area < _missing.Length; area++)
        {
            var from = area * _areaUnits;
            var start = _found.Where(h => h.Basis == PriorBasis.PassedOver && h.FirstUnit / _areaUnits == area)
                .Select(h => h.FirstUnit).DefaultIfEmpty(from).Min();
            for (long step = 0; step < _areaUnits && _missing[area] > 0; step++)
            {
                var unit = from + ((start - from + step) % _areaUnits);
                if (_touched[unit] == 0)
                {
                    _touched[unit] = 1;
                    _found.Add(new PriorHolding(unit, 1, 0, PriorBasis.Counted));
                    _missing[area]--;
                }
            }
        }
    }

    private static long[] Indices(IPoolModel model)
    {
        var indices = new long[model.Areas];
        for (var area = 0; area < indices.Length; area++)
        {
            indices[area] = model.SearchIndex(area);
        }

        return indices;
    }

    private static void Restore(IPoolModel model, long[] indices)
    {
        for (var area = 0; area < indices.Length; area++)
        {
            model.SetSearchIndex(area, indices[area]);
        }
    }
}
