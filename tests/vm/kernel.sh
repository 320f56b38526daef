#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Fetch Debian 12's own kernel and unpack what a small guest needs of it; nothing is installed:
# tests/vm/kernel.sh DIR
set -eu
dir=$1
[ ! -e "$dir/complete" ] || exit 0
package=$(apt-cache depends linux-image-amd64 2>/dev/null |
	sed -n 's/.*Depends: \(linux-image-6\.1\..*\)/\1/p' | head -n 1)
if [ -z "$package" ]; then
	echo "kernel: apt knows no 6.1 kernel: run 'apt-get update', on Debian 12" >&2
	exit 1
fi
echo "kernel: fetching $package" >&2
rm -rf "$dir"
mkdir -p "$dir"
cd "$dir"
if ! apt-get -qq -o APT::Sandbox::User=root download "$package"; then
	echo "kernel: apt-get could not download $package; run 'apt-get update'" >&2
	exit 1
fi
# A whole kernel package is 400 MB of drivers.
dpkg-deb --fsys-tarfile "$package"_*.deb | tar -x --wildcards --no-wildcards-match-slash \
	./boot/vmlinuz-\* \
	./lib/modules/\*/modules.\* ./lib/modules/\*/kernel/net \
	./lib/modules/\*/kernel/drivers/net/\*.ko
rm "$package"_*.deb
PATH=$PATH:/usr/sbin:/sbin depmod -b . "$(ls lib/modules)"
touch complete
