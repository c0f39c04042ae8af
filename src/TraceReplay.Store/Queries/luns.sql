-- SCSI logical units by path: who they are, their queue depth, and their multipath map.
-- :host only this host number; all if not given
SELECT * FROM v_lun_path WHERE :host IS NULL OR host = :host;
