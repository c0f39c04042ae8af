-- What each finding rests on, with the line of the input.
-- :incident id of the incident; all if not given
SELECT incident_id AS incident, text, path || CASE WHEN line > 0 THEN ':' || line ELSE '' END AS source
FROM evidence WHERE :incident IS NULL OR incident_id = :incident ORDER BY incident_id, id;
