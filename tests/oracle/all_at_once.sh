#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What analyze --all writes in one pass is, byte by byte, what the single commands say of the same
# capture: tests/oracle/all_at_once.sh [quick|all]
set -u
cd "$(dirname "$0")/../.."
out=${OUT:-build}
skua=$out/skua
work=$out/all-at-once
rm -rf "$work"
mkdir -p "$work"
n=0 failed=0
ok() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		failed=1
		echo "not ok $n - $2"
	fi
}
command_of() {
	case $1 in
	conversations-*) echo "conversations --layer ${1#conversations-}" ;;
	packets-syn) echo "packets --syn" ;;
	*) echo "$1" ;;
	esac
}
compare() {
	wrong= files=0 rows=0
	rm -rf "$work/answers"
	"$skua" analyze --all -o "$work/answers" "$1" >"$work/summary" 2>/dev/null
	status=$?
	if [ $status = 2 ]; then
		"$skua" hierarchy "$1" >/dev/null 2>&1
		[ $? = 2 ] && [ -z "$(ls "$work/answers")" ]
		ok $? "${1##*/}: is refused as by a single command, and leaves no files"
		return
	fi
	[ $status = 0 ] || [ $status = 4 ] || wrong="exit $status"
	for file in "$work"/answers/*.jsonl; do
		name=$(basename "$file" .jsonl)
		"$skua" $(command_of "$name") --format json "$1" >"$work/single" 2>/dev/null
		[ $? = $status ] && cmp -s "$work/single" "$file" || wrong="$wrong $name"
		files=$((files + 1)) rows=$((rows + $(wc -l <"$file")))
	done
	"$skua" analyze -o "$work/alone" "$1" >"$work/summary-alone" 2>/dev/null
	for file in answers alone; do
		sed 's/"analysis_timestamp":"[^"]*"//' "$work/$file/pcap_forensic_report.json" >"$work/$file.json"
	done
	cmp -s "$work/answers.json" "$work/alone.json" || wrong="$wrong report"
	cmp -s "$work/summary" "$work/summary-alone" || wrong="$wrong summary"
	[ -z "$wrong" ] && [ $files = 13 ]
	ok $? "${1##*/}: $files files, $rows rows, are what single commands say${wrong:+; not: $wrong}"
}

for scenario in everyday odd tunnels; do
	"$out/skua-gen" "tests/scenarios/$scenario.scn" -o "$work/$scenario.pcap"
	compare "$work/$scenario.pcap"
done
corpus=${SKUA_CORPUS:-../shared/corpus}
if [ -d "$corpus" ]; then
	every=8
	[ "${1:-quick}" = quick ] || every=1
	for file in $(ls "$corpus"/*/*.pcap* | awk "NR % $every == 0"); do
		compare "$file"
	done
else
	n=$((n + 1))
	echo "ok $n - the corpus of real captures # SKIP no $corpus: set SKUA_CORPUS"
fi

# Nothing is left or replaced when nothing could be read.
rm -rf "$work/answers"
"$skua" analyze --all -o "$work/answers" "$work/missing.pcap" >/dev/null 2>&1
[ $? = 2 ] && [ -z "$(ls "$work/answers")" ]
ok $? "a capture that is not there leaves no files"
"$skua" analyze --all "$work/odd.pcap" >/dev/null 2>"$work/log"
[ $? = 2 ] && grep -q 'say where, with -o DIR' "$work/log"
ok $? "--all without a folder is refused"
mkdir -p "$work/answers"
ln -s "$work/victim" "$work/answers/dns.jsonl.part"
"$skua" analyze --all -o "$work/answers" "$work/odd.pcap" >/dev/null 2>&1
[ $? = 1 ] && [ ! -e "$work/victim" ] && [ -L "$work/answers/dns.jsonl.part" ]
ok $? "a link in the folder is not written through, and not removed"
rm -f "$work/answers/dns.jsonl.part"
if [ -c /dev/full ] && [ "$(id -u)" = 0 ] && mkdir -p "$work/small" &&
	mount -t tmpfs -o size=256k tmpfs "$work/small" 2>/dev/null; then
	"$skua" analyze --all -o "$work/small" "$work/everyday.pcap" >/dev/null 2>"$work/log"
	[ $? = 1 ] && grep -q 'cannot write .*jsonl: No space left' "$work/log" &&
		[ -z "$(ls "$work/small")" ]
	ok $? "a full disk is said, and no file tells of a part of the input"
	umount "$work/small"
else
	n=$((n + 1))
	echo "ok $n - a full disk is said # SKIP cannot mount a small one"
fi
# Ctrl-C while the rest of a pipe is waited for; the files of an earlier pass stay.
listens() { # pid: to SIGINT
	[ $((0x$(sed -n 's/^SigCgt:[[:space:]]*[0-9a-f]*\(.\)$/\1/p' "/proc/$1/status") & 2)) != 0 ]
}
interrupt() { # option...: its status
	mkfifo "$work/pipe"
	"$skua" analyze "$@" -o "$work/half" - <"$work/pipe" >/dev/null 2>"$work/log" &
	reader=$!
	exec 9>"$work/pipe"
	cat "$work/everyday.pcap" >&9
	until listens $reader 2>/dev/null; do sleep 0.05; done
	kill -INT $reader
	wait $reader
	interrupted=$?
	exec 9>&-
	rm "$work/pipe"
	[ $interrupted = 1 ] && grep -q 'interrupted: nothing is written' "$work/log"
}
rm -rf "$work/half"
interrupt --all && [ -z "$(ls "$work/half")" ]
ok $? "interrupted it ends with status 1 and leaves no files"
"$skua" analyze --all -o "$work/half" "$work/odd.pcap" >/dev/null 2>&1
(cd "$work/half" && cksum ./*) >"$work/before"
interrupt --all && interrupt && (cd "$work/half" && cksum ./*) | cmp -s - "$work/before"
ok $? "and replaces none of an earlier pass"
if [ -c /dev/full ]; then
	"$skua" analyze --all -o "$work/answers" "$work/odd.pcap" >/dev/full 2>"$work/log"
	[ $? = 1 ] && grep -q 'standard output: No space left' "$work/log"
	ok $? "a summary that could not be written is said"
else
	n=$((n + 1))
	echo "ok $n - a summary that could not be written is said # SKIP no /dev/full"
fi
echo "1..$n"
exit $failed
