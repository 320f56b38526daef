#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Install below $OUT what node programs need: tools/from-npm.sh FOLDER [NAME@VERSION]
# As locked in tools/FOLDER, or the one that is named.  What is there and whole is left alone: the file
# "complete" says of what it is whole, and is written last, so that an interrupted npm is no installation.
set -eu
folder=$1
to=${OUT:-build}/$folder
mkdir -p "$to"
if [ $# = 2 ]; then
	echo "$2" >"$to/wanted"
	set -- install "$2"
else
	cp "tools/$folder/package-lock.json" "$to/wanted"
	set -- ci
fi
cmp -s "$to/wanted" "$to/complete" && exit 0
rm -rf "$to/complete" "$to/node_modules" "$to/package.json" "$to/package-lock.json"
[ "$1" = install ] || cp "tools/$folder/package.json" "tools/$folder/package-lock.json" "$to"
npm "$@" --silent --no-audit --no-fund --ignore-scripts --prefix "$to" >&2
mv "$to/wanted" "$to/complete"
