using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace TraceReplay.Analysis.Tests;

/// <summary>A copy of the parts of /sys and /proc that the capture script uses, and commands of its own in front of the real ones: what
/// the kernel does when a tracing instance is made, they do with plain files.</summary>
internal sealed class FakeMachine : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tracereplay-machine-").FullName;

    public FakeMachine(string release, string machine, string kallsyms)
    {
        Write("root/proc/kallsyms", kallsyms);
        Write("root/proc/uptime", "24.71 40.00\n");
        Write("root/proc/cmdline", "console=ttyS0 swiotlb=512,force\n");
        Write("root/proc/version", $"Linux version {release} (build@host) (gcc) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)\n");
        Write("root/proc/cpuinfo", "processor\t: 0\nprocessor\t: 1\n");
        Write("root/sys/kernel/tracing/kprobe_events", string.Empty);
        Directory.CreateDirectory(Path.Combine(_folder, "root/sys/kernel/tracing/instances"));
        Write("root/sys/kernel/tracing/events/swiotlb/swiotlb_bounced/format", "name: swiotlb_bounced\n");
        Write("bin/mkdir", $"""
            case "$*" in
                *instances/tracereplay) /bin/cp -r "{_folder}/instance" "$1" ;;
                *) /bin/mkdir "$@" ;;
            esac
            """);
        Write("bin/rmdir", "case \"$1\" in *instances/tracereplay) /bin/rm -r \"$1\" ;; *) /bin/rmdir \"$@\" ;; esac");
        Write("bin/id", "echo \"${FAKE_ID:-0}\"");
        Write("bin/uname", $"case \"$1\" in -m) echo {machine} ;; -r) echo {release} ;; *) echo 'Linux host {release} #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16) {machine} GNU/Linux' ;; esac");
        Write("bin/sleep", "exit 0");
        Write("bin/dmesg", $"cat {_folder}/dmesg");
        Write("bin/sync", $"""
            T={_folder}/root/sys/kernel/tracing
            case $(tail -n 1 "$T/kprobe_events") in
                *:gt/areas*) cat {_folder}/areas > "$T/instances/tracereplay/trace" ;;
                *) cat {_folder}/pool > "$T/instances/tracereplay/trace" ;;
            esac
            """);
        foreach (var name in new[] { "tracing_on", "buffer_size_kb", "trace_marker", "trace", "events/enable", "events/gt/enable", "events/gt/pool/enable", "events/gt/areas/enable", "events/swiotlb/enable" })
        {
            Write("instance/" + name, string.Empty);
        }

        Write("instance/trace_clock", "[local] global counter uptime perf mono mono_raw boot tai x86-tsc\n");
        Write("instance/per_cpu/cpu0/stats", "entries: 10\noverrun: 0\ncommit overrun: 0\nbytes: 1\ndropped events: 0\n");
        Write("dmesg", $"[    0.000000] Linux version {release} (build@host) (gcc) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)\n");
        Write("pool", string.Empty);
        Write("areas", string.Empty);
    }

    public string Tracing => Path.Combine(_folder, "root/sys/kernel/tracing");

    public string Out => Path.Combine(_folder, "capture");

    public void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, name.StartsWith("bin/", StringComparison.Ordinal) ? "#!/bin/sh\n" + text + "\n" : text);
        if (name.StartsWith("bin/", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }
    }

    /// <summary>Runs a script on this machine.</summary>
    public (int ExitCode, string Error) Run(string script, string shell = "sh", params (string Name, string Value)[] environment)
    {
        const string empty = "ROOT=  ";
        Assert.Contains(empty, script, StringComparison.Ordinal);
        Write("capture.sh", script.Replace(empty, $"ROOT={_folder}/root ", StringComparison.Ordinal));
        var start = new ProcessStartInfo(shell, [Path.Combine(_folder, "capture.sh"), "-d", "2", "-o", Out, "-m", "1"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = _folder,
        };
        start.Environment["PATH"] = Path.Combine(_folder, "bin") + ":" + Environment.GetEnvironmentVariable("PATH");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "the script did not end");
        return (process.ExitCode, error.GetAwaiter().GetResult());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A trace of a small pool of 512 slots in one area: one device holds 480 of them, another fails.</summary>
    public static string SwiotlbTrace()
    {
        const ulong start = 0x78500000;
        var text = new StringBuilder();
        var time = 25.0;
        var (used, next) = (0, 0);
        void Line(string body)
        {
            time += 0.001;
            text.Append(CultureInfo.InvariantCulture, $"              lg-301     [000] .....    {time:F6}: {body}\n");
        }

        void Map(string device, int bytes)
        {
            var slots = (bytes + 2047) / 2048;
            Line(string.Create(CultureInfo.InvariantCulture, $"map_in: (swiotlb_tbl_map_single+0x0/0x6c0) dev=\"{device}\" orig=0x3df5000 msize={bytes} asize={bytes} amask=0x0 dir=1 a0u={used} a0i={next % 512}"));
            if (used + slots > 512)
            {
                Line("map_ret: (swiotlb_map+0x6f/0x260 <- swiotlb_tbl_map_single) ret=0xffffffffffffffff");
                return;
            }

            Line(string.Create(CultureInfo.InvariantCulture, $"map_ret: (swiotlb_map+0x6f/0x260 <- swiotlb_tbl_map_single) ret=0x{start + ((ulong)next * 2048):x}"));
            (used, next) = (used + slots, next + slots);
        }

        for (var i = 0; i < 15; i++)
        {
            Map("0000:00:05.0", 65536);
        }

        for (var i = 0; i < 20; i++)
        {
            Map("0000:00:02.0", 4096);
        }

        return text.ToString();
    }
}
