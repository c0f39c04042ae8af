-- Use of the pool over time: peak use and least free run of each slice.
-- :run id of the run; all if not given
SELECT * FROM v_timeline WHERE :run IS NULL OR run = :run ORDER BY run, time_s;
