# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Namespaces and the links between them; sourced by lab.sh.
#
#   hosts h*                 sw                      gw                        net
#   eth0 10.77.0.N ---- hN  br0  trunk ---- lan 10.77.0.1   wan ---- eth0    the world
#        fd77::N                 (plain, VLAN, VXLAN)  masquerade, forwarding   203.0.113.0/24, 2001:db8::/64,
#                                                                               198.18.N.1, 2001:db8:N::1

lab_in() { # namespace command...
	lab_where=$LAB-$1
	shift
	ip netns exec "$lab_where" "$@"
}

# In the background, and itself the process of that number: a function would have a shell between.
lab_start() { # namespace log command...: sets LAB_PID
	lab_where=$LAB-$1 lab_log=$LAB_DIR/$2
	shift 2
	: >"$lab_log" # what an earlier one said there is not waited for
	ip netns exec "$lab_where" "$@" >"$lab_log" 2>&1 &
	LAB_PID=$!
	lab_remember $LAB_PID
}

lab_namespace() { # name
	ip netns add "$LAB-$1" || exit 1
	# No duplicate address detection, no solicitations, group reports at once: nothing is sent
	# later that nobody asked for.
	lab_in "$1" sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 \
		net.ipv6.conf.default.router_solicitations=0 net.ipv6.conf.default.accept_ra=0 \
		net.ipv6.conf.default.mldv2_unsolicited_report_interval=1 \
		net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
	ip -n "$LAB-$1" link set lo up
}

lab_veth() { # namespace device namespace device
	ip -n "$LAB-$1" link add "$2" type veth peer name "$4" netns "$LAB-$3" || exit 1
	ip -n "$LAB-$1" link set "$2" up
	ip -n "$LAB-$3" link set "$4" up
	lab_until 20 lab_is_up "$1" "$2" && lab_until 20 lab_is_up "$3" "$4"
}

# The kernel lets packets out, and tells of addresses of its own, some time after it is asked.
lab_is_up() { # namespace device
	ip -n "$LAB-$1" -o link show "$2" | grep -q 'state UP' &&
		! ip -n "$LAB-$1" -o -6 addr show "$2" | grep -q tentative
}

lab_address() { # namespace device address...
	lab_ns=$LAB-$1 lab_dev=$2
	shift 2
	for lab_addr in "$@"; do
		case $lab_addr in
		*:*) ip -n "$lab_ns" addr add "$lab_addr" dev "$lab_dev" nodad ;;
		*) ip -n "$lab_ns" addr add "$lab_addr" dev "$lab_dev" ;;
		esac || exit 1
	done
}

# Two namespaces and the link between them, where nothing is sent that a test did not ask for.
lab_pair() { # name name
	lab_namespace "$1"
	lab_namespace "$2"
	lab_veth "$1" eth0 "$2" eth0
	lab_address "$1" eth0 10.78.0.1/24 fd78::1/64
	lab_address "$2" eth0 10.78.0.2/24 fd78::2/64
	# Whom they talk to they know: no question comes when nobody asked.
	for lab_end in "$1 $2 2" "$2 $1 1"; do
		# shellcheck disable=SC2086  # three words
		set -- $lab_end
		lab_mac=$(ip -n "$LAB-$2" -o link show eth0 | sed 's/.*ether \([^ ]*\).*/\1/')
		ip -n "$LAB-$1" neigh add "10.78.0.$3" lladdr "$lab_mac" dev eth0 nud permanent
		ip -n "$LAB-$1" neigh add "fd78::$3" lladdr "$lab_mac" dev eth0 nud permanent
	done
}

# The world, the router and the switch; how the switch reaches the router is the argument.
lab_net() { # plain|vlan|vxlan
	for lab_name in sw gw net; do lab_namespace $lab_name; done
	ip -n "$LAB-sw" link add br0 type bridge mcast_snooping 0 forward_delay 0
	ip -n "$LAB-sw" link set br0 up
	lab_veth sw trunk gw under
	ip -n "$LAB-gw" link set under name lan
	LAB_TRUNK=$1
	if [ "$1" = vxlan ]; then
		lab_vxlan
	else
		ip -n "$LAB-sw" link set trunk master br0
	fi
	lab_address gw lan 10.77.0.1/24 fd77::1/64
	[ "$1" != vlan ] || lab_tagged gw lan
	lab_world
	lab_nat
	lab_until 30 lab_forwarding
}

lab_world() {
	lab_veth gw wan net eth0
	lab_address gw wan 198.51.100.1/24 2001:db8:51::1/64
	lab_address net eth0 198.51.100.2/24 2001:db8:51::2/64
	for lab_number in 5 6 7 9 53 54; do
		lab_address net lo "203.0.113.$lab_number/32" "2001:db8::$lab_number/128" \
			"198.18.$lab_number.1/32" "2001:db8:$lab_number::1/128"
	done
	# Whom nobody has is not there, without a word.
	ip -n "$LAB-net" route add blackhole 203.0.113.0/24
	ip -n "$LAB-net" -6 route add blackhole 2001:db8::/64
	ip -n "$LAB-net" route add 10.77.0.0/24 via 198.51.100.1
	ip -n "$LAB-net" -6 route add fd77::/64 via 2001:db8:51::1
	ip -n "$LAB-gw" route add default via 198.51.100.2
	ip -n "$LAB-gw" -6 route add default via 2001:db8:51::2
	lab_in gw sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# 10.77.0.20 and fd77::20 are reached from outside at port 8080 of the router.
lab_nat() {
	lab_in gw nft -f - <<-EOT || exit 1
		table inet lab {
			chain in {
				type nat hook prerouting priority dstnat;
				iifname wan meta nfproto ipv4 tcp dport 8080 dnat ip to 10.77.0.20:80
				iifname wan meta nfproto ipv6 tcp dport 8080 dnat ip6 to [fd77::20]:80
			}
			chain out {
				type nat hook postrouting priority srcnat;
				oifname wan ip saddr 10.77.0.0/24 masquerade
				oifname wan ip6 saddr fd77::/64 masquerade
			}
		}
	EOT
}

lab_vxlan() {
	ip -n "$LAB-gw" link set lan name under
	for lab_name in sw:trunk:1:tunnel gw:under:2:lan; do
		lab_dev=${lab_name#*:} lab_number=${lab_name#*:*:}
		lab_dev=${lab_dev%%:*} lab_end=${lab_number#*:} lab_number=${lab_number%:*}
		lab_name=$LAB-${lab_name%%:*}
		ip -n "$lab_name" link set "$lab_dev" mtu 1600
		ip -n "$lab_name" addr add "192.168.77.$lab_number/24" dev "$lab_dev"
		ip -n "$lab_name" link add "$lab_end" type vxlan id 77 dstport 4789 \
			remote "192.168.77.$((3 - lab_number))" dev "$lab_dev" || exit 1
		ip -n "$lab_name" link set "$lab_end" mtu 1500 up
	done
	ip -n "$LAB-sw" link set tunnel master br0
}

# This kernel may have no VLAN devices, so two programs put tag 77 on what leaves and take it off.
lab_tagged() { # namespace device
	lab_in "$1" tc qdisc add dev "$2" clsact || exit 1
	for lab_way in egress:push ingress:pop; do
		lab_in "$1" tc filter add dev "$2" "${lab_way%:*}" bpf da \
			obj "$LAB_BUILD/lab/vlan.bpf.o" sec "tc/${lab_way#*:}" || exit 1
	done
}

lab_host() { # name number
	lab_namespace "$1"
	lab_veth sw "$1" "$1" eth0
	ip -n "$LAB-sw" link set "$1" master br0
	lab_address "$1" eth0 "10.77.0.$2/24" "fd77::$2/64"
	ip -n "$LAB-$1" route add default via 10.77.0.1
	ip -n "$LAB-$1" -6 route add default via fd77::1
	[ "$LAB_TRUNK" != vlan ] || lab_tagged "$1" eth0
}

lab_forwarding() {
	! ip netns exec "$LAB-sw" bridge link | grep -qE 'state (listening|learning|disabled)'
}
