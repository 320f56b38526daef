# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Another cast, of tools that are not everywhere; sourced after cast.sh.

CAST='hping 11 4 scan/syn
dns2tcp 12 =4 dns_exfil
iperf 13 6 exfil
kdig 31 =4 -
curl 32 6 -'

peers_dns2tcpd() {
	cat >"$LAB_DIR/dns2tcpd.conf" <<-EOT
		listen = 203.0.113.6
		port = 53
		user = nobody
		chroot = /tmp
		domain = d.pipe.example
		resources = web:127.0.0.1:80
	EOT
	lab_start net dns2tcpd.log dns2tcpd -F -f "$LAB_DIR/dns2tcpd.conf"
}

peers_server() {
	peers_dns2tcpd
	lab_start net iperf3.log iperf3 -s
	mkdir "$LAB_DIR/web"
	head -c 3000000 /dev/zero >"$LAB_DIR/web/page"
	lab_start net web.log python3 -m http.server --bind :: --directory "$LAB_DIR/web" 8000
	lab_until 30 lab_in net curl -sf -o /dev/null http://127.0.0.1:8000/page || {
		sed 's/^/# /' "$LAB_DIR/web.log"
		exit 1
	}
}

# The ports of a host in turn, by a hand-made SYN.
cast_hping() {
	cast_where=$(cast_world 9 4)
	case $cast_where in
	*:*) cast_nmap hping 4 -sS -p 1-200 "$cast_where" ;; # hping3 does not speak IPv6
	*) lab_in hhping hping3 -q -n -S -p ++1 -i u20000 -c 200 "$cast_where" ;;
	esac
}

# TCP through names: requests to a server that only the tunnel reaches.
cast_dns2tcp() {
	lab_start hdns2tcp dns2tcp.log dns2tcpc -z d.pipe.example -r web -l 80 -c 203.0.113.6
	lab_until 30 lab_in hdns2tcp curl -sf -m 10 -o /dev/null http://127.0.0.1/ &&
		cast_act hdns2tcp beacon --to 127.0.0.1 --every 0.4 --count 25
	cast_status=$?
	kill "$LAB_PID"
	wait "$LAB_PID"
	return "$cast_status"
}

cast_iperf() { lab_in hiperf iperf3 -c "$(cast_world 7 6)" -n 60M -b 80M; }

cast_kdig() {
	for cast_turn in 1 2 3 4 5 6 7; do
		for cast_name in www.example.org news.example.com mail.example.net; do
			lab_in hkdig kdig @203.0.113.54 +noall +answer A "$cast_name" AAAA "$cast_name" || return 1
		done
		sleep "0.$cast_turn"
	done
}

cast_curl() {
	for cast_turn in 1 2 3; do
		lab_in hcurl curl -gsf -m 120 -o /dev/null "http://$(cast_bracketed "$(cast_world 7 6)"):8000/page" ||
			return 1
	done
}

cast_bracketed() { # address
	case $1 in
	*:*) echo "[$1]" ;;
	*) echo "$1" ;;
	esac
}
