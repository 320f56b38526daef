#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What `skua replay` counts in every capture of the corpus: packets, bytes and times as capinfos
# sees them, packets as the manifest tells, and whether the file was whole.  Where one of the two is
# known to be wrong, the reason stands in exempt().  usage: OUT=build tests/oracle/counts.sh
set -eu
cd "$(dirname "$0")/../.."
skua=${OUT:-build}/skua
corpus=${SKUA_CORPUS:-../shared/corpus}
if [ ! -f "$corpus/MANIFEST.tsv" ]; then
	echo "1..0 # SKIP no corpus at $corpus (set SKUA_CORPUS)"
	exit 0
fi
if ! command -v capinfos >/dev/null; then
	echo "1..0 # SKIP capinfos is not installed (package wireshark-common)"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Which of packets, bytes, times and manifest not to compare, and why.
exempt() {
	case $1 in
	malformed/not-a-pcap.pcap) echo "packets bytes times" ;;	# capinfos reads other formats
	malformed/bad-caplen.pcap) echo "bytes" ;;	# more captured than was on the wire
	malformed/fuzz-empty-ns.pcap) echo "times manifest" ;;	# a fraction of 1.9 s; lengths of version 2.0
	formats/pcapng-suite-*) echo "untimed" ;;	# simple packets have no time: capinfos gives none
	esac
}

is_exempt() {
	case " $(exempt "$1") " in *" $2 "*) return 0 ;; esac
	return 1
}

# differ FILE WHAT OURS THEIRS: true and a line when they differ and should not.
differ() {
	if [ "$3" = "$4" ] || is_exempt "$1" "$2"; then
		return 1
	fi
	echo "# $1: $2: ours $3, theirs $4"
}

# capinfos prints as many digits as the file has; compare those.
digits_of() {
	theirs=$1 ours=$2
	printf '%.*s' "${#theirs}" "$ours"
}

# field NAME: its value in the record of counters.
field() {
	sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p" "$work/stats"
}

# Fills packets, bytes, first, last and state.
ours() {
	status=0
	"$skua" replay --quiet --format json "$corpus/$1" >"$work/records" 2>"$work/said" || status=$?
	case $status in
	0) state=whole ;;
	4) state='cut' ;;
	2) state=refused packets=0 bytes=0 first=n/a last=n/a && return ;;
	*) state="exit $status" ;;
	esac
	grep '"event_type":"stats"' "$work/records" >"$work/stats" || true
	packets=$(field packets) bytes=$(field bytes)
	first=$(field first_seen) last=$(field last_seen)
}

# Fills their_packets, their_bytes, their_first and their_last; false: capinfos cannot read it.
theirs() {
	TZ=UTC capinfos -T -r -m -M -c -d -a -e "$corpus/$1" 2>/dev/null |
		tr ' ,' 'T ' >"$work/theirs"
	read -r _ their_packets their_bytes their_first their_last <"$work/theirs"
}

compare() {
	file=$1 manifest=$2 bad=0
	case $3 in
	*TRUNCATED) expected='cut' ;;
	other*) expected=refused ;;
	*) expected=whole ;;
	esac
	ours "$file"
	differ "$file" state "$state" "$expected" && bad=1
	differ "$file" manifest "$packets" "$manifest" && bad=1
	if theirs "$file"; then
		differ "$file" packets "$packets" "$their_packets" && bad=1
		differ "$file" bytes "$bytes" "$their_bytes" && bad=1
		if [ "$their_first" != n/a ] || ! is_exempt "$file" untimed; then
			differ "$file" times "$(digits_of "$their_first" "$first")" \
				"$their_first" && bad=1
			differ "$file" times "$(digits_of "$their_last" "$last")" \
				"$their_last" && bad=1
		fi
	else
		state="$state, which capinfos cannot read"
	fi
	number=$((number + 1))
	[ $bad = 0 ] || { cat "$work/said" && printf 'not ' && failed=1; }
	echo "ok $number - $file: $packets packets, $state"
}

number=0 failed=0
tail -n +2 "$corpus/MANIFEST.tsv" | cut -f 1,8,10 | LC_ALL=C sort -u >"$work/files"
while IFS='	' read -r file manifest format; do
	compare "$file" "$manifest" "$format"
done <"$work/files"
echo "1..$number"
exit $failed
