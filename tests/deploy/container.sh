# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# A Debian 12 that is ours for one test, booted by systemd-nspawn; sourced after lab.sh.

# Fetched once, copied for each run.
container_make() {
	container_base=$LAB_BUILD/debian-12.tar
	CONTAINER=$LAB_DIR/debian
	[ -e "$container_base" ] || container_fetch || return 1
	mkdir "$CONTAINER"
	tar -C "$CONTAINER" --numeric-owner -xpf "$container_base" || return 1
	# As the machine fetches packages, so does this.
	cp -L /etc/resolv.conf "$CONTAINER/etc/resolv.conf"
}

container_fetch() {
	debootstrap --variant=minbase --include=systemd-sysv,dbus,ca-certificates \
		bookworm "$LAB_DIR/fetched" >"$LAB_DIR/debootstrap" 2>&1 || return 1
	rm -f "$LAB_DIR"/fetched/var/cache/apt/archives/*.deb
	tar -C "$LAB_DIR/fetched" --numeric-owner -cpf "$container_base.part" . && mv "$container_base.part" "$container_base"
	rm -rf "$LAB_DIR/fetched"
}

# Its network is that namespace.
container_boot() { # namespace
	systemd-nspawn -q -D "$CONTAINER" --boot --register=no --keep-unit --resolv-conf=off \
		--network-namespace-path="/run/netns/$LAB-$1" --capability=CAP_BPF,CAP_PERFMON,CAP_NET_ADMIN \
		--system-call-filter=bpf >"$LAB_DIR/console" 2>&1 </dev/null &
	CONTAINER_PID=$!
	lab_remember $CONTAINER_PID
	lab_until 60 grep -qs 'Reached target.*multi-user' "$LAB_DIR/console" || return 1
	CONTAINER_INIT=$(lab_children "$CONTAINER_PID" | tr -d ' ')
	[ -n "$CONTAINER_INIT" ]
}

# In everything of it but its network, which reaches no mirror.
container() { # command...
	nsenter -t "$CONTAINER_INIT" -m -p -u -i env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive TERM=dumb "$@"
}

# What there is but for what grows by itself, or by apt whatever it installs.
container_files() {
	(cd "$CONTAINER" && find . -xdev \( -path ./var/cache -o -path ./var/lib/apt -o -path ./var/log \
		-o -path ./var/lib/dpkg/status-old -o -path ./var/lib/dpkg/available-old -o -path ./root -o -path ./tmp \
		-o -path ./var/tmp -o -path ./run -o -path './etc/*-' -o -path ./var/lib/systemd/timers \) -prune -o -print) | LC_ALL=C sort
}

container_end() {
	container systemctl poweroff >/dev/null 2>&1
	lab_until 60 lab_dead "$CONTAINER_PID"
	ok $? "the container ends"
	wait "$CONTAINER_PID"
	# systemd-nspawn leaves its groups behind, empty, where no systemd keeps order.
	for container_group in payload supervisor; do
		find /sys/fs/cgroup/$container_group /sys/fs/cgroup/*/$container_group -depth -type d -exec rmdir {} \; 2>/dev/null
	done
}
