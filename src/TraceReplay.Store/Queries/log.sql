-- Recognised log lines, in order.
-- :family only messages of this family (GLOB pattern); all if not given
SELECT m.time_ns / 1e9 AS time_s, m.family AS family, m.device AS device, m.text AS text, s.path || ':' || m.line AS source,
  CASE WHEN m.time_ns IS NOT NULL THEN
    CASE s.clock WHEN 'wall-utc' THEN strftime('%Y-%m-%d %H:%M:%S', m.time_ns / 1000000000, 'unixepoch') || ' UTC'
      WHEN 'wall-local' THEN strftime('%Y-%m-%d %H:%M:%S', m.time_ns / 1000000000, 'unixepoch')
      WHEN 'wall-no-year' THEN strftime('%m-%d %H:%M:%S', m.time_ns / 1000000000 % 31622400 + 63072000, 'unixepoch') || ', year not known'
      ELSE printf('%.6f s', m.time_ns / 1e9) END END AS time
FROM log_message m JOIN source s ON s.id = m.source_id
WHERE :family IS NULL OR m.family GLOB :family ORDER BY m.id;
