#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Findings of a live run name the units, containers and accounts behind them;
# tests/identity/run.sh all: a container that podman and runc make as well.
export PYTHONDONTWRITEBYTECODE=1
cd "$(dirname "$0")/../.." || exit 1
# Where nobody has mounted the unified hierarchy, here alone.
if [ "$(id -u)" = 0 ] && ! grep -q ' cgroup2 ' /proc/self/mounts; then
	# shellcheck disable=SC2016  # expanded inside
	exec unshare -m sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec python3 tests/identity/run.py "$@"' \
		sh "${OUT:-build}" "$@"
fi
exec python3 tests/identity/run.py "${OUT:-build}" "$@"
