-- Events counted by kind and name.
SELECT e.source_id AS source, e.kind AS kind, e.name AS name, count(*) AS events, min(e.time_ns) / 1e9 AS first_time_s,
  max(e.time_ns) / 1e9 AS last_time_s
FROM event e GROUP BY e.source_id, e.kind, e.name ORDER BY events DESC, kind;
