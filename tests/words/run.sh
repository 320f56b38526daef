#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What every command says when it cannot do what it is asked: one line with object, reason and
# remedy, and the right status; and which messages of the program nobody has seen here.
cd "$(dirname "$0")/../.." || exit 1
# A full disk is a small one, which is gone with the namespace that it is mounted in.
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
	SKUA_MOUNTS=1 exec unshare --mount python3 -B tests/words/run.py "${OUT:-build}"
fi
exec python3 -B tests/words/run.py "${OUT:-build}"
