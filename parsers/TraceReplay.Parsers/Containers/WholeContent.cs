namespace TraceReplay.Parsers.Containers;

/// <summary>The whole content of a source in memory, for binary and nested forms that cannot be read line by line.</summary>
internal static class WholeContent
{
    /// <summary>Reads to the end, or refuses what is larger than a bound.</summary>
    /// <param name="job">The source; a refusal is reported to it.</param>
    /// <param name="most">Most bytes that are taken, at most 1 GiB.</param>
    /// <param name="refusal">What is said of a larger one: what it is and what to give instead.</param>
    /// <returns>The bytes, or null if the content was refused.</returns>
    public static Memory<byte>? Read(SourceJob job, long most, string refusal)
    {
        using var content = new MemoryStream();
        while (job.Pump.Take() is { } block)
        {
            content.Write(block.Bytes, BlockPump.Headroom, block.Length);
            job.Pump.Return(block);
            if (content.Length > most)
            {
                job.Report(Notice.RefusedForm, 0, refusal);
                return null;
            }
        }

        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }
}
