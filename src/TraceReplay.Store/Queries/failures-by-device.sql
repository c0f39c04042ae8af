-- Failed mappings counted by device and origin, most first.
SELECT origin, pool_kind AS pool, device, driver, count(*) AS failures, min(bytes) AS least_bytes, max(bytes) AS most_bytes,
  min(time_ns) / 1e9 AS first_time_s, max(time_ns) / 1e9 AS last_time_s
FROM failure GROUP BY origin, pool_kind, device, driver ORDER BY failures DESC, device;
