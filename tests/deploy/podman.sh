# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Podman with a store of its own, and the agent in a container; sourced behind tests/lab/lab.sh.
# What is set here is read there: shellcheck disable=SC2034

IMAGE=$LAB_BUILD/image
SECCOMP=$LAB_ROOT/deploy/seccomp/skua.json
RIGHTS='--cap-drop ALL --cap-add BPF --cap-add NET_ADMIN --cap-add PERFMON'

# The machine's own images and containers are elsewhere; no layered file systems, no systemd, no
# limits above those of this shell.
pod_open() {
	POD=$LAB_DIR/podman
	mkdir -p "$POD"
	printf '%s\n' '[containers]' 'default_ulimits=["nofile=1024:1024","nproc=1024:1024"]' \
		'[engine]' 'cgroup_manager="cgroupfs"' 'events_logger="none"' >"$POD/containers.conf"
	export CONTAINERS_CONF="$POD/containers.conf"
	trap pod_clean EXIT
}

pod() {
	podman --root "$POD/root" --runroot "$POD/run" --tmpdir "$POD/tmp" --storage-driver vfs \
		--runtime runc "$@"
}

# Containers hold namespaces and cgroups: they go first.
pod_clean() {
	pod_status=$?
	pod_down
	(exit $pod_status)
	lab_clean
}

pod_down() {
	pod rm --all --force --time 1 >/dev/null 2>&1
	pod rmi --all --force >/dev/null 2>&1
	for pod_left in /sys/fs/cgroup/libpod_parent /sys/fs/cgroup/*/libpod_parent; do
		rmdir "$pod_left/conmon" "$pod_left" 2>/dev/null
	done
}

# As a cautious host would run it: three capabilities, nothing to write to but the volume.
pod_run() { # namespace name rights seccomp argument...: the container's own output is ours
	pod_ns=$LAB-$1 pod_name=$2 pod_rights=$3 pod_seccomp=$4
	shift 4
	mkdir -p "$LAB_DIR/$pod_name.volume"
	# shellcheck disable=SC2086  # rights are words
	pod run --name "$pod_name" --network "ns:/run/netns/$pod_ns" $pod_rights --read-only \
		--security-opt no-new-privileges --security-opt "seccomp=$pod_seccomp" \
		-v "$LAB_DIR/$pod_name.volume:/var/lib/skua" "$POD_IMAGE" "$@"
}

# The same in the background, until it watches: NAME.out, NAME.err, NAME.pid (podman's), and POD_PID,
# the agent's own.
pod_agent() { # namespace name argument...
	pod_where=$1 pod_name=$2
	shift 2
	: >"$LAB_DIR/$pod_name.err"
	pod_run "$pod_where" "$pod_name" "$RIGHTS" "$SECCOMP" run --source kernel --format json "$@" \
		>"$LAB_DIR/$pod_name.out" 2>"$LAB_DIR/$pod_name.err" &
	echo $! >"$LAB_DIR/$pod_name.pid"
	lab_remember $!
	lab_until 60 lab_watching "$pod_name"
	grep -q '^skua: watching' "$LAB_DIR/$pod_name.err" || return 1
	POD_PID=$(pod inspect --format '{{.State.Pid}}' "$pod_name")
}

pod_stop() { # name: the exit status of the agent
	pod stop --time 20 "$1" >/dev/null
	wait "$(cat "$LAB_DIR/$1.pid")"
}

# Whichever version of cgroups counts memory here.
pod_cgroup() { # controller file of version 1, file of version 2: a path
	pod_path=$(sed -n "s/^[0-9]*:\([^:]*,\)*$1\(,[^:]*\)*://p" "/proc/$POD_PID/cgroup")
	if [ -n "$pod_path" ] && [ -e "/sys/fs/cgroup/$1$pod_path/$2" ]; then
		echo "/sys/fs/cgroup/$1$pod_path/$2"
	else
		echo "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$POD_PID/cgroup")/$3"
	fi
}

pod_memory() { # bytes, those of kernel programs' tables included
	cat "$(pod_cgroup memory memory.usage_in_bytes memory.current)"
}

# Of these, what the kernel can take back at any time: pages of files, as those of evidence just written.
pod_file_pages() { # bytes
	awk '$1 == "total_cache" || $1 == "file" { print $2; exit }' "$(dirname "$(pod_cgroup memory memory.usage_in_bytes memory.current)")/memory.stat"
}

pod_memory_peak() { # the most so far; where the kernel does not tell, what it is now
	cat "$(pod_cgroup memory memory.max_usage_in_bytes memory.peak)" 2>/dev/null || pod_memory
}

pod_cpu_us() { # microseconds of processor time so far
	pod_file=$(pod_cgroup cpuacct cpuacct.usage cpu.stat)
	case $pod_file in
	*cpu.stat) sed -n 's/^usage_usec //p' "$pod_file" ;;
	*) awk '{ printf "%.0f\n", $1 / 1000 }' "$pod_file" ;;
	esac
}
