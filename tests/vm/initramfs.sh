#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Make the guest's file system: programs with their libraries, modules, and a folder as /test:
# tests/vm/initramfs.sh KERNEL_DIR TEST_DIR > FILE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kernel=$1 test=$2
version=$(ls "$kernel/lib/modules")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"

libraries_of() {
	ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | sort -u
}

mkdir -p "$root/bin" "$root/dev" "$root/etc" "$root/modules" "$root/proc" "$root/run" "$root/sys" \
	"$root/tmp" "$root/var"
ln -s ../run "$root/var/run"
cp /bin/busybox "$root/bin"
ln -s busybox "$root/bin/sh"
# The applet of this name makes no veth pairs.
for tool in ip tc bpftool setpriv; do
	cp "$(command -v $tool)" "$root/bin"
done
cp -r "$test" "$root/test"
find "$root/bin" "$root/test" -type f -perm -u+x | while read -r program; do
	libraries_of "$program"
done | sort -u | while read -r library; do
	mkdir -p "$root${library%/*}"
	cp -L "$library" "$root$library"
done
for module in veth sch_ingress cls_bpf; do
	modprobe -d "$kernel" -S "$version" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
	module=${file##*/}
	module=${module%.xz}
	case $file in
	*.xz) xz -dc "$file" >"$root/modules/$module" ;;
	*) cp "$file" "$root/modules" ;;
	esac
	echo "$module" >>"$root/modules/order"
done
echo 'root:x:0:0::/:/bin/sh
nobody:x:65534:65534::/:/bin/false' >"$root/etc/passwd"
echo 'root:x:0:
nogroup:x:65534:' >"$root/etc/group"
cp "$here/init" "$here/guest.sh" "$root"
# Not compressed: an emulated processor unpacks slowly.
cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet
