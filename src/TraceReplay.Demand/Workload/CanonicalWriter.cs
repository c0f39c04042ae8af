using System.Globalization;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Demand.Workload;

/// <summary>Writes operations in the canonical CSV (schema <c>tracereplay-dma-1</c>, spec formats.md 6.1; parsers/README.md).
/// Every name in it is made here, so no field needs quotes.</summary>
internal sealed class CanonicalWriter(Stream output, PoolGeometry geometry, WorkloadScenario scenario) : IDisposable
{
    private readonly StreamWriter _writer = new(output, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
    private readonly string _pool = geometry.Kind.Name();

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    public void Head()
    {
        var invariant = CultureInfo.InvariantCulture;
        _writer.WriteLine("# schema=tracereplay-dma-1");
        _writer.WriteLine("# clock=mono");
        _writer.WriteLine($"# kernel={geometry.Kernel}");
        _writer.WriteLine(string.Create(invariant, $"# pool={_pool} units={geometry.Units} unit_bytes={geometry.UnitBytes} areas={Math.Max(1, geometry.Areas)} base=0x{geometry.Base:x}"));
        _writer.WriteLine(string.Create(invariant, $"# generated scenario={scenario.Name} seed={scenario.Seed} luns={scenario.Luns} paths={scenario.Paths} hosts={scenario.Hosts} queue_depth={scenario.QueueDepth} can_queue={scenario.CanQueue}"));
        _writer.WriteLine("time_ns,op,device,driver,size,id,dma_addr,phys_addr,dir,sg,result,attempt,cpu,lun,pool");
    }

    /// <summary>An attempt to map a command.</summary>
    /// <param name="command">The command; what was mapped of it has its place.</param>
    /// <param name="refused">Index of the segment that was refused, -1 if none.</param>
    /// <param name="wholeList">The list was one request.</param>
    /// <param name="timeNs">When.</param>
    public void Map(ScsiCommand command, int refused, bool wholeList, long timeNs)
    {
        Begin(timeNs, wholeList ? "map" : "map_sg", command.Path.Host);
        _writer.Write(',');
        if (wholeList)
        {
            Number(Size(command));
        }

        _writer.Write(',');
        Number(command.Id);
        _writer.Write(',');
        if (wholeList && refused < 0)
        {
            Hex(Address(in command.Segments[0]));
        }

        _writer.Write(',');
        if (wholeList)
        {
            Hex(command.Segments[0].PhysAddr);
        }

        _writer.Write(command.Direction == 1 ? ",to_device," : ",from_device,");
        if (!wholeList)
        {
            Elements(command, refused);
        }

        _writer.Write(refused < 0 ? ",ok," : ",ENOMEM,");
        Number(command.Attempts);
        End(command);
    }

    /// <summary>A command's mappings are given back.</summary>
    public void Unmap(ScsiCommand command, bool wholeList, long timeNs)
    {
        Begin(timeNs, wholeList ? "unmap" : "unmap_sg", command.Path.Host);
        _writer.Write(",,");
        Number(command.Id);
        _writer.Write(command.Direction == 1 ? ",,,to_device,,,," : ",,,from_device,,,,");
        Number(command.Cpu);
        _writer.Write(',');
        _writer.Write(command.Path.Name);
        _writer.Write(',');
        _writer.WriteLine(_pool);
    }

    /// <summary>Sectors are set aside for a command that a LUN could have.</summary>
    /// <param name="host">The host.</param>
    /// <param name="lun">LUN path, empty for what is no LUN's.</param>
    /// <param name="bytes">Bytes of the table.</param>
    /// <param name="id">Identity.</param>
    /// <param name="firstUnit">Where they are, -1 if there are none.</param>
    /// <param name="timeNs">When.</param>
    public void SetAside(ScsiHost host, string lun, long bytes, long id, long firstUnit, long timeNs)
    {
        Begin(timeNs, "alloc", host);
        _writer.Write(',');
        Number(bytes);
        _writer.Write(",t");
        Number(id);
        _writer.Write(',');
        if (firstUnit >= 0)
        {
            Hex((ulong)(firstUnit * geometry.UnitBytes));
        }

        _writer.Write(firstUnit >= 0 ? ",,,,ok,,0," : ",,,,ENOMEM,,0,");
        _writer.Write(lun);
        _writer.Write(',');
        _writer.WriteLine(_pool);
    }

    /// <summary>A command starts or ends that needs nothing of the pool.</summary>
    public void Command(ScsiCommand command, bool isStart, long timeNs)
    {
        Begin(timeNs, isStart ? "scsi-start" : "scsi-done", command.Path.Host);
        _writer.Write(",,");
        Number(command.Id);
        _writer.Write(",,,,,,,");
        Number(command.Cpu);
        _writer.Write(',');
        _writer.Write(command.Path.Name);
        _writer.WriteLine(',');
    }

    public void Dispose()
    {
        _writer.Flush();
        _writer.Dispose();
    }

    private void Begin(long timeNs, string op, ScsiHost host)
    {
        Rows++;
        Number(timeNs);
        _writer.Write(',');
        _writer.Write(op);
        _writer.Write(',');
        _writer.Write(host.Device);
        _writer.Write(',');
        _writer.Write(scenario.Driver);
    }

    private void Elements(ScsiCommand command, int refused)
    {
        for (var i = 0; i < command.Segments.Length; i++)
        {
            ref var segment = ref command.Segments[i];
            if (i > 0)
            {
                _writer.Write(';');
            }

            Hex(segment.PhysAddr);
            _writer.Write(':');
            Number(segment.Bytes);
            if (refused < 0 || i < refused)
            {
                _writer.Write(':');
                Hex(Address(in segment));
            }
        }
    }

    private void End(ScsiCommand command)
    {
        _writer.Write(',');
        Number(command.Cpu);
        _writer.Write(',');
        _writer.Write(command.Path.Name);
        _writer.Write(',');
        _writer.WriteLine(_pool);
    }

    private long Size(ScsiCommand command) => geometry.Kind == PoolKind.ScsiDma
        ? TableBytes(command)
        : command.Segments.Sum(segment => segment.Bytes);

    private long TableBytes(ScsiCommand command) => Capacity.CommandRequests.Of(
        geometry, new Capacity.CommandShape(command.Segments.Length, 512, scenario.ScatterlistBytes), 0).Bytes;

    private ulong Address(in Segment segment) => geometry.Kind switch
    {
        PoolKind.Swiotlb or PoolKind.SwiotlbXen => geometry.Base + (ulong)segment.Offset,
        PoolKind.Iova => (ulong)segment.FirstUnit * (ulong)geometry.UnitBytes,
        _ => geometry.Base + ((ulong)segment.FirstUnit * (ulong)geometry.UnitBytes) + (segment.PhysAddr & (ulong)(geometry.UnitBytes - 1)),
    };

    private void Number(long value)
    {
        Span<char> digits = stackalloc char[20];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        _writer.Write(digits[..length]);
    }

    private void Hex(ulong value)
    {
        Span<char> digits = stackalloc char[20];
        value.TryFormat(digits, out var length, "x", CultureInfo.InvariantCulture);
        _writer.Write("0x");
        _writer.Write(digits[..length]);
    }
}
