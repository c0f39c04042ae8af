using System.Runtime.InteropServices;
using System.Text;

namespace TraceReplay.Cli.Output;

/// <summary>Standard output or error, written by the system call itself: a reader that went away is noticed at once
/// (<see cref="BrokenPipeException"/>), and the console's machinery is not loaded for a program that only prints.</summary>
internal sealed partial class StandardStream(int descriptor) : Stream
{
    private const int Interrupted = 4, TryAgain = 11, PipeBroken = 32;
    private static readonly UTF8Encoding Utf8 = new(false);

    /// <summary>Standard output.</summary>
    public static StandardStream Out { get; } = new(1);

    /// <summary>Standard error.</summary>
    public static StandardStream Error { get; } = new(2);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A writer of UTF-8 text with <c>\n</c> line ends; flush it at the end.</summary>
    public StreamWriter Writer() => new(this, Utf8, 1 << 16, leaveOpen: true) { NewLine = "\n" };

    /// <summary>Writes text at once. On standard error nothing is said when that fails: there is nobody left to tell.</summary>
    public void Write(string text)
    {
        try
        {
            Write(Utf8.GetBytes(text));
        }
        catch (IOException) when (descriptor == 2)
        {
            // Nowhere to complain to.
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var written = SystemWrite(descriptor, buffer, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error is Interrupted)
            {
                continue;
            }

            if (error is TryAgain)
            {
                Thread.Sleep(1);
                continue;
            }

            var message = Marshal.GetPInvokeErrorMessage(error);
            throw error is PipeBroken ? new BrokenPipeException(message) : new IOException($"cannot write the output: {message}");
        }
    }

    public override void Flush()
    {
        // Nothing is held back here.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint SystemWrite(int descriptor, ReadOnlySpan<byte> buffer, nint count);
}

/// <summary>The reader of the output has gone.</summary>
internal sealed class BrokenPipeException(string message) : IOException(message);
