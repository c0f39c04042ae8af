namespace TraceReplay.Demand.Workload;

/// <summary>The SCSI mid-layer between queues and pool (spec/demand-side.md 1.3). A command whose list cannot be mapped goes
/// back to the head of its queue, unchanged in size; its device goes to the end of the host's starved devices; the host is
/// asked again when one of its commands ends. So every unit that comes free is taken again at once, by whichever command
/// fits.</summary>
internal sealed class MidLayer(ICommandPool pool, WorkloadScenario scenario, CommandSource source)
{
    // SCSI_DEFAULT_HOST_BLOCKED (drivers/scsi/scsi_lib.c, 2.6.9 to 6.12).
    private const int HostBlocked = 7;

    // The queue's unplug delay of 2.6, BLK_MQ_RESOURCE_DELAY of 6.12 (block/blk-mq.c), both 3 ms.
    private const long RunAgainNs = 3_000_000;

    private readonly PriorityQueue<ScsiCommand, (long TimeNs, long Id)> _completions = new();
    private readonly PriorityQueue<ScsiHost, (long TimeNs, int Host)> _timers = new();

    /// <summary>Most commands that a host had in flight.</summary>
    public int PeakOfHost { get; private set; }

    /// <summary>Queues commands on a path and starts what may start.</summary>
    public void Submit(LunPath path, int commands, long timeNs)
    {
        path.Waiting += commands;
        if (path.Host.Blocked > 0 || path.IsStarved)
        {
            Starve(path);
            return;
        }

        Start(path, timeNs);
    }

    /// <summary>Time of the next thing that happens, null if nothing is left.</summary>
    public long? NextTime
    {
        get
        {
            var next = _completions.TryPeek(out _, out var completion) ? completion.TimeNs : long.MaxValue;
            next = _timers.TryPeek(out _, out var timer) ? Math.Min(next, timer.TimeNs) : next;
            return next == long.MaxValue ? null : next;
        }
    }

    /// <summary>Lets the next thing happen.</summary>
    /// <returns>The path whose queue has run dry by it, null if none.</returns>
    public LunPath? Step()
    {
        var hasCompletion = _completions.TryPeek(out var command, out var at);
        if (_timers.TryPeek(out var host, out var timer) && (!hasCompletion || timer.TimeNs < at.TimeNs))
        {
            _timers.Dequeue();
            host.IsTimed = false;
            RunAfterDelay(host, timer.TimeNs);
            return null;
        }

        _completions.Dequeue();
        return Complete(command!, at.TimeNs);
    }

    private LunPath? Complete(ScsiCommand command, long timeNs)
    {
        var path = command.Path;
        pool.Unmap(command, timeNs);
        path.InFlight--;
        path.Host.InFlight--;
        // A completion unblocks the host whatever its counter says.
        path.Host.Blocked = 0;
        RunStarved(path.Host, timeNs);
        if (!path.IsStarved && path.Host.Blocked == 0)
        {
            Start(path, timeNs);
        }
        else if (path.Waiting > 0 || path.Head is not null)
        {
            Starve(path);
        }

        return path is { InFlight: 0, Waiting: 0, Head: null } ? path : null;
    }

    /// <summary>Nothing of the host is in flight: only time brings its queues to run again, and the counter must run
    /// down.</summary>
    private void RunAfterDelay(ScsiHost host, long timeNs)
    {
        if (host.Blocked > 0 && !scenario.IsMultiQueue && --host.Blocked > 0 && host.InFlight == 0)
        {
            Delay(host, timeNs);
            return;
        }

        host.Blocked = 0;
        RunStarved(host, timeNs);
    }

    private void RunStarved(ScsiHost host, long timeNs)
    {
        for (var left = host.Starved.Count; left > 0 && host.Blocked == 0 && host.InFlight < scenario.CanQueue; left--)
        {
            var path = host.Starved.Dequeue();
            path.IsStarved = false;
            Start(path, timeNs);
        }
    }

    /// <summary>Starts commands of a path until its depth, the host's limit, or a refusal ends it.</summary>
    private void Start(LunPath path, long timeNs)
    {
        var host = path.Host;
        while ((path.Head is not null || path.Waiting > 0) && path.InFlight < scenario.QueueDepth)
        {
            if (host.InFlight >= scenario.CanQueue)
            {
                Starve(path);
                return;
            }

            var command = path.Head ?? source.Make(path);
            path.Waiting -= path.Head is null ? 1 : 0;
            path.Head = null;
            if (!pool.TryMap(command, timeNs))
            {
                Refused(path, command, timeNs);
                return;
            }

            path.InFlight++;
            host.InFlight++;
            PeakOfHost = Math.Max(PeakOfHost, host.InFlight);
            _completions.Enqueue(command, (timeNs + source.Latency(), command.Id));
        }
    }

    private void Refused(LunPath path, ScsiCommand command, long timeNs)
    {
        path.Head = command;
        Starve(path);
        // In 2.4 only this device waits, for the next command of the host to end, and others may try and be refused too;
        // those tries change nothing in the pool and are left out.
        path.Host.Blocked = scenario.IsOfKernel24 ? 1 : HostBlocked;
        if (path.Host.InFlight == 0 || scenario.IsMultiQueue)
        {
            Delay(path.Host, timeNs);
        }
    }

    private void Delay(ScsiHost host, long timeNs)
    {
        if (!host.IsTimed)
        {
            host.IsTimed = true;
            _timers.Enqueue(host, (timeNs + RunAgainNs, host.Number));
        }
    }

    private static void Starve(LunPath path)
    {
        if (!path.IsStarved)
        {
            path.IsStarved = true;
            path.Host.Starved.Enqueue(path);
        }
    }
}
