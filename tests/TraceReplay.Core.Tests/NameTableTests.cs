using System.Globalization;
using System.Text;

namespace TraceReplay.Core.Tests;

public class NameTableTests
{
    [Fact]
    public void Ids_stay_while_the_table_grows()
    {
        var table = new NameTable();
        var names = Enumerable.Range(0, 5000).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToList();
        var ids = names.ConvertAll(table.Intern);
        Assert.Equal(Enumerable.Range(1, 5000), ids);
        Assert.Equal(ids, names.ConvertAll(table.Intern));
        Assert.Equal(names, ids.ConvertAll(table.Text));
        Assert.Equal(5001, table.Count);
    }

    [Fact]
    public void Bytes_stay_as_they_stood_in_the_source()
    {
        var table = new NameTable();
        byte[] hostile = [0xff, 0x00, (byte)'a', 0x1b];
        var id = table.Intern(hostile);
        Assert.Equal(hostile, table.Bytes(id).ToArray());
        Assert.Equal("\ufffd\0a\u001b", table.Text(id));
        Assert.NotEqual(id, table.Intern(Encoding.UTF8.GetBytes(table.Text(id))));
    }

    [Fact]
    public void The_empty_name_is_absent()
    {
        var table = new NameTable();
        Assert.Equal(0, table.Intern(string.Empty));
        Assert.Equal(string.Empty, table.Text(0));
    }
}
