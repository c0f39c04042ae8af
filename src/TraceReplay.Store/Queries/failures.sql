-- Failed mappings, as replayed and as the log says, in order of time.
-- :device only this device (GLOB pattern); all if not given
-- :origin log or replay; both if not given
SELECT * FROM v_failure
WHERE (:device IS NULL OR device GLOB :device) AND (:origin IS NULL OR origin = :origin)
ORDER BY time_s, id;
