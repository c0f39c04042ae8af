-- Findings: cause, first failure, how many, and the least size of pool that serves all.
SELECT * FROM v_incident ORDER BY id;
