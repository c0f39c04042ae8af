using System.Buffers.Binary;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>The forms of perf.data: of a pipe, compressed, cut. Each is made of a real file by moving its parts.</summary>
public class PerfDataTests
{
    private static byte[] Whole => File.ReadAllBytes(Reading.Fixture("perf-data.call_chains.data"));

    [Fact]
    public void A_recording_of_a_pipe_says_the_same() => Assert.Equal(Events(Whole), Events(OfPipe(Whole)));

    [Theory]
    [InlineData(81u, 60_000)]
    [InlineData(81u, 700)]
    [InlineData(83u, 1000)]
    public void Compressed_records_say_the_same(uint type, int piece) => Assert.Equal(Events(Whole), Events(Compressed(Whole, type, piece)));

    [Fact]
    public void A_recorder_that_was_killed_leaves_samples_without_descriptions()
    {
        var bytes = Whole;
        var data = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(40));
        var size = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(48));
        bytes.AsSpan(48, 8).Clear();
        var sink = Reading.Bytes(bytes[..(data + size)], "perf.data");

        Assert.Empty(sink.Events);
        Assert.Contains(sink.Diagnostics, d => d.Message.Contains("does not describe", StringComparison.Ordinal));
        Assert.Equal(sink.Sources[0].Records, sink.Sources[0].Skipped);
    }

    [Fact]
    public void A_cut_pipe_keeps_what_came()
    {
        var pipe = OfPipe(Whole);
        var sink = Reading.Bytes(pipe[..(pipe.Length - 3000)], "perf.data");

        Assert.True(sink.Events.Count > 10);
        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.ContentCut.Code);
    }

    [Fact]
    public void The_machine_is_told()
    {
        var machine = Assert.Single(Reading.Fixtures("perf-data.call_chains.data").Of<MachineFact>());

        Assert.Equal(("7.3.4+deb13-amd64", "x86_64", 2), (machine.KernelRelease, machine.Arch, machine.Cpus));
    }

    internal static byte[] OfPipe(byte[] file)
    {
        using var pipe = new MemoryStream();
        pipe.Write("PERFILE2"u8);
        pipe.Write(BitConverter.GetBytes(16UL));
        var attributeBytes = (int)U64(file, 16);
        for (var at = (int)U64(file, 24); at < (int)(U64(file, 24) + U64(file, 32)); at += attributeBytes)
        {
            var ids = file.AsSpan((int)U64(file, at + attributeBytes - 16), (int)U64(file, at + attributeBytes - 8));
            Record(pipe, 64, [.. file.AsSpan(at, attributeBytes - 16), .. ids]);
        }

        // Tracing data is the first feature: its section stands first behind the records.
        var table = (int)(U64(file, 40) + U64(file, 48));
        var tracing = file.AsSpan((int)U64(file, table), (int)U64(file, table + 8)).ToArray();
        var padded = (tracing.Length + 7) & ~7;
        Record(pipe, 66, BitConverter.GetBytes((uint)padded));
        pipe.Write(tracing);
        pipe.Write(new byte[padded - tracing.Length]);
        pipe.Write(file.AsSpan((int)U64(file, 40), (int)U64(file, 48)));
        return pipe.ToArray();
    }

    internal static byte[] Compressed(byte[] file, uint type, int piece)
    {
        // zstd -1 of the records as one stream, cut into pieces that heed no record's end.
        var (data, size) = ((int)U64(file, 40), (int)U64(file, 48));
        var packed = Zstd.Compress(file.AsSpan(data, size));
        using var records = new MemoryStream();
        for (var at = 0; at < packed.Length; at += piece)
        {
            var part = packed.AsSpan(at, Math.Min(piece, packed.Length - at));
            Record(records, type, type == 81 ? part.ToArray() : [.. BitConverter.GetBytes((ulong)part.Length), .. part, .. new byte[(8 - (part.Length % 8)) % 8]]);
        }

        var shift = (ulong)(records.Length - size);
        byte[] result = [.. file.AsSpan(0, data), .. records.ToArray(), .. file.AsSpan(data + size)];
        BinaryPrimitives.WriteUInt64LittleEndian(result.AsSpan(48), (ulong)records.Length);
        for (var entry = data + (int)records.Length; entry < U64Least(result, data + (int)records.Length, shift); entry += 16)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(result.AsSpan(entry), unchecked(U64(result, entry) + shift));
        }

        return result;
    }

    /// <summary>The table of the features ends where the first of their sections begins.</summary>
    private static int U64Least(byte[] bytes, int table, ulong shift) => (int)unchecked(U64(bytes, table) >= (ulong)table ? U64(bytes, table) : U64(bytes, table) + shift);

    private static void Record(MemoryStream to, uint type, byte[] body)
    {
        to.Write(BitConverter.GetBytes(type));
        to.Write(BitConverter.GetBytes((ushort)0));
        to.Write(BitConverter.GetBytes((ushort)(body.Length + 8)));
        to.Write(body);
    }

    private static ulong U64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));

    private static string[] Events(byte[] bytes)
    {
        var sink = Reading.Bytes(bytes, "perf.data");
        Assert.Equal(0, sink.Sources[0].Skipped);
        Assert.NotEmpty(sink.Events);
        return [.. sink.Events.Select(e => FormattableString.Invariant($"{e.TimeNs} {e.Kind} {sink.Text(e.NameId)} {e.Cpu} {e.Pid} {sink.Text(e.DeviceId)} {e.DmaAddr:x} {e.PhysAddr:x} {e.Bytes} {sink.Text(e.TextId)}"))];
    }
}
