using System.Diagnostics;
using TraceReplay.Core;

namespace TraceReplay.Store.Tests;

/// <summary>Measures bulk load and reading with events shaped like a swiotlb trace of 6.12: bounce, allocator entry with
/// the state of two areas, its return, DMA map, allocator release, DMA unmap, and some SCSI and block events.
/// <c>dotnet TraceReplay.Store.Tests.dll bench [DATABASE [EVENTS]]</c>; numbers are kept in the store's README.</summary>
internal static class LoadBenchmark
{
    private const int Rounds = 5;

    public static int Run(string[] args)
    {
        using var file = new TemporaryFile();
        var path = args.Length > 0 ? args[0] : file.Path;
        var batches = new Trace().Make(args.Length > 1 ? int.Parse(args[1]) : 2_500_000);
        for (var round = 0; round < Rounds; round++)
        {
            File.Delete(path);
            Measure("write", () => Write(path, batches));
        }

        for (var round = 0; round < Rounds; round++)
        {
            Measure("read", () => Read(path, null));
        }

        Measure("read pool-*", () => Read(path, [EventKind.PoolMap, EventKind.PoolMapReturn, EventKind.PoolUnmap]));
        Console.WriteLine($"{new FileInfo(path).Length / 1e6:F0} MB, peak {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB");
        return 0;
    }

    private static void Measure(string what, Func<long> action)
    {
        var (cpu, wall) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        var rows = action();
        var used = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        Console.WriteLine(
            $"{what} {rows} rows: {wall.Elapsed.TotalSeconds:F2} s wall, {used:F2} s CPU = {rows / used / 1e6:F2} M rows/s");
    }

    private static long Write(string path, List<EventBatch> batches)
    {
        using var database = TraceDatabase.Open(path, DatabaseAccess.Create);
        using var writer = database.BeginSource(new SourceInfo("trace.txt", "ftrace-text", batches[0].Names));
        foreach (var batch in batches)
        {
            writer.Write(batch);
        }

        var rows = writer.Events;
        writer.Complete(Samples.Summary("trace.txt"));
        return rows;
    }

    private static long Read(string path, IReadOnlyCollection<EventKind>? kinds)
    {
        using var database = TraceDatabase.Open(path);
        using var reader = database.ReadEvents(kinds);
        reader.Begin(database.ReadFacts().Sources[0]);
        var (batch, rows) = (new EventBatch(), 0L);
        while (reader.Read(batch))
        {
            rows += batch.Count;
        }

        return rows;
    }

    private sealed class Trace
    {
        private readonly NameTable _names = new();
        private readonly Random _random = new(1);
        private readonly List<EventBatch> _batches = [];
        private readonly Queue<(ulong Address, long Bytes)> _live = new();
        private readonly int[] _state = [0, 0, 8, 2937];
        private long _timeNs = 53_432_742_000;
        private long _line;

        public List<EventBatch> Make(int events)
        {
            while (_line < events)
            {
                if (_random.Next(8) == 0)
                {
                    Add(EventKind.ScsiStart, "scsi_dispatch_cmd_start", 0, 0, 65536, e => e with { Arg = _random.Next(256), Units = 16 });
                    Add(EventKind.BlockIssue, "block_rq_issue", 0, 0, 65536, e => e with { Arg = _random.Next(2_000_000) });
                }

                Map();
                if (_live.Count > 64)
                {
                    Unmap();
                }
            }

            return _batches;
        }

        private void Map()
        {
            long bytes = _random.Next(4) switch { 0 => 51, 1 => 108, 2 => 4096, _ => 65536 };
            var phys = 0x103942fb0 + (ulong)_random.Next(1 << 28);
            var slot = 0x7e96a800 + ((ulong)_random.Next(8192) * 2048);
            Add(EventKind.Bounce, "swiotlb_bounced", 0, phys, bytes, e => e with { Limit = ulong.MaxValue });
            Add(EventKind.PoolMap, "map_in", 0, phys, bytes, e => e with { Pool = PoolKind.Swiotlb, UsedUnits = _state[0] + _state[2] }, true);
            Add(EventKind.PoolMapReturn, "map_ret", slot, 0, 0, e => e with { Pool = PoolKind.Swiotlb });
            Add(EventKind.Map, "dma_map_page", slot, phys, bytes, e => e with { Direction = 2 });
            _live.Enqueue((slot, bytes));
            _state[0] += (int)((bytes + 2047) / 2048);
            _state[1] = (_state[1] + 7) % 4096;
        }

        private void Unmap()
        {
            var (slot, bytes) = _live.Dequeue();
            _state[0] -= (int)((bytes + 2047) / 2048);
            Add(EventKind.PoolUnmap, "unmap", slot, 0, bytes, e => e with { PoolRef = 0xffffffffb6fb8300, Direction = 2 });
            Add(EventKind.Unmap, "dma_unmap_page", slot, 0, bytes, e => e with { Direction = 2 });
        }

        private void Add(
            EventKind kind, string name, ulong slot, ulong phys, long bytes, Func<TraceEvent, TraceEvent> more, bool withState = false)
        {
            var batch = _batches.Count > 0 && !_batches[^1].IsFull ? _batches[^1] : new EventBatch { Names = _names };
            if (batch.Count == 0)
            {
                _batches.Add(batch);
            }

            _timeNs += _random.Next(1, 30) * 1000;
            var isStorage = kind is EventKind.ScsiStart or EventKind.BlockIssue;
            var item = more(TraceEvent.Empty with
            {
                Kind = kind,
                Line = ++_line,
                TimeNs = _timeNs,
                Cpu = 0,
                Pid = 524,
                CommId = _names.Intern("lg"),
                NameId = _names.Intern(name),
                DmaAddr = slot,
                PhysAddr = phys,
                Bytes = bytes,
                DeviceId = isStorage ? 0 : _names.Intern("0000:00:02.0"),
                ConsumerId = isStorage ? _names.Intern($"0:0:0:{_random.Next(32)}") : 0,
            });
            item.Fields = (slot != 0 ? EventFields.DmaAddr : EventFields.None)
                | (phys != 0 ? EventFields.PhysAddr : EventFields.None)
                | (bytes != 0 ? EventFields.Bytes : EventFields.None) | (isStorage ? EventFields.Arg : EventFields.None);
            if (withState)
            {
                item.StateOffset = batch.AddState(_state);
                item.StateCount = _state.Length;
            }

            batch.Add(in item);
        }
    }
}
