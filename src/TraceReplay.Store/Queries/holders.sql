-- Who held the pool just before the first failure of an incident, largest first.
-- :incident id of the incident; all if not given
SELECT * FROM v_holder WHERE :incident IS NULL OR incident = :incident;
