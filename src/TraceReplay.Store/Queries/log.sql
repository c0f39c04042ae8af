-- Recognised log lines, in order.
-- :family only messages of this family (GLOB pattern); all if not given
SELECT m.time_ns / 1e9 AS time_s, m.family AS family, m.device AS device, m.text AS text, s.path || ':' || m.line AS source
FROM log_message m JOIN source s ON s.id = m.source_id
WHERE :family IS NULL OR m.family GLOB :family ORDER BY m.id;
