using System.Runtime.CompilerServices;

namespace TraceReplay.Parsers.Containers;

/// <summary>Makes the runtime's inflate tell that its input is cut off; by default it ends silently there. The switch is
/// read when the first stream is made, and so it is set when this assembly is loaded.</summary>
internal static class StrictDecompression
{
#pragma warning disable CA2255 // A module initialiser is the only place that comes before every use.
    [ModuleInitializer]
    internal static void Enable() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
#pragma warning restore CA2255
}
