namespace TraceReplay.Pools.Scripts;

/// <summary>What an operation line does.</summary>
internal enum ScriptVerb : byte
{
    /// <summary><c>s</c>: report state.</summary>
    State,

    /// <summary><c>a ID CPU DEV SIZE ALIGN X</c>: allocate.</summary>
    Allocate,

    /// <summary><c>f ID CPU</c>: release.</summary>
    Release,
}

/// <summary>One operation line of a script (vectors/README.md).</summary>
/// <param name="Verb">What it does.</param>
/// <param name="Line">Line number from 1.</param>
/// <param name="Id">Allocation.</param>
/// <param name="Cpu">CPU of the call.</param>
/// <param name="Device">Device profile.</param>
/// <param name="Size">Size, in the allocator's unit.</param>
/// <param name="Align">Alignment, by allocator.</param>
/// <param name="Extra">X, by allocator.</param>
internal readonly record struct ScriptOperation(
    ScriptVerb Verb, long Line, long Id = 0, int Cpu = 0, int Device = 0, long Size = 0, ulong Align = 0, ulong Extra = 0);
