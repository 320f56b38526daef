-- SPDX-License-Identifier: BSD-2-Clause
-- Reads logs as Zeek's manual describes conn.log, dns.log, ssl.log and http.log in JSON: prints
-- NAME|NUMBER, of what is wrong (must be 0) and of sums to compare.  sqlite3 -bail, lines in raw(line).
CREATE TABLE raw (line TEXT);
.mode ascii
.separator "\037" "\n"
.import lines.json raw
.mode list
.separator "|" "\n"

CREATE TABLE log AS SELECT
	json_extract(line, '$._path') AS path,
	json_extract(line, '$.ts') AS ts,
	json_extract(line, '$.uid') AS uid,
	json_extract(line, '$."id.orig_h"') AS orig_h,
	json_extract(line, '$."id.orig_p"') AS orig_p,
	json_extract(line, '$."id.resp_h"') AS resp_h,
	json_extract(line, '$."id.resp_p"') AS resp_p,
	json_extract(line, '$.proto') AS proto,
	line
FROM raw WHERE json_extract(line, '$._path') IS NOT NULL;
CREATE INDEX log_uid ON log (uid, path);
CREATE VIEW conn AS SELECT uid, ts, orig_h, orig_p, resp_h, resp_p, proto,
	json_extract(line, '$.service') AS service,
	json_extract(line, '$.duration') AS duration,
	json_extract(line, '$.orig_bytes') AS orig_bytes,
	json_extract(line, '$.resp_bytes') AS resp_bytes,
	json_extract(line, '$.conn_state') AS conn_state,
	json_extract(line, '$.history') AS history,
	json_extract(line, '$.orig_pkts') AS orig_pkts,
	json_extract(line, '$.orig_ip_bytes') AS orig_ip_bytes,
	json_extract(line, '$.resp_pkts') AS resp_pkts,
	json_extract(line, '$.resp_ip_bytes') AS resp_ip_bytes
FROM log WHERE path = 'conn';

SELECT 'wrong: another path', count(*) FROM log
	WHERE path NOT IN ('conn', 'dns', 'ssl', 'http', 'files');
SELECT 'wrong: ts or uid or ends', count(*) FROM log
	WHERE typeof(ts) <> 'real' OR uid NOT GLOB 'C[0-9A-Za-z]*' OR length(uid) <> 17 OR
	typeof(orig_h) <> 'text' OR typeof(resp_h) <> 'text' OR
	typeof(orig_p) <> 'integer' OR typeof(resp_p) <> 'integer';
SELECT 'wrong: proto', count(*) FROM log
	WHERE path IN ('conn', 'dns') AND proto NOT IN ('tcp', 'udp', 'icmp', 'unknown_transport');
SELECT 'wrong: conn', count(*) FROM conn
	WHERE typeof(duration) <> 'real' OR duration < 0 OR typeof(orig_bytes) <> 'integer' OR
	typeof(resp_bytes) <> 'integer' OR typeof(orig_pkts) <> 'integer' OR typeof(resp_pkts) <> 'integer' OR
	typeof(orig_ip_bytes) <> 'integer' OR typeof(resp_ip_bytes) <> 'integer';
SELECT 'wrong: conn_state', count(*) FROM conn
	WHERE conn_state NOT IN ('S0', 'S1', 'SF', 'REJ', 'S2', 'S3', 'RSTO', 'RSTR', 'RSTOS0', 'RSTRH',
	'SH', 'SHR', 'OTH');
SELECT 'wrong: history', count(*) FROM conn WHERE history GLOB '*[^ShAaDdFfRrTtHsQqIi]*';
SELECT 'wrong: history of SF', count(*) FROM conn
	WHERE conn_state = 'SF' AND proto = 'tcp' AND NOT (history GLOB '*S*' AND history GLOB '*h*' AND
	history GLOB '*F*' AND history GLOB '*f*');
SELECT 'wrong: more payload than IP', count(*) FROM conn
	WHERE proto = 'udp' AND (orig_bytes > orig_ip_bytes OR resp_bytes > resp_ip_bytes);
-- A line of another log is of a connection: by uid, and by its ends.
SELECT 'wrong: no conn', count(*) FROM log WHERE path <> 'conn' AND NOT EXISTS (
	SELECT 1 FROM log AS c WHERE c.uid = log.uid AND c.path = 'conn' AND
	c.orig_h || c.orig_p || c.resp_h || c.resp_p IN (
	log.orig_h || log.orig_p || log.resp_h || log.resp_p, log.resp_h || log.resp_p || log.orig_h || log.orig_p));
SELECT 'wrong: dns', count(*) FROM log WHERE path = 'dns' AND (
	typeof(json_extract(line, '$.trans_id')) <> 'integer' OR
	json_type(line, '$.rejected') NOT IN ('true', 'false') OR json_type(line, '$.AA') NOT IN ('true', 'false') OR
	(json_extract(line, '$.rcode') IS NULL) <> (json_extract(line, '$.rcode_name') IS NULL) OR
	(json_extract(line, '$.qtype') IS NULL) <> (json_extract(line, '$.qtype_name') IS NULL) OR
	ifnull(json_array_length(line, '$.answers'), 0) <> ifnull(json_array_length(line, '$.TTLs'), 0));
SELECT 'wrong: http', count(*) FROM log WHERE path = 'http' AND (
	typeof(json_extract(line, '$.trans_depth')) <> 'integer' OR
	typeof(json_extract(line, '$.request_body_len')) <> 'integer' OR
	typeof(json_extract(line, '$.response_body_len')) <> 'integer' OR
	ifnull(json_type(line, '$.resp_mime_types'), 'array') <> 'array');
SELECT 'wrong: ssl', count(*) FROM log WHERE path = 'ssl' AND (
	ifnull(json_extract(line, '$.version'), 'TLSv12') NOT GLOB '[TSu][LSn]*' OR
	json_type(line, '$.established') NOT IN ('true', 'false') OR
	json_type(line, '$.resumed') NOT IN ('true', 'false'));

SELECT 'conns', count(*) FROM conn;
SELECT 'packets', ifnull(sum(orig_pkts + resp_pkts), 0) FROM conn;
SELECT 'ip_bytes', ifnull(sum(orig_ip_bytes + resp_ip_bytes), 0) FROM conn;
SELECT 'dns', count(*) FROM log WHERE path = 'dns';
SELECT 'dns messages', ifnull(sum(CASE
	WHEN json_extract(line, '$.rtt') IS NOT NULL THEN 2 ELSE 1 END), 0) FROM log WHERE path = 'dns';
SELECT 'ssl', count(*) FROM log WHERE path = 'ssl';
SELECT 'resumed', count(*) FROM log WHERE path = 'ssl' AND json_extract(line, '$.resumed');
SELECT 'established', count(*) FROM log WHERE path = 'ssl' AND json_extract(line, '$.established');
SELECT 'ja4', count(DISTINCT json_extract(line, '$.ja4')) FROM log WHERE path = 'ssl';
SELECT 'http', count(*) FROM log WHERE path = 'http' AND json_extract(line, '$.method') IS NOT NULL;
SELECT 'http answered', count(*) FROM log WHERE path = 'http' AND json_extract(line, '$.status_code') IS NOT NULL;
SELECT 'files', count(*) FROM log WHERE path = 'files';
