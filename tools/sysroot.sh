#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Fetch another architecture's libraries into a folder: tools/sysroot.sh ARCHITECTURE FOLDER PACKAGE...
# apt works on lists of its own below the folder: the machine's packages stay as they are.
set -eu
architecture=$1 folder=$2
shift 2
stamp="$folder/complete"
[ "$(cat "$stamp" 2>/dev/null)" != "$*" ] || exit 0
mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial" "$folder/root"
folder=$(cd "$folder" && pwd)
: >"$folder/apt/status"
get() {
	apt-get -q -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" \
		-o Dir::State="$folder/apt" -o Dir::State::lists="$folder/apt/lists" \
		-o Dir::State::status="$folder/apt/status" -o Dir::Cache="$folder/apt" \
		-o Dir::Cache::archives="$folder/apt/archives" -o Debug::NoLocking=1 \
		-o APT::Sandbox::User=root -o APT::Get::AllowUnauthenticated=false "$@"
}
log=$folder/log
if ! { get update && get install -y --no-install-recommends --download-only "$@"; } >"$log" 2>&1; then
	echo "sysroot: apt-get could not fetch packages of $architecture: $(grep -m 1 '^E:' "$log")" >&2
	exit 1
fi
# /lib and the like are names of folders below /usr.
mkdir -p "$folder/root/usr/lib" "$folder/root/usr/bin" "$folder/root/usr/sbin"
for name in lib bin sbin; do
	[ -e "$folder/root/$name" ] || ln -s "usr/$name" "$folder/root/$name"
done
for package in "$folder"/apt/archives/*.deb; do
	dpkg-deb --fsys-tarfile "$package" | tar --extract --keep-directory-symlink --directory "$folder/root"
done
# What points to the root of a file system means this one.
find "$folder/root" -type l -lname '/*' | while IFS= read -r link; do
	target=$(readlink "$link")
	[ ! -e "$folder/root$target" ] || ln -srfn "$folder/root$target" "$link"
done
rm -rf "$folder/apt"
echo "$*" >"$stamp"
