# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# What can become of a vault's disk while an agent writes there; sourced by evidence.sh.

# --- a disk as fast as can be -------------------------------------------------------------------

fault_none_make() { # name
	mkdir "$LAB_DIR/$1.d" && mount -t tmpfs -o size=1g,mode=750 tmpfs "$LAB_DIR/$1.d"
}

# --- a small file system that somebody else fills, again and again ------------------------------

fault_full_make() {
	mkdir "$LAB_DIR/full.fs" &&
		mount -t tmpfs -o size=8m,mode=755 tmpfs "$LAB_DIR/full.fs" &&
		ln -s full.fs/vault "$LAB_DIR/full.d" && mkdir "$LAB_DIR/full.fs/vault"
}

fault_full_break() {
	while :; do
		cat /dev/zero >>"$LAB_DIR/full.fs/filler" 2>/dev/null
		sleep 0.05
	done &
	fault_filler=$!
	lab_remember $fault_filler
	lab_until 30 fault_is_full
}

fault_is_full() {
	[ "$(df --output=avail "$LAB_DIR/full.fs" | tail -n 1)" -eq 0 ]
}

fault_full_heal() {
	kill -0 "$fault_filler" 2>/dev/null || return 0
	kill "$fault_filler"
	wait "$fault_filler" 2>/dev/null
	rm "$LAB_DIR/full.fs/filler"
}

# --- a directory that is taken away -------------------------------------------------------------

fault_gone_make() { :; }
fault_gone_break() { lab_until 20 rm -rf "$LAB_DIR/gone.d"; } # somebody may be writing there
fault_gone_heal() { install -d -m 750 -o "$(worker_uid)" "$LAB_DIR/gone.d"; }

# --- a directory that may no longer be written to -----------------------------------------------

fault_readonly_make() { :; }
fault_readonly_break() { find "$LAB_DIR/readonly.d" -type d -exec chmod 500 {} +; }
fault_readonly_heal() { find "$LAB_DIR/readonly.d" -type d -exec chmod 750 {} +; }

# --- a file system that is unmounted under it; the agent has a mount namespace of its own --------

fault_unmounted_make() {
	mkdir "$LAB_DIR/unmounted.d" && mount -t tmpfs -o size=64m,mode=750 tmpfs "$LAB_DIR/unmounted.d"
}

fault_unmounted_break() {
	for fault_in in 1 "$(cat "$LAB_DIR/unmounted.pid")"; do
		nsenter -t "$fault_in" -m umount -l "$LAB_DIR/unmounted.d" 2>/dev/null
	done
}

fault_unmounted_heal() {
	nsenter -t "$(cat "$LAB_DIR/unmounted.pid")" -m \
		mount -t tmpfs -o "size=64m,mode=750,uid=$(worker_uid)" tmpfs "$LAB_DIR/unmounted.d"
}

# --- a disk that does not answer ----------------------------------------------------------------

faults_slow_program() { # name microseconds: stalls while NAME.now is there
	# shellcheck disable=SC2154  # who sources this sets them
	cat >"$LAB_DIR/slow-$1" <<-EOT
		#!/bin/sh
		LD_PRELOAD=$preload LAB_DISK_STALLED=$LAB_DIR/$1.now LAB_DISK_US=$2
		export LD_PRELOAD LAB_DISK_STALLED LAB_DISK_US
		exec $real "\$@"
	EOT
	chmod 755 "$LAB_DIR/slow-$1"
	SKUA=$LAB_DIR/slow-$1
}

# Who writes to a frozen file system cannot be killed, so it is thawed whatever becomes of this shell.
fault_frozen_make() {
	truncate -s 64M "$LAB_DIR/frozen.image" && mkfs.ext4 -q "$LAB_DIR/frozen.image" &&
		mkdir "$LAB_DIR/frozen.fs" && mount -o loop "$LAB_DIR/frozen.image" "$LAB_DIR/frozen.fs" &&
		ln -s frozen.fs/vault "$LAB_DIR/frozen.d" && mkdir "$LAB_DIR/frozen.fs/vault"
}

fault_frozen_break() {
	setsid sh -c "sleep 120; fsfreeze -u '$LAB_DIR/frozen.fs'" >/dev/null 2>&1 &
	fault_watchdog=$!
	fsfreeze -f "$LAB_DIR/frozen.fs"
}

fault_frozen_thaw() {
	fsfreeze -u "$LAB_DIR/frozen.fs"
	kill "$fault_watchdog" 2>/dev/null
}
fault_frozen_heal() { :; }

faults_look_at_drain() { # when it was told to end
	faults_said=$(grep -c 'the disk does not answer: [0-9]* snapshots are not written' "$LAB_DIR/stalled.err")
	echo "$((faults_said != 1)) stalled: it says that the disk does not answer, and what is not written"
	faults_took=$(tail -n 1 "$LAB_DIR/stalled.out" | awk -v begun="$1" '{ printf "%d", $1 - begun }')
	# Some 7 s of them are its own patience; a machine that has other things to do adds to the rest.
	echo "$((faults_took > 60)) stalled: its last words come although: after $faults_took s"
	echo "# figure: stalled: its last words come after $faults_took s (14 are promised)"
}

# --- afterwards ---------------------------------------------------------------------------------

# The next agent finds the vault usable: what was listed is whole.
faults_restart() { # name
	rm -f "$LAB_DIR/stalled.now"
	"fault_${1}_heal" 2>/dev/null
	case $1 in unmounted) return 0 ;; esac
	"$SKUA" run --source pcap -i lo --snapshots "$LAB_DIR/$1.d" --socket none --duration 1 \
		>"$LAB_DIR/$1.again" 2>&1
	is $? 0 "$1: the next agent opens the vault"
	lab_said=$("$SKUA" verify "$LAB_DIR/$1.d" --format json)
	ok $? "$1: and it verifies" "$lab_said"
	note "$1: $(echo "$lab_said" | jq -c '{files, recovered, unfinished, problem_count}')"
}

faults_undo() {
	rm -f "$LAB_DIR/stalled.now"
	fsfreeze -u "$LAB_DIR/frozen.fs" 2>/dev/null
	for fault_at in full.fs unmounted.d frozen.fs burst.d; do
		while umount -l "$LAB_DIR/$fault_at" 2>/dev/null; do :; done
	done
}
