-- What was skipped, doubted or lost while reading, worst first.
SELECT * FROM v_warning
ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'data-loss' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, id;
