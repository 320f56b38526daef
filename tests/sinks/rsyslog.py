# SPDX-License-Identifier: BSD-2-Clause
"""A real server of syslog writes down what it understood of each message."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__))
from traffic import Wire

OUT = sys.argv[1] if len(sys.argv) > 1 else "build"
tests = failed = 0
CONFIG = """
global(workDirectory="%(at)s" parser.escapeControlCharactersOnReceive="off")
module(load="imudp")
module(load="imtcp")
module(load="mmpstrucdata")
template(name="whole" type="list") {
  constant(value="{")
  property(outname="priority" name="pri" format="jsonf")
  constant(value=",")
  property(outname="host" name="hostname" format="jsonf")
  constant(value=",")
  property(outname="app" name="app-name" format="jsonf")
  constant(value=",")
  property(outname="id" name="msgid" format="jsonf")
  constant(value=",")
  property(outname="text" name="msg" format="jsonf")
  constant(value=",\\"values\\":")
  property(name="$!rfc5424-sd")
  constant(value="}\\n")
}
ruleset(name="udp") {
  action(type="mmpstrucdata")
  action(type="omfile" file="%(at)s/udp" template="whole")
}
ruleset(name="tcp") {
  action(type="mmpstrucdata")
  action(type="omfile" file="%(at)s/tcp" template="whole")
}
input(type="imudp" address="127.0.0.1" port="5514" ruleset="udp")
input(type="imtcp" address="127.0.0.1" port="6514" ruleset="tcp")
"""


def ok(good, sentence, why=""):
    global tests, failed
    tests += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {tests} - {sentence}", flush=True)
    if not good and why != "":
        print("\n".join("# " + line for line in str(why).splitlines()[:8]), flush=True)


def until(predicate):
    end = time.monotonic() + 60
    while time.monotonic() < end and not predicate():
        time.sleep(0.2)
    return predicate()


def lines(path):
    """Those that are whole."""
    return open(path, encoding="utf-8").read().split("\n")[:-1] if os.path.exists(path) else []


def play(directory, number, where):
    """The findings of an agent that tells them to where."""
    words = f"{directory}/words{number}"
    found = f"{directory}/found{number}"
    agent = subprocess.Popen([OUT + "/skua", "run", "-i", f"near{number}=workload", "--format", "json", "--socket",
                              "none", "--host", "node-7", "--syslog", where, "--syslog-facility", "local5"],
                             stdout=open(found, "w"), stderr=open(words, "w"))
    until(lambda: "watching" in open(words).read())
    wire = Wire(f"near{number}", f"far{number}")
    wire.scans(1, 20).join()
    wire.hostile_names()
    until(lambda: sum("finding_id" in line for line in lines(found)) >= 21)
    agent.send_signal(signal.SIGTERM)
    agent.wait(120)
    return [record for record in map(json.loads, lines(found)) if "finding_id" in record], open(words).read()


def compare(directory, name, findings, said):
    path = f"{directory}/{name}"
    until(lambda: len(lines(path)) >= len(findings))
    try:
        got = [json.loads(line) for line in lines(path)]
    except ValueError as error:
        ok(False, f"{name}: each message is one line", error)
        return
    values = [message["values"]["skua@32473"] for message in got]
    sent = sorted((f["finding_id"], f["event_type"], f["state"], f"{f['score']:.4f}", f["src_ip"]) for f in findings)
    ok(len(sent) >= 21 and sorted((v["finding_id"], v["kind"], v["state"], v["score"], v["src"])
                                  for v in values) == sent,
       f"{name}: rsyslog has each of {len(sent)} findings once, with the values they have", said)
    ok(all(m["host"] == "node-7" and m["app"] == "skua" and m["id"] == v["kind"] and int(m["priority"]) // 8 == 21
           for m, v in zip(got, values)), f"{name}: it knows host, program, kind and facility", got[:1])
    reasons = {f["finding_id"]: f["reason"] for f in findings if f["event_type"] == "scan"}
    ok(all(m["text"].strip().endswith(reasons[v["finding_id"]]) for m, v in zip(got, values)
           if v["kind"] == "scan"), f"{name}: the sentence is the finding's", got[:1])


def main():
    with tempfile.TemporaryDirectory(prefix="skua-rsyslog-") as directory:
        with open(directory + "/conf", "w") as file:
            file.write(CONFIG % {"at": directory})
        server = subprocess.Popen(["rsyslogd", "-n", "-f", directory + "/conf", "-i", directory + "/pid"],
                                  stdout=open(directory + "/log", "w"), stderr=subprocess.STDOUT)
        try:
            ok(until(lambda: os.path.exists(directory + "/pid")) and server.poll() is None, "rsyslog runs",
               open(directory + "/log").read())
            for number, name, where in (0, "udp", "udp://127.0.0.1:5514"), (1, "tcp", "tcp://127.0.0.1:6514"):
                compare(directory, name, *play(directory, number, where))
        finally:
            server.terminate()
            server.wait()
        if failed:
            print("# " + open(directory + "/log").read()[-500:].replace("\n", "\n# "))
    print(f"1..{tests}")
    return failed != 0


sys.exit(main())
