namespace TraceReplay.Replay;

/// <summary>Lets each consumer (LUN) have a number of commands at once, as a queue depth does: the mappings of a command
/// beyond it wait together.</summary>
/// <param name="most">Commands of one consumer.</param>
internal sealed class ConsumerLimit(long most)
{
    private readonly Dictionary<int, long> _commands = [];
    private readonly Dictionary<int, (int Consumer, int Mappings)> _live = [];
    private DmaOperation _before;
    private int _command;
    private bool _waits;

    /// <summary>Whether the command that a mapping belongs to has to wait.</summary>
    public bool MustWait(in DmaOperation operation)
    {
        if (operation.Consumer == 0)
        {
            return false;
        }

        if (_command == 0 || ConsumerLoad.BeginsCommand(in operation, in _before))
        {
            _command++;
            _waits = _commands.GetValueOrDefault(operation.Consumer) >= most;
        }

        _before = operation;
        return _waits;
    }

    /// <summary>A mapping was made.</summary>
    /// <returns>Its command, 0 if it has no consumer.</returns>
    public int Taken(in DmaOperation operation)
    {
        if (operation.Consumer == 0)
        {
            return 0;
        }

        if (_live.TryGetValue(_command, out var known))
        {
            _live[_command] = known with { Mappings = known.Mappings + 1 };
        }
        else
        {
            _live[_command] = (operation.Consumer, 1);
            _commands[operation.Consumer] = _commands.GetValueOrDefault(operation.Consumer) + 1;
        }

        return _command;
    }

    /// <summary>A request was refused. What is set aside is asked for once: a LUN of this depth asks no further. A command is tried
    /// again and stays the one that it was.</summary>
    public void Refused(in DmaOperation operation)
    {
        if (operation is { Consumer: not 0, Coherent: true })
        {
            _commands[operation.Consumer] = _commands.GetValueOrDefault(operation.Consumer) + 1;
        }
    }

    /// <summary>A mapping was given back.</summary>
    public void Released(int command)
    {
        if (!_live.TryGetValue(command, out var known))
        {
            return;
        }

        if (known.Mappings > 1)
        {
            _live[command] = known with { Mappings = known.Mappings - 1 };
            return;
        }

        _live.Remove(command);
        _commands[known.Consumer]--;
    }
}
