using System.Text.Encodings.Web;
using System.Text.Json;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>The tables whose ids are one sequence.</summary>
internal static class FactTables
{
    public static readonly string[] Names =
    [
        "log_record", "log_message", "pool_geometry", "machine", "device_fact", "consumer", "scsi_host", "lun_path",
        "multipath_map", "block_queue", "module_parameter", "kernel_module", "memory_region", "usage_sample", "clock_offset",
        "loss", "boot", "diagnostic",
    ];

    /// <summary>The highest id in use, 0 if none.</summary>
    public static long LastId(Connection connection) =>
        Names.Max(table => connection.Scalar($"SELECT max(id) FROM {table}"));
}

/// <summary>JSON in columns: readable text, only what JSON itself demands is escaped.</summary>
internal static class JsonText
{
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
