namespace TraceReplay.Store.Tests;

public class SchemaTests
{
    /// <summary>Tables and columns that users rely on: never rename, only add.</summary>
    public static readonly TheoryData<string> Contract =
    [
        "source(id, path, format, sha256, bytes, records, events, skipped, lost, clock)",
        "log_record(id, source_id, line, time_ns, level, text)",
        "device(id, name, driver, bus, dma_mask)",
        "event(id, source_id, line, time_ns, cpu, pid, comm, kind, device_id, dma_addr, phys_addr, bytes)",
        "pool(id, kind, model, unit_bytes, units, areas, geometry)",
        "run(id, pool_id, spec, what_if, events, failures, peak_used_units, fidelity_compared, fidelity_equal)",
        "mapping(id, run_id, map_event_id, unmap_event_id, device_id, first_unit, units, bytes, map_time_ns, unmap_time_ns)",
        "failure(id, origin, run_id, source_id, line, time_ns, pool_kind, family, device, driver, bytes, pages, total_units, "
            + "used_units, free_units, largest_free_run, reason)",
        "occupancy(run_id, time_ns, used_units, largest_free_run)",
        "incident(id, cause, confidence, failures, suppressed, level, report_json)",
        "holder(device, driver, consumer, bytes, units, mappings, share, oldest_age_seconds, growth_units_per_second)",
        "evidence(text)",
        "remedy(change, kind, proven, failures_after, note)",
        "scsi_host(host, driver, device, can_queue, cmd_per_lun, sg_tablesize, lun_queue_depth, hba_queue_depth, sg_seg_cnt)",
        "lun_path(host, channel, target, lun, vendor, model, rev, type, node, sg, queue_depth, wwid, map)",
        "v_incident(id)", "v_holder(incident)", "v_timeline(run)", "v_failure(id)", "v_event(id)",
    ];

    [Theory]
    [MemberData(nameof(Contract))]
    public void TheContractIsKept(string table)
    {
        using var file = new TemporaryFile();
        Samples.Create(file).Dispose();
        var (name, columns) = (table[..table.IndexOf('(')], table[(table.IndexOf('(') + 1)..^1]);
        using var runner = QueryRunner.Open(file.Path);
        using var result = runner.Run($"SELECT {columns} FROM {name}");
        Assert.Equal(columns.Split(", "), result.Columns);
        Assert.Empty(result.Rows);
    }

    [Fact]
    public void TheVersionIsInTheFile()
    {
        using var file = new TemporaryFile();
        Samples.Create(file).Dispose();
        using var runner = QueryRunner.Open(file.Path);
        using var result = runner.Run("PRAGMA user_version");
        Assert.Equal((long)TraceDatabase.SchemaVersion, result.Rows.Single()[0]);
    }

    [Fact]
    public void EveryTableIsExplained()
    {
        var lines = Schema.Resource("schema.sql").Split('\n');
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("CREATE TABLE", StringComparison.Ordinal) && lines[i].EndsWith('('))
            {
                Assert.True(lines[i - 1].StartsWith("--", StringComparison.Ordinal), lines[i]);
            }
        }
    }

    [Fact]
    public void HexAddressesAndNamesInTheViews()
    {
        using var file = new TemporaryFile();
        using (var database = Samples.Create(file))
        {
            Samples.Store(database, "a");
        }

        using var runner = QueryRunner.Open(file.Path);
        using var result = runner.Run("SELECT DISTINCT dma_addr FROM v_event WHERE dma_addr = 'failed' OR dma_addr = '0x7fffffffffffffff' ORDER BY 1");
        Assert.Equal(["0x7fffffffffffffff", "failed"], result.Rows.Select(r => r[0]));
    }
}
