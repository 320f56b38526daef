# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Tests in shell, printed in the Test Anything Protocol; read by guest.sh and run.sh.
n=0 failed=0 log=$(mktemp)
trap 'rm -f "$log"' EXIT

ok() {
	n=$((n + 1))
	echo "ok $n - $1"
}

# not_ok SENTENCE: what the last command said stands in $log
not_ok() {
	n=$((n + 1)) failed=1
	echo "not ok $n - $1"
	tail -n 15 "$log" | tr -d '\r' | sed 's/^/# /'
}

# check SENTENCE COMMAND...: the command must succeed
check() {
	sentence=$1
	shift
	if "$@" >"$log" 2>&1; then ok "$sentence"; else not_ok "$sentence"; fi
}

# include COMMAND...: its tests are ours, if it brings as many as it says
include() {
	tests=$(mktemp)
	"$@" >"$tests" 2>"$log" || true
	plan=none before=$n
	while IFS= read -r line; do
		case $line in
		"ok "*) ok "${line#* - }" ;;
		"not ok "*)
			n=$((n + 1)) failed=1
			echo "not ok $n - ${line#* - }"
			;;
		"#"*) echo "$line" ;;
		1..*) plan=${line#1..} ;;
		esac
	done <"$tests"
	[ "$plan" = $((n - before)) ] || not_ok "$*: brings as many tests as planned ($plan)"
	rm "$tests"
}

# done_testing: the exit status
done_testing() {
	echo "1..$n"
	return $failed
}
