using TraceReplay.Parsers.Sysfs;

namespace TraceReplay.Parsers.Trees;

/// <summary>What is done with a file of a tree, by where it lies.</summary>
internal enum TreeUse
{
    /// <summary>Its first bytes are looked at, as those of any file.</summary>
    Look,

    /// <summary>A small file with one value: gathered with its path.</summary>
    Value,

    /// <summary>Not looked at.</summary>
    Pass,
}

/// <summary>A file's place in the copy of a machine's file tree (sosreport, a tar of <c>/proc</c> and <c>/sys</c>, a copied disk). What a
/// file is, its bytes say; the place only tells what need not be opened: such trees hold hundreds of thousands of files. The
/// names are those of sos (sos/report/plugins: scsi, kernel, logs, multipath, pci, memory, block).</summary>
internal readonly record struct TreePath
{
    private const int DeepestRoot = 3;

    private static readonly string[] Roots = ["proc", "sys", "etc", "var", "usr", "lib", "lib64", "boot", "opt", "run", "bin", "sbin", "snap", "sos_commands", "sos_reports", "sos_logs", "sos_strings"];
    private static readonly string[] ProcFiles = ["cmdline", "meminfo", "iomem", "version", "modules", "kmsg", "scsi"];

    /// <summary>What is done with it.</summary>
    public TreeUse Use { get; private init; }

    /// <summary>Length of what stands before the tree's root (<c>sosreport-host-2026/</c>); -1 if the path lies in no tree.</summary>
    public int RootLength { get; private init; }

    /// <summary>Format that reads the value, for <see cref="TreeUse.Value"/>.</summary>
    public string Format { get; private init; }

    /// <summary>Why it is passed over, for <see cref="TreeUse.Pass"/>.</summary>
    public string Reason { get; private init; }

    /// <summary>Judges a path.</summary>
    /// <param name="path">Path within the folder or archive, with <c>/</c>.</param>
    /// <returns>What is done with it.</returns>
    public static TreePath Of(string path)
    {
        var start = 0;
        for (var depth = 0; depth <= DeepestRoot; depth++)
        {
            var slash = path.IndexOf('/', start);
            if (slash < 0)
            {
                break;
            }

            if (Array.IndexOf(Roots, path[start..slash]) >= 0)
            {
                return Within(path[start..slash], path[(slash + 1)..], path[start..]) with { RootLength = start };
            }

            start = slash + 1;
        }

        return Rootless(path);
    }

    /// <summary>Parts of sysfs copied by themselves: <c>scsi_host/host3/can_queue</c>, <c>swiotlb/io_tlb_used</c>.</summary>
    private static TreePath Rootless(string path)
    {
        var name = path.LastIndexOf('/') + 1;
        if (path.AsSpan(name).StartsWith("io_tlb_", StringComparison.Ordinal))
        {
            return Value("swiotlb-debugfs") with { RootLength = name };
        }

        var subject = SysfsPath.Parse(path);
        return subject.Subject is SysfsSubject.Host or SysfsSubject.ScsiDevice or SysfsSubject.Disk || subject.IsParameter
            ? Value("sysfs-values") with { RootLength = 0 }
            : Look with { RootLength = -1 };
    }

    private static TreePath Within(string root, string inner, string path) => root switch
    {
        "sys" => Sys(inner, path),
        "proc" => Proc(inner),
        "etc" => IsModuleOptions(inner) || IsRelease(inner) ? Look : Passed("configuration files"),
        "usr" or "lib" when inner.EndsWith("os-release", StringComparison.Ordinal) => Look,
        "var" => inner.StartsWith("log/", StringComparison.Ordinal) || inner.StartsWith("crash/", StringComparison.Ordinal) ? Look : Passed("files of programs (/var)"),
        "run" => inner.StartsWith("log/", StringComparison.Ordinal) ? Look : Passed("files of programs (/run)"),
        "sos_commands" => Look,
        "sos_reports" or "sos_logs" or "sos_strings" => Passed("sos's own reports"),
        _ => Passed("programs and libraries"),
    };

    private static TreePath Look => new() { Use = TreeUse.Look, Format = string.Empty, Reason = string.Empty };

    private static TreePath Passed(string reason) => new() { Use = TreeUse.Pass, Format = string.Empty, Reason = reason };

    private static TreePath Value(string format) => new() { Use = TreeUse.Value, Format = format, Reason = string.Empty };

    private static TreePath Sys(string inner, string path)
    {
        if (SysfsPath.Parse(path).Subject != SysfsSubject.None)
        {
            return Value("sysfs-values");
        }

        if (inner.StartsWith("kernel/debug/swiotlb/", StringComparison.Ordinal))
        {
            return Value("swiotlb-debugfs");
        }

        // Traces, dma-debug's dump, logs kept over a crash; but not the hundred thousand descriptions of events.
        var isLog = inner.StartsWith("kernel/debug/", StringComparison.Ordinal) || inner.StartsWith("kernel/tracing/", StringComparison.Ordinal) || inner.StartsWith("fs/pstore/", StringComparison.Ordinal);
        return !isLog ? Passed("other values of sysfs") : inner.Contains("/events/", StringComparison.Ordinal) ? Passed("descriptions of trace events") : Look;
    }

    private static TreePath Proc(string inner)
    {
        var slash = inner.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? inner : inner[..slash];
        return first.Length > 0 && char.IsAsciiDigit(first[0]) ? Passed("files of processes (/proc)")
            : Array.IndexOf(ProcFiles, first) >= 0 ? Look
            : Passed("other files of /proc");
    }

    private static bool IsModuleOptions(string inner) => inner.StartsWith("modprobe", StringComparison.Ordinal)
        || inner is "modules.conf" or "conf.modules" || inner.StartsWith("modutils/", StringComparison.Ordinal);

    private static bool IsRelease(string inner) => inner.EndsWith("-release", StringComparison.Ordinal) && !inner.Contains('/', StringComparison.Ordinal);
}
