-- Devices: driver, DMA mask, and what they asked of the DMA API.
WITH asked AS (
  SELECT device_id, sum(kind = 'map') AS maps, sum(kind = 'unmap') AS unmaps, sum(kind = 'bounce') AS bounces,
    sum(kind = 'map' AND dma_addr = -1) AS failed_maps, CAST(total(CASE WHEN kind = 'map' THEN bytes END) AS INTEGER) AS mapped_bytes
  FROM event WHERE kind IN ('map', 'unmap', 'bounce') GROUP BY device_id)
SELECT d.id, d.name, d.driver, d.bus, d.dma_mask_bits, coalesce(a.maps, 0) AS maps, coalesce(a.unmaps, 0) AS unmaps,
  coalesce(a.failed_maps, 0) AS failed_maps, coalesce(a.bounces, 0) AS bounces, a.mapped_bytes
FROM device d LEFT JOIN asked a ON a.device_id = d.id ORDER BY maps DESC, d.id;
