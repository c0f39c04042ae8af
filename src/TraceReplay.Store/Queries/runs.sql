-- Replays: pool, what-if, failures, peak use and how many slots equal the trace's.
SELECT * FROM v_run ORDER BY id;
