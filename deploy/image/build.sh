#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Make an OCI image of skua, the libraries it needs and nothing else: OUT=build deploy/image/build.sh
# Same program, libraries and SOURCE_DATE_EPOCH (else the time of the commit): same digest.
set -eu
umask 022
cd "$(dirname "$0")/../.."
out=${OUT:-build}
image=$out/image root=$out/image/root
for tool in buildah python3 ldd dpkg-query strip tar; do
	command -v $tool >/dev/null || {
		echo "image: $tool is not installed: tools/setup.sh image" >&2
		exit 1
	}
done
certificates=/etc/ssl/certs/ca-certificates.crt
[ -s $certificates ] || {
	echo "image: $certificates is missing: tools/setup.sh image" >&2
	exit 1
}
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
revision=${REVISION:-$(git rev-parse HEAD 2>/dev/null || echo unknown)}
version=$("$out/skua" version | sed -n 's/^skua //p')

rm -rf "$image"
mkdir -p "$image/store" "$root/usr/bin" "$root/usr/lib64" "$root/etc/ssl/certs" "$root/proc" \
	"$root/sys" "$root/dev" "$root/run/skua" "$root/tmp" "$root/var/tmp" "$root/var/lib/skua" \
	"$root/usr/share/doc/skua"
ln -s usr/lib "$root/lib"
ln -s usr/lib64 "$root/lib64"
ln -s usr/bin "$root/bin"

# The program, and what the loader says it needs, each in the folder where it was found.
strip -o "$root/usr/bin/skua" "$out/skua"
ldd "$out/skua" | awk '$2 == "=>" { print $3 } $1 ~ /^\// { print $1 }' | LC_ALL=C sort -u >"$image/libraries"
if grep -vq '^/' "$image/libraries"; then
	echo "image: $out/skua needs a library that is not here: see ldd $out/skua" >&2
	exit 1
fi
while read -r library; do
	case $library in
	/usr/*) to=$library ;;
	*) to=/usr$library ;;
	esac
	mkdir -p "$root${to%/*}"
	cp -L "$library" "$root$to"
done <"$image/libraries"

# The worker becomes skua where the capabilities to do so are given; names come from files and DNS.
printf '%s\n' root:x:0:0::/:/nonexistent skua:x:65532:65532::/:/nonexistent \
	nobody:x:65534:65534::/:/nonexistent >"$root/etc/passwd"
printf '%s\n' root:x:0: skua:x:65532: nogroup:x:65534: >"$root/etc/group"
printf '%s\n' 'passwd: files' 'group: files' 'hosts: files dns' >"$root/etc/nsswitch.conf"
cp -L $certificates "$root$certificates"

# What is in it, and under which terms.
cp deploy/licenses/*.txt "$root/usr/share/doc/skua"
SOURCE_DATE_EPOCH=$epoch python3 deploy/image/sbom.py --version "$version" --root "$root" \
	--libraries "$image/libraries" --certificates $certificates >"$image/sbom.spdx.json"
cp "$image/sbom.spdx.json" "$root/usr/share/doc/skua"
find "$root" -type d -exec chmod 755 {} +
find "$root" -type f -exec chmod 444 {} +
chmod 555 "$root/usr/bin/skua"
find "$root/usr/lib" "$root/usr/lib64" -name 'ld-*' -exec chmod 555 {} +
chmod 1777 "$root/tmp" "$root/var/tmp"
chmod 700 "$root/var/lib/skua"

# Everything belongs to root, whoever builds: a worker that is taken over can change none of it.
tar --create --file "$image/root.tar" --directory "$root" --sort=name --format=gnu \
	--owner=0 --group=0 --numeric-owner --mtime="@$epoch" .
# A store of our own, and no layers of file systems: the machine's own images stay as they are.
case $image in /*) store=$image/store ;; *) store=$PWD/$image/store ;; esac
buildah() {
	command buildah --root "$store/root" --runroot "$store/run" --storage-driver vfs "$@"
}
container=$(buildah from scratch)
trap 'buildah rm "$container" >/dev/null 2>&1; rm -rf "$store" "$image/root.tar"' EXIT
buildah add --quiet "$container" "$image/root.tar" / >/dev/null
label=org.opencontainers.image
buildah config --entrypoint '["/usr/bin/skua"]' --cmd '' --user 0:0 --workingdir / \
	--env PATH=/usr/bin --stop-signal SIGTERM \
	--label "$label.title=skua" \
	--label "$label.description=Watches interfaces and says which hosts scan, call home or leak" \
	--label "$label.version=$version" \
	--label "$label.revision=$revision" \
	--label "$label.created=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)" \
	--label "$label.licenses=BSD-2-Clause AND GPL-2.0-only" \
	--label "$label.vendor=skua" "$container"
id=$(buildah commit --quiet --format oci --timestamp "$epoch" "$container")
buildah push --quiet --format oci --digestfile "$image/digest" "$id" \
	"oci-archive:$image/skua.oci:localhost/skua:$version" >/dev/null
echo "image: $image/skua.oci $(cat "$image/digest")"
