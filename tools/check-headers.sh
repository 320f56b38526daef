#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Each header must compile alone; those of the kernel also with clang -target bpf.
set -eu
cd "$(dirname "$0")/.."
out=${OUT:-build}
flags="-std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wstrict-prototypes -Werror -Iinclude -Iuser -I$out"
bpf="-O2 -mcpu=v3 -target bpf -Wall -Wextra -Werror -Wno-unused-function -Iinclude -Ibpf
-idirafter /usr/include/$(uname -m)-linux-gnu"
failed=0
for header in include/skua/*.h user/*.h user/*/*.h; do
	[ -e "$header" ] || continue
	case $header in
	# The path of a frame needs its engine's storage first: the engines compile it.
	include/skua/observe*.h) continue ;;
	esac
	${CC:-cc} $flags -fsyntax-only -x c "$header" || failed=1
done
for header in include/skua/*.h bpf/*.h; do
	case $header in
	include/skua/observe*.h) continue ;;
	esac
	${CLANG:-clang} $bpf -fsyntax-only -x c "$header" || failed=1
done
exit $failed
