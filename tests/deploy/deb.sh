#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The Debian package in a fresh Debian 12 that systemd has booted: installed, at work, upgraded, removed.
set -u
LAB_SET=check-all
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/../lab/lab.sh"
# shellcheck source=tests/deploy/container.sh
. "$LAB_ROOT/tests/deploy/container.sh"

build() { # version
	OUT=$LAB_BUILD "$LAB_ROOT/tools/deb.sh" "$1" >"$LAB_DIR/deb" 2>&1
	built=$?
	deb=$(ls "$LAB_BUILD/deb/skua_${1}_"*.deb)
	ok $built "version $1 is built" "$(cat "$LAB_DIR/deb")"
	said=$(lintian --allow-root --fail-on error,warning "$LAB_BUILD/deb/"*.changes 2>&1)
	ok $? "lintian finds neither errors nor warnings" "$said"
	cp "$deb" "$CONTAINER/root/"
	deb=/root/${deb##*/}
}

# What a person would do by hand.
scan_until_found() {
	lab_in b python3 "$LAB_ROOT/tests/deploy/scan.py" 10.78.0.1
	lab_until 60 found
}
found() {
	container journalctl -u skua -o cat --no-pager | grep '"event_type":"scan"' >"$LAB_DIR/finding"
}

show() { # property
	container systemctl show -P "$1" skua.service
}
serving() {
	[ "$(show ActiveState)" = active ]
}
restarted() { # times
	[ "$(show NRestarts)" -ge "$1" ] && serving
}
attachments() {
	lab_in b python3 "$LAB_ROOT/tests/deploy/attached.py" eth0
}
evidence() {
	[ -n "$(find "$CONTAINER/var/lib/skua/vault" -name '*.pcapng')" ]
}
owned_by_skua() {
	find "$CONTAINER" -xdev -uid "$uid" ! -path "$CONTAINER/proc/*" 2>/dev/null
}

# A thousand datagrams a second, each answered by a refusal, until the agent has been stopped.
traffic_begin() {
	before=$(lab_packets b eth0)
	lab_start a steady python3 "$LAB_ROOT/tests/deploy/steady.py" 10.78.0.2
	steady=$LAB_PID
	lab_until 60 grep -qs sending "$LAB_DIR/steady"
}
traffic_end() {
	sleep 1
	lab_kill "$steady"
	container systemctl stop skua
	container journalctl --sync # what it said at its end has been taken in
	passed=$(($(lab_packets b eth0) - before))
}
# By each agent when it ended.
counted() {
	container journalctl -u skua -o cat --no-pager | jq -Rn 'inputs | fromjson? | .stats?.packets // empty'
}
missed() { # packets what goal
	awk -v missed="$1" -v what="$2" -v goal="$3" 'BEGIN {
		printf "# figure: upgrade of %s: %d packets missed, a gap of %.2f s (goal %s)\n", what, missed, missed / 2000, goal }'
}

lab_need lintian debootstrap systemd-nspawn dpkg-buildpackage jq
lab_open
lab_need_bpf
lab_pair a b
container_make || skip_all "no Debian 12 can be fetched: $(tail -n 1 "$LAB_DIR/debootstrap")"
version=$("$SKUA" version | sed -n 's/^skua //p')
build "$version"
[ "$built" = 0 ] || lab_close # nothing is there to install
container_boot b
ok $? "a fresh Debian 12 boots" "$(tail -n 5 "$LAB_DIR/console")"
container_files >"$LAB_DIR/files.before"

begun=$(date +%s)
container sh -c "apt-get -qq update && apt-get -qqy install $deb" >"$LAB_DIR/apt" 2>&1
ok $? "one command installs it" "$(tail "$LAB_DIR/apt")"
installed=$(date +%s)
scan_until_found
ok $? "a scan is found" "$(container journalctl -u skua --no-pager | tail)"
serving || { container_end; lab_close; } # what follows asks it, and stops it by its number
echo "# figure: install to first finding: $(($(date +%s) - begun)) s, downloads of apt included: $((installed - begun)) s (goal 120 s)"
is "$(jq -r .src_ip "$LAB_DIR/finding" | sort -u)" 10.78.0.2 "and whose it is"
serving && [ "$(container systemctl is-enabled skua)" = enabled ]
ok $? "the service runs and will after the next boot" "$(container systemctl status skua --no-pager)"
case $(show StatusText) in 'watching eth0 '*packets*) ok 0 "systemctl status says what it watches" ;;
*) ok 1 "systemctl status says what it watches" "$(show StatusText)" ;; esac
main=$(show MainPID)
uid=$(container id -u skua)
is "$(container sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "/proc/$main/status")" "$uid" "its account is skua"
is "$(container sed -n 's/^CapEff:\t//p' "/proc/$main/status")" 0000000000000000 "the worker has no capability"
container skua findings --format json 2>&1 | grep -q '"scan"'
ok $? "skua findings tells of it" "$(container skua findings 2>&1 | tail -n 3)"
lab_until 60 evidence
container skua verify /var/lib/skua/vault >"$LAB_DIR/verify" 2>&1 && jq -e '.good and .files > 0' "$LAB_DIR/verify" >/dev/null
ok $? "its evidence is in the vault" "$(cat "$LAB_DIR/verify")"
container systemctl reload skua && [ "$(show MainPID)" = "$main" ] && serving
ok $? "it is reloaded, and still the same process"
container journalctl -u skua --no-pager | grep -i 'operation not permitted\|denied' >"$LAB_DIR/denied"
[ ! -s "$LAB_DIR/denied" ]
ok $? "the unit denies it nothing that it asks for" "$(cat "$LAB_DIR/denied")"

mkdir -p "$CONTAINER/etc/systemd/system/skua.service.d"
printf '[Service]\nWatchdogSec=4\nTimeoutAbortSec=1\n' >"$CONTAINER/etc/systemd/system/skua.service.d/test.conf"
container systemctl daemon-reload
container systemctl restart skua
main=$(show MainPID)
container sh -c "kill -STOP $main"
lab_until 60 restarted 1
ok $? "when it hangs, the watchdog ends it and it starts again" "$(container systemctl status skua --no-pager)"
is "$(attachments)" 2 "with its programs attached once"
is "$(show NRestarts)" 1 "it did so once"
rm -r "$CONTAINER/etc/systemd/system/skua.service.d"
container systemctl daemon-reload
container systemctl restart skua

echo '# by the administrator' >>"$CONTAINER/etc/skua/skua.yaml"
build "$version+1"
main=$(show MainPID)
traffic_begin
container apt-get -qqy install "$deb" >"$LAB_DIR/apt" 2>&1
ok $? "it is upgraded under traffic" "$(tail "$LAB_DIR/apt")"
lab_until 60 serving
ok $? "the new one runs" "$(container systemctl status skua --no-pager)"
[ "$(show MainPID)" != "$main" ]
ok $? "as a new process"
is "$(container dpkg-query -W -f '${Version}' skua)" "$version+1" "of the new version"
is "$(attachments)" 2 "nothing is attached twice"
grep -q administrator "$CONTAINER/etc/skua/skua.yaml"
ok $? "what the administrator configured is as it was"
traffic_end
missed $((passed - $(counted | tail -n 2 | paste -sd+))) 'the package under traffic' '< 1 s'

container sh -c 'mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf'
mkdir -p "$CONTAINER/etc/systemd/system/skua.service.d"
cp "$CONTAINER/usr/share/doc/skua/examples/pin.conf" "$CONTAINER/etc/systemd/system/skua.service.d/"
container systemctl daemon-reload
container systemctl start skua
ok $? "with pins it starts, too" "$(container journalctl -u skua --no-pager | tail)"
traffic_begin
container apt-get -qqy install --reinstall "$deb" >"$LAB_DIR/apt" 2>&1
ok $? "it is upgraded once more under traffic" "$(tail "$LAB_DIR/apt")"
traffic_end
missed $((passed - $(counted | tail -n 1))) 'the package under traffic, with pin.conf' none
is $((passed - $(counted | tail -n 1))) 0 "every packet is counted, once"
is "$(attachments)" 2 "its programs stay, once, for the next to go on"
rm -r "$CONTAINER/etc/systemd/system/skua.service.d"

container apt-get -qqy remove skua >"$LAB_DIR/apt" 2>&1
ok $? "it is removed" "$(tail "$LAB_DIR/apt")"
is "$(attachments)" 0 "nothing stays attached"
[ -e "$CONTAINER/var/lib/skua/vault" ] && [ -e "$CONTAINER/etc/skua/skua.yaml" ] && [ ! -e "$CONTAINER/usr/bin/skua" ]
ok $? "evidence and configuration stay"
container apt-get -qqy purge --autoremove skua >"$LAB_DIR/apt" 2>&1
ok $? "it is purged" "$(tail "$LAB_DIR/apt")"
container_files >"$LAB_DIR/files.after"
same "$LAB_DIR/files.before" "$LAB_DIR/files.after" "no file is left of it"
! container getent passwd skua && ! container getent group skua
ok $? "nor its account"
is "$(owned_by_skua)" "" "nor a file of that number"
container_end
lab_close
