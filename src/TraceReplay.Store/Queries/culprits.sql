-- Devices whose removal makes the failures vanish or shrink, most to blame first.
-- :incident id of the incident; all if not given
SELECT incident_id AS incident, device, driver, blame, failures_without
FROM culprit WHERE :incident IS NULL OR incident_id = :incident ORDER BY incident_id, rowid;
