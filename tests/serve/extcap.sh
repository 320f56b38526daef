#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Wireshark's own tools list the agent as an interface and capture by it: tests/serve/extcap.sh
set -u
cd "$(dirname "$0")/../.."
. tests/serve/desk.sh
for tool in tshark setpriv; do
	command -v $tool >/dev/null || {
		echo "1..0 # SKIP $tool is not installed: tools/setup.sh check"
		exit 0
	}
done
[ "$(id -u)" = 0 ] || {
	echo "1..0 # SKIP needs root, to become somebody who is not: Wireshark's root has no extcap"
	exit 0
}
mkdir "$scratch/extcap" "$scratch/bin" "$scratch/home"
chmod 755 "$scratch"/*
cp "$skua" "$scratch/skua"
ln -s "$scratch/skua" "$scratch/extcap/skua-extcap"
ln -s "$scratch/skua" "$scratch/bin/skua"
chown 65534 "$scratch/home"
extcap=$scratch/extcap/skua-extcap
as_nobody() {
	(
		cd "$scratch/home" || exit 1
		exec timeout 120 setpriv --reuid 65534 --regid 65534 --clear-groups \
			env HOME="$scratch/home" PATH="$scratch/bin:$PATH" WIRESHARK_EXTCAP_DIR="$scratch/extcap" "$@"
	)
}
# Captures into a file of nobody's, as the options say; then the packets' numbers are in ids.
capture() { # OPTION...
	set -- -i skua -o "extcap.skua.socket:$socket" "$@"
	run as_nobody tshark -w "$scratch/home/captured.pcapng" "$@"
	numbers "$scratch/home/captured.pcapng" >"$scratch/ids"
}

run as_nobody "$extcap" --extcap-interfaces --extcap-version=4.0
ok '[ $status = 0 ] && grep -q "^interface {value=skua}{display=skua: packets kept by the agent}$" $scratch/out' \
	"there is one interface"
run as_nobody "$extcap" --extcap-interface skua --extcap-dlts
ok '[ $status = 0 ] && grep -q "^dlt {number=1}" $scratch/out' "it has a link type"
run as_nobody "$extcap" --extcap-interface skua --extcap-config
calls=$(sed -n 's/.*{call=--\([a-z]*\)}.*/\1/p' "$scratch/out" | sort | tr '\n' ' ')
ok '[ $status = 0 ] && [ "$calls" = "follow host last pair socket ssh " ]' "its options can be set"
slow=0
for question in --extcap-interfaces "--extcap-interface skua --extcap-dlts" \
	"--extcap-interface skua --extcap-config"; do
	# The best of five: a machine that is busy with other things is late itself.
	best=1000
	for _ in 1 2 3 4 5; do
		begun=$(date +%s%N)
		"$extcap" $question >"$scratch/out" 2>"$scratch/err"
		took=$((($(date +%s%N) - begun) / 1000000))
		[ $took -ge $best ] || best=$took
	done
	[ $best -le $slow ] || slow=$best
done
if [ -n "${SAN:-}" ]; then
	skip "every answer is there at once" "a sanitizer takes longer ($slow ms)"
else
	echo "# figure: the slowest answer about options took $slow ms, of 50"
	ok '[ $slow -lt 2000 ]' "every answer is there at once"
fi
run as_nobody "$extcap" --extcap-interface skua --extcap-capture-filter "tcp port 80"
ok '[ $status = 0 ] && [ -s $scratch/out ]' "a filter is called wrong when Wireshark asks"
run as_nobody "$extcap" --extcap-interface eth0 --extcap-dlts
ok '[ $status = 2 ] && [ ! -s $scratch/out ]' "another interface is refused"

run as_nobody tshark -D
ok 'grep -q "skua (skua: packets kept by the agent)" $scratch/out' "tshark lists the interface"
start_agent good
chmod 666 "$socket"
capture -o extcap.skua.follow:false
ok '[ $status = 0 ] && [ $(wc -l <$scratch/ids) -ge 20 ] && are_in_a_row <$scratch/ids' \
	"and captures by it as somebody without privileges, to the end"
run "$skua" snapshot --socket "$socket" --host 10.0.0.5 -w "$scratch/kept.pcapng"
more=$(($(numbers "$scratch/kept.pcapng" | wc -l) + 60))
capture -o extcap.skua.host:10.0.0.5 -c "$more"
ok '[ $status = 0 ] && [ $(wc -l <$scratch/ids) -ge $more ] && are_in_a_row <$scratch/ids' \
	"or goes on with what comes, each packet once"
ok 'grep -q "uid 65534 pid [0-9]* read a snapshot of host 10.0.0.5 (" $scratch/log' "the agent knows who it was"

# A stand-in: keeps what it was told, and does it here.
cat >"$scratch/bin/ssh" <<'END'
#!/bin/sh
printf '%s ' "$@" >"$HOME/told"
while [ "$1" != -- ]; do shift; done
shift 2
exec sh -c "$*"
END
chmod 755 "$scratch/bin/ssh"
capture -o extcap.skua.follow:false -o extcap.skua.ssh:admin@node-7 -o extcap.skua.pair:10.0.0.5:203.0.113.5
ok '[ $status = 0 ] && [ $(wc -l <$scratch/ids) -ge 20 ] && are_in_a_row <$scratch/ids' \
	"by ssh, the agent of another host is asked"
said="-T -o BatchMode=yes -- admin@node-7 exec skua snapshot --write=-"
said="$said '--socket=$socket' '--pair=10.0.0.5:203.0.113.5' "
ok '[ "$(cat $scratch/home/told)" = "$said" ]' "by a command whose words are quoted"
fifo=$scratch/fifo
mkfifo -m 666 "$fifo"
for host in "-oProxyCommand=touch" "x;touch" 'x$(touch)' "a b" "x'y"; do
	rm -f "$scratch/home/told"
	cat "$fifo" >"$scratch/read" &
	run as_nobody "$extcap" --extcap-interface skua --capture --fifo "$fifo" --ssh "$host"
	wait $!
	ok '[ $status = 2 ] && [ ! -e $scratch/home/told ]' "refused: --ssh $host"
done
cat "$fifo" >"$scratch/read" &
run as_nobody "$extcap" --extcap-interface skua --capture --fifo "$fifo" --ssh node-7 \
	--socket "/tmp/a'; touch $scratch/home/harm; '"
wait $!
ok '[ $status = 1 ] && [ ! -e $scratch/home/harm ] && grep -q "no agent answers" $scratch/err' \
	"a quote in a path ends no quotes"
stop_agent

root=$scratch/root
run "${MAKE:-make}" -s install-extcap OUT="${OUT:-build}" SAN="${SAN:-}" DESTDIR="$root" PREFIX=/opt/skua \
	EXTCAP_DIR=/usr/lib/wireshark/extcap
ok '[ $status = 0 ] && [ "$(readlink $root/usr/lib/wireshark/extcap/skua-extcap)" = /opt/skua/bin/skua ] &&
	[ -x $root/opt/skua/bin/skua ]' \
	"make install-extcap puts the link where Wireshark looks"
echo "1..$n"
exit $failed
