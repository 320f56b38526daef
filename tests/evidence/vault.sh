#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A vault that is killed, altered, starved; verify and minisign look at what is left.
# `tests/evidence/vault.sh all` kills ten times as often.
set -u
cd "$(dirname "$0")/../.."
out=${OUT:-build}
command -v minisign >/dev/null || {
	echo "minisign is not installed: tools/setup.sh check"
	exit 77
}
kills=20 flips=600
[ "${1:-sample}" = sample ] || kills=200 flips=20000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
log=$work/log
: >"$log"
for key in one two; do
	minisign -G -W -p "$work/$key.pub" -s "$work/$key.key" >/dev/null
done

# A program of several tests; whoever dies is a failure.
run() {
	begun=$(grep -c '^1\.\.' "$log")
	"$@" >>"$log" 2>&1
	status=$?
	[ "$(grep -c '^1\.\.' "$log")" -gt "$begun" ] ||
		echo "not ok 0 - ${1##*/} ${2-} came to its end (status $status)" >>"$log"
}
check() {
	sentence=$1
	shift
	if said=$("$@" 2>&1); then
		echo "ok 0 - $sentence" >>"$log"
	else
		echo "not ok 0 - $sentence" >>"$log"
		printf '%s\n' "$said" | head -n 10 | sed 's/^/# /' >>"$log"
	fi
}
skip() {
	echo "ok 0 - $1 # SKIP $2" >>"$log"
}

full_disk() {
	mkdir "$work/small"
	if unshare -m true 2>/dev/null; then
		# In a mount namespace of its own: nothing is left behind.
		run unshare -m sh -c "mount -t tmpfs -o size=2m none '$work/small' &&
			exec '$out/evidence/faults' full '$work/small'"
	else
		skip "a vault on a full disk" "this account may not mount a file system"
	fi
}

read_only() {
	mkdir "$work/others"
	chmod 755 "$work" "$work/others"
	if [ "$(id -u)" = 0 ]; then
		# Whoever may not enter the tree still runs what lies outside of it.
		cp "$out/evidence/faults" "$work/faults"
		run setpriv --reuid 65534 --regid 65534 --clear-groups "$work/faults" readonly "$work/others"
	else
		skip "a vault in a directory of somebody else" "needs root"
	fi
}

exits() {
	wanted=$1
	shift
	"$out/skua" verify "$@" >"$work/said" 2>&1
	status=$?
	cat "$work/said"
	[ "$status" = "$wanted" ]
}
says() {
	grep -qF "$1" "$work/said" || {
		cat "$work/said"
		return 1
	}
}

command_line() {
	vault=$work/vault
	"$out/evidence/faults" fill "$vault" "$work/one.key" 2>&1 | sed 's/^/# /' >>"$log"
	head=$(sed -n 's/.*"hash":"\([0-9a-f]*\)".*/\1/p' "$vault/HEAD")
	check "minisign itself says that the signature of HEAD is good" \
		minisign -Vm "$vault/HEAD" -p "$work/one.pub"
	check "verify: a good vault, 0" exits 0 "$vault"
	check "with its head and its key in a file, 0" exits 0 "$vault" --head "$head" --key "$work/one.pub"
	check "with the key itself, 0" exits 0 --key "$(tail -n 1 "$work/one.pub")" "$vault"
	check "and says so" says '"good":true'
	check "with another key, 1" exits 1 "$vault" --key "$work/two.pub"
	check "and says so" says '"where":"HEAD.minisig","what":"was made with another key"'
	check "with a head that it never had, 1" exits 1 "$vault" --head "$(printf %064d 1)"
	check "what is no vault, 1" exits 1 "$work"
	check "what is no directory, 2" exits 2 "$work/nothing"
	check "what is no hash, 2" exits 2 "$vault" --head 12
	check "what is no key, 2" exits 2 "$vault" --key "$work/one.key"
	check "no directory at all, 2" exits 2
	check "a key with a password is refused with a remedy" bad_key
	sed -i '4s/"severity":3/"severity":4/' "$vault/MANIFEST.jsonl"
	check "an altered line, 1" exits 1 "$vault" --format table
	check "and the first broken line is named" says "MANIFEST.jsonl, line 4, does not have the hash"
	check "as is that it is bad" says "BAD: this vault is not as it was written"
}

bad_key() {
	sed 's/^RWQAA/RWRTY/' "$work/one.key" >"$work/locked.key"
	"$out/evidence/faults" fill "$work/unsigned" "$work/locked.key" 2>&1 | grep "without, with 'minisign -G -W'"
}

run "$out/evidence/crash" $kills "$work/one.key"
run "$out/evidence/order"
run "$out/evidence/tamper" "$work/one.key" "$work/one.pub" "$work/two.key" $flips
for fault in vanished clock churn beside; do
	run "$out/evidence/faults" $fault
done
run "$out/evidence/faults" confined "$work/one.key"
full_disk
read_only
command_line
awk '/^(not )?ok / { sub(/ok [0-9]+/, "ok " ++n) } !/^1\.\./ { print } END { print "1.." n }' "$log"
! grep -q '^not ok' "$log"
