namespace TraceReplay.EndToEnd.Tests;

/// <summary>A folder of its own, removed at the end.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("tracereplay-test-").FullName;

    public string File(string name) => Path.Combine(_path, name);

    public string Write(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    public string Write(string name, string content)
    {
        System.IO.File.WriteAllText(File(name), content);
        return File(name);
    }

    public override string ToString() => _path;

    public void Dispose() => Directory.Delete(_path, true);
}
