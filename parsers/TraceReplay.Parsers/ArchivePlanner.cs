using System.Buffers;
using TraceReplay.Core;
using TraceReplay.Parsers.Containers;
using TraceReplay.Parsers.KernelLog;
using TraceReplay.Parsers.Trees;

namespace TraceReplay.Parsers;

/// <summary>Walks an archive and the archives in it, once; keeps the members that a format recognises, and tells of the rest.</summary>
internal sealed class ArchivePlanner(SourcePlanner planner, IRecordSink sink, CancellationToken cancellation) : IDisposable
{
    // What of a member is read before its format is looked for; smaller members are then in memory as a whole.
    private const int HeadBytes = 8 << 20;

    private readonly MemberStore _store = new();
    private readonly byte[] _value = new byte[TreeMembers.ValueBytes];
    private byte[]? _head;

    /// <summary>Plans the reading of all members.</summary>
    /// <param name="path">Path of the archive as shown.</param>
    /// <param name="archive">The archive.</param>
    /// <returns>The members that can be used, in ordinal order of their paths.</returns>
    public IReadOnlyList<PlannedSource> Plan(string path, OpenedSource archive)
    {
        var plan = new List<PlannedSource>();
        Walk(path, archive, 1, plan);
        plan.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return plan;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _store.Dispose();
        if (_head is not null)
        {
            ArrayPool<byte>.Shared.Return(_head);
            _head = null;
        }
    }

    private void Walk(string path, OpenedSource archive, int depth, List<PlannedSource> plan)
    {
        var members = new TreeMembers();
        string? damage = null;
        try
        {
            foreach (var (name, content, modified) in ArchiveMembers.Walk(archive.Pump.Head, new PumpStream(archive.Pump), archive.Budget))
            {
                cancellation.ThrowIfCancellationRequested();
                members.Seen++;
                var place = TreePath.Of(name);
                if (place.Use == TreeUse.Pass)
                {
                    members.Pass(place.Reason, name);
                }
                else if (place.Use == TreeUse.Value)
                {
                    Value(place, name, content, members);
                }
                else
                {
                    Member(path, name, (content, modified), archive, depth, plan, members);
                }
            }
        }
        catch (InvalidDataException e)
        {
            damage = e.Message;
        }

        // Where compressed data end early, the archive only seems to end.
        if ((archive.Pump.Failure ?? damage) is { } reason)
        {
            sink.Report(Notice.ContentCut.At(new SourceRef(path, 0), reason));
        }

        plan.AddRange(members.Sources($"{path}!", stream => planner.Open(stream)));
        members.Tell(sink, new SourceRef(path, 0), "members");
    }

    private void Value(in TreePath place, string name, Stream content, TreeMembers members)
    {
        try
        {
            var length = content.ReadAtLeast(_value, _value.Length, throwOnEndOfStream: false);
            members.Add(place, name, _value.AsSpan(0, length));
        }
        catch (InvalidDataException)
        {
            members.Pass("damaged files", name);
        }
    }

    private void Member(string archivePath, string name, (Stream Content, DateTime? Modified) member, OpenedSource archive, int depth, List<PlannedSource> plan, TreeMembers members)
    {
        var path = $"{archivePath}!{name}";
        var head = _head ??= ArrayPool<byte>.Shared.Rent(HeadBytes);
        int length;
        try
        {
            length = member.Content.ReadAtLeast(head.AsSpan(0, HeadBytes), HeadBytes, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            sink.Report(Notice.MemberUnreadable.At(new SourceRef(path, 0), e.Message));
            return;
        }

        var rest = length < HeadBytes ? null : member.Content;
        using var looked = Opened(path, head, length);
        if (looked is null)
        {
            return;
        }

        if (ArchiveMembers.Recognise(looked.Pump.Head))
        {
            Nested(path, head.AsSpan(0, length), rest, archive, depth, plan);
            return;
        }

        var format = SourcePlanner.Detect(path, looked, out var result);
        if (SourcePlanner.IsUsed(format, result, isTree: true, members))
        {
            Keep(path, format!, head.AsSpan(0, length), (rest, member.Modified), plan);
        }
        else if (rest is null && looked.Pump.Failure is { } failure)
        {
            sink.Report(Notice.MemberUnreadable.At(new SourceRef(path, 0), failure));
        }
        else
        {
            members.Pass(SourcePlanner.Reason(looked, format, result), name);
        }
    }

    /// <summary>One member whose compression needs a library that is missing does not end the rest.</summary>
    private OpenedSource? Opened(string path, byte[] head, int length)
    {
        try
        {
            return planner.Open(new MemoryStream(head, 0, length));
        }
        catch (DllNotFoundException e)
        {
            sink.Report(Notice.LibraryMissing.At(new SourceRef(path, 0), e.Message.Split('\n')[0]));
            return null;
        }
    }

    private void Nested(string path, ReadOnlySpan<byte> head, Stream? rest, OpenedSource archive, int depth, List<PlannedSource> plan)
    {
        if (depth >= ArchiveMembers.MaxDepth)
        {
            sink.Report(Notice.NestedTooDeep.At(new SourceRef(path, 0), string.Empty));
            return;
        }

        var copy = head.ToArray();
        using var nested = planner.Open(new PrefixedStream(copy, copy.Length, rest ?? Stream.Null, leaveOpen: true), archive.Budget);
        Walk(path, nested, depth + 1, plan);
    }

    private void Keep(string path, IFormat format, ReadOnlySpan<byte> head, (Stream? Tail, DateTime? Modified) member, List<PlannedSource> plan)
    {
        try
        {
            var kept = _store.Keep(head, member.Tail);
            plan.Add(new PlannedSource(path, format, () => planner.Open(kept())) { Part = LogPart.Of(head), HasLines = PlannedSource.Lines(head), Modified = member.Modified });
        }
        catch (InvalidDataException e)
        {
            sink.Report(Notice.MemberUnreadable.At(new SourceRef(path, 0), e.Message));
        }
    }
}
