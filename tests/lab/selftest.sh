#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The self-test finds what it sends when an agent looks, says so when none does, and leaves nothing.
set -u
. "$(dirname "$0")/lab.sh"

# The verdict on a pattern, by its kind: "true" or "false".
verdict() { # name kind
	python3 -c 'import json, sys
record = json.load(open(sys.argv[1]))
print(str([p["found"] for p in record["patterns"] if p["kind"] == sys.argv[2]][0]).lower())' \
		"$LAB_DIR/$1.json" "$2" 2>&1
}

sent() { # name
	python3 -c 'import json, sys
print(*[p["sent"] for p in json.load(open(sys.argv[1]))["patterns"]])' "$LAB_DIR/$1.json" 2>&1
}

ids() { # name
	python3 -c 'import json, sys
print(*[p.get("finding_id", "none") for p in json.load(open(sys.argv[1]))["patterns"]])' "$LAB_DIR/$1.json" 2>&1
}

# In the background: NAME.json has what it prints, NAME.said its words, NAME.status how it ended.
selftest() { # namespace name argument...
	lab_where=$LAB-$1 lab_name=$2
	shift 2
	{
		ip netns exec "$lab_where" "$SKUA" selftest --format json "$@" \
			>"$LAB_DIR/$lab_name.json" 2>"$LAB_DIR/$lab_name.said"
		echo $? >"$LAB_DIR/$lab_name.status"
	} &
	lab_remember $!
}

links() { # namespace
	ip -n "$LAB-$1" -o link | sed 's/^[0-9]*: \([^@:]*\).*/\1/' | sort
}

found_all() { # name sentence
	is "$(cat "$LAB_DIR/$1.status")" 0 "$2: it exits with 0"
	for kind in scan beacon dns_exfil; do
		is "$(verdict "$1" $kind)" true "$2: the $kind was found"
	done
	is "$(sent "$1")" '30 18 64' "$2: it says what was sent"
}

lab_need
lab_open
lab_need_bpf

for name in own any blind quiet; do lab_namespace $name; done
lab_pair from to
for name in own any blind quiet from; do links $name >"$LAB_DIR/$name.links"; done

# 3 without an agent that sees it, 3 with one.
lab_agent any any -i any --socket "$LAB_DIR/any.sock" --snapshots "$LAB_DIR/vault" || exit 1
lab_agent blind blind -i lo --socket "$LAB_DIR/blind.sock" || exit 1
lab_agent from from -i eth0 --debug-scores --socket "$LAB_DIR/from.sock" || exit 1
selftest own own --own
selftest any any --socket "$LAB_DIR/any.sock"
selftest blind blind --socket "$LAB_DIR/blind.sock" --timeout 35
selftest from from --socket "$LAB_DIR/from.sock" --target 10.78.0.2

lab_in quiet "$SKUA" selftest --socket "$LAB_DIR/nobody.sock" >"$LAB_DIR/none.json" 2>"$LAB_DIR/none.said"
is $? 1 'without an agent it exits with 1'
grep -q 'no agent answers' "$LAB_DIR/none.said" && grep -q -e --own "$LAB_DIR/none.said"
ok $? 'and says what helps' "$(cat "$LAB_DIR/none.said")"

# One that is stopped amid its work.
ip netns exec "$LAB-quiet" "$SKUA" selftest --own >"$LAB_DIR/stopped.json" 2>"$LAB_DIR/stopped.said" &
stopped=$!
lab_remember $stopped
lab_until 60 sh -c "ip -n $LAB-quiet -o link | grep -q 'skst.*br'"
ok $? 'its bridge is there while it runs' "$(cat "$LAB_DIR/stopped.said")"
lab_until 60 grep -q 'selftest: sending' "$LAB_DIR/stopped.said"
# A shell starts what is in the background with SIGINT ignored; the program takes it again.
kill -INT $stopped
lab_until 60 lab_dead $stopped
wait $stopped
is $? 1 'told to stop it exits with 1'
gone() { # namespace
	links "$1" >"$LAB_DIR/$1.after"
	cmp -s "$LAB_DIR/$1.links" "$LAB_DIR/$1.after"
}
lab_until 20 gone quiet
same "$LAB_DIR/quiet.links" "$LAB_DIR/quiet.after" 'stopped amid its work it leaves no link'
is "$(ip netns pids "$LAB-quiet" | wc -l)" 0 'and no process'

lab_until 200 test -s "$LAB_DIR/blind.status"
lab_until 60 test -s "$LAB_DIR/own.status"
lab_until 60 test -s "$LAB_DIR/any.status"
lab_until 60 test -s "$LAB_DIR/from.status"
found_all own 'with an agent of its own'
found_all any 'with an agent that watches what comes'
found_all from 'to a given address'

is "$(cat "$LAB_DIR/blind.status")" 1 'an agent that watches something else: it exits with 1'
for kind in scan beacon dns_exfil; do
	is "$(verdict blind $kind)" false "an agent that watches something else: the $kind was not found"
done
is "$(sent blind)" '30 18 64' 'though all was sent'
grep -q 'any' "$LAB_DIR/blind.said"
ok $? 'and it says what the agent must watch' "$(cat "$LAB_DIR/blind.said")"

# What the agent found can be explained by the agent.
for id in $(ids any); do
	"$SKUA" explain --socket "$LAB_DIR/any.sock" "$(echo "$id" | cut -c 1-12)" \
		>"$LAB_DIR/explained" 2>&1
	ok $? "finding $(sed -n '1s/ .*//p' "$LAB_DIR/explained") is explained by the running agent" \
		"$(cat "$LAB_DIR/explained")"
	grep -q '^  score .* = [01]\.[0-9]' "$LAB_DIR/explained"
	ok $? 'with the formula of its score' "$(cat "$LAB_DIR/explained")"
done
"$SKUA" explain --socket "$LAB_DIR/any.sock" 0123456789 >"$LAB_DIR/explained" 2>&1
is $? 1 'an id that the agent does not know exits with 1'
grep -q "whose id begins with '0123456789'" "$LAB_DIR/explained"
ok $? 'and names it' "$(cat "$LAB_DIR/explained")"
"$SKUA" findings --socket "$LAB_DIR/any.sock" --format json >"$LAB_DIR/plain" 2>/dev/null
grep -q '"derivation"' "$LAB_DIR/plain"
is $? 1 'findings, unless asked, do not tell how their scores came about'

for name in any blind from; do lab_stop $name >/dev/null; done
is "$(grep -c '"state":"new".*"derivation":{' "$LAB_DIR/from.out")" \
	"$(grep -c '"state":"new"' "$LAB_DIR/from.out")" 'with --debug-scores each new finding of a run tells how'
for id in $(ids any); do
	"$SKUA" explain --vault "$LAB_DIR/vault" "$id" >"$LAB_DIR/explained" 2>&1
	grep -q 'a replay of it gives' "$LAB_DIR/explained"
	ok $? "its snapshot of the $(sed -n '1s/ .*//p' "$LAB_DIR/explained") explains it too" \
		"$(cat "$LAB_DIR/explained")"
done
for name in own any blind from; do
	lab_until 20 gone $name
	same "$LAB_DIR/$name.links" "$LAB_DIR/$name.after" "no link is left in $name"
done
lab_close
