#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# tests/run.sh with suites that pass, fail, hang and kill: it ends, adds up and names who was to blame.
set -u
cd "$(dirname "$0")/../.." || exit 1
unset TEST_AGAIN
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0 failed=0
# For how long they sleep tells them from others.
export HANG=4711$$ DEAF=4712$$ MURDER=4713$$
check() { # sentence command...
	sentence=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $sentence"
	else
		failed=1
		echo "not ok $n - $sentence"
		sed 's/^/# /' "$dir/said"
	fi
}
suite() { # name, lines from standard input: a command of that name
	cat >"$dir/$1"
	chmod +x "$dir/$1"
}
play() { # argument of run.sh...: said, status
	timeout 600 tests/run.sh "$@" >"$dir/said" 2>&1
	status=$?
}
ends() { # status last line
	[ $status = "$1" ] && [ "$(tail -n 1 "$dir/said")" = "$2" ]
}
says() { # line: a whole one, or its beginning before "..."
	case $1 in
	*...) grep -qF -- "${1%...}" "$dir/said" ;;
	*) grep -qxF -- "$1" "$dir/said" ;;
	esac
}
# How many sleep for so long.
sleepers() { # seconds
	pgrep -cfx "sleep $1"
}
# A moment is given to go.
gone() { # seconds
	for _ in $(seq 600); do
		[ "$(sleepers "$1")" != 0 ] || return 0
		sleep 0.1
	done
	return 1
}

suite good <<'EOT'
#!/bin/sh
printf 'ok 1 - stands\n# figure: seven\nok 2 - waits # SKIP nothing there\n1..2\n'
EOT
suite bad <<'EOT'
#!/bin/sh
printf 'ok 1 - stands\nnot ok 2 - falls\n# why\n1..2\n'
exit 1
EOT
suite short <<'EOT'
#!/bin/sh
printf 'ok 1 - stands\n1..3\n'
EOT
suite absent <<'EOT'
#!/bin/sh
echo '1..0 # SKIP no such machine'
EOT
# Fails when it is run for the first time.
suite moody <<EOT
#!/bin/sh
echo 'ok 1 - stands'
if mkdir "$dir/moody.was"; then echo 'not ok 2 - wavers'; else echo 'ok 2 - wavers'; fi
echo 1..2
EOT
suite hang <<'EOT'
#!/bin/sh
echo 'ok 1 - begins'
echo '1..1'
sleep "$HANG"
EOT
suite deaf <<'EOT'
#!/bin/sh
trap '' TERM
sleep "$DEAF" || sleep "$DEAF"
EOT
# Kills who runs it: the parent of timeout.
suite murder <<'EOT'
#!/bin/sh
pid=$$ above=
while [ "$above" != timeout ]; do
	above=$(cat /proc/$pid/comm)
	pid=$(sed -n 's/^PPid:[[:space:]]*//p' /proc/$pid/status)
done
kill -9 "$pid"
sleep "$MURDER"
EOT

play "$dir/good" "$dir/good" -- "$dir/good"
check "suites that pass add up" ends 0 "3 passed, 0 failed, 3 skipped"
check "figures are told" says seven
check "skips with their reasons" says "SKIP waits # SKIP nothing there"
play "$dir/bad" -- "$dir/short" "$dir/absent"
check "what fails is counted, a plan that is not kept too" ends 1 "2 passed, 2 failed, 1 skipped"
check "the sentence that fails is told, and why" says "FAIL not ok 2 - falls"
check "the suite that stops early is named" says "FAIL $dir/short: exit 0, 1 of 3 tests"
check "one that has nothing to do says so" says "SKIP $dir/absent: no such machine"

play "$dir/moody" "$dir/good" --
check "one that fails is not tried again" ends 1 "2 passed, 1 failed, 1 skipped"
export TEST_AGAIN=1
rm -r "$dir/moody.was"
play "$dir/moody" "$dir/good" --
check "unless that is asked for: then it may pass by itself" ends 0 "3 passed, 0 failed, 1 skipped"
check "it is named" says "UNSTEADY $dir/moody: failed first, see above, and passed by itself"
check "and so is what failed" says "FAIL not ok 2 - wavers"
play "$dir/good" -- "$dir/bad" "$dir/short"
check "what fails twice has failed, once" ends 1 "3 passed, 2 failed, 1 skipped"
rm -r "$dir/moody.was"
play "$dir/moody" "$dir/bad" -- "$dir/bad" "$dir/short"
check "where much fails nothing is tried again" ends 1 "4 passed, 4 failed, 0 skipped"
unset TEST_AGAIN

# So long that the one which does not hang ends within it on a busy machine, too.
export TEST_LIMIT=5 TEST_GRACE=1
play "$dir/hang" "$dir/good" -- "$dir/hang" "$dir/deaf" "$dir/good"
check "suites that hang fail, the others go on" ends 1 "4 passed, 3 failed, 2 skipped"
check "they are named" says "FAIL $dir/hang: did not end within 5 s, and was killed; TEST_LIMIT gives more"
check "also who does not hear" says "FAIL $dir/deaf: did not end within 5 s..."
check "and nothing of them stays" gone "($HANG|$DEAF)"
unset TEST_LIMIT TEST_GRACE

play "$dir/murder" "$dir/good" "$dir/good" --
check "a lane that is killed ends nothing but its suite" ends 1 "2 passed, 1 failed, 2 skipped"
check "which is named" says "FAIL $dir/murder: who ran it was killed"
check "and ended" gone "$MURDER"
set --
for _ in $(seq "$(nproc)"); do set -- "$@" "$dir/murder"; done
play "$@" "$dir/good" "$dir/good" -- "$dir/good"
check "without a lane the rest is run all the same" ends 1 "3 passed, $# failed, 3 skipped"

together=$(nproc)
set --
for _ in $(seq "$together"); do set -- "$@" "$dir/hang"; done
tests/run.sh "$@" -- >"$dir/said" 2>&1 &
pid=$!
for _ in $(seq 600); do
	[ "$(sleepers "$HANG")" = "$together" ] && break
	sleep 0.1
done
kill $pid
wait $pid
status=$?
check "who ends it ends the suites" ends 143 "tests/run.sh: stopped"
check "all of them" gone "$HANG"
echo "1..$n"
exit $failed
