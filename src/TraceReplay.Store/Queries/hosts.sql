-- SCSI hosts: driver, device, queue limits, and how many LUN paths each has.
SELECT * FROM v_scsi_host;
