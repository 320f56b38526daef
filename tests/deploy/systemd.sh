#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The unit as systemd reads it, and what an agent tells whoever started it as a service.
set -u
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/../lab/lab.sh"

UNIT=$LAB_ROOT/deploy/systemd/skua.service
THREE='CAP_BPF CAP_NET_ADMIN CAP_PERFMON'

# As if it were installed: the program is where it was built.
installed() {
	sed "s|/usr/bin/skua|$SKUA|" "$UNIT" >"$LAB_DIR/skua.service"
}

unit_value() { # name
	sed -n "s/^$1=//p" "$UNIT"
}

# The system calls that the unit allows, by name: groups unfolded, in the order of its lines.
allowed_calls() {
	sed -n 's/^SystemCallFilter=//p' "$UNIT" | while read -r line; do
		case $line in '~'*) sign=- line=${line#'~'} ;; *) sign=+ ;; esac
		for name in $line; do unfold "$name" | sed "s/^/$sign/"; done
	done | awk '{ name = substr($0, 2); if (/^[+]/) on[name] = 1; else delete on[name] }
		END { for (name in on) print name }' | sort
}

unfold() { # name
	case $1 in
	@*) systemd-analyze syscall-filter "$1" </dev/null | sed -n 's/^ *\([@a-z_0-9-]*\)$/\1/p' | tail -n +2 |
		while read -r part; do unfold "$part"; done ;;
	*) echo "$1" ;;
	esac
}

# What an agent calls that keeps everything, under the rights of the unit.
made_calls() {
	caps='-all,+bpf,+net_admin,+perfmon'
	mkdir -m 777 "$LAB_DIR/made"
	ip netns exec "$LAB-b" setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=$caps \
		--ambient-caps=$caps --bounding-set=$caps --no-new-privs \
		strace -f -qq -o "$LAB_DIR/made/calls" "$SKUA" run --source kernel --duration 2 -i eth0 \
		--socket "$LAB_DIR/made/socket" --snapshots "$LAB_DIR/made/vault" \
		--journal "$LAB_DIR/made/journal" --state "$LAB_DIR/made/state" >/dev/null 2>"$LAB_DIR/made/err" ||
		cat "$LAB_DIR/made/err"
	sed -n 's/^[0-9]* *\([a-z_0-9]*\)(.*/\1/p' "$LAB_DIR/made/calls" | grep -v '^execve$' | sort -u
}

lab_need systemd-analyze setpriv strace
lab_open
installed
said=$(systemd-analyze verify --man=no "$LAB_DIR/skua.service" 2>&1)
[ -z "$said" ]
ok $? "systemd has nothing to say against the unit" "$said"
score=$(systemd-analyze security --offline=true "$LAB_DIR/skua.service" | sed -n 's/.*exposure level.*: \([0-9.]*\) .*/\1/p')
awk -v score="${score:-10}" 'BEGIN { exit !(score < 2.5) }'
ok $? "its exposure is below 2.5, $score"
echo "# figure: systemd-analyze security: $score (goal below 2.5)"
is "$(unit_value AmbientCapabilities)" "$THREE" "it is given three capabilities"
is "$(unit_value CapabilityBoundingSet)" "$THREE" "and can never have others"
is "$(unit_value Type) $(unit_value StateDirectory) $(unit_value RuntimeDirectory) $(unit_value WatchdogSec)" \
	'notify skua skua 30' "it says when it is ready, has its folders, and is watched"

lab_need_bpf
lab_pair a b
allowed_calls >"$LAB_DIR/allowed"
made_calls >"$LAB_DIR/calls"
grep -qx bpf "$LAB_DIR/calls" && grep -qx capset "$LAB_DIR/calls"
ok $? "an agent with these rights runs: $(wc -l <"$LAB_DIR/calls") different system calls"
is "$(comm -13 "$LAB_DIR/allowed" "$LAB_DIR/calls" | tr '\n' ' ')" "" "all of them are among the $(wc -l <"$LAB_DIR/allowed") that the unit allows"

python3 "$LAB_ROOT/tests/deploy/notify.py" "$SKUA" "$LAB-b" "$LAB-a" "$LAB_DIR" >"$LAB_DIR/notify" 2>&1 ||
	ok 1 "the service manager's part is played to its end" "$(cat "$LAB_DIR/notify")"
tab=$(printf '\t')
while IFS=$tab read -r status sentence seen; do
	case $status in
	[01]) ok "$status" "$sentence" "$seen" ;;
	'# figure'*) echo "$status" ;;
	esac
done <"$LAB_DIR/notify"
[ "$(grep -c '^[01]' "$LAB_DIR/notify")" -ge 16 ]
ok $? "everything was asked" "$(cat "$LAB_DIR/notify")"
lab_close
