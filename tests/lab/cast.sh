# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Who does what in the lab's network: real tools, each from a host of its own; sourced after lab.sh.

# Which IP the first of each pair speaks: 4 or 6; "=4" in the table is always 4.
CAST_FAMILY=4

cast_family() { # 4|6|=4|=6
	case $1$CAST_FAMILY in
	=*) echo "${1#=}" ;;
	?4) echo "$1" ;;
	*) echo $((10 - $1)) ;;
	esac
}

cast_world() { # number family: an address in the world, in a network of its own
	if [ "$(cast_family "$2")" = 4 ]; then echo "198.18.$1.1"; else echo "2001:db8:$1::1"; fi
}

cast_address() { # number family: an address of a host
	if [ "$(cast_family "$2")" = 4 ]; then echo "10.77.0.$1"; else echo "fd77::$1"; fi
}

# Name, number, family, and what is to be found there.
CAST='syn 11 4 scan/syn
connect 12 6 scan/connect
udp 13 4 scan/udp
fin 14 6 scan/fin
ping 15 4 scan/icmp
slow 16 6 scan/syn
sweep 17 4 scan/neighbour
recon 21 4 beacon
keep 22 6 beacon
iodine 23 =4 dns_exfil
up 24 6 exfil
desk 31 =4 -
desk6 32 =6 -
web 20 =4 -'

cast_hosts() { # 4|6
	CAST_FAMILY=$1
	while read -r cast_name cast_number cast_rest; do
		lab_host "h$cast_name" "$cast_number"
	done <<-EOT
		$CAST
	EOT
	cast_server net --dns 203.0.113.54 --dns 2001:db8::54
	[ ! -e "/run/netns/$LAB-hweb" ] || cast_server hweb
	lab_start net iodined.log iodined -f -c -P lab -l 203.0.113.53 -d dns1 10.53.0.1/24 t.tunnel.example
	lab_until 30 grep -qs 'Listening to dns' "$LAB_DIR/iodined.log" || {
		sed 's/^/# /' "$LAB_DIR/iodined.log"
		exit 1
	}
}

cast_server() { # namespace argument...
	cast_name=$1
	shift
	lab_start "$cast_name" "$cast_name.serve" python3 "$LAB_HERE/actors.py" serve "$@"
	lab_until 30 grep -qs serving "$LAB_DIR/$cast_name.serve" || {
		sed 's/^/# /' "$LAB_DIR/$cast_name.serve"
		exit 1
	}
}

cast_act() { # namespace argument...
	cast_where=$1
	shift
	lab_in "$cast_where" python3 "$LAB_HERE/actors.py" "$@"
}

cast_nmap() { # name family argument...
	cast_where=h$1 cast_six=
	[ "$(cast_family "$2")" = 4 ] || cast_six=-6
	shift 2
	# shellcheck disable=SC2086  # nothing or one word
	lab_in "$cast_where" nmap $cast_six -n -Pn --max-retries 0 -T4 "$@"
}

# What each name of the cast does; all at once, until the last has done.
cast_syn() { cast_nmap syn 4 -sS -p 1-300 "$(cast_world 9 4)"; }
cast_connect() { cast_nmap connect 6 -sT -p 1-300 "$(cast_world 9 6)"; }
cast_udp() { cast_nmap udp 4 -sU -p 1-60 "$(cast_world 9 4)"; }
cast_fin() { cast_nmap fin 6 -sF -p 1-300 "$(cast_world 9 6)"; }
cast_slow() { cast_nmap slow 6 -sS --scan-delay 1s --max-scan-delay 1s -p 1-22 "$(cast_world 9 6)"; }
cast_recon() { cast_act hrecon beacon --to "$(cast_world 5 4)"; }
cast_keep() { cast_act hkeep keepalive --to "$(cast_world 6 6)" --seed 2; }
cast_up() { cast_act hup upload --to "$(cast_world 7 6)"; }

cast_ping() { # the lower half of a network of the world, where six of them live
	if [ "$(cast_family 4)" = 4 ]; then
		lab_in hping nmap -n -sn -PE --max-retries 0 203.0.113.0/26
	else
		lab_in hping nmap -6 -n -sn -PE --max-retries 0 2001:db8::/122
	fi
}

cast_sweep() { # our own network, where nobody is at these addresses
	if [ "$(cast_family 4)" = 4 ]; then
		lab_in hsweep nmap -n -sn --max-retries 0 10.77.0.128/26
	else
		lab_in hsweep nmap -6 -n -sn --max-retries 0 fd77::1000/122
	fi
}

cast_iodine() { # -r: no shortcut around DNS
	lab_start hiodine iodine.log iodine -f -P lab -r -d dns0 203.0.113.53 t.tunnel.example
	lab_until 60 grep -qs 'setup complete' "$LAB_DIR/iodine.log" &&
		cast_act hiodine beacon --to 10.53.0.1 --every 0.5 --count 30
	cast_status=$?
	kill "$LAB_PID"
	wait "$LAB_PID"
	return "$cast_status"
}

cast_desk() { cast_act hdesk browse --to "$(cast_world 7 =4)" --dns 203.0.113.54 --seed 3; }
cast_desk6() { cast_act hdesk6 browse --to "$(cast_world 7 =6)" --dns 2001:db8::54 --seed 4; }
# Strangers come through the router's port forwarding.
cast_web() {
	for cast_turn in 1 2 3 4 5 6; do
		lab_in net curl -sf -m 60 -o /dev/null http://198.51.100.1:8080/ &&
			lab_in net curl -sf -m 60 -o /dev/null 'http://[2001:db8:51::1]:8080/' || return 1
		sleep "$cast_turn"
	done
}

# All play at once; fails with a line for each that could not, so that no finding is missed for want of its cause.
cast_play() { # name...
	cast_pids= cast_failed=0
	for cast_name in "$@"; do
		"cast_$cast_name" >"$LAB_DIR/$cast_name.play" 2>&1 &
		cast_pids="$cast_pids $cast_name:$!"
		lab_remember $!
	done
	for cast_name in $cast_pids; do
		wait "${cast_name#*:}" || {
			echo "${cast_name%:*} failed:"
			tail -n 5 "$LAB_DIR/${cast_name%:*}.play"
			cast_failed=1
		}
	done
	return $cast_failed
}

cast_names() {
	echo "$CAST" | cut -d ' ' -f 1
}

# Lines "kind technique source" of what must be found, and "- - source" of whom nothing may be.
cast_expected() {
	echo "$CAST" | while read -r cast_name cast_number cast_kind cast_what; do
		cast_source=$(cast_address "$cast_number" "$cast_kind")
		case $cast_what:$cast_source in
		scan/neighbour:*:*) cast_what=scan/ns ;;
		scan/neighbour:*) cast_what=scan/arp ;;
		esac
		case $cast_what in
		*/*) echo "${cast_what%/*} ${cast_what#*/} $cast_source" ;;
		*) echo "$cast_what - $cast_source" ;;
		esac
	done
}
