namespace TraceReplay.Replay;

/// <summary>How LUNs used a pool.</summary>
/// <param name="DeepestQueue">Most commands that one LUN had in flight at once.</param>
/// <param name="BusiestLuns">Most LUNs that had commands in flight, or waited after a refusal, at once.</param>
/// <param name="UnitsPerCommand">Units of a command on average.</param>
public readonly record struct LunLoad(int DeepestQueue, int BusiestLuns, double UnitsPerCommand);

/// <summary>Commands of one consumer (a LUN): mappings that were made for it in the same instant, as one scatter-gather list
/// is.</summary>
public static class ConsumerLoad
{
    /// <summary>Whether a map operation begins a command, rather than going on with the one before it.</summary>
    /// <param name="operation">A map operation.</param>
    /// <param name="before">The map operation before it in the same pool.</param>
    /// <returns>True at the first mapping of a command; what is set aside is so for one command each time.</returns>
    public static bool BeginsCommand(in DmaOperation operation, in DmaOperation before) =>
        operation.Consumer != before.Consumer || operation.Device != before.Device || operation.TimeNs != before.TimeNs || operation.Extra == 1
        || operation.Coherent;

    /// <summary>Measures the LUNs of a replay.</summary>
    /// <param name="result">A replay.</param>
    /// <returns>Their load; all 0 if the trace does not tell for which LUN mappings were made.</returns>
    public static LunLoad Measure(PoolReplayResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var log = result.Setup.Log;
        var luns = new LunCounts();
        DmaOperation before = default;
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.Pool != result.Setup.Pool)
            {
                continue;
            }

            if (operation.Kind == OperationKind.Unmap)
            {
                Array.ForEach(MapsOf(result, i), luns.Release);
            }
            else if (operation is { Kind: OperationKind.Map, Consumer: not 0 } && IsLun(log.Names.Text(operation.Consumer)))
            {
                luns.Map(i, in operation, BeginsCommand(in operation, in before), result.UnitsOf(i));
                before = operation;
            }
        }

        return luns.Load;
    }

    /// <summary>The mappings that a release gives back.</summary>
    private static int[] MapsOf(PoolReplayResult result, int release) =>
        result.MergedReleases.TryGetValue(release, out var merged) ? merged : result.Mates[release] >= 0 ? [result.Mates[release]] : [];

    /// <summary>Whether a consumer is a path to a LUN.</summary>
    /// <param name="consumer">Its name.</param>
    /// <returns>True for H:C:T:L.</returns>
    public static bool IsLun(string consumer) => consumer.Count(sign => sign == ':') == 3 && consumer.All(sign => sign == ':' || char.IsAsciiDigit(sign));
}

/// <summary>Counts commands by LUN while a replay goes by.</summary>
internal sealed class LunCounts
{
    private readonly Dictionary<int, int> _commands = [];
    private readonly HashSet<int> _busy = [];
    private readonly HashSet<int> _waiting = [];
    private readonly Dictionary<int, (int Lun, int Command)> _commandOf = [];
    private readonly Dictionary<int, int> _live = [];
    private int _command;
    private int _deepest;
    private int _busiest;
    private long _units;
    private long _unitsOfCommand;
    private long _made;

    public LunLoad Load => new(_deepest, _busiest, _made > 0 ? (double)_units / _made : 0);

    public void Map(int index, in DmaOperation operation, bool beginsCommand, long units)
    {
        _command += beginsCommand ? 1 : 0;
        _busy.Add(operation.Consumer);
        _busiest = Math.Max(_busiest, _busy.Count);
        if (operation.Result != OperationResult.Mapped)
        {
            // What was mapped of it so far is given back: no command for the average.
            _waiting.Add(operation.Consumer);
            _units -= _unitsOfCommand;
            _made -= _unitsOfCommand > 0 ? 1 : 0;
            _unitsOfCommand = 0;
            return;
        }

        if (beginsCommand)
        {
            _waiting.Remove(operation.Consumer);
            _unitsOfCommand = 0;
        }

        _commandOf[index] = (operation.Consumer, _command);
        var mappings = _live.GetValueOrDefault(_command) + 1;
        _live[_command] = mappings;
        _units += units;
        _unitsOfCommand += units;
        if (mappings == 1)
        {
            _made++;
            var commands = _commands.GetValueOrDefault(operation.Consumer) + 1;
            _commands[operation.Consumer] = commands;
            _deepest = Math.Max(_deepest, commands);
        }
    }

    public void Release(int map)
    {
        if (!_commandOf.Remove(map, out var whose) || --_live[whose.Command] > 0)
        {
            return;
        }

        _live.Remove(whose.Command);
        if (--_commands[whose.Lun] == 0 && !_waiting.Contains(whose.Lun))
        {
            _busy.Remove(whose.Lun);
        }
    }
}
