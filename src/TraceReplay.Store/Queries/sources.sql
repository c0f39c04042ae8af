-- Inputs: format, clock, what was read, skipped and lost.
SELECT id, path, format, clock, bytes, records, events, skipped, lost, year, year_from, sha256 FROM source ORDER BY id;
