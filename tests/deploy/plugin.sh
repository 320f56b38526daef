#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# kubectl-skua against a kubectl that writes down how it is called and plays a cluster of two nodes.
set -u
cd "$(dirname "$0")/../.." || exit 1
plugin=$PWD/deploy/kubernetes/kubectl-skua
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
tests=0 failed=0
cat >"$dir/kubectl" <<'EOT'
#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
"-n skua get pods -l app.kubernetes.io/name=skua --field-selector spec.nodeName=node-b "*) echo "skua-b node-b" ;;
"-n skua get pods -l app.kubernetes.io/name=skua --field-selector "*) ;;
"-n skua get pods -l app.kubernetes.io/name=skua -o "*) printf 'skua-a node-a\nskua-b node-b\n' ;;
"-n other get pods "*) ;;
"-n shop get pod web "*) printf 'node-b 10.244.2.7' ;;
"get pod pending "*) printf ' ' ;;
"get pod lost "*) printf 'node-c 10.244.3.7' ;;
"get pod "*) echo 'Error from server (NotFound): pods "none" not found' >&2; exit 1 ;;
"-n skua exec skua-a -c skua -- /usr/bin/skua findings"*) echo '{"event_type":"scan","host":"node-a"}' ;;
"-n skua exec skua-b -c skua -- /usr/bin/skua findings"*) [ -z "${DEAF:-}" ] && echo '{"event_type":"beacon","host":"node-b"}' ;;
"-n skua exec skua-b -c skua -- /usr/bin/skua snapshot "*) [ -z "${DEAF:-}" ] && printf 'pcapng\0\n\377' ;;
"-n skua exec skua-a -c skua -- /usr/bin/skua fetch -w - zz") echo "skua: 'zz' is no ID of a finding" >&2; exit 2 ;;
"-n skua exec skua-a -c skua -- /usr/bin/skua fetch "*) echo "half"; echo "skua: not in this vault" >&2; exit 1 ;;
"-n skua exec skua-b -c skua -- /usr/bin/skua fetch -w - 7f3a") printf 'evidence\0of b' ;;
*) exit 1 ;;
esac
EOT
chmod +x "$dir/kubectl"
mkdir "$dir/passing"

call() { # argument...: out, err, calls, status
	: >"$dir/calls"
	CALLS=$dir/calls TMPDIR=$dir/passing PATH=$dir:$PATH "$plugin" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

ok() { # sentence command...
	tests=$((tests + 1)) sentence=$1
	shift
	if "$@"; then
		echo "ok $tests - $sentence"
	else
		failed=1
		echo "not ok $tests - $sentence"
		sed 's/^/# /' "$dir/calls" "$dir/out" "$dir/err"
	fi
}

says() { # status words
	[ $status = "$1" ] && grep -q "$2" "$dir/err"
}

asked() { # status lines: the commands that were run in pods, one each
	[ $status = "$1" ] && [ "$(sed -n 's/.* exec \([^ ]*\) -c skua -- /\1 /p' "$dir/calls")" = "$2" ]
}

cd "$dir" || exit 1
call findings
ok "findings asks the agent of each node" asked 0 "skua-a /usr/bin/skua findings
skua-b /usr/bin/skua findings"
ok "and prints what both say" [ "$(cat out)" = '{"event_type":"scan","host":"node-a"}
{"event_type":"beacon","host":"node-b"}' ]
call findings --node node-b --follow --format json
ok "--node asks one, other options go to skua" asked 0 "skua-b /usr/bin/skua findings --follow --format json"
call findings --follow
ok "--follow of two nodes is refused" says 2 "follows one node"
call findings --node node-z
ok "a node without skua is named" says 1 "no skua runs on node node-z"
export DEAF=1
call findings
ok "one that does not answer is named, the other is still printed" says 1 "node node-b did not answer"
ok "and not silenced" grep -q node-a out
call snapshot shop/web -w kept
ok "a snapshot that fails" [ $status != 0 ]
ok "leaves no file behind" [ -z "$(find . -name 'kept*')" ]
unset DEAF
call snapshot shop/web -w - --last 5m
ok "snapshot asks the pod's node for its address" asked 0 \
	"skua-b /usr/bin/skua snapshot --host 10.244.2.7 -w - --last 5m"
printf 'pcapng\0\n\377' >wanted
ok "-w - hands on every byte" cmp -s out wanted
call snapshot shop/web -w kept
ok "-w FILE writes them" cmp -s kept wanted
call snapshot pending -w -
ok "a pod without a node is named" says 1 "pod pending has no node"
call snapshot lost -w -
ok "a pod on a node without skua too" says 1 "no skua runs on node node-c"
call snapshot none -w -
ok "a pod that is not there: kubectl says so" says 1 "NotFound"
call snapshot shop/web
ok "without -w it says what to do" says 2 "say where to"
call fetch 7f3a
ok "fetch asks node by node" asked 0 "skua-a /usr/bin/skua fetch -w - 7f3a
skua-b /usr/bin/skua fetch -w - 7f3a"
printf 'evidence\0of b' >wanted
ok "and keeps nothing of the one that has it not" cmp -s 7f3a.pcapng wanted
ok "of which nothing is said" [ "$(cat err)" = "7f3a.pcapng, from node node-b" ]
call fetch 7f3a -w -
ok "-w - hands them on" cmp -s out wanted
call fetch 7f3a -w /nonexistent/x
ok "a file that cannot be written is a failure" says 1 "cannot write /nonexistent/x"
call fetch 0000
ok "what nobody gives is named" says 1 "no node gave the packets of 0000"
ok "with what each node said" says 1 "node node-a: skua: not in this vault"
ok "or that it said nothing" says 1 "node node-b: exit 1"
call fetch zz
ok "what is no ID is asked of one node" asked 2 "skua-a /usr/bin/skua fetch -w - zz"
ok "which says so" says 2 "node node-a: skua: 'zz' is no ID"
ok "and nothing is left in the folder for passing things" [ -z "$(ls "$dir/passing")" ]
call fetch "7f3a;touch hacked"
ok "an argument is an argument" [ ! -e hacked ]
ok "and is asked for as it is" asked 1 "skua-a /usr/bin/skua fetch -w - 7f3a;touch hacked
skua-b /usr/bin/skua fetch -w - 7f3a;touch hacked"
export SKUA_NAMESPACE=other
call findings
ok "SKUA_NAMESPACE says where skua runs" says 1 "in namespace other"
unset SKUA_NAMESPACE
call frobnicate
ok "another word is refused" says 2 "there is no 'frobnicate'"
call help
ok "help says what there is" grep -q 'kubectl skua fetch FINDING_ID' out
echo "1..$tests"
exit $failed
