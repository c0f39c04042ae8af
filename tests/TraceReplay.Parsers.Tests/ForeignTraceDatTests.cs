using System.Buffers.Binary;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Recordings of machines of the other byte order and of 32 bits: no such machine was at hand, so the file is laid out here as
/// kernel/trace/ring_buffer.c and trace-cmd do.</summary>
public class ForeignTraceDatTests
{
    [Theory]
    [InlineData(false, 8)]
    [InlineData(true, 8)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    public void Byte_order_and_long_size_are_those_of_the_traced_machine(bool bigEndian, int longBytes)
    {
        var file = new Builder(bigEndian, longBytes).Build();
        var sink = Reading.Bytes(file, "trace.dat");

        var bounces = sink.Events.Where(e => e.Kind == EventKind.Bounce).ToArray();
        Assert.Equal([1_000_000_005L, 1_000_000_005L + (3L << 27) + 7, 2_000_000_009L], bounces.Select(e => e.TimeNs));
        Assert.All(bounces, e => Assert.Equal(("0001:00:01.0", 0xffffffffUL, 0x123456000UL, 81L, "dd", 77), (sink.Text(e.DeviceId), e.Limit, e.PhysAddr, e.Bytes, sink.Text(e.CommId), e.Pid)));
        Assert.All(bounces, e => Assert.True(e.Fields.HasFlag(EventFields.Interrupt | EventFields.Forced)));
        Assert.Equal("swiotlb_map|other", sink.Text(sink.First(EventKind.Stack).TextId));
        Assert.Equal((42L, 0L), (sink.Sources[0].Lost, sink.Sources[0].Skipped));
    }

    /// <summary>Option --date holds microseconds to add; the clock tsc2nsec says how cycles become time.</summary>
    [Fact]
    public void Options_bring_stamps_to_the_wall_and_cycles_to_nanoseconds()
    {
        var date = new TraceDat.RecordingOptions();
        date.Take(1, new Containers.RandomContent("0x660cefc7a3d80\0"u8.ToArray()), bigEndian: false);
        Assert.Equal((true, 0x660cefc7a3d80 * 1000 + 5), (date.IsWallTime, date.Nanoseconds(5)));

        var cycles = new TraceDat.RecordingOptions();
        cycles.Take(14, new Containers.RandomContent(new byte[] { 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 100 }), bigEndian: true);
        Assert.Equal(((ulong.MaxValue / 2) + 100, true), ((ulong)cycles.Nanoseconds(ulong.MaxValue), cycles.HasNanoseconds));
    }

    private sealed class Builder(bool bigEndian, int longBytes)
    {
        private const int PageBytes = 4096;

        private readonly List<byte> _out = [];

        public byte[] Build()
        {
            Add([0x17, 0x08, 0x44]);
            Add("tracing6\0"u8);
            Add([bigEndian ? (byte)1 : (byte)0, (byte)longBytes]);
            U32(PageBytes);
            Named("header_page\0", $"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n\tfield: local_t commit;\toffset:8;\tsize:{longBytes};\tsigned:1;\n\tfield: char data;\toffset:{8 + longBytes};\tsize:4080;\tsigned:1;\n");
            Named("header_event\0", "# compressed entry header\n");
            U32(1);
            Sized64(Format("kernel_stack", 4, "field:int size;\toffset:8;\tsize:4;\tsigned:1;\n\tfield:unsigned long caller[];\toffset:16;\tsize:0;\tsigned:0;"));
            U32(1);
            Add("swiotlb\0"u8);
            U32(1);
            Sized64(Format(
                "swiotlb_bounced", 300,
                "field:__data_loc char[] dev_name;\toffset:8;\tsize:4;\tsigned:1;\n\tfield:u64 dma_mask;\toffset:16;\tsize:8;\tsigned:0;\n\tfield:dma_addr_t dev_addr;\toffset:24;\tsize:8;\tsigned:0;\n"
                + $"\tfield:size_t size;\toffset:32;\tsize:{longBytes};\tsigned:0;\n\tfield:bool force;\toffset:40;\tsize:1;\tsigned:0;"));
            Sized32("0000000080000100 T swiotlb_map\n0000000080000a00 T other\n");
            Sized32(string.Empty);
            Sized64("77 dd\n");
            U32(1);
            Add("options  \0"u8);
            U16(0);
            Add("flyrecord\0"u8);
            var start = (_out.Count + 16 + PageBytes - 1) / PageBytes * PageBytes;
            U64((ulong)start);
            U64(2 * PageBytes);
            Add(new byte[start - _out.Count]);
            FirstPage();
            SecondPage();
            return [.. _out];
        }

        private static string Format(string name, int id, string fields) =>
            $"name: {name}\nID: {id}\nformat:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n\t{fields}\n\nprint fmt: \"\"\n";

        private void FirstPage()
        {
            var page = new Builder(bigEndian, longBytes);
            page.Bounce(5);
            page.Head(30, 7);
            page.U32(3);
            page.Bounce(0);
            page.Stack();
            Page(1_000_000_000, page._out, lost: 0);
        }

        /// <summary>Events were lost before it, and their number stands behind its data.</summary>
        private void SecondPage()
        {
            var page = new Builder(bigEndian, longBytes);
            page.Bounce(9);
            Page(2_000_000_000, page._out, lost: 42);
        }

        private void Page(ulong time, List<byte> data, ulong lost)
        {
            var before = _out.Count;
            U64(time);
            Long((uint)data.Count | (lost > 0 ? 3UL << 30 : 0));
            Add(data.ToArray());
            if (lost > 0)
            {
                Long(lost);
            }

            Add(new byte[PageBytes - (_out.Count - before)]);
        }

        private void Head(uint type, uint delta) => U32(bigEndian ? (type << 27) | delta : type | (delta << 5));

        private void Bounce(uint delta)
        {
            // Its length stands in a word of its own, which counts.
            Head(0, delta);
            U32(64);
            var before = _out.Count;
            U16(300);
            Add([0x08, 0]);
            U32(77);
            U32((13u << 16) | 44);
            U32(0);
            U64(0xffffffff);
            U64(0x123456000);
            Long(81);
            Add(new byte[8 - longBytes]);
            Add([1, 0, 0, 0]);
            Add("0001:00:01.0\0\0\0\0"u8);
            Assert.Equal(60, _out.Count - before);
        }

        private void Stack()
        {
            var words = (16 + (3 * longBytes)) / 4;
            Head((uint)words, 0);
            U16(4);
            Add([0, 0]);
            U32(77);
            U32(2);
            U32(0);
            Long(0x80000123);
            Long(0x80000abc);
            Long(longBytes == 8 ? ulong.MaxValue : uint.MaxValue);
        }

        private void Named(string name, string text)
        {
            Add(Encoding.ASCII.GetBytes(name));
            Sized64(text);
        }

        private void Sized64(string text)
        {
            U64((ulong)text.Length);
            Add(Encoding.ASCII.GetBytes(text));
        }

        private void Sized32(string text)
        {
            U32((uint)text.Length);
            Add(Encoding.ASCII.GetBytes(text));
        }

        private void Add(ReadOnlySpan<byte> bytes) => _out.AddRange(bytes);

        private void Long(ulong value)
        {
            if (longBytes == 8)
            {
                U64(value);
            }
            else
            {
                U32((uint)value);
            }
        }

        private void U16(ushort value)
        {
            Span<byte> bytes = stackalloc byte[2];
            if (bigEndian)
            {
                BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
            }

            Add(bytes);
        }

        private void U32(uint value)
        {
            Span<byte> bytes = stackalloc byte[4];
            if (bigEndian)
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            }

            Add(bytes);
        }

        private void U64(ulong value)
        {
            U32((uint)(bigEndian ? value >> 32 : value));
            U32((uint)(bigEndian ? value : value >> 32));
        }
    }
}
