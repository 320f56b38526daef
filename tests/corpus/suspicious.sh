#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What skua suspicious must find in captures that are known, and how often; a rule that is not named
# for a capture must find nothing there: tests/corpus/suspicious.sh
set -eu
cd "$(dirname "$0")/../.."
corpus=${SKUA_CORPUS:-../shared/corpus}
if [ ! -f "$corpus/MANIFEST.tsv" ]; then
	echo "1..0 # SKIP no corpus at $corpus (set SKUA_CORPUS)"
	exit 0
fi
skua=${OUT:-build}/skua
count=0
failed=0

# Rows as "finding what count", the recipe's three left out; names of a domain are summed up.
rows() {
	"$skua" suspicious --format json "$1" 2>/dev/null | python3 -c '
import json, sys
rows = [json.loads(line) for line in sys.stdin]
rows = [r for r in rows if r["finding"] not in ("PORT_SCAN", "DNS_EXFILTRATION", "SUSPICIOUS_PORTS")]
for r in rows:
    assert r["first_frame"] <= r["last_frame"] and r["timestamp"] <= r["last_timestamp"] and r["why"].endswith(".")
print(", ".join(sorted({"%s %s %d" % (r["finding"], r.get("what", "-"), r["count"]) for r in rows})))'
}

# expect CAPTURE ROWS SENTENCE
expect() {
	count=$((count + 1))
	got=$(rows "$corpus/$1")
	if [ "$got" = "$2" ]; then
		echo "ok $count - $1: $3"
	else
		echo "not ok $count - $1: $3"
		echo "# got  $got"
		echo "# want $2"
		failed=1
	fi
}

expect content/smb-psexec-files.pcap \
	'ADMIN_SHARE \\dc1\ADMIN$ 2, EXECUTABLE_TRANSFER PSEXESVC.exe 1, REMOTE_CONTROL_PIPE PSEXESVC 1, '\
'REMOTE_CONTROL_PIPE PSEXESVC-VICTIM-PC-2412-stderr 1, REMOTE_CONTROL_PIPE PSEXESVC-VICTIM-PC-2412-stdin 1, '\
'REMOTE_CONTROL_PIPE PSEXESVC-VICTIM-PC-2412-stdout 1, REMOTE_CONTROL_PIPE svcctl 2' \
	'PsExec puts its program on ADMIN$, starts it by svcctl and talks to it by pipes'
expect exfil/smb-write-1.5M.pcap 'ACCOUNTS_PIPE srvsvc 1' 'shares are listed, and no program is written'
expect beacon/zeus-few-posts.pcap 'EXECUTABLE_TRANSFER krt.exe 1, EXECUTABLE_TRANSFER ser.exe 1' \
	'two programs are fetched'
expect benign/periodic-ntp-mixed.pcap \
	'EXECUTABLE_TRANSFER org.eclipse.update.configurator_3.1.0.jar 1, '\
'EXECUTABLE_TRANSFER org.eclipse.update.core_3.1.0.jar 1' 'so are updates of Eclipse, and nobody can tell'
# 705 answers are 530: those of frames 4 and 13 are to secrets that were sent before the capture.
expect benign/trap-ftp-password-guessing.pcap 'LOGIN_FAILURES - 703' 'refused logins are counted one by one'
expect dns-tunnel/dnscat2-txt-3975q.pcap 'SUSPICIOUS_TLD ggy666.tk 3975' 'a tunnel below .tk is one row'
expect content/http-file-executable.pcap '' 'a picture over FTP is no program'
expect benign/ssh-session.pcap '' 'a session of SSH is no guess'
expect benign/trap-http-load-750conns.pcap '' 'nor are 750 connections of HTTP'
echo "1..$count"
exit $failed
