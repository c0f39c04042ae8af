using System.Runtime.CompilerServices;

namespace TraceReplay.TestSupport;

/// <summary>Compares output with an approved copy beside the tests. <c>TRACEREPLAY_APPROVE=1</c> renews the copies.</summary>
internal static class Approved
{
    /// <summary>Fails unless the text equals the approved file <c>Approved/NAME</c> beside the calling test.</summary>
    public static void Check(string name, string actual, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(caller)!, "Approved", name);
        if (Environment.GetEnvironmentVariable("TRACEREPLAY_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing: look at the output, then run with TRACEREPLAY_APPROVE=1");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
