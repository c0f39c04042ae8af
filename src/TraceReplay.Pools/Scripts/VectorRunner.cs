namespace TraceReplay.Pools.Scripts;

/// <summary>Runs a script against a model and writes one line per operation, in the form of the vectors' <c>.out</c>
/// files.</summary>
internal sealed class VectorRunner
{
    private readonly VectorScript _script;
    private readonly ScriptDialect _dialect;
    private readonly IPoolModel _pool;
    private readonly TextWriter _output;
    private readonly Dictionary<long, (MapResult Result, long Units)> _live = [];

    private VectorRunner(VectorScript script, ScriptDialect dialect, IPoolModel pool, TextWriter output)
    {
        _script = script;
        _dialect = dialect;
        _pool = pool;
        _output = output;
    }

    /// <summary>Runs a whole script.</summary>
    /// <exception cref="ScriptException">The script cannot be run from some line on.</exception>
    public static void Run(VectorScript script, ScriptDialect dialect, string kernel, TextWriter output)
    {
        if (!script.TryRead(out var operation))
        {
            return;
        }

        var runner = new VectorRunner(script, dialect, CreatePool(script, dialect, kernel), output);
        do
        {
            runner.Do(operation);
        }
        while (script.TryRead(out operation));
    }

    private static IPoolModel CreatePool(VectorScript script, ScriptDialect dialect, string kernel)
    {
        try
        {
            return dialect.CreatePool(kernel, script.Pool);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ScriptException(0, "impossible geometry: " + e.Message, "correct the 'cfg' lines");
        }
    }

    private void Do(in ScriptOperation operation)
    {
        switch (operation.Verb)
        {
            case ScriptVerb.State:
                _pool.WriteState(_output);
                break;
            case ScriptVerb.Allocate:
                Allocate(operation);
                break;
            default:
                Release(operation);
                break;
        }

        _output.Write('\n');
    }

    private void Allocate(in ScriptOperation operation)
    {
        if (!_script.Devices.TryGetValue(operation.Device, out var device))
        {
            throw new ScriptException(operation.Line, $"device profile {operation.Device} is not defined",
                $"add a line 'dev {operation.Device} ...' before the first operation");
        }

        if (_live.ContainsKey(operation.Id))
        {
            throw new ScriptException(operation.Line, $"ID {operation.Id} was used before",
                "every allocation needs an ID of its own");
        }

        var request = _dialect.Request(operation, device);
        var result = _pool.Map(request);
        _live[operation.Id] = (result, result.Ok ? _dialect.UnitsToRelease(operation, result) : 0);
        switch (result.Outcome)
        {
            case MapOutcome.Mapped:
                _dialect.WriteAnswer(_output, result);
                break;
            case MapOutcome.Livelock:
                _output.Write("HANG");
                break;
            default:
                _output.Write("FAIL");
                break;
        }
    }

    private void Release(in ScriptOperation operation)
    {
        if (!_live.Remove(operation.Id, out var held))
        {
            throw new ScriptException(operation.Line, $"ID {operation.Id} is not allocated",
                "release an ID once, after the 'a' line that made it");
        }

        if (!held.Result.Ok)
        {
            _output.Write('-');
            return;
        }

        _pool.Unmap(held.Result.FirstUnit, held.Units, operation.Cpu);
        _output.Write('.');
    }
}
