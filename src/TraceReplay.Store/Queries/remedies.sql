-- What would help, best first, and whether a replay proved it.
-- :incident id of the incident; all if not given
SELECT incident_id AS incident, change, kind, CASE proven WHEN 1 THEN 'yes' ELSE 'no' END AS proven, failures_after, basis, risk, note
FROM remedy WHERE :incident IS NULL OR incident_id = :incident ORDER BY incident_id, id;
