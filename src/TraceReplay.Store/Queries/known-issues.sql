-- Known bugs and traps that fit, most likely first.
-- :incident id of the incident; all if not given
SELECT incident_id AS incident, issue, round(confidence, 2) AS confidence, title, why, fix, workaround, source
FROM known_issue WHERE :incident IS NULL OR incident_id = :incident ORDER BY incident_id, confidence DESC;
