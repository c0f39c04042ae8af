using System.Runtime.InteropServices;

namespace TraceReplay.Benchmarks;

/// <summary>Processor time of the calling thread, so that a busy machine does not count as a slow model (clock_gettime, Linux).</summary>
public static partial class ThreadClock
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Nanoseconds of processor time so far.</summary>
    public static long NowNs() => Read(ThreadCpuTime, out var time) == 0
        ? (time.Seconds * 1_000_000_000) + time.Nanoseconds
        : throw new InvalidOperationException("the thread's processor time cannot be read");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
