#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Build the Debian package in a copy of the tree: tools/deb.sh [VERSION]
# The packages are in $OUT/deb then.  VERSION is skua's own unless one is given; the copy is made anew
# for each, except when it is there already: then only what changed is built again.
set -eu
cd "$(dirname "$0")/.."
out=$(realpath -m "${OUT:-build}")/deb
own=$(sed -n 's/^#define SKUA_VERSION "\(.*\)"/\1/p' user/base/exit.h)
version=${1:-$own}
tree=$out/skua

for tool in dpkg-buildpackage dh fakeroot; do
	command -v $tool >/dev/null || {
		echo "deb: $tool is not installed: tools/setup.sh deb" >&2
		exit 77
	}
done
mkdir -p "$tree"
# Times stay as they are, so that make knows what is new; what is gone here goes there.
for name in Makefile README.md bpf deploy include tests tools user; do
	rm -rf "${tree:?}/$name"
	cp -a "$name" "$tree/$name"
done
rm -rf "$tree/debian"
cp -a deploy/debian "$tree/debian"
cp deploy/systemd/skua.service "$tree/debian/skua.service"
mkdir "$tree/debian/source"
echo '3.0 (native)' >"$tree/debian/source/format"
# Of the last change, so that the same tree gives the same package.
stamp=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y Makefile)}
cat >"$tree/debian/changelog" <<EOT
skua ($version) unstable; urgency=medium

  * Version $version; what changed is in the history of its source.

 -- skua maintainers <maintainers@skua.example>  $(date -u -R -d "@$stamp")
EOT
find "$out" -maxdepth 1 -type f -delete
cd "$tree"
echo "deb: building in $tree, which takes minutes the first time; the log is $out/log" >&2
# No clean before: the objects of the last time are as good as new ones.
if ! dpkg-buildpackage -us -uc -b -nc -jauto >"$out/log" 2>&1; then
	tail -n 30 "$out/log" >&2
	exit 1
fi
ls "$out"/*.deb
