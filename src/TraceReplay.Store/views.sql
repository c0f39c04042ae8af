-- Views for people: hex addresses, seconds, names instead of ids.

CREATE VIEW v_event AS
  SELECT e.id AS id, e.source_id AS source_id, e.line AS line, e.time_ns / 1e9 AS time_s, e.cpu AS cpu, e.comm AS comm,
    e.pid AS pid, e.kind AS kind, e.name AS name, (SELECT d.name FROM device d WHERE d.id = e.device_id) AS device,
    (SELECT d.driver FROM device d WHERE d.id = e.device_id) AS driver, e.consumer AS consumer,
    CASE e.direction WHEN 0 THEN 'bidirectional' WHEN 1 THEN 'to-device' WHEN 2 THEN 'from-device' WHEN 3 THEN 'none' END
      AS direction,
    CASE WHEN e.dma_addr IS NULL THEN NULL WHEN e.dma_addr = -1 THEN 'failed' ELSE printf('0x%x', e.dma_addr) END AS dma_addr,
    CASE WHEN e.phys_addr IS NULL THEN NULL ELSE printf('0x%x', e.phys_addr) END AS phys_addr,
    e.bytes AS bytes, e.units AS units, e.used_units AS used_units,
    CASE WHEN e.align_mask IS NULL THEN NULL ELSE printf('0x%x', e.align_mask) END AS align_mask,
    CASE WHEN e.pool_ref IS NULL THEN NULL ELSE printf('0x%x', e.pool_ref) END AS pool_ref,
    e.arg AS arg, e.text AS text
  FROM event e;

CREATE VIEW v_incident AS
  SELECT i.id AS id, i.level AS level, i.pool_kind AS pool, p.model AS model, i.cause AS cause, i.confidence AS confidence,
    i.first_time_ns / 1e9 AS first_time_s, i.last_failure_time_ns / 1e9 AS last_time_s, i.failures AS failures,
    i.suppressed AS suppressed, i.first_device AS device, i.first_driver AS driver, i.first_bytes AS bytes,
    i.first_used_units AS used_units, i.first_free_units AS free_units, i.first_largest_free_run AS largest_free_run,
    i.least_units AS least_units, i.least_bound AS least_bound, i.boot_parameter AS boot_parameter,
    i.first_path || ':' || i.first_line AS source, i.explanation AS explanation, i.case_name AS case_name
  FROM incident i LEFT JOIN pool p ON p.id = i.pool_id;

CREATE VIEW v_holder AS
  SELECT h.incident_id AS incident, h.device AS device, h.driver AS driver, h.consumer AS consumer, h.units AS units,
    h.bytes / 1048576.0 AS mib, h.mappings AS mappings, round(100 * h.share, 1) AS share_percent,
    h.oldest_age_seconds AS oldest_age_s, h.growth_units_per_second AS growth_units_per_s
  FROM holder h ORDER BY h.incident_id, h.id;

CREATE VIEW v_timeline AS
  SELECT o.run_id AS run, o.time_ns / 1e9 AS time_s, o.used_units AS used_units, p.units AS total_units,
    round(100.0 * o.used_units / p.units, 1) AS used_percent, o.largest_free_run AS largest_free_run, o.failures AS failures
  FROM occupancy o LEFT JOIN run r ON r.id = o.run_id LEFT JOIN pool p ON p.id = r.pool_id;

CREATE VIEW v_failure AS
  SELECT f.id AS id, f.origin AS origin, f.run_id AS run, f.time_ns / 1e9 AS time_s, f.pool_kind AS pool, f.family AS family,
    f.device AS device, f.driver AS driver, f.bytes AS bytes, f.pages AS pages, f.total_units AS total_units,
    f.used_units AS used_units, f.free_units AS free_units, f.largest_free_run AS largest_free_run, f.reason AS reason,
    s.path || ':' || f.line AS source,
    CASE WHEN f.time_ns IS NOT NULL THEN
      CASE s.clock WHEN 'wall-utc' THEN strftime('%Y-%m-%d %H:%M:%S', f.time_ns / 1000000000, 'unixepoch') || ' UTC'
      WHEN 'wall-local' THEN strftime('%Y-%m-%d %H:%M:%S', f.time_ns / 1000000000, 'unixepoch')
      WHEN 'wall-no-year' THEN strftime('%m-%d %H:%M:%S', f.time_ns / 1000000000 % 31622400 + 63072000, 'unixepoch') || ', year not known'
      ELSE printf('%.6f s', f.time_ns / 1e9) END END AS time
  FROM failure f LEFT JOIN source s ON s.id = f.source_id;

CREATE VIEW v_mapping AS
  SELECT m.id AS id, m.run_id AS run, d.name AS device, d.driver AS driver, m.first_unit AS first_unit, m.units AS units,
    m.bytes AS bytes, m.map_time_ns / 1e9 AS map_time_s, m.unmap_time_ns / 1e9 AS unmap_time_s,
    (m.unmap_time_ns - m.map_time_ns) / 1e3 AS held_us, m.map_event_id AS map_event_id, m.unmap_event_id AS unmap_event_id
  FROM mapping m LEFT JOIN device d ON d.id = m.device_id;

CREATE VIEW v_run AS
  SELECT r.id AS id, p.kind AS pool, p.model AS model, coalesce(r.units, p.units) AS units, p.unit_bytes AS unit_bytes,
    coalesce(r.areas, p.areas) AS areas,
    r.spec AS spec, r.what_if AS what_if, r.events AS events, r.failures AS failures, r.peak_used_units AS peak_used_units,
    round(100.0 * r.peak_used_units / coalesce(r.units, p.units), 1) AS peak_percent, r.peak_time_ns / 1e9 AS peak_time_s,
    r.fidelity_equal AS fidelity_equal, r.fidelity_compared AS fidelity_compared, r.case_name AS case_name
  FROM run r LEFT JOIN pool p ON p.id = r.pool_id;

CREATE VIEW v_warning AS
  SELECT g.id AS id, g.severity AS severity, g.code AS code, g.message AS message, g.hint AS hint,
    coalesce(g.path, s.path) || CASE WHEN g.line > 0 THEN ':' || g.line ELSE '' END AS source
  FROM diagnostic g LEFT JOIN source s ON s.id = g.source_id;

-- Inventories: what the inputs say, together. Where several speak of one value, the first one counts (as in the report).
CREATE VIEW v_scsi_host AS
  SELECT h.host AS host,
    (SELECT x.driver FROM scsi_host x WHERE x.host = h.host AND x.driver IS NOT NULL ORDER BY x.id LIMIT 1) AS driver,
    (SELECT x.driver_version FROM scsi_host x WHERE x.host = h.host AND x.driver_version IS NOT NULL ORDER BY x.id LIMIT 1) AS driver_version,
    (SELECT x.device FROM scsi_host x WHERE x.host = h.host AND x.device IS NOT NULL ORDER BY x.id LIMIT 1) AS device,
    (SELECT x.model FROM scsi_host x WHERE x.host = h.host AND x.model IS NOT NULL ORDER BY x.id LIMIT 1) AS model,
    (SELECT x.can_queue FROM scsi_host x WHERE x.host = h.host AND x.can_queue IS NOT NULL ORDER BY x.id LIMIT 1) AS can_queue,
    (SELECT x.cmd_per_lun FROM scsi_host x WHERE x.host = h.host AND x.cmd_per_lun IS NOT NULL ORDER BY x.id LIMIT 1) AS cmd_per_lun,
    (SELECT x.sg_tablesize FROM scsi_host x WHERE x.host = h.host AND x.sg_tablesize IS NOT NULL ORDER BY x.id LIMIT 1) AS sg_tablesize,
    (SELECT x.lun_queue_depth FROM scsi_host x WHERE x.host = h.host AND x.lun_queue_depth IS NOT NULL ORDER BY x.id LIMIT 1) AS lun_queue_depth,
    (SELECT x.hba_queue_depth FROM scsi_host x WHERE x.host = h.host AND x.hba_queue_depth IS NOT NULL ORDER BY x.id LIMIT 1) AS hba_queue_depth,
    (SELECT x.sg_seg_cnt FROM scsi_host x WHERE x.host = h.host AND x.sg_seg_cnt IS NOT NULL ORDER BY x.id LIMIT 1) AS sg_seg_cnt,
    (SELECT count(*) FROM (SELECT DISTINCT channel, target, lun FROM lun_path p WHERE p.host = h.host)) AS lun_paths
  FROM (SELECT host FROM scsi_host UNION SELECT host FROM lun_path) h ORDER BY h.host;

CREATE VIEW v_lun_path AS
  SELECT host || ':' || channel || ':' || target || ':' || CASE WHEN lun < 0 THEN printf('0x%x', lun) ELSE lun END AS address,
    host, channel, target, lun, max(type) AS type, max(vendor) AS vendor, max(model) AS model, max(rev) AS rev, max(node) AS node,
    max(sg) AS sg, max(queue_depth) AS queue_depth, max(bytes) AS bytes, max(wwid) AS wwid, max(map) AS map,
    max(group_state) AS group_state, max(path_state) AS path_state
  FROM lun_path GROUP BY host, channel, target, lun ORDER BY host, channel, target, lun;
