using System.Globalization;
using TraceReplay.Pools;
using TraceReplay.Pools.ScsiDma;

namespace TraceReplay.Demand.Workload;

/// <summary>The mid-layer of 2.4 as LUNs are attached (<c>scsi_resize_dma_pool</c>, drivers/scsi/scsi_dma.c of 2.4.21; spec
/// demand-side.md 1.1): sectors are set aside for the scatter-gather table of every command that every LUN path could have. Past the
/// cap the kernel says nothing; the trace has a refused request there. Commands then run on any table that is set aside and free.</summary>
internal sealed class TablesOfLuns(IPoolModel model, WorkloadScenario scenario, CanonicalWriter output) : ICommandPool
{
    private const int PageSectors = 8;
    private const int PageBytes = 4096;
    private const int SectorBytes = 512;

    // A bus scan asks one LUN after the other; how long each takes is a guess and decides nothing.
    private const long ScanNs = 200_000;
    private const long TableNs = 1000;

    private long _tables;
    private long _commands;

    /// <inheritdoc/>
    public long Failures { get; private set; }

    /// <inheritdoc/>
    public long PeakUnits => model.UsedUnits;

    /// <inheritdoc/>
    public long PeakCommands { get; private set; }

    /// <summary>Whether a pool is set aside by LUNs.</summary>
    public static bool Serves(WorkloadScenario scenario, PoolGeometry geometry) => scenario.SetsAside && geometry.Kind == Core.PoolKind.ScsiDma;

    /// <summary>Attaches every LUN path.</summary>
    /// <returns>The time at which the last one is done.</returns>
    public long Attach(IReadOnlyList<ScsiHost> hosts, CancellationToken cancellation)
    {
        // A table is never larger than a page: scsi_malloc cannot serve more.
        var segments = Math.Min((int)scenario.Segments.Most, PageBytes / scenario.ScatterlistBytes);
        var bytes = ScsiDmaSizing.SectorsOfLun(segments, scenario.ScatterlistBytes, 1) * SectorBytes;
        long time = 0;
        long id = 0;
        void Take(ScsiHost host, string lun, long size)
        {
            id++;
            var request = new MapRequest { Bytes = size };
            var answer = model.Map(in request);
            output.SetAside(host, lun, size, id, answer.Ok ? answer.FirstUnit : -1, time);
            Failures += answer.Ok ? 0 : 1;
            _tables += answer.Ok && lun.Length > 0 ? 1 : 0;
        }

        // Two pages for all and one for each host.
        for (var i = 0; i < hosts.Count + 2; i++)
        {
            Take(hosts[Math.Max(0, i - 2)], string.Empty, PageSectors * SectorBytes);
        }

        for (var lun = 0; lun < scenario.Luns; lun++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var path = 0; path < scenario.Paths; path++)
            {
                var host = hosts[path % hosts.Count];
                var name = string.Create(CultureInfo.InvariantCulture, $"{host.Number}:0:{path / hosts.Count}:{lun}");
                for (var command = 0; command < scenario.QueueDepth; command++)
                {
                    Take(host, name, bytes);
                    time += TableNs;
                }

                time += ScanNs;
            }
        }

        return time;
    }

    /// <inheritdoc/>
    public bool TryMap(ScsiCommand command, long timeNs)
    {
        command.Attempts++;
        if (_commands == _tables)
        {
            return false;
        }

        PeakCommands = Math.Max(PeakCommands, ++_commands);
        output.Command(command, isStart: true, timeNs);
        return true;
    }

    /// <inheritdoc/>
    public void Unmap(ScsiCommand command, long timeNs)
    {
        _commands--;
        output.Command(command, isStart: false, timeNs);
    }
}
