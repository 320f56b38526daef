#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the two processes of a running agent may do, as the kernel says it.
set -u
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/lab.sh"

of() { # pid field
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

caps() { # number...: a mask as /proc prints it
	python3 -c 'import sys; print("%016x" % sum(1 << int(n) for n in sys.argv[1:]))' "$@"
}

# A process whose files in /proc belong to root although it is not root cannot be dumped or traced.
undumpable() { # pid
	[ "$(stat -c %u "/proc/$1/environ")" = 0 ] && [ "$(of "$1" Uid | cut -f 1)" != 0 ]
}

lab_need
lab_open
lab_need_bpf
lab_pair a b
lab_agent b rights -i eth0=uplink
ok $? "skua watches"
worker=$(cat "$LAB_DIR/rights.pid")
attacher=$(lab_children "$worker" | tr -d ' ')
none=$(caps)
attach=$(caps 12) # CAP_NET_ADMIN; CAP_BPF and CAP_PERFMON are given up once the programs are loaded
[ -n "$attacher" ] && [ -d "/proc/$attacher" ]
ok $? "it has one child, the attacher" "children: $attacher"

for set in CapEff CapPrm CapInh CapAmb; do
	is "$(of "$worker" $set)" "$none" "worker: $set holds nothing"
done
is "$(of "$worker" NoNewPrivs)" 1 "worker: gains nothing by exec"
is "$(of "$worker" Seccomp)" 2 "worker: system calls are filtered"
[ "$(of "$worker" Uid | cut -f 1)" != 0 ]
ok $? "worker: runs as another user, $(of "$worker" Uid | tr '\t' ' ')"
[ "$(of "$worker" Uid | tr '\t' '\n' | sort -u | wc -l)" = 1 ]
ok $? "worker: real, effective, saved and file system user are the same"
[ -z "$(of "$worker" Groups | tr -d ' 0')" ] || [ "$(of "$worker" Groups)" = "$(of "$worker" Gid | cut -f 1) " ]
ok $? "worker: keeps no group of root's" "$(of "$worker" Groups)"
undumpable "$worker"
ok $? "worker: cannot be dumped or traced by its user"

# Programs that no link here needed are loaded behind the first attachments.
holds_one() {
	[ "$(of "$attacher" CapEff)" = "$attach" ]
}
lab_until 60 holds_one
for set in CapEff CapPrm; do
	is "$(of "$attacher" $set)" "$attach" "attacher: $set is CAP_NET_ADMIN alone"
done
for set in CapInh CapAmb; do
	is "$(of "$attacher" $set)" "$none" "attacher: $set holds nothing"
done
is "$(of "$attacher" NoNewPrivs)" 1 "attacher: gains nothing by exec"
cat "/proc/$attacher/net/packet" >"$LAB_DIR/packet" 2>/dev/null
is "$(wc -l <"$LAB_DIR/packet")" 1 "no packet socket is open in its namespace"

cat "/proc/$worker/maps" >"$LAB_DIR/maps"
! grep -qE ' rwxp ' "$LAB_DIR/maps"
ok $? "worker: no memory is writable and executable"
python3 - "$worker" "$attacher" <<'EOT' >"$LAB_DIR/limits"
import sys
for pid in sys.argv[1:]:
    for line in open("/proc/%s/limits" % pid):
        if line.startswith("Max core file size"):
            print(line.split()[4])
EOT
note "core sizes of worker and attacher: $(tr '\n' ' ' <"$LAB_DIR/limits")"
lab_stop rights
is $? 0 "SIGTERM ends both with status 0"
lab_until 30 lab_dead "$attacher"
ok $? "the attacher has ended too"
lab_close
