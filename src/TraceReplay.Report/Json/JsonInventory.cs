using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.Diagnosis;

namespace TraceReplay.Report;

/// <summary>The machine's inventory in the report's JSON: hosts, numbers of LUNs and paths, parameters of the hosts' drivers.</summary>
internal static class JsonInventory
{
    public static void Write(Utf8JsonWriter json, InventoryReport inventory)
    {
        json.WriteStartObject("inventory");
        json.Text("model", inventory.Model);
        json.Text("distribution", inventory.Distribution);
        json.Count("cpus", inventory.Cpus);
        json.Count("memory_bytes", inventory.MemoryBytes);
        json.Count("memory_end", inventory.MemoryEnd);
        json.WriteNumber("lun_paths", inventory.LunPaths);
        json.WriteNumber("lun_paths_from_log", inventory.LunPathsFromLog);
        json.Count("luns", inventory.Luns);
        json.WriteNumber("multipath_maps", inventory.Maps);
        Range(json, "paths_per_map", inventory.PathsPerMap);
        Range(json, "queue_depth", inventory.QueueDepth);
        json.Array("hosts", inventory.Hosts, WriteHost);
        json.Array("parameters", inventory.Parameters, WriteParameter);
        json.WriteEndObject();
    }

    private static void Range(Utf8JsonWriter json, string name, (long Least, long Most)? range)
    {
        if (range is not { } ends)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("least", ends.Least);
        json.WriteNumber("most", ends.Most);
        json.WriteEndObject();
    }

    private static void WriteHost(Utf8JsonWriter json, HostReport host)
    {
        var facts = host.Facts;
        json.WriteStartObject();
        json.WriteNumber("host", facts.Host);
        json.Text("driver", facts.Driver);
        json.Text("driver_version", facts.DriverVersion);
        json.Text("device", facts.Device);
        json.Text("model", facts.Model);
        json.Count("can_queue", facts.CanQueue);
        json.Count("cmd_per_lun", facts.CmdPerLun);
        json.Count("sg_tablesize", facts.SgTablesize);
        json.Count("lun_queue_depth", facts.LunQueueDepth);
        json.Count("hba_queue_depth", facts.HbaQueueDepth);
        json.Count("sg_seg_cnt", facts.SgSegCnt);
        json.WriteNumber("lun_paths", host.LunPaths);
        json.Place(facts.Source);
        json.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter json, ModuleParameterFact parameter)
    {
        json.WriteStartObject();
        json.WriteString("module", parameter.Module);
        json.WriteString("parameter", parameter.Parameter);
        json.WriteString("value", parameter.Value);
        json.WriteString("origin", Wording.InventoryWords.Origin(parameter.Origin));
        json.Place(parameter.Source);
        json.WriteEndObject();
    }
}
