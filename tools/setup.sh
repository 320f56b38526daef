#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Install what is missing of what skua needs: tools/setup.sh build|check|check-all
# Asks apt only for packages that are not there; works as root or through sudo.
set -eu

build="gcc make clang llvm bpftool pkg-config libc6-dev linux-libc-dev libbpf-dev libelf-dev
zlib1g-dev libpcap-dev libpsl-dev libsodium-dev libmd-dev libzstd-dev liblz4-dev"
check="clang-format libclang-rt-14-dev universal-ctags perl python3 python3-jsonschema
libjansson-dev tshark tcpdump nfdump gzip zstd lz4 jq mandoc"

wanted=$build
case "${1:-build}" in
build) ;;
check) wanted="$build $check" ;;
check-all) wanted="$build $check" ;; # heavy peers come with the issues that need them
*)
	echo "setup: unknown set '$1': use build, check or check-all" >&2
	exit 2
	;;
esac

missing=
for package in $wanted; do
	case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
	"install ok installed") ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "setup: these packages are missing and need root to install:$missing" >&2
		echo "setup: run 'apt-get install$missing' as root, or install sudo" >&2
		exit 1
	fi
	as_root="sudo"
fi
echo "setup: installing$missing" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
	# tshark asks whether others may capture: no.
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
		--no-install-recommends $missing >"$log" 2>&1
}
# The package lists may be old or absent: fetch them once if the first try fails.
if ! install; then
	$as_root apt-get update -q >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
	install || { cat "$log" >&2; echo "setup: apt-get could not install$missing" >&2; exit 1; }
fi
