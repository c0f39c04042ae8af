-- Mappings that held the pool at a moment, oldest first.
-- :time seconds of the source's clock; the first failure, else the peak of use, if not given
-- :run id of the run; the first if not given
WITH moment AS (
  SELECT coalesce(:run, (SELECT min(id) FROM run)) AS run_id,
    coalesce(CAST(:time * 1e9 AS INTEGER), (SELECT min(time_ns) FROM failure WHERE origin = 'replay'
      AND run_id = coalesce(:run, (SELECT min(id) FROM run))),
      (SELECT peak_time_ns FROM run WHERE id = coalesce(:run, (SELECT min(id) FROM run)))) AS time_ns)
SELECT d.name AS device, d.driver AS driver, m.first_unit AS first_unit, m.units AS units, m.bytes AS bytes,
  (moment.time_ns - m.map_time_ns) / 1e9 AS age_s, m.map_time_ns / 1e9 AS map_time_s, e.line AS line
FROM moment CROSS JOIN mapping m LEFT JOIN device d ON d.id = m.device_id LEFT JOIN event_row e ON e.id = m.map_event_id
WHERE m.run_id = moment.run_id AND coalesce(m.map_time_ns, moment.time_ns) <= moment.time_ns
  AND (m.unmap_time_ns IS NULL OR m.unmap_time_ns > moment.time_ns)
ORDER BY m.map_time_ns, m.id;
