using System.Globalization;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Turns recognised messages into facts. A message that the next one may complete is held back until then.</summary>
internal sealed class MessageFacts(SourceJob job)
{
    private const int MostMarkers = 65536;

    // printk calls of one place follow each other; another CPU's line may come between.
    private const int NextLines = 2;

    // A crash prints registers, modules and a trace behind the message that led to it.
    private const int ConsequenceLines = 80;

    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private readonly FailureEchoes _echoes = new();
    private readonly KnownPrefixes _prefixes = new();
    private readonly WallClocks _clocks = new(job);
    private LogMessageFact? _held;
    private LogMessageFact? _last;
    private string _host = string.Empty;

    /// <summary>The boots of the source.</summary>
    public BootEpochs Boots { get; } = new(job);

    /// <summary>Hands over the facts of one message.</summary>
    /// <param name="match">What it was recognised as.</param>
    /// <param name="line">Its line.</param>
    /// <param name="message">The message.</param>
    /// <param name="text">The same as a string.</param>
    /// <param name="values">Where the template's parts stand in it.</param>
    /// <param name="number">Line number.</param>
    /// <param name="caller">For a call trace: the function that called for the mapping.</param>
    public void Emit(
        in MessageMatch match, scoped in LogLine line, ReadOnlySpan<byte> message, string text, ReadOnlySpan<Range> values, long number, in TraceCaller caller)
    {
        var family = match.Family!;
        var fields = new MessageFields(match.Template!, message, values, match.Known);
        if (match.IsCut)
        {
            fields.Values["cut"] = "the line ends early";
        }

        var source = job.At(number);
        if (family.Use is MessageUse.Machine or MessageUse.Marker or MessageUse.Boot)
        {
            Surroundings(family, fields, line, message, source);
            return;
        }

        if (!Boots.Observe(line, message, number))
        {
            return;
        }

        _host = job.SawHost(line.Host);
        _clocks.Observe(line, Boots.Current, source);
        if (family.Use == MessageUse.Geometry)
        {
            job.Fact(MachineMessages.Geometry(family, fields, source));
        }

        if (Belongs(family, fields, source, caller))
        {
            var fact = Message(family, fields, line.TimeNs, message[..values[0].Start.Value], text, source);
            Hand(fact.Suppressed > 0 || family.Use == MessageUse.Trace ? Attributed(family, fact, caller) : fact, family);
        }
    }

    /// <summary>Brings a line's time to the clock of the lines around it.</summary>
    /// <param name="line">The line.</param>
    public void Place(ref LogLine line) => _clocks.Place(ref line, Boots.Current);

    /// <summary>The source has ended.</summary>
    public void Flush()
    {
        Release(null);
        Boots.Flush();
        _clocks.Flush();
    }

    /// <summary>Whether a message that leans on others is one by itself.</summary>
    private bool Belongs(MessageFamily family, MessageFields fields, SourceRef source, in TraceCaller caller) => family.Use switch
    {
        MessageUse.Usage => !Complete(fields, source),
        MessageUse.Repeat => _last is { IsFailure: true } && Follows(source, 1),
        MessageUse.Trace => caller.Function is { Length: > 0 } && IsNearFailure(source),
        MessageUse.Consequence => IsNearFailure(source),
        _ => true,
    };

    private bool IsNearFailure(SourceRef source) => source.Line - _echoes.LastLine is > 0 and <= ConsequenceLines;

    private bool Follows(SourceRef source, int lines) => _last is { } last && source.Line - last.Source.Line is var distance && distance > 0 && distance <= lines;

    /// <summary>Total and use of a pool, told behind the message that it refused.</summary>
    private bool Complete(MessageFields fields, SourceRef source)
    {
        if (_held is not { IsFailure: true } failure || !Follows(source, NextLines))
        {
            return false;
        }

        _held = failure with { TotalUnits = failure.TotalUnits ?? fields.Number("total"), UsedUnits = failure.UsedUnits ?? fields.Number("used") };
        Release(null);
        return true;
    }

    /// <summary>Gives a message that speaks of others their kind: repeats and traces that of the message before, suppressed
    /// counts that of the function they name.</summary>
    private LogMessageFact Attributed(MessageFamily family, LogMessageFact fact, in TraceCaller caller)
    {
        switch (family.Use)
        {
            case MessageUse.Repeat:
                return Of(fact, _last!.Kind, _last.Family) with { Device = _last.Device, Driver = _last.Driver };
            case MessageUse.Suppressed when job.Incident.Catalog.LimitedBy(fact.Function) is { } limited:
                return Of(fact, limited.Pool, limited.Name);
            case MessageUse.Trace:
                return Of(fact, _echoes.LastPool, _echoes.LastFamily) with
                {
                    Device = _echoes.LastDevice,
                    Function = caller.Function!,
                    Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["of"] = _echoes.LastFamily, ["caller"] = caller.Function!, ["module"] = caller.Module! },
                };
            default:
                return fact;
        }
    }

    private static LogMessageFact Of(LogMessageFact fact, PoolKind kind, string family) => fact with
    {
        Kind = kind,
        Fields = new Dictionary<string, string>(fact.Fields, StringComparer.Ordinal) { ["of"] = family },
    };

    /// <summary>Hands a message over, or holds it back where the next one may complete it.</summary>
    private void Hand(LogMessageFact fact, MessageFamily family)
    {
        Release(fact);
        _last = fact;
        if ((fact.IsFailure && job.Incident.Catalog.TellsUse(fact.Kind)) || (family.Use == MessageUse.Suppressed && fact.Kind == PoolKind.Unknown))
        {
            _held = fact;
            return;
        }

        job.Fact(fact);
    }

    private void Release(LogMessageFact? next)
    {
        if (_held is not { } held)
        {
            return;
        }

        // A limit shared by all printk, or all of networking, does not say whose lines it hid: it prints the count before the next
        // line that it lets through. The lines of a pool have limits of their own since 2.6.32.
        var isOfNext = held.Suppressed > 0 && next is { IsFailure: true } && next.Source.Line - held.Source.Line <= NextLines
            && (held.Function.Length == 0 || next.Kind == PoolKind.Driver);
        job.Fact(isOfNext ? Of(held, next!.Kind, next.Family) : held);
        _held = null;
    }

    private void Surroundings(MessageFamily family, MessageFields fields, scoped in LogLine line, ReadOnlySpan<byte> message, SourceRef source)
    {
        switch (family.Use)
        {
            case MessageUse.Machine when family.Name == "system-clock":
                SystemClock.Take(job, fields.Text("time"), line, Math.Max(1, Boots.Current), source);
                break;
            case MessageUse.Machine:
                MachineMessages.Machine(job, family, fields, message, source);
                if (family.Name == "kernel-banner")
                {
                    Boots.Announce(source.Line, fields.Text("banner").Split(' ')[0], string.Empty);
                }

                break;
            case MessageUse.Boot:
                Boots.Announce(source.Line, string.Empty, fields.Text("id"));
                break;
            default:
                Marker(message, line.TimeNs);
                break;
        }
    }

    private LogMessageFact Message(
        MessageFamily family, MessageFields fields, long timeNs, ReadOnlySpan<byte> prefix, string text, SourceRef source)
    {
        var repeated = Repeated(prefix, fields.Values);
        var (driver, device) = Names(family, fields, prefix);
        Device(driver, device, source);
        var bytes = fields.Number("bytes");
        var joins = family.Joins is { } pool && _last is { } last && last.Kind == pool && Follows(source, FailureEchoes.SameRequestLines);
        var isFailure = family.IsFailure && !_echoes.IsEcho(family, device, bytes, source.Line);
        return new LogMessageFact(family.Name, joins ? family.Joins!.Value : family.Pool, isFailure, timeNs, text, source)
        {
            Device = device,
            Driver = driver,
            Bytes = bytes,
            Pages = fields.Number("pages", isHexPages: device.Length == 0),
            TotalUnits = fields.Number("total"),
            UsedUnits = fields.Number("used"),
            Suppressed = fields.Number("suppressed") ?? (isFailure && repeated > 1 ? repeated - 1 : null),
            Function = fields.Text("function").TrimEnd('(', ')'),
            Boot = Boots.Current,
            Host = _host,
            Fields = fields.Values,
        };
    }

    private (string Driver, string Device) Names(MessageFamily family, MessageFields fields, ReadOnlySpan<byte> prefix)
    {
        var (driver, device) = family.Use is MessageUse.Consequence or MessageUse.Trace ? (string.Empty, string.Empty) : _prefixes.Parse(prefix);
        if (fields.Text("device") is { Length: > 0 } named)
        {
            device = named.TrimEnd('.', ',', ')');
        }
        else if (device.Length == 0 && family.Pool == PoolKind.Driver)
        {
            (driver, device) = _prefixes.ParseModule(prefix);
        }

        if (fields.Text("driver") is { Length: > 0 } said)
        {
            driver = said;
        }

        // A line that names the device alone is of the driver that another line of this incident named it with.
        driver = driver.Length == 0 && device.Length > 0 ? job.Incident.Drivers.GetValueOrDefault(device, string.Empty) : driver;
        return (driver, device);
    }

    /// <summary><c>message repeated 5 times: [ ...]</c> of rsyslog: one line for several.</summary>
    private static long Repeated(ReadOnlySpan<byte> prefix, Dictionary<string, string> fields)
    {
        const string Words = "message repeated ";
        var at = prefix.IndexOf("message repeated "u8);
        if (at < 0)
        {
            return 0;
        }

        at += Words.Length;
        if (!Text.Ascii.Decimal(prefix, ref at, out var times) || times is 0 or > int.MaxValue)
        {
            return 0;
        }

        fields["repeated"] = times.ToString(CultureInfo.InvariantCulture);
        return (long)times;
    }

    private void Marker(ReadOnlySpan<byte> message, long timeNs)
    {
        if (timeNs != TraceEvent.NoTime && !PendingTime.Is(timeNs) && job.Incident.LogMarkers.Count < MostMarkers)
        {
            var start = Math.Max(message.IndexOf("SCN: "u8), message.IndexOf("swiotlb_sample "u8));
            job.Incident.LogMarkers.TryAdd(Encoding.UTF8.GetString(message[start..]), timeNs);
        }
    }

    private void Device(string driver, string device, SourceRef source)
    {
        const int Most = 4096;
        if (driver.Length == 0 || device.Length == 0 || _devices.Count >= Most || !_devices.Add(driver + ' ' + device))
        {
            return;
        }

        // Before a driver is bound, the kernel prints the bus in its place.
        var isBus = driver is "pci" or "usb" or "platform" or "scsi" or "acpi" or "pnp" or "virtio" or "i2c" or "spi";
        if (!isBus)
        {
            job.Incident.Drivers[device] = driver;
        }

        job.Fact(isBus ? new DeviceFact(device, source) { Bus = driver } : new DeviceFact(device, source) { Driver = driver });
    }
}
