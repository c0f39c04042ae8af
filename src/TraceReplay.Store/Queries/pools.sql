-- Pools: kind, model and geometry.
SELECT id, kind, model, unit_bytes, units, units * unit_bytes / 1048576.0 AS mib, areas, geometry_from, geometry
FROM pool ORDER BY id;
