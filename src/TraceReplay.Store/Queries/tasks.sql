-- Tasks that mapped memory, most bytes first.
SELECT e.comm AS comm, count(*) AS maps, CAST(total(e.bytes) AS INTEGER) AS bytes, sum(e.dma_addr = -1) AS failed
FROM event e WHERE e.kind = 'map' GROUP BY e.comm ORDER BY bytes DESC, comm;
