using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Modules;

/// <summary>Configuration of module loading: <c>/etc/modprobe.d/*.conf</c>, <c>/etc/modprobe.conf</c>, <c>/etc/modules.conf</c> of 2.4.
/// Only <c>options</c> lines give facts.</summary>
internal sealed class ModuleOptionsFormat : IFormat
{
    private const int LongestLine = 65536;

    private static readonly string[] Words =
    [
        "options", "alias", "install", "remove", "blacklist", "softdep", "include", "config", "keep", "path", "add", "above", "below", "probe",
        "probeall", "pre-install", "post-install", "pre-remove", "post-remove", "depfile", "if", "else", "endif", "define", "prune", "insmod_opt", "weakdep",
    ];

    /// <inheritdoc/>
    public string Name => "modprobe-options";

    /// <inheritdoc/>
    public string Description => "/etc/modprobe.d/*.conf, /etc/modprobe.conf, /etc/modules.conf";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var known = 0;
        var other = 0;
        var options = 0;
        var rest = input.Head;
        while (!rest.IsEmpty)
        {
            var line = HeadLines.Next(ref rest).Trim((byte)' ');
            if (line.IsEmpty || line[0] == (byte)'#')
            {
                continue;
            }

            var word = Encoding.UTF8.GetString(line[..(line.IndexOfAny((byte)' ', (byte)'\t') is > 0 and < 16 and var end ? end : 0)]);
            var isKnown = Array.IndexOf(Words, word) >= 0;
            known += isKnown ? 1 : 0;
            other += isKnown ? 0 : 1;
            options += word is "options" or "alias" or "blacklist" or "softdep" or "install" ? 1 : 0;
        }

        return options > 0 && known >= 4 * other ? new ProbeResult(85, "lines of modprobe's configuration") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var before = string.Empty;
        var first = 0L;
        var lines = job.OpenLines();
        while (lines.Next(out var bytes))
        {
            if (bytes.Length + before.Length > LongestLine)
            {
                job.Skipped++;
                before = string.Empty;
                continue;
            }

            first = before.Length == 0 ? lines.LineNumber : first;
            var line = before + Encoding.UTF8.GetString(bytes).Trim();
            if (line.EndsWith('\\'))
            {
                before = line[..^1] + " ";
                job.Continuations++;
                continue;
            }

            before = string.Empty;
            var isOptions = line.StartsWith("options ", StringComparison.Ordinal) || line.StartsWith("options\t", StringComparison.Ordinal);
            job.Understood += isOptions ? 1 : 0;
            job.Comments += isOptions ? 0 : 1;
            if (isOptions)
            {
                Options(job, KernelWords.Split(line), job.At(first));
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
    }

    private static void Options(SourceJob job, IReadOnlyList<string> words, SourceRef at)
    {
        // 2.4 allows flags of insmod between the verb and the module.
        var module = Enumerable.Range(1, words.Count - 1).FirstOrDefault(i => words[i][0] != '-');
        for (var i = module + 1; module > 0 && i < words.Count; i++)
        {
            var equals = words[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? words[i] : words[i][..equals];
            job.Fact(new ModuleParameterFact(
                words[module].Replace('-', '_'), name.Replace('-', '_'), equals < 0 ? string.Empty : words[i][(equals + 1)..].Trim('"'), ParameterOrigin.Configured, at));
        }
    }
}
