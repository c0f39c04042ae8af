using System.Globalization;
using System.Runtime.InteropServices;

namespace TraceReplay.Cli.Output;

/// <summary>What a standard stream can show. <c>NO_COLOR</c>, <c>TERM=dumb</c> and <c>--no-color</c> switch colours off; a
/// stream that is no terminal has none.</summary>
internal sealed partial record TerminalProfile(bool IsTerminal, bool Color, bool Unicode, int Width)
{
    private const int WidthWithoutTerminal = 100;
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Standard output.</summary>
    public static TerminalProfile Output { get; private set; } = Of(1);

    /// <summary>Standard error.</summary>
    public static TerminalProfile Error { get; private set; } = Of(2);

    /// <summary>Whether a line can be drawn over: not on a terminal that says it is dumb.</summary>
    public bool CanRedraw => IsTerminal && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "" or null);

    /// <summary>Obeys <c>--no-color</c>.</summary>
    public static void SwitchColorsOff()
    {
        Output = Output with { Color = false };
        Error = Error with { Color = false };
    }

    private static TerminalProfile Of(int descriptor)
    {
        var isTerminal = IsTerminalDescriptor(descriptor) == 1;
        var wanted = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "" or null);
        return new TerminalProfile(isTerminal, isTerminal && wanted, SpeaksUnicode(), ChooseWidth(isTerminal));
    }

    // No locale at all is a container: its terminals speak UTF-8. A locale that names another encoding is believed.
    private static bool SpeaksUnicode()
    {
        var locale = LocaleVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return locale is null || locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase)
            || locale.Contains("utf8", StringComparison.OrdinalIgnoreCase);
    }

    private static int ChooseWidth(bool isTerminal)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), CultureInfo.InvariantCulture, out var columns) && columns > 0)
        {
            return columns;
        }

        if (!isTerminal)
        {
            return WidthWithoutTerminal;
        }

        try
        {
            return Console.WindowWidth is > 0 and var width ? width : WidthWithoutTerminal;
        }
        catch (IOException)
        {
            return WidthWithoutTerminal;
        }
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTerminalDescriptor(int descriptor);
}
