using System.Reflection;

namespace TraceReplay.TestSupport;

/// <summary>Compares output with an approved copy beside the tests. <c>TRACEREPLAY_APPROVE=1</c> renews the copies.</summary>
internal static class Approved
{
    /// <summary>Fails unless the text equals the approved file <c>Approved/NAME</c> of the test project.</summary>
    public static void Check(string name, string actual)
    {
        var project = Assembly.GetExecutingAssembly().GetName().Name!;
        var path = Places.InCheckout("tests", project, "Approved", name);
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
