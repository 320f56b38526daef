#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""
live.py OUT ROUNDS SECONDS: what a watched interface costs; called by live.sh.

CPU is that of the sender and receiver, in which the path of a packet runs to its end, and of the
softirq threads.  "machine's" is system and softirq time by /proc/stat: it counts who else is busy.
"""
import glob
import os
import re
import select
import signal
import statistics
import subprocess
import sys
import time

OUT, ROUNDS, SECONDS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
TICK = os.sysconf("SC_CLK_TCK")
FAR, NEAR = ("skbe-far", "far0"), ("skbe-near", "near0")  # the sender, and where we watch
FLOWS = 8192  # conversations of blast
SETTLE = 4  # seconds until a steady load is steady
NEAR_ADDRESS = "10.77.0.2"
ECHO = """import signal, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 9))
print("bound", flush=True)
while True:
    s.sendto(*s.recvfrom(64))
"""
READY = {"empty program": "attached", "skua": "watching", "skua with recorder": "watching",
         "tcpdump -w /dev/null": "listening on"}


def inside(side, command):
    return ["ip", "netns", "exec", side[0]] + command


def skua(*more):
    return ["%s/skua" % OUT, "run", "-i", NEAR[1] + "=uplink", "--hook", "tc", "--source", "kernel",
            "--socket", "none"] + list(more)


WATCHERS = [("nothing", None), ("empty program", ["%s/bench/empty_tc" % OUT, NEAR[1]]), ("skua", skua()),
            ("skua with recorder", skua("--snapshots", OUT + "/bench/live.snapshots")),
            ("tcpdump -w /dev/null", ["tcpdump", "-i", NEAR[1], "-w", "/dev/null"])]


class Watcher:
    """A program that looks at the interface; entered when it says that it does."""

    def __init__(self, name, command):
        self.name, self.command, self.process = name, command, None

    def __enter__(self):
        if not self.command:
            return self
        self.process = subprocess.Popen(inside(NEAR, self.command), stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        said, end = "", time.monotonic() + 10
        while READY[self.name] not in said:
            if not select.select([self.process.stderr], [], [], end - time.monotonic())[0]:
                raise RuntimeError("%s did not start in 10 s" % self.name)
            line = self.process.stderr.readline()
            if not line:
                raise RuntimeError("%s: %s" % (self.name, said.strip() or "ended"))
            said += line
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.communicate()

    def pids(self):
        """The process and its children."""
        if not self.process:
            return []
        children = open("/proc/%d/task/%d/children" % (self.process.pid, self.process.pid)).read()
        return [self.process.pid] + [int(pid) for pid in children.split()]

    def seconds(self):
        """CPU time so far of all its processes, exact."""
        return sum(int(open("/proc/%d/schedstat" % pid).read().split()[0]) for pid in self.pids()) / 1e9


def kernel_seconds():
    """System, interrupt and softirq time of the whole machine so far, whoever causes it."""
    fields = open("/proc/stat").readline().split()
    return (int(fields[3]) + int(fields[6]) + int(fields[7])) / TICK


def softirq_seconds():
    """Time that the softirq threads ran; softirqs outside of them are charged to whom they interrupt."""
    total = 0
    for path in glob.glob("/proc/[0-9]*/comm"):
        try:
            if open(path).read().startswith("ksoftirqd/"):
                total += int(open(path[:-4] + "schedstat").read().split()[0])
        except OSError:
            pass
    return total / 1e9


def reap(process):
    """Output and CPU seconds of a process at its end."""
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise RuntimeError("%s failed" % " ".join(process.args))
    return out, usage.ru_utime + usage.ru_stime


def run_iperf():
    """Gigabytes, CPU seconds and kernel seconds of one transfer to the watched side."""
    server = subprocess.Popen(inside(NEAR, ["iperf3", "-s", "-1", "--forceflush"]), stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        if "listening" in line:
            break
    kernel, softirq = kernel_seconds(), softirq_seconds()
    client = subprocess.Popen(inside(FAR, ["iperf3", "-c", NEAR_ADDRESS, "-t", str(SECONDS), "-f", "m"]),
                              stdout=subprocess.PIPE, text=True)
    out, sending = reap(client)
    _, receiving = reap(server)
    rate = float(re.search(r"([\d.]+) Mbits/sec\s+receiver", out).group(1))
    return (rate * SECONDS / 8e3, sending + receiving + softirq_seconds() - softirq, kernel_seconds() - kernel)


def blast(side, mode, rate, seconds, *count):
    """A running sender; what the near side sends goes to nobody."""
    mac = "02:00:00:00:00:01"
    if side == FAR:
        mac = subprocess.run(inside(NEAR, ["cat", "/sys/class/net/%s/address" % NEAR[1]]),
                             stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    return subprocess.Popen(inside(side, ["%s/bench/blast" % OUT, side[1], mac, mode, str(rate), str(seconds)] + [str(n) for n in count]),
                            stdout=subprocess.PIPE, text=True)


def blast_sent(process):
    """Packets, and CPU seconds of the sender."""
    out, spent = reap(process)
    return int(out.split()[0]), spent


def run_blast():
    """Million packets, CPU seconds and kernel seconds; the receiver looks each one up, and drops it."""
    kernel, softirq = kernel_seconds(), softirq_seconds()
    sent, spent = blast_sent(blast(FAR, "flows", 0, SECONDS))
    return sent / 1e6, spent + softirq_seconds() - softirq, kernel_seconds() - kernel


class Echo:
    """Answers datagrams to port 9 of the near side; stopped, it only keeps them from being refused."""

    def __init__(self):
        self.process = subprocess.Popen(inside(NEAR, ["python3", "-c", ECHO]), stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        self.process.send_signal(signal.SIGSTOP)

    def acquaint(self):
        """Makes every conversation of mode flows one that was answered, and so long that it is no longer sampled."""
        self.process.send_signal(signal.SIGCONT)
        blast_sent(blast(FAR, "flows", 10000, 10, 2 * FLOWS))
        time.sleep(0.2)
        self.process.send_signal(signal.SIGSTOP)
        blast_sent(blast(FAR, "long", 0, 30, 24 * FLOWS))  # of 1,400 B

    def close(self):
        self.process.kill()
        self.process.communicate()


class Column:
    """What one watcher's rounds gave, per second and per unit."""

    def __init__(self):
        self.rates, self.costs, self.kernel, self.own = [], [], [], []

    def add(self, amount, cost, kernel, own):
        self.rates.append(amount / SECONDS)
        self.costs.append(cost / amount)
        self.kernel.append(kernel / amount)
        self.own.append(own / amount)

    def medians(self):
        return [statistics.median(values) for values in (self.rates, self.costs, self.kernel, self.own)]


def one_round(columns, broken, run, prepare):
    for name, command in WATCHERS:
        if name in broken:
            continue
        try:
            with Watcher(name, command) as watcher:
                prepare()
                before = watcher.seconds()
                amounts = run()
                columns.setdefault(name, Column()).add(*amounts, watcher.seconds() - before)
        except RuntimeError as error:
            broken[name] = error


def compare(title, unit, run, prepare=lambda: None):
    """All watchers take turns; prints medians beside those of nothing."""
    columns, broken = {}, {}
    for _ in range(ROUNDS):
        one_round(columns, broken, run, prepare)
    print("\n%s (median of %d rounds of %d s, taking turns)" % (title, ROUNDS, SECONDS))
    print("%-22s %9s %6s %12s %6s %12s %12s" % (
        "", unit + "/s", "x", "CPU s/" + unit, "x", "watcher's", "machine's"))
    base = columns["nothing"].medians()
    for name, _ in WATCHERS:
        if name in broken:
            print("%-22s skipped: %s" % (name, broken[name]))
            continue
        rate, cost, kernel, own = columns[name].medians()
        print("%-22s %9.3f %6.2f %12.3f %6.2f %12.3f %12.3f" % (
            name, rate, rate / base[0], cost, cost / base[1], own, kernel))
    if unit == "M":
        show_recorder(columns, base)
    sys.stdout.flush()


def show_recorder(columns, base):
    """What watching adds to each packet, the agent's own work included."""
    added = {}
    for name in ("skua", "skua with recorder"):
        if name in columns:
            _, cost, _, own = columns[name].medians()
            added[name] = 1000 * (cost - base[1] + own)
    if len(added) == 2:
        print("ns per packet that watching adds: recorder off %.0f, on %.0f" % (
            added["skua"], added["skua with recorder"]))


def agent_cpu(rate, seconds):
    """Events a second, and percent of a core that the agent takes for them: blast makes the agent say
    ten for ten packets.  Their askers are known, and beyond the bytes that are sampled."""
    sent = 0
    with Watcher("skua", skua()) as agent:
        if rate:
            blast_sent(blast(NEAR, "fill", 20000, 10, 40000))
            sender = blast(NEAR, "events", rate, seconds + SETTLE)
        time.sleep(SETTLE)
        begun, before = time.monotonic(), agent.seconds()
        time.sleep(seconds)
        spent, elapsed = agent.seconds() - before, time.monotonic() - begun
        if rate:
            sent, _ = blast_sent(sender)
    return sent / (seconds + SETTLE), 100 * spent / elapsed


def show_agent():
    print("\nCPU of the agent, both processes, percent of a core")
    try:
        _, idle = agent_cpu(0, 10)
        print("%-52s %8.2f  goal < 0.5  %s" % ("idle", idle, "met" if idle < 0.5 else "MISSED"))
        rate, busy = agent_cpu(100000, 10)
        print("%-52s %8.2f  goal <= 10  %s" % ("%.0f events/s, 10 %% exchanges" % rate, busy,
                                               "met" if busy <= 10 else "MISSED"))
    except RuntimeError as error:
        print("skipped: %s" % error)


def main():
    echo = Echo()
    try:
        compare("TCP from one namespace to the other", "GB", run_iperf)
        compare("60 B datagrams of %d conversations" % FLOWS, "M", run_blast, echo.acquaint)
        compare("the same, to nobody who answers", "M", run_blast)
        show_agent()
    finally:
        echo.close()


main()
