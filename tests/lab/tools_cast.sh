# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# What the tools of tests/lab/tools.sh do, each from a host of its own; sourced after cast.sh and peers.sh.

# Name, number, family, finding, in which selection, the command it needs, and words for it.
# shellcheck disable=SC2034  # by tools.sh
TOOLS='syn 11 =4 scan/syn+vertical quick nmap nmap -sS
syn6 12 =6 scan/syn quick nmap nmap -6 -sS
connect 13 =4 scan/connect quick nmap nmap -sT
fin 14 =4 scan/fin quick nmap nmap -sF
null 15 =4 scan/null quick nmap nmap -sN
xmas 16 =4 scan/xmas quick nmap nmap -sX
maimon 17 =4 scan/maimon quick nmap nmap -sM
ack 18 =4 scan/ack quick nmap nmap -sA
udp 19 =4 scan/udp quick nmap nmap -sU
arp 20 =4 scan/arp quick nmap nmap -sn (ARP)
neighbours 21 =6 scan/ns quick nmap nmap -6 -sn (ND)
echo 22 =4 scan/icmp quick nmap nmap -sn -PE
syns 23 =4 scan/syn quick nmap nmap -sn -PS
polite 24 =4 scan/syn quick nmap nmap -T2, 40 ports
fast 25 =4 scan/syn quick nmap nmap -T4
insane 26 =4 scan/syn quick nmap nmap -T5
version 27 =4 scan/- quick nmap nmap -sV --version-light
across 28 =4 scan/syn+horizontal quick nmap nmap -sS, one port of 64
block 29 =4 scan/syn+block quick nmap nmap -sS, 12 ports of 16
masscan 30 =4 scan/syn+vertical quick masscan masscan, 100 ports
massive 31 =4 scan/syn+horizontal quick masscan masscan, 4 ports of 64
iodine 32 =4 dns_exfil quick iodine iodine, ping and a file
dns2tcp 33 =4 dns_exfil quick dns2tcpc dns2tcp, TCP in it
ptunnel 34 =4 exfil quick ptunnel ptunnel, a file
http 35 =4 beacon quick - HTTP implant, reconnects
kept 36 =4 beacon quick - HTTP implant, kept alive
https 37 =4 beacon quick - HTTPS implant, reconnects
keptls 38 =6 beacon quick - HTTPS implant, kept alive
put 39 =4 exfil quick curl curl upload, 64 MB
load 51 =4 - quick curl curl downloads
desk 52 =4 - quick - pages, as people read
echoes 53 =4 - quick ping ping
clock 54 =4 - quick - NTP-like
kdig 55 =4 - quick kdig kdig, ordinary names
sneaky 61 =4 scan/syn+vertical all nmap nmap -T1, 16 ports
udp6 62 =6 scan/udp all nmap nmap -6 -sU
connect6 63 =6 scan/connect all nmap nmap -6 -sT
null6 64 =6 scan/null all nmap nmap -6 -sN
xmas6 65 =6 scan/xmas all nmap nmap -6 -sX
ack6 66 =6 scan/ack all nmap nmap -6 -sA
window 68 =4 scan/ack all nmap nmap -sW
synfin 69 =4 scan/odd all nmap nmap --scanflags SYNFIN
echo6 67 =6 scan/icmp all nmap nmap -6 -sn -PE
steady 71 =4 beacon all - HTTP implant, 3 s, reconnects
steadier 72 =4 beacon all - HTTP implant, 2.5 s, kept
secret 73 =6 beacon all - HTTPS implant, 3 s, reconnects
secreter 74 =4 beacon all - HTTPS implant, 2.5 s, kept'

tools_servers() {
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=updates.example.net -days 2 \
		-keyout "$LAB_DIR/tls.pem" -out "$LAB_DIR/cert.pem" 2>"$LAB_DIR/openssl.err" || {
		sed 's/^/# /' "$LAB_DIR/openssl.err"
		exit 1
	}
	cat "$LAB_DIR/cert.pem" >>"$LAB_DIR/tls.pem"
	lab_start net implant.serve python3 "$LAB_HERE/implant.py" serve "$LAB_DIR/tls.pem"
	lab_until 30 grep -qs serving "$LAB_DIR/implant.serve" || {
		sed 's/^/# /' "$LAB_DIR/implant.serve"
		exit 1
	}
	! command -v dns2tcpd >/dev/null || peers_dns2tcpd
	! command -v ptunnel >/dev/null || lab_start net ptunnel.serve ptunnel
}

# nmap as it comes; -n -Pn: the targets are given, and no resolver is there to ask.
tools_nmap() { # name argument...
	tools_host=h$1
	shift
	lab_in "$tools_host" nmap -n -Pn "$@"
}

cast_syn() { tools_nmap syn -sS -p 1-100 198.18.9.1; }
cast_syn6() { tools_nmap syn6 -6 -sS -p 1-100 2001:db8:9::1; }
cast_connect() { tools_nmap connect -sT -p 1-100 198.18.9.1; }
cast_fin() { tools_nmap fin -sF -p 1-60 198.18.9.1; }
cast_null() { tools_nmap null -sN -p 1-60 198.18.9.1; }
cast_xmas() { tools_nmap xmas -sX -p 1-60 198.18.9.1; }
cast_maimon() { tools_nmap maimon -sM -p 1-60 198.18.9.1; }
cast_ack() { tools_nmap ack -sA -p 1-60 198.18.9.1; }
cast_udp() { tools_nmap udp -sU -p 200-260 198.18.9.1; }
cast_arp() { lab_in harp nmap -n -sn 10.77.0.128/26; }
cast_neighbours() { lab_in hneighbours nmap -6 -n -sn fd77::1000/122; }
cast_echo() { lab_in hecho nmap -n -sn -PE 203.0.113.64/26; }
cast_syns() { lab_in hsyns nmap -n -sn -PS22,80,443 203.0.113.128/27; }
cast_polite() { tools_nmap polite -T2 -sS -p 1-40 198.18.9.1; }
cast_fast() { tools_nmap fast -T4 -sS -p 1-100 198.18.9.1; }
cast_insane() { tools_nmap insane -T5 -sS -p 1-100 198.18.9.1; }
cast_version() { tools_nmap version -sV --version-light -p 1-60,80,443,8080 198.18.9.1; }
cast_across() { tools_nmap across -sS -p 445 --randomize-hosts 203.0.113.64/26; }
cast_block() { tools_nmap block -sS -p 1-12 --randomize-hosts 203.0.113.160/28; }
cast_sneaky() { tools_nmap sneaky -T1 -sS -p 1-16 198.18.9.1; }
cast_udp6() { tools_nmap udp6 -6 -sU -p 200-260 2001:db8:9::1; }
cast_connect6() { tools_nmap connect6 -6 -sT -p 1-100 2001:db8:9::1; }
cast_null6() { tools_nmap null6 -6 -sN -p 1-60 2001:db8:9::1; }
cast_xmas6() { tools_nmap xmas6 -6 -sX -p 1-60 2001:db8:9::1; }
cast_ack6() { tools_nmap ack6 -6 -sA -p 1-60 2001:db8:9::1; }
cast_window() { tools_nmap window -sW -p 1-60 198.18.9.1; }
cast_synfin() { tools_nmap synfin -sS --scanflags SYNFIN -p 1-60 198.18.9.1; }
cast_echo6() { lab_in hecho6 nmap -6 -n -sn -PE 2001:db8::100/122; }

# With an address that the kernel does not know, so that nothing of the kernel answers for it.  Where
# nobody answers masscan waits for a packet, not for its time, so it is ended when it has sent all.
tools_masscan() { # name argument...
	tools_host=h$1 tools_address=$(tools_source "$1") tools_log=$1.masscan
	shift
	ip -n "$LAB-$tools_host" addr del "$tools_address/24" dev eth0
	lab_start "$tools_host" "$tools_log" masscan --interface eth0 --adapter-ip "$tools_address" \
		--router-ip 10.77.0.1 --rate 300 --wait 2 --seed 7 "$@"
	lab_until 60 grep -q '100.00% done' "$LAB_DIR/$tools_log"
	tools_status=$?
	sleep 3
	cat "$LAB_DIR/$tools_log"
	tools_ended $tools_status
}

cast_masscan() { tools_masscan masscan -p 1-100 198.18.9.1; }
cast_massive() { tools_masscan massive -p 22,80,443,445 203.0.113.64/26; }

# -r: no shortcut around DNS.
cast_iodine() {
	lab_start hiodine iodine.log iodine -f -P lab -r -d dns0 203.0.113.53 t.tunnel.example
	lab_until 60 grep -qs 'setup complete' "$LAB_DIR/iodine.log" &&
		lab_in hiodine ping -q -c 10 -i 0.3 10.53.0.1 &&
		lab_in hiodine curl -sf -m 120 -o /dev/null http://10.53.0.1:8080/bytes/30000
	tools_ended $?
}

# The program in the background has done what it should.
tools_ended() { # status
	kill "$LAB_PID"
	wait "$LAB_PID"
	return "$1"
}

# The proxy answers from the address of its interface, whatever it was asked at.
cast_ptunnel() {
	lab_start hptunnel ptunnel.log ptunnel -p 198.51.100.2 -lp 8000 -da 198.18.6.1 -dp 8080
	lab_until 30 lab_in hptunnel curl -sf -m 2 -o /dev/null http://127.0.0.1:8000/bytes/1000 &&
		lab_in hptunnel curl -sf -m 120 -o /dev/null http://127.0.0.1:8000/bytes/200000
	tools_ended $?
}

tools_implant() { # name url argument...
	tools_host=h$1
	shift
	lab_in "$tools_host" python3 "$LAB_HERE/implant.py" call "$@" --trust "$LAB_DIR/cert.pem"
}

# To a server each: what many visit is calmed.  Seeds whose draws are not at the threshold, where a
# millisecond decides; what share of all draws is found is for an evaluation to say.
cast_http() { tools_implant http http://198.18.5.1 --every 1.5 --jitter 0.2 --law around --seed 3; }
cast_kept() {
	tools_implant kept http://203.0.113.6 --name cdn.example.com \
		--every 1.6 --jitter 0.3 --keep --seed 4
}
cast_https() {
	tools_implant https https://203.0.113.5 --name api.example.org \
		--every 1.7 --jitter 0.37 --seed 2
}
cast_keptls() {
	tools_implant keptls 'https://[2001:db8:6::1]' --name sync.example.com --every 1.5 --jitter 0.37 \
		--law around --keep --seed 5
}
cast_steady() {
	tools_implant steady http://203.0.113.7 \
		--every 3 --jitter 0.37 --law around --count 55 --seed 5
}
cast_steadier() {
	tools_implant steadier http://203.0.113.9 \
		--every 2.5 --jitter 0.2 --keep --count 55 --seed 6
}
cast_secret() {
	tools_implant secret 'https://[2001:db8:5::1]' --name mail.example.com --every 3 \
		--jitter 0.3 --count 55 --seed 7
}
cast_secreter() {
	tools_implant secreter https://203.0.113.54 --name img.example.org --every 2.5 --jitter 0.37 \
		--law around --keep --count 55 --seed 8
}

# At a bounded speed, so that a capture beside it loses nothing.
cast_put() {
	head -c 64000000 /dev/urandom >"$LAB_DIR/loot" &&
		[ "$(lab_in hput curl -sf -m 180 --limit-rate 5M -T "$LAB_DIR/loot" http://198.18.7.1:8080/drop)" = 64000000 ]
}

cast_load() {
	for cast_turn in 3 0.7 4 1.5 6 2; do
		lab_in hload curl -sf -m 120 --limit-rate 8M -o /dev/null http://198.18.7.1:8080/bytes/3000000 || return 1
		sleep "$cast_turn"
	done
}

cast_desk() { cast_act hdesk browse --to 198.18.7.1 --dns 203.0.113.54 --seed 3 --seconds 30; }
cast_echoes() { lab_in hechoes ping -q -c 30 198.18.9.1; }
cast_clock() { lab_in hclock python3 "$LAB_HERE/implant.py" clock 198.18.54.1 --count 15; }
