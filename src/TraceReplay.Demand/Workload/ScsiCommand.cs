namespace TraceReplay.Demand.Workload;

/// <summary>A segment of a command, with its place in the pool while it is mapped.</summary>
/// <param name="PhysAddr">Address of the buffer.</param>
/// <param name="Bytes">Its size.</param>
internal record struct Segment(ulong PhysAddr, long Bytes)
{
    /// <summary>First unit of its mapping, -1 if it has none.</summary>
    public long FirstUnit { get; set; } = -1;

    /// <summary>Units of its mapping.</summary>
    public long Units { get; set; }

    /// <summary>Bytes from the pool's start to the address that the device uses.</summary>
    public long Offset { get; set; }
}

/// <summary>One command between its first attempt and its completion.</summary>
internal sealed class ScsiCommand
{
    /// <summary>Number, from 1.</summary>
    public required long Id { get; init; }

    /// <summary>LUN path it was queued on.</summary>
    public required LunPath Path { get; init; }

    /// <summary>Its segments.</summary>
    public required Segment[] Segments { get; init; }

    /// <summary>To the device (1) or from it (2).</summary>
    public required int Direction { get; init; }

    /// <summary>CPU that submits it.</summary>
    public required int Cpu { get; init; }

    /// <summary>Attempts to map it so far.</summary>
    public int Attempts { get; set; }
}

/// <summary>A path to a LUN: a SCSI device with a queue of its own.</summary>
internal sealed class LunPath(ScsiHost host, int lun, string name)
{
    public ScsiHost Host => host;

    public int Lun => lun;

    /// <summary>H:C:T:L.</summary>
    public string Name => name;

    /// <summary>Commands in flight.</summary>
    public int InFlight { get; set; }

    /// <summary>Commands that wait in the queue behind <see cref="Head"/>, not yet made.</summary>
    public int Waiting { get; set; }

    /// <summary>Command that was refused and stands at the head of the queue, unchanged.</summary>
    public ScsiCommand? Head { get; set; }

    /// <summary>Whether it stands in the host's list of starved devices.</summary>
    public bool IsStarved { get; set; }
}

/// <summary>A SCSI host.</summary>
internal sealed class ScsiHost(int number)
{
    public int Number => number;

    /// <summary>PCI name of the adapter.</summary>
    public string Device { get; } = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"0000:{number + 1:x2}:00.0");

    /// <summary>Commands in flight.</summary>
    public int InFlight { get; set; }

    /// <summary>Times that the queues must be run before it is asked again (host_blocked).</summary>
    public int Blocked { get; set; }

    /// <summary>Devices that could not go on, in the order in which they are tried.</summary>
    public Queue<LunPath> Starved { get; } = new();

    /// <summary>Whether a run of its queues is due at a time of its own.</summary>
    public bool IsTimed { get; set; }
}
