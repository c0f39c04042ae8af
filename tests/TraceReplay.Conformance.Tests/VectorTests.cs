using System.Text;
using TraceReplay.Parsers.Containers;
using TraceReplay.Pools.Scripts;

namespace TraceReplay.Conformance.Tests;

/// <summary>Every answer of every model against the kernel's.</summary>
public class VectorTests
{
    public static TheoryData<string> Kept => [.. VectorFolders.In(VectorFolders.Kept)];

    public static TheoryData<string> All => [.. VectorFolders.In(VectorFolders.All).DefaultIfEmpty("")];

    [Theory]
    [MemberData(nameof(Kept))]
    public void Kept_vectors_are_answered_as_the_kernel_does(string name) => Check(VectorFolders.Kept, name);

    [Theory]
    [MemberData(nameof(All))]
    public void All_vectors_are_answered_as_the_kernel_does(string name)
    {
        // The empty name stands for "the vectors are not on this machine".
        if (name.Length > 0)
        {
            Check(VectorFolders.All!, name);
        }
    }

    private static void Check(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        var script = Unpack(path + ".ops.zst");
        var answers = new StringWriter();
        SimulateScript.Run(Path.GetDirectoryName(name)!, new MemoryStream(script), answers);
        Compare(Unpack(path + ".out.zst"), answers.ToString(), script);
    }

    private static byte[] Unpack(string path)
    {
        using var packed = new ZstdStream(File.OpenRead(path));
        var unpacked = new MemoryStream();
        packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    private static void Compare(byte[] expected, string actual, byte[] script)
    {
        var expectedText = Encoding.ASCII.GetString(expected);
        if (expectedText == actual)
        {
            return;
        }

        var operations = Encoding.ASCII.GetString(script).Split('\n').Where(line => line is ['s' or 'a' or 'f', ..]).ToArray();
        var (left, right) = (expectedText.Split('\n'), actual.Split('\n'));
        var at = 0;
        while (at < left.Length && at < right.Length && left[at] == right[at])
        {
            at++;
        }

        Assert.Fail($"operation {at + 1} '{operations.ElementAtOrDefault(at)}': the kernel says "
            + $"'{left.ElementAtOrDefault(at)}', the model '{right.ElementAtOrDefault(at)}'");
    }
}
