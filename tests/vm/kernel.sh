#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Fetch one of Debian 12's own kernels and unpack what a small guest needs of it; nothing is installed,
# and apt's own lists stay as they are: tests/vm/kernel.sh 6.1|6.12 DIR
set -eu
version=$1 dir=$2
[ ! -e "$dir/complete" ] || exit 0
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
case $version in
6.1) suites=bookworm ;;
6.12) suites=bookworm-backports ;;
*)
	echo "kernel: no suite of Debian 12 is known to have $version: use 6.1 or 6.12" >&2
	exit 2
	;;
esac
rm -rf "$dir"
mkdir -p "$dir/apt/lists/partial"
cd "$dir"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suites main" >apt/sources.list
apt_with() {
	command=$1
	shift
	"$command" -qq -o Dir::Etc::sourcelist="$PWD/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$PWD/apt/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
		-o APT::Sandbox::User=root "$@"
}
echo "kernel: fetching Debian's $version" >&2
apt_with apt-get update >&2 || {
	echo "kernel: apt-get could not read $suites from $mirror: name another by DEBIAN_MIRROR=" >&2
	exit 1
}
package=$(apt_with apt-cache depends linux-image-amd64 |
	sed -n "s/.*Depends: \(linux-image-$version\..*\)/\1/p" | head -n 1)
[ -n "$package" ] && apt_with apt-get download "$package" || {
	echo "kernel: $suites at $mirror has no linux-image $version" >&2
	exit 1
}
# A whole kernel package is 400 MB of drivers.
dpkg-deb --fsys-tarfile "$package"_*.deb | tar -x --wildcards --no-wildcards-match-slash \
	./boot/vmlinuz-\* \
	./lib/modules/\*/modules.\* ./lib/modules/\*/kernel/net \
	./lib/modules/\*/kernel/drivers/net/\*.ko\* 2>/dev/null || [ -d lib/modules ]
rm -r "$package"_*.deb apt
PATH=$PATH:/usr/sbin:/sbin depmod -b . "$(ls lib/modules)"
touch complete
