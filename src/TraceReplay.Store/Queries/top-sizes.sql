-- Sizes of mappings, most frequent first: what the pool is asked for.
-- :device only this device (GLOB pattern); all if not given
SELECT d.name AS device, e.kind AS kind, e.bytes AS bytes, count(*) AS mappings,
  round(100.0 * count(*) / sum(count(*)) OVER (), 2) AS percent
FROM event e LEFT JOIN device d ON d.id = e.device_id
WHERE e.kind IN ('map', 'pool-map', 'pool-mapped', 'alloc') AND (:device IS NULL OR d.name GLOB :device)
GROUP BY d.name, e.kind, e.bytes ORDER BY mappings DESC, bytes DESC;
