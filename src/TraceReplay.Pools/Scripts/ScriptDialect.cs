namespace TraceReplay.Pools.Scripts;

/// <summary>What the words of a script mean to one kind of allocator, and how its answers are written.</summary>
internal abstract class ScriptDialect
{
    /// <summary>Makes the pool that the <c>cfg</c> lines describe.</summary>
    public abstract IPoolModel CreatePool(string kernel, ScriptValues pool);

    /// <summary>Turns an allocation line into a request.</summary>
    public abstract MapRequest Request(in ScriptOperation operation, ScriptValues device);

    /// <summary>Writes a successful answer.</summary>
    public virtual void WriteAnswer(TextWriter output, in MapResult result) => output.Write(result.FirstUnit);

    /// <summary>Units to say when an allocation is released.</summary>
    public virtual long UnitsToRelease(in ScriptOperation operation, in MapResult result) => result.Units;
}
