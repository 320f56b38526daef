#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Install what is missing of what skua needs: tools/setup.sh build|demo|check|vm|bench|deb|image|cross|check-all
# Asks apt only for packages that are not there; works as root or through sudo.
set -eu

build="gcc make clang bpftool pkg-config libc6-dev linux-libc-dev libbpf-dev libelf-dev
zlib1g-dev libpcap-dev libpsl-dev libsodium-dev nettle-dev libmnl-dev libcap-ng-dev libseccomp-dev libyaml-dev
libzstd-dev liblz4-dev libcurl4-openssl-dev libjansson-dev libmicrohttpd-dev"
demo="iproute2 procps nftables tcpdump nmap iodine curl python3"
check="$demo clang-format libclang-rt-14-dev universal-ctags python3-jsonschema
minisign prometheus zsh fish tshark nfdump gzip zstd lz4 jq sqlite3 mandoc lighttpd lighttpd-mod-webdav openssl iputils-ping systemd strace"
# Attackers and peers that the lab plays with once more.
peers="dns2tcp hping3 iperf3 knot-dnsutils masscan ptunnel rsyslog"
# Who looks at reports: a large download.
browser="chromium"
command -v npm >/dev/null || browser="$browser nodejs npm"
# A guest with Debian's own kernel, and a second compiler.
vm="qemu-system-x86 busybox-static iproute2 util-linux cpio kmod xz-utils clang-19"
bench="iperf3 python3-scapy"
# An OCI image, and what runs it: Debian's runc, for its crun does not know every host's cgroups.
image="buildah ca-certificates python3 binutils"
containers="$image podman runc catatonit"
# The package, and a Debian to install it in.
deb="build-essential debhelper dpkg-dev fakeroot"
packages="$deb lintian debootstrap systemd-container"
# Manifests are made by kubectl, whoever brought it, and checked by a program for node.
kubernetes=
command -v kubectl >/dev/null || kubernetes="kubernetes-client"
# A compiler for arm64 and its processor by emulation; the libraries lie in build/cross.
cross="gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static"

wanted=$build
case "${1:-build}" in
build) ;;
demo) wanted="$build $demo" ;;
check) wanted="$build $check" ;;
vm) wanted="$build $vm" ;;
bench) wanted="$build $check $bench" ;;
image) wanted="$build $image" ;;
deb) wanted="$build $deb" ;;
cross) wanted="$build $cross" ;;
check-all) wanted="$build $check $peers $browser $vm $bench $packages $containers $kubernetes $cross" ;;
*)
	echo "setup: unknown set '$1': use build, demo, check, vm, bench, deb, image, cross or check-all" >&2
	exit 2
	;;
esac

# What node programs need, where there is npm; tests say loudly if it is not there.
node_programs() {
	command -v npm >/dev/null || {
		echo "setup: npm is not here: uploads to S3 are not tested, and no browser and no manifests" >&2
		return 0
	}
	tools/from-npm.sh s3 s3rver@3.7.1 ||
		echo "setup: npm could not install s3rver: uploads to S3 are not tested" >&2
	tools/from-npm.sh web ||
		echo "setup: npm could not install what drives the browser: reports are not opened in it" >&2
	tools/from-npm.sh kubernetes || {
		echo "setup: npm could not install the types of the Kubernetes API" >&2
		return 1
	}
}
# What skua is linked with, for another processor: the development packages of the set build.
sysroot() {
	libraries="libc6-dev libgcc-s1"
	for package in $build; do
		case $package in
		*-dev) libraries="$libraries $package" ;;
		esac
	done
	# shellcheck disable=SC2086  # a list of names
	tools/sysroot.sh arm64 build/cross/arm64 $libraries
}
# Whoever tests in a guest needs its kernel as well.
finish() {
	case "${1:-build}" in
	check-all) node_programs ;;
	esac
	case "${1:-build}" in
	vm | check-all)
		for version in 6.1 6.12; do
			tests/vm/kernel.sh $version "${OUT:-build}/vm/kernel-$version"
		done
		;;
	esac
	case "${1:-build}" in
	cross | check-all) sysroot ;;
	esac
}

missing=
for package in $wanted; do
	case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
	"install ok installed") ;;
	*) missing="$missing $package" ;;
	esac
done
if [ -z "$missing" ]; then
	finish "$@"
	exit 0
fi

refuse() { # reason
	echo "setup: $1, and these packages are missing:$missing" >&2
	echo "setup: run 'apt-get update && apt-get install --no-install-recommends$missing' as root, then this again" >&2
	exit 1
}
command -v apt-get >/dev/null || {
	echo "setup: apt-get is not here, only Debian 12 is known; install what it calls$missing" >&2
	exit 1
}
as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || refuse "you are not root and there is no sudo"
	echo "setup: installing packages needs root: sudo may ask for your password" >&2
	sudo true || refuse "sudo does not make you root"
	as_root="sudo"
fi
echo "setup: installing$missing" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
get() {
	# A machine that has just started may still be updating itself: wait for the lock.
	# tshark asks whether others may capture: no.
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 \
		-o APT::Keep-Downloaded-Packages=false "$@" >>"$log" 2>&1
}
install() {
	megabytes=$(apt-get install -qq --print-uris --no-install-recommends $missing 2>/dev/null |
		awk '{ sum += $3 } END { printf "%.0f", sum / 1e6 }')
	[ "$megabytes" = 0 ] || echo "setup: fetching $megabytes MB, this can take minutes" >&2
	get install -y --no-install-recommends $missing
}
# Tests start servers of their own: nobody asked for others on their ports.
no_service() {
	for service in lighttpd prometheus rsyslog; do
		case " $missing " in
		*" $service "*) ;;
		*) continue ;;
		esac
		if [ -d /run/systemd/system ]; then
			$as_root systemctl -q disable --now $service 2>/dev/null || true
		else
			$as_root update-rc.d $service disable 2>/dev/null || true
		fi
	done
}
# The package lists may be old or absent: fetch them once if the first try fails.
if ! install; then
	echo "setup: updating apt's package lists" >&2
	get update || true # one source of several may be down; installing tells
	install || {
		cat "$log" >&2
		echo "setup: apt-get could not install$missing" >&2
		exit 1
	}
fi
no_service
finish "$@"
