using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Pools.Scripts;

/// <summary>Runs an allocator script (vectors/README.md) against a model named as the folders of the vectors
/// are.</summary>
public static class SimulateScript
{
    private const string ModelForms =
        "a model is ALLOCATOR-KERNEL, for example swiotlb-6.1.192, tce-2.6.15, gart-6.1.192 or iova-6.12.117";

    /// <summary>Reads a script and writes one answer line per operation.</summary>
    /// <param name="modelName"><c>ALLOCATOR-KERNEL</c>; any kernel version, or a generation's name
    /// (<c>swiotlb-G4</c>).</param>
    /// <param name="script">The script as plain text; it is read forward and not closed.</param>
    /// <param name="output">Receives the answers.</param>
    /// <exception cref="ScriptException">The model is not known, or a line of the script cannot be run. Answers up to
    /// that line have been written.</exception>
    public static void Run(string modelName, Stream script, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(modelName);
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(output);
        var (dialect, kernel) = Resolve(modelName);
        using var reader = new StreamReader(script, Encoding.UTF8, false, 1 << 16, leaveOpen: true);
        VectorRunner.Run(new VectorScript(reader), dialect, kernel, output);
    }

    private static (ScriptDialect Dialect, string Kernel) Resolve(string modelName)
    {
        var dash = modelName.IndexOf('-', StringComparison.Ordinal);
        var allocator = dash < 0 ? modelName : modelName[..dash];
        var kernel = dash < 0 ? "" : modelName[(dash + 1)..];
        ScriptDialect dialect = allocator switch
        {
            "swiotlb" => new SwiotlbDialect(),
            "tce" => new TceDialect(),
            "gart" => new GartDialect(),
            "iova" => new IovaDialect(),
            _ => throw new ScriptException(0, $"'{modelName}' is not a model", ModelForms),
        };
        var kind = PoolKindNames.Parse(allocator) ?? PoolKind.Unknown;
        return KernelVersion.TryParse(kernel, out _) || PoolModels.IsGeneration(kind, kernel)
            ? (dialect, kernel)
            : throw new ScriptException(
                0, $"'{kernel}' in '{modelName}' is neither a kernel version nor a generation", ModelForms);
    }
}
