using System.Globalization;

namespace TraceReplay.Diagnosis.Knowledge;

/// <summary>A knowledge file cannot be read: which file, which line, what was expected.</summary>
public sealed class KnowledgeException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">File.</param>
    /// <param name="line">Line from 1, 0 = the whole file.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="hint">What to write instead.</param>
    public KnowledgeException(string path, int line, string problem, string hint)
        : base(string.Create(CultureInfo.InvariantCulture, $"{path}{(line > 0 ? $":{line}" : string.Empty)}: {problem}"))
    {
        (Path, Line, Problem, Hint) = (path, line, problem, hint);
    }

    /// <summary>File.</summary>
    public string Path { get; }

    /// <summary>Line from 1, 0 = the whole file.</summary>
    public int Line { get; }

    /// <summary>What is wrong.</summary>
    public string Problem { get; }

    /// <summary>What to write instead.</summary>
    public string Hint { get; }
}
