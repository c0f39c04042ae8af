-- TraceReplay database, schema version 4 (PRAGMA user_version). Any SQLite client can read it.
-- Units: *_ns nanoseconds of the source's clock (source.clock); bytes and addresses as integers, an address above
-- 0x7fff_ffff_ffff_ffff as its two's complement (-1 = all ones = "mapping failed"); NULL = not said by the input.
-- Clocks: wall-utc and wall-local count from 1970 (wall-local: in the zone of the machine, which is not told). wall-no-year: stamps had no year
-- and nothing tells it; time_ns counts from the beginning of the year that the log begins in, 366 days a year. v_failure.time shows all as text.
-- Names ending in _units count the pool's own units: slots, TCE entries or page frames.
-- "id" of the fact tables (log_record .. diagnostic) is one sequence over all of them: the order in which they were read.
-- "path" of the fact tables is NULL where it is the path of the source itself.

-- One input, stored once by content.
CREATE TABLE source(
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,              -- as the user gave it, "!member" for members of containers
  format TEXT NOT NULL,            -- format name, see `tracereplay formats`
  sha256 TEXT NOT NULL UNIQUE,     -- of the stored bytes, lower-case hex
  bytes INTEGER NOT NULL,          -- after decompression
  records INTEGER NOT NULL,        -- lines or records seen
  events INTEGER NOT NULL,         -- events stored
  skipped INTEGER NOT NULL,        -- lines that could not be read as anything
  lost INTEGER NOT NULL,           -- events the tracer itself says it lost
  clock TEXT NOT NULL,             -- clock of the times: none, boot-printk, mono, ftrace-local, ...
  first_event_id INTEGER,          -- range of event.id of this source, NULL without events
  last_event_id INTEGER,
  year INTEGER,                    -- of stamps without a year: that of the first one as it was inferred, else NULL
  year_from TEXT,                  -- log, option, file-name, file-time, other-log, folder-name, bounds; NULL = stamps have years, or clock is wall-no-year
  recorded_with INTEGER REFERENCES source(id), -- first source of the same recording (files of one CPU each); NULL = a recording of its own
  host TEXT,                       -- machine that all its lines name, NULL = none or several
  by_time INTEGER NOT NULL);       -- 1 = its events do not stand in order of time; the replay takes them by (time_ns, id), as it does those of a recording

-- The cases that a source belongs to: a directory or an archive is one incident, loose files are another together.
CREATE TABLE source_case(
  id INTEGER PRIMARY KEY,          -- in the order in which the inputs were given
  source_id INTEGER NOT NULL REFERENCES source(id),
  case_name TEXT NOT NULL,         -- the directory or archive as given, '' = loose files
  path TEXT NOT NULL,              -- the source's path in this case; the same bytes may lie in several
  UNIQUE(source_id, case_name));

-- What of a source an earlier source holds too: a log rotated twice, syslog and journal of one boot, a trace in two renderings.
-- The repeated lines have no rows in failure; log_message and event keep all that was read.
CREATE TABLE source_repetition(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  of_source_id INTEGER REFERENCES source(id),
  of_path TEXT NOT NULL,
  kind TEXT NOT NULL,              -- log, recording
  lines INTEGER NOT NULL,          -- recognised lines that are repeated (log)
  offset_ns INTEGER NOT NULL);     -- clock of the source minus that of the earlier one

-- Names of events, tasks, consumers and texts of one source, each once.
CREATE TABLE name(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  text TEXT NOT NULL,              -- readable: what is not UTF-8, and NUL, is U+FFFD
  bytes BLOB);                     -- the exact bytes where text is not exact, else NULL

-- Devices, global to the database.
CREATE TABLE device(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,              -- as the kernel prints it: 0000:00:05.0
  driver TEXT,
  bus TEXT,                        -- pci, scsi, vio, ...
  dma_mask INTEGER,                -- streaming DMA mask, two's complement (-1 = 64 bits)
  dma_mask_bits INTEGER,           -- its number of bits
  bytes BLOB);                     -- exact bytes of the name where name is not exact, else NULL

-- What many events of a source have in common; the view "event" joins it.
CREATE TABLE event_shape(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  kind TEXT NOT NULL,              -- map unmap alloc free bounce sync fail pool-map ...
  name_id INTEGER REFERENCES name(id),      -- name of the event in the trace
  device_id INTEGER REFERENCES device(id),
  consumer_id INTEGER REFERENCES name(id),  -- H:C:T:L, major,minor or interface
  pool_kind TEXT,
  direction INTEGER,               -- 0 bidirectional, 1 to device, 2 from device, 3 none
  fields INTEGER NOT NULL,         -- bits: 1 dma_addr, 2 phys_addr, 4 bytes, 8 units, 128 arg given; 16 forced, 32 interrupt, 64 truncated
  align_mask INTEGER,              -- alignment mask asked for, or log2 order (TCE)
  search_limit INTEGER,            -- upper limit of the search: limit_pfn, mask
  pool_ref INTEGER);               -- identity of the pool or table: kernel pointer

-- Task and CPU of events; the view "event" joins it.
CREATE TABLE event_task(
  id INTEGER PRIMARY KEY,
  cpu INTEGER,
  pid INTEGER,
  comm_id INTEGER REFERENCES name(id));

-- The events themselves, in source order. Read them through the view "event".
-- No column has a declared type: SQLite then stores what is bound without converting it, which the bulk load needs.
CREATE TABLE event_row(
  id INTEGER PRIMARY KEY,
  line,                            -- line, or record number of a binary source
  time_ns,
  shape_id,                        -- event_shape.id
  task_id,                         -- event_task.id
  dma_addr,                        -- bus address; -1 = mapping failed
  phys_addr,                       -- the caller's own buffer
  bytes,                           -- size asked for; of kind lost: events lost
  units,                           -- size in the pool's units where the event counts those
  used_units,                      -- units in use as the kernel's own counter said at entry
  arg,                             -- per kind: SCSI driver tag, block sector, result code, index in a list
  text_id,                         -- name.id of marker text, call chain or unknown body
  state);                          -- area state at entry: LEB128 of used, next index for each area

-- Scalar subqueries, not joins: SQLite then looks up only the names that a query asks for.
CREATE VIEW event AS
  SELECT r.id AS id, s.source_id AS source_id, r.line AS line, r.time_ns AS time_ns,
    (SELECT t.cpu FROM event_task t WHERE t.id = r.task_id) AS cpu,
    (SELECT t.pid FROM event_task t WHERE t.id = r.task_id) AS pid,
    (SELECT n.text FROM event_task t JOIN name n ON n.id = t.comm_id WHERE t.id = r.task_id) AS comm,
    s.kind AS kind, s.device_id AS device_id, r.dma_addr AS dma_addr, r.phys_addr AS phys_addr, r.bytes AS bytes,
    (SELECT n.text FROM name n WHERE n.id = s.name_id) AS name,
    (SELECT n.text FROM name n WHERE n.id = s.consumer_id) AS consumer,
    s.pool_kind AS pool_kind, s.direction AS direction, r.units AS units, r.used_units AS used_units,
    s.align_mask AS align_mask, s.search_limit AS search_limit, s.pool_ref AS pool_ref, r.arg AS arg,
    (s.fields & 16) <> 0 AS forced, (s.fields & 32) <> 0 AS interrupt, (s.fields & 64) <> 0 AS truncated,
    (SELECT n.text FROM name n WHERE n.id = r.text_id) AS text, r.state AS state
  FROM event_row r CROSS JOIN event_shape s ON s.id = r.shape_id;

-- Facts ---------------------------------------------------------------------------------------------------------

-- Recognised log lines and their context.
CREATE TABLE log_record(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  time_ns INTEGER,
  level INTEGER,                   -- syslog level 0..7
  text TEXT NOT NULL,              -- message without its envelope
  path TEXT);

-- Log lines that a message template of the catalog recognised.
CREATE TABLE log_message(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  time_ns INTEGER,
  family TEXT NOT NULL,            -- swiotlb-full, tce-alloc-failed, ...
  pool_kind TEXT NOT NULL,
  is_failure INTEGER NOT NULL,     -- 1 = states one failed mapping
  text TEXT NOT NULL,
  device TEXT,
  driver TEXT,
  bytes INTEGER,
  pages INTEGER,
  total_units INTEGER,
  used_units INTEGER,
  suppressed INTEGER,              -- lines hidden by rate limiting, for suppression lines
  function TEXT,                   -- kernel function the line names
  fields TEXT,                     -- further fields of the template, JSON object
  boot INTEGER,                    -- boot of this log, 1-based: boot.number; NULL = not told apart
  host TEXT,                       -- machine as the log daemon wrote it, without its domain
  path TEXT);

-- The boots of a log that holds several, or names them.
CREATE TABLE boot(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,           -- where it begins
  number INTEGER NOT NULL,         -- 1-based, in the order of the log
  kernel TEXT,                     -- release of its banner
  boot_id TEXT,                    -- systemd's id
  path TEXT);

-- Geometry of a pool as the inputs state it.
CREATE TABLE pool_geometry(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  pool_kind TEXT NOT NULL,
  origin TEXT NOT NULL,            -- option, trace, log, default
  base_addr INTEGER,               -- address of the first unit
  end_addr INTEGER,                -- address after the last unit
  units INTEGER,
  unit_bytes INTEGER,
  areas INTEGER,                   -- areas (swiotlb) or sub-pools (TCE)
  forced INTEGER,                  -- 1 = every mapping bounces
  can_grow INTEGER,                -- 1 = grows by itself
  pool_ref INTEGER,
  device TEXT,                     -- device that owns it, NULL = shared
  more TEXT,                       -- further values, JSON object of integers
  path TEXT);

-- Machine and kernel.
CREATE TABLE machine(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  kernel_release TEXT,
  kernel_version TEXT,             -- upstream version where the release hides it
  arch TEXT,
  command_line TEXT,
  cpus INTEGER,
  boot_time TEXT,                  -- ISO 8601
  model TEXT,
  memory_bytes INTEGER,            -- memory the kernel manages
  memory_end INTEGER,              -- highest address of memory plus one
  distribution TEXT,
  path TEXT);

-- What each input says of a device; "device" holds the sum.
CREATE TABLE device_fact(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  name TEXT NOT NULL,
  driver TEXT,
  bus TEXT,
  dma_mask_bits INTEGER,
  ids TEXT,                        -- vendor and device id, hexadecimal: 10df:f100
  class_code TEXT,                 -- PCI class, hexadecimal: 0c04
  description TEXT,
  iommu_group INTEGER,
  path TEXT);

-- Consumers (disks, LUNs, interfaces) and the device that does their DMA.
CREATE TABLE consumer(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  consumer TEXT NOT NULL,          -- 8,16, sda, 0:0:0:1, eth0
  alias TEXT,                      -- another name of the same consumer
  device TEXT NOT NULL,            -- device.name
  path TEXT);

-- SCSI hosts, what each input says of them; v_scsi_host holds the sum.
CREATE TABLE scsi_host(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  host INTEGER NOT NULL,           -- 3 of host3, scsi3, [3:0:0:1]
  driver TEXT,
  driver_version TEXT,
  device TEXT,                     -- device.name that does its DMA
  model TEXT,                      -- of the adapter
  can_queue INTEGER,               -- most commands in flight on the host
  cmd_per_lun INTEGER,
  sg_tablesize INTEGER,            -- most segments of a command
  lun_queue_depth INTEGER,         -- the driver's own setting per LUN
  hba_queue_depth INTEGER,         -- the driver's own setting per host
  sg_seg_cnt INTEGER,              -- the driver's own number of segments per command
  hw_queues INTEGER,
  unchecked_isa_dma INTEGER,       -- 1 = reaches the ISA zone only
  more TEXT,                       -- further attributes, JSON object
  path TEXT);

-- SCSI logical units by path: a LUN with four paths has four addresses. What each input says; v_lun_path holds the sum.
CREATE TABLE lun_path(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  host INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  target INTEGER NOT NULL,
  lun INTEGER NOT NULL,            -- two's complement of the 64 bits
  type TEXT,                       -- disk, tape, cd/dvd, enclosu, process, ...
  vendor TEXT,
  model TEXT,
  rev TEXT,
  node TEXT,                       -- sda
  sg TEXT,                         -- sg0
  queue_depth INTEGER,             -- most commands in flight on this path
  bytes INTEGER,                   -- size, rounded as the input rounds it
  wwid TEXT,                       -- the same on all paths of one LUN
  map TEXT,                        -- multipath_map.map
  group_state TEXT,                -- active (in use), enabled (standing by), disabled
  path_state TEXT,                 -- active ready running
  path TEXT);

-- Multipath maps: one LUN each.
CREATE TABLE multipath_map(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  map TEXT NOT NULL,               -- mpatha, or the WWID
  wwid TEXT,
  dm TEXT,                         -- dm-2
  vendor TEXT,
  model TEXT,
  bytes INTEGER,                   -- size, rounded as the input rounds it
  features TEXT,
  policy TEXT,                     -- path selector
  path TEXT);

-- Limits of block devices' request queues.
CREATE TABLE block_queue(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  disk TEXT NOT NULL,              -- sda, nvme0n1, dm-0
  device TEXT,                     -- device.name that does its DMA
  address TEXT,                    -- H:C:T:L
  max_sectors_kb INTEGER,          -- largest request now, KiB
  max_hw_sectors_kb INTEGER,       -- largest request the hardware takes, KiB
  max_segments INTEGER,
  max_segment_bytes INTEGER,
  nr_requests INTEGER,
  queue_depth INTEGER,             -- most commands in flight on the device
  path TEXT);

-- Parameters of kernel modules.
CREATE TABLE module_parameter(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  module TEXT NOT NULL,            -- with _, never -
  parameter TEXT NOT NULL,
  value TEXT NOT NULL,
  origin TEXT NOT NULL,            -- running, command-line, configured
  path TEXT);

-- Kernel modules.
CREATE TABLE kernel_module(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  module TEXT NOT NULL,            -- with _, never -
  version TEXT,
  is_loaded INTEGER,
  path TEXT);

-- Regions of physical memory and bus addresses (/proc/iomem).
CREATE TABLE memory_region(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  start_addr INTEGER NOT NULL,
  end_addr INTEGER NOT NULL,       -- address after the last one
  depth INTEGER NOT NULL,          -- of nesting, from 0
  name TEXT NOT NULL,              -- System RAM, Software IO TLB, a device
  path TEXT);

-- Readings of a pool's use counter.
CREATE TABLE usage_sample(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  pool_kind TEXT NOT NULL,
  moment TEXT NOT NULL,            -- sample, before-trace, after-trace
  time_ns INTEGER,                 -- uptime of the reading
  used_units INTEGER NOT NULL,
  total_units INTEGER,
  high_water_units INTEGER,
  path TEXT);

-- Offsets between clocks: to = from + offset_ns.
CREATE TABLE clock_offset(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  from_clock TEXT NOT NULL,
  to_clock TEXT NOT NULL,
  offset_ns INTEGER NOT NULL,
  boot INTEGER NOT NULL,           -- boot of its log that it holds for, 1-based; 0 = not told apart
  lines INTEGER NOT NULL,          -- lines that tell it
  spread_ns INTEGER NOT NULL,      -- how far those lines differ
  since_ns INTEGER,                -- on from_clock, since which it holds; NULL = from the beginning
  path TEXT);

-- Loss of trace data as the tracer says.
CREATE TABLE loss(
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source(id),
  line INTEGER NOT NULL,
  cpu INTEGER,                     -- NULL = all
  lost INTEGER,                    -- events, NULL = not known
  at_start INTEGER NOT NULL,       -- 1 = only the beginning is missing
  path TEXT);

-- What the user must be told about an input.
CREATE TABLE diagnostic(
  id INTEGER PRIMARY KEY,
  source_id INTEGER REFERENCES source(id),  -- NULL = of an input that did not become a source
  line INTEGER NOT NULL,
  code TEXT NOT NULL,              -- TR0001...
  severity TEXT NOT NULL,          -- info, warning, data-loss, error
  message TEXT NOT NULL,
  hint TEXT,
  path TEXT);

-- Results -------------------------------------------------------------------------------------------------------

-- Pools that were replayed or that a log speaks of.
CREATE TABLE pool(
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  model TEXT,                      -- swiotlb-6.1.192, ...
  unit_bytes INTEGER,
  units INTEGER,
  areas INTEGER,
  geometry TEXT,                   -- JSON object
  geometry_from TEXT);             -- option, trace, log, default

-- One replay of the stored events through one model.
CREATE TABLE run(
  id INTEGER PRIMARY KEY,
  pool_id INTEGER NOT NULL REFERENCES pool(id),
  spec TEXT,                       -- pool spec as given or derived
  what_if TEXT,                    -- what-if spec, NULL = as it happened
  units INTEGER,                   -- capacity of the pool that was replayed; a what-if may change it
  areas INTEGER,
  events INTEGER,                  -- operations replayed
  failures INTEGER,
  peak_used_units INTEGER,
  peak_time_ns INTEGER,
  fidelity_compared INTEGER,       -- allocations whose slot the trace shows
  fidelity_equal INTEGER,          -- of those, allocations to which the model gave the same slot
  case_name TEXT);                 -- source_case.case_name, NULL = the database holds one case only

-- Mappings of a run, in order of mapping.
CREATE TABLE mapping(
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run(id),
  map_event_id INTEGER,            -- event.id, NULL = held before the trace began
  unmap_event_id INTEGER,          -- event.id, NULL = never given back
  device_id INTEGER REFERENCES device(id),
  first_unit INTEGER,
  units INTEGER,
  bytes INTEGER,
  map_time_ns INTEGER,
  unmap_time_ns INTEGER);

-- Failed mappings, read (origin log) or replayed (origin replay).
CREATE TABLE failure(
  id INTEGER PRIMARY KEY,
  origin TEXT NOT NULL,            -- log, replay
  run_id INTEGER REFERENCES run(id),
  source_id INTEGER REFERENCES source(id),
  line INTEGER,
  time_ns INTEGER,
  pool_kind TEXT,
  family TEXT,                     -- message family, origin log only
  device TEXT,
  driver TEXT,
  bytes INTEGER,
  pages INTEGER,
  total_units INTEGER,
  used_units INTEGER,
  free_units INTEGER,
  largest_free_run INTEGER,
  reason TEXT);                    -- cause of this failure

-- Use of the pool over time; each row is a slice and keeps its peak.
CREATE TABLE occupancy(
  run_id INTEGER NOT NULL REFERENCES run(id),
  time_ns INTEGER NOT NULL,        -- start of the slice
  used_units INTEGER NOT NULL,     -- peak in the slice
  largest_free_run INTEGER,        -- least in the slice, units
  failures INTEGER NOT NULL DEFAULT 0);

-- Findings.
CREATE TABLE incident(
  id INTEGER PRIMARY KEY,
  run_id INTEGER REFERENCES run(id),   -- NULL = from log messages only
  pool_id INTEGER REFERENCES pool(id),
  pool_kind TEXT,
  level TEXT NOT NULL,             -- log, trace
  cause TEXT NOT NULL,
  confidence REAL NOT NULL,        -- 0..1
  first_time_ns INTEGER,
  first_device TEXT,
  first_driver TEXT,
  first_bytes INTEGER,
  first_units INTEGER,
  first_used_units INTEGER,
  first_free_units INTEGER,
  first_largest_free_run INTEGER,
  first_path TEXT,
  first_line INTEGER,
  failures INTEGER NOT NULL,
  suppressed INTEGER NOT NULL,
  last_failure_time_ns INTEGER,
  explanation TEXT,
  least_units INTEGER,             -- least pool without failures
  least_bytes INTEGER,
  least_bound TEXT,                -- lower, exact
  recommended_units INTEGER,
  boot_parameter TEXT,
  report_json TEXT,                -- the incident as in the report JSON
  case_name TEXT);                 -- source_case.case_name, NULL = the database holds one case only

-- Failures of an incident by cause.
CREATE TABLE incident_cause(incident_id INTEGER NOT NULL REFERENCES incident(id), cause TEXT NOT NULL, failures INTEGER NOT NULL);

-- Devices whose mappings failed.
CREATE TABLE reporter(
  incident_id INTEGER NOT NULL REFERENCES incident(id),
  device TEXT NOT NULL,
  driver TEXT,
  failures INTEGER NOT NULL,       -- as replayed or read
  named INTEGER NOT NULL);         -- log lines that name it

-- Who held the pool just before the first failure, largest first.
CREATE TABLE holder(
  id INTEGER PRIMARY KEY,
  incident_id INTEGER NOT NULL REFERENCES incident(id),
  device TEXT NOT NULL,
  driver TEXT,
  consumer TEXT,
  bytes INTEGER,
  units INTEGER,
  mappings INTEGER,
  share REAL,                      -- of the units in use, 0..1
  oldest_age_seconds REAL,
  growth_units_per_second REAL);

-- Devices whose removal makes the failures vanish or shrink, most to blame first.
CREATE TABLE culprit(
  incident_id INTEGER NOT NULL REFERENCES incident(id),
  device TEXT NOT NULL,
  driver TEXT,
  blame REAL,                      -- 0..1
  failures_without INTEGER);

-- What a finding rests on.
CREATE TABLE evidence(
  id INTEGER PRIMARY KEY,
  incident_id INTEGER NOT NULL REFERENCES incident(id),
  text TEXT NOT NULL,
  path TEXT,
  line INTEGER);

-- What would help, best first.
CREATE TABLE remedy(
  id INTEGER PRIMARY KEY,
  incident_id INTEGER NOT NULL REFERENCES incident(id),
  change TEXT NOT NULL,
  kind TEXT,
  proven INTEGER NOT NULL,         -- 1 = a run with this change was made
  failures_after INTEGER,
  note TEXT,
  basis TEXT,                      -- replayed, computed, experience
  risk TEXT);

-- Known bugs and traps that fit an incident.
CREATE TABLE known_issue(
  id INTEGER PRIMARY KEY,
  incident_id INTEGER REFERENCES incident(id),  -- NULL = of the machine, no incident known
  issue TEXT NOT NULL,             -- stable name
  title TEXT NOT NULL,
  confidence REAL NOT NULL,        -- 0..1
  why TEXT,
  fix TEXT,
  workaround TEXT,
  source TEXT);

-- What to record next time.
CREATE TABLE next_capture(incident_id INTEGER NOT NULL REFERENCES incident(id), text TEXT NOT NULL);

-- The whole report of the last diagnosis (schema tracereplay.report/1); one row at most.
CREATE TABLE report(id INTEGER PRIMARY KEY, json TEXT NOT NULL);
