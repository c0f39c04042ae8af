namespace TraceReplay.Parsers.ProbeDefinitions;

/// <summary>Decides what a probe means, from the best source there is: the user's binding, the definition, the function
/// that the line names, this project's own event names.</summary>
internal static class ProbeBinder
{
    // A probe this close to the function's start still sees the arguments in their registers: it stands behind the
    // landing pad and the ftrace call (endbr64 + 5-byte call).
    private const int EntryBytes = 16;

    /// <summary>Binds one event.</summary>
    /// <param name="name">Event name.</param>
    /// <param name="incident">Definitions, bindings and kernel version.</param>
    /// <param name="function">Function named in the line, empty if none.</param>
    /// <param name="isReturn">The line is that of a return probe.</param>
    /// <param name="hasField">Whether the line has a field of that name.</param>
    /// <returns>The binding; its meaning is None if nothing tells.</returns>
    public static ProbeBinding Bind(string name, Incident incident, string function, bool isReturn, Func<string, bool> hasField)
    {
        if (incident.Bindings.TryGetValue(name, out var bound))
        {
            return bound;
        }

        if (incident.Probes.TryGetValue(name, out var definition))
        {
            var meaning = OfFunction(definition.Function, definition.IsReturn || TakesResult(definition), hasField);
            if (meaning != ProbeMeaning.None)
            {
                return FromDefinition(meaning, definition, incident.Kernel);
            }
        }

        var byFunction = OfFunction(function, isReturn || (function == "swiotlb_map" && hasField("ret")), hasField);
        var found = byFunction != ProbeMeaning.None ? byFunction : ProbeWords.ByEventName(name);
        if (found == ProbeMeaning.None && hasField("start") && hasField("nslabs"))
        {
            found = ProbeMeaning.Geometry;
        }

        return new ProbeBinding(found, ProbeWords.Field);
    }

    /// <summary>The meaning of a probe by the function it stands in.</summary>
    private static ProbeMeaning OfFunction(string function, bool isReturn, Func<string, bool> hasField) => (function, isReturn) switch
    {
        ("swiotlb_tbl_map_single", false) => ProbeMeaning.SwiotlbMap,
        ("swiotlb_tbl_map_single", true) or ("swiotlb_map", true) => ProbeMeaning.SwiotlbMapReturn,
        ("swiotlb_tbl_unmap_single" or "__swiotlb_tbl_unmap_single", false) => ProbeMeaning.SwiotlbUnmap,
        ("alloc_iova_fast", false) => ProbeMeaning.IovaMap,
        ("alloc_iova_fast", true) => ProbeMeaning.IovaMapReturn,
        ("free_iova_fast", false) => ProbeMeaning.IovaFree,
        // Behind the search the pass over the table is known; at the entry it is not.
        ("iommu_range_alloc", false) => hasField("entry") ? ProbeMeaning.TceMapped
            : hasField("pass") ? ProbeMeaning.TceFailed : ProbeMeaning.TceMap,
        ("iommu_range_alloc", true) => ProbeMeaning.TceMapReturn,
        ("__iommu_free" or "iommu_free", false) => ProbeMeaning.TceFree,
        ("swiotlb_search_pool_area", false) => ProbeMeaning.Search,
        ("swiotlb_search_pool_area", true) => ProbeMeaning.SearchReturn,
        ("swiotlb_alloc_pool", false) => ProbeMeaning.PoolCreate,
        ("swiotlb_alloc_pool", true) => ProbeMeaning.PoolCreateReturn,
        ("swiotlb_dyn_free", false) => ProbeMeaning.PoolFree,
        _ => ProbeMeaning.None,
    };

    /// <summary>A plain probe in the caller, behind the call, that fetches the return register.</summary>
    private static bool TakesResult(ProbeDefinition definition) =>
        definition.Offset > EntryBytes && definition.Function == "swiotlb_map" && definition.Arguments.Any(x =>
            x.Value.StartsWith("%ax", StringComparison.Ordinal) || x.Value.StartsWith("%x0", StringComparison.Ordinal)
            || x.Value.StartsWith("%gpr3:", StringComparison.Ordinal) || x.Value.StartsWith("$retval", StringComparison.Ordinal));

    private static ProbeBinding FromDefinition(ProbeMeaning meaning, ProbeDefinition definition, Version? kernel)
    {
        var fields = new Dictionary<string, BoundField>(StringComparer.Ordinal);
        var parameters = definition is { IsReturn: false, Offset: <= EntryBytes }
            ? FunctionParameters.Of(definition.Function, kernel)
            : [];
        long rcuOffset = 0;
        foreach (var (name, expression) in definition.Arguments)
        {
            var position = FunctionParameters.Position(expression);
            var field = position > 0 && position <= parameters.Length ? parameters[position - 1] : ProbeField.None;
            fields[name] = expression.StartsWith("$retval", StringComparison.Ordinal) && meaning != ProbeMeaning.PoolCreateReturn
                ? new BoundField(ProbeField.Result, 0)
                : field != ProbeField.None ? new BoundField(field, 0) : ProbeWords.Field(name);
            rcuOffset = meaning == ProbeMeaning.PoolFree && name == "start" ? FunctionParameters.Displacement(expression) : rcuOffset;
        }

        return new ProbeBinding(meaning, name => fields.TryGetValue(name, out var field) ? field : ProbeWords.Field(name), rcuOffset);
    }
}
