using System.Buffers.Binary;
using TraceReplay.Core;
using TraceReplay.Parsers.Containers;
using TraceReplay.Parsers.TraceDat;

namespace TraceReplay.Parsers.PerfData;

/// <summary>Walks the records of a perf.data file, also those within compressed ones.</summary>
internal sealed class PerfRecords(SourceJob job, RandomContent content, PerfDataFile file, PerfOrder order)
{
    private const int HeadBytes = 8;

    // Record types (include/uapi/linux/perf_event.h; tools/lib/perf/include/perf/event.h).
    private const uint Lost = 2;
    private const uint Comm = 3;
    private const uint Sample = 9;
    private const uint LostSamples = 13;
    private const uint HeaderAttribute = 64;
    private const uint HeaderTracingData = 66;
    private const uint FinishedRound = 68;
    private const uint AuxTrace = 71;
    private const uint HeaderFeature = 80;
    private const uint Compressed = 81;
    private const uint Compressed2 = 83;

    private ZstdPush? _zstd;

    /// <summary>Walks to the end.</summary>
    /// <exception cref="InvalidDataException">A record is cut or damaged; those before it were taken.</exception>
    public void Run()
    {
        try
        {
            var end = Math.Min(content.Length, Math.Min(file.Records.Offset, long.MaxValue - file.Records.Size) + file.Records.Size);
            for (var at = file.Records.Offset; at + HeadBytes <= end;)
            {
                var (type, size) = Head(content.Window(at, HeadBytes));
                if (size < HeadBytes || at + size > end)
                {
                    throw new InvalidDataException("a record is cut or damaged");
                }

                at += size + Record(type, at + HeadBytes, size - HeadBytes);
            }

            if (_zstd is { IsPartial: true })
            {
                throw new InvalidDataException("the compressed records end within a record");
            }
        }
        finally
        {
            _zstd?.Dispose();
        }
    }

    private static (uint Type, int Size) Head(ReadOnlySpan<byte> head) =>
        (BinaryPrimitives.ReadUInt32LittleEndian(head), BinaryPrimitives.ReadUInt16LittleEndian(head[6..]));

    /// <summary>Takes a record of the file.</summary>
    /// <returns>Bytes of data that follow the record and do not count in its size.</returns>
    private long Record(uint type, long at, int size)
    {
        switch (type)
        {
            case HeaderTracingData when size >= 4:
                var bytes = new ByteCursor(content, false, at).U32();
                file.Feature(1, at + size, bytes);

                // Padded to 8 bytes, as the record's writer does.
                return (bytes + 7L) & ~7L;
            case HeaderFeature when size >= 8:
                file.Feature((int)Math.Min(new ByteCursor(content, false, at).U64(), int.MaxValue), at + 8, size - 8);
                return 0;
            case AuxTrace when size >= 8:
                return new ByteCursor(content, false, at).Offset() is var aux && aux <= content.Length ? aux : throw new InvalidDataException("an AUX record is damaged");
            case Compressed:
                Unpack(content.Window(at, size));
                return 0;
            case Compressed2 when size >= 8:
                var packed = new ByteCursor(content, false, at).U64();
                Unpack(content.Window(at + 8, (int)Math.Min(packed, (ulong)size - 8)));
                return 0;
            default:
                Small(type, content.Window(at, size));
                return 0;
        }
    }

    /// <summary>The payloads of all compressed records are one stream; a record may begin in one and end in the next.</summary>
    private void Unpack(ReadOnlySpan<byte> packed)
    {
        _zstd ??= new ZstdPush();
        _zstd.Push(packed);
        while (_zstd.Content.Length >= HeadBytes)
        {
            var (type, size) = Head(_zstd.Content);
            if (size < HeadBytes)
            {
                throw new InvalidDataException("a compressed record is damaged");
            }

            if (_zstd.Content.Length < size)
            {
                break;
            }

            Small(type, _zstd.Content[HeadBytes..size]);
            _zstd.Take(size);
        }
    }

    private void Small(uint type, ReadOnlySpan<byte> body)
    {
        var cursor = new SpanCursor(body);
        switch (type)
        {
            case Sample:
                Event(body);
                break;
            case Comm:
                _ = cursor.U32();
                var pid = (int)cursor.U32();
                var name = body[cursor.At..];
                var end = name.IndexOf((byte)0);
                if (file.Tasks.Count < PerfDataFile.MostTasks)
                {
                    file.Tasks[pid] = (end < 0 ? name : name[..end]).ToArray();
                }

                break;
            case Lost:
                _ = cursor.U64();
                Loss(cursor.U64());
                break;
            case LostSamples:
                Loss(cursor.U64());
                break;
            case FinishedRound:
                order.EndRound();
                break;
            case HeaderAttribute when body.Length >= 64:
                var bytes = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(body[4..]), (uint)body.Length);
                file.Add(PerfAttribute.Read(body[..bytes]), body[bytes..]);
                break;
            default:
                break;
        }
    }

    private void Event(ReadOnlySpan<byte> body)
    {
        job.Records++;
        if (PerfSample.TryRead(body, file, out var sample, out var isDamaged))
        {
            order.Add(sample);
        }
        else if (isDamaged)
        {
            job.Skipped++;
        }
        else
        {
            job.Comments++;
        }
    }

    private void Loss(ulong count)
    {
        var lost = (long)Math.Min(count, int.MaxValue);
        job.Lost += lost;
        job.Fact(new LossFact(-1, lost, false, job.At(job.Records)));
    }
}
