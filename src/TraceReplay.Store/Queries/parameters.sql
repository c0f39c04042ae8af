-- Parameters of kernel modules, and where each was read.
-- :module only this module (GLOB pattern); all if not given
SELECT p.module AS module, p.parameter AS parameter, p.value AS value, p.origin AS origin,
  coalesce(p.path, s.path) || CASE WHEN p.line > 0 THEN ':' || p.line ELSE '' END AS source
FROM module_parameter p JOIN source s ON s.id = p.source_id
WHERE :module IS NULL OR p.module GLOB :module ORDER BY p.module, p.parameter, p.id;
