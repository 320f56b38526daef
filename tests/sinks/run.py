# SPDX-License-Identifier: BSD-2-Clause
"""Every finding arrives where it was promised, whoever refuses, stalls or goes away meanwhile."""
import collections
import concurrent.futures
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.dirname(__file__))
from receivers import Datagrams, Stream, Web, certificates, parse, signature_is_good
from traffic import Wire

for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]  # all that is asked here is near
OUT = sys.argv[1] if len(sys.argv) > 1 else "build"
SECRET = b"not only the length matters"
tests = failed = 0


def ok(good, sentence, why=""):
    global tests, failed
    tests += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {tests} - {sentence}", flush=True)
    if not good and why != "":
        print("\n".join("# " + line for line in str(why).splitlines()[:12]), flush=True)


def until(predicate):
    """Within a minute and a half: this costs nothing where it comes sooner.  What it was, or None."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        found = predicate()
        if found:
            return found
        time.sleep(0.1)
    return None


def id_of(record):
    return record["finding_id"] if "finding_id" in record else record["event"]["id"]


def key(finding):
    """What tells two records of findings apart."""
    return finding["finding_id"], finding["state"], finding["score"]


def short(finding):
    return finding["finding_id"], finding["state"], f"{float(finding['score']):.4f}"


class Agent:
    def __init__(self, number, directory, *options):
        self.number = number
        self.port = 9470 + number
        self.path = f"{directory}/stdout{number}"
        self.words = f"{directory}/words{number}"
        self.process = subprocess.Popen(
            [OUT + "/skua", "run", "-i", f"near{number}=workload", "--format", "json", "--socket", "none",
             "--metrics", str(self.port), *options],
            stdout=open(self.path, "w"), stderr=open(self.words, "w"))
        self.wire = Wire(f"near{number}", f"far{number}")

    def ready(self):
        if not (until(lambda: "watching" in open(self.words).read()) and until(self.metrics)):
            raise RuntimeError("no agent: " + open(self.words).read())

    def metrics(self):
        try:
            text = urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5).read().decode()
        except OSError:
            return {}
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
                for line in text.splitlines() if line.startswith("skua_sink_")}

    def wait_for(self, name, least):
        return until(lambda: self.metrics().get(name, 0) >= least)

    def findings_so_far(self):
        with open(self.path) as file:
            records = [json.loads(line) for line in file if line.endswith("\n")]
        return [record for record in records if "finding_id" in record or "event" in record]

    def settle(self, hosts, *sinks):
        """The metrics of when so many hosts were found, and each of these sinks is done with every record."""
        def settled():
            found, told = self.findings_so_far(), self.metrics()
            if len({id_of(record) for record in found}) < hosts or not told:
                return None
            for sink in sinks:
                done = sum(value for name, value in told.items() if f'sink="{sink}"' in name and
                           name.startswith(("skua_sink_delivered_total", "skua_sink_dropped_total")))
                if done != len(found) or told[f'skua_sink_records_total{{sink="{sink}"}}'] != done:
                    return None
            return told
        return until(settled) or self.metrics()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(120)
        self.lines = open(self.path).read().splitlines()
        self.said = open(self.words).read()
        records = [json.loads(line) for line in self.lines]
        self.findings = [r for r in records if "finding_id" in r]
        stats = [r["stats"] for r in records if r.get("event_type") == "stats"]
        self.stats = stats[-1] if stats else None
        return status


def rotate(agent, path, times):
    """As logrotate does, while findings come: five hosts scan meanwhile, and five when the new file is there."""
    players = []
    for number in range(times):
        until(lambda: os.path.getsize(path) > 0)
        players.append(agent.wire.scans(21 + 10 * number, 5, 0.08))
        os.rename(path, f"{path}.{number}")
        agent.process.send_signal(signal.SIGHUP)
        until(lambda: os.path.exists(path))
        players.append(agent.wire.scans(26 + 10 * number, 5, 0.08))
    for player in players:
        player.join()
    return [f"{path}.{number}" for number in range(times)] + [path]


def play_troubled(directory, ca, certificate, secret):
    """A file that rotates, TCP and HTTPS that fail in all ways they know."""
    web = Web(8443, certificate[0], certificate[1], ["reset", 500, 429, "stall", 503])
    log = directory + "/findings.json"
    agent = Agent(0, directory, "--output", log, "--syslog", "tcp://127.0.0.1:6514", "--syslog-facility", "local3",
                  "--webhook", "https://localhost:8443/in", "--webhook-secret", secret, "--webhook-cacert", ca,
                  "--webhook-timeout", "6")
    agent.ready()
    players = agent.wire.scans(1, 20, 0.08)
    agent.wait_for('skua_sink_retries_total{sink="syslog"}', 1)
    stream = Stream(6514, [("reset", 4), ("stall", 1.5)])
    files = rotate(agent, log, 4)
    players.join()
    told = agent.settle(60, "syslog", "webhook")
    status = agent.stop()
    stream.stop()
    web.stop()
    return lambda: check_troubled(agent, stream, web, files, told, status)


def check_troubled(agent, stream, web, files, told, status):
    ok(status == 0 and len(agent.findings) >= 60, "60 hosts that scan are found while sinks fail",
       f"{status}, {len(agent.findings)}\n{agent.said}")
    written = [line for path in files for line in open(path).read().splitlines()]
    ok(written == agent.lines, "the file has what standard output has, line by line, though it was moved away 4 times",
       f"{len(written)} {len(agent.lines)}")
    ok(all(os.path.getsize(path) > 0 for path in files[:-1]), "and findings came between")
    ok(os.stat(files[-1]).st_mode & 0o777 == 0o640, "it is not for everybody to read")
    check_stream(agent, stream, told)
    check_web(agent, web, told)


def check_stream(agent, stream, told):
    parsed = [parse(message) for message in stream.messages]
    ok(all(parsed), "what comes over TCP is RFC 5424", [m for m in stream.messages if not parse(m)][:1])
    sent, got = collections.Counter(map(short, agent.findings)), collections.Counter(map(short, filter(None, parsed)))
    ok(set(sent) == set(got), "each finding arrives by TCP, in spite of a refusal, a reset and a stall",
       f"{len(sent)} {len(got)} {list(set(sent) ^ set(got))[:3]}")
    ok(stream.connections >= 2 and not stream.garbled, "after the reset a frame begins anew", stream.connections)
    ok(all(message["priority"] == 19 * 8 + {"1": 2, "2": 4, "3": 5, "4": 6}[message["severity"]]
           and message["kind_id"] == message["kind"] for message in filter(None, parsed)),
       "with the facility asked for and its own severity")
    ok(told['skua_sink_retries_total{sink="syslog"}'] >= 2 and
       told['skua_sink_delivered_total{sink="syslog"}'] >= 60, "which the metrics tell", told)


def check_web(agent, web, told):
    sent, got = set(map(key, agent.findings)), set(map(key, web.taken))
    ok(sent == got, "each finding arrives by HTTPS, after 500, 429, a reset, a stall and 503",
       f"{len(sent)} {len(got)}")
    ok(len(web.taken) == len(agent.findings), "and once, as the server said no to the others",
       f"{len(web.taken)} {len(agent.findings)}")
    ok(web.requests and all(signature_is_good(request, SECRET) for request in web.requests),
       "every request is signed, which Python's hmac confirms")
    ok(not signature_is_good(web.requests[0], SECRET + b"!"), "and not with another secret")
    bodies, keys = [r["body"] for r in web.requests], [r["headers"]["Idempotency-Key"] for r in web.requests]
    ok(len(set(bodies[:6])) == 1 and len(set(zip(keys, bodies))) == len(set(keys)) == len(set(bodies)),
       "a repeated request has the same body and the same key, another one another")
    ok(web.requests[3]["at"] - web.requests[2]["at"] >= 1, "Retry-After is respected",
       [r["at"] - web.requests[0]["at"] for r in web.requests])
    ok(told['skua_sink_retries_total{sink="webhook"}'] == 5, "and five tries are counted as failed", told)


def play_dead(directory, ca):
    """UDP that begins late, a webhook that is not there, and the others."""
    agent = Agent(1, directory, "--output", directory + "/udp.json", "--syslog", "udp://127.0.0.1:5514",
                  "--webhook", "https://localhost:9/", "--webhook-cacert", ca, "--schema", "ecs")
    agent.ready()
    players = agent.wire.scans(300, 25)
    agent.wait_for('skua_sink_retries_total{sink="syslog"}', 1)
    server = Datagrams(("127.0.0.1", 5514))
    players.join()
    told = agent.settle(25, "syslog")
    status = agent.stop()
    server.stop()
    return lambda: check_dead(agent, server, told, status, directory)


def check_dead(agent, server, told, status, directory):
    records = [json.loads(line) for line in agent.lines]
    ids = collections.Counter(record["event"]["id"] for record in records)
    parsed = [parse(message) for message in server.messages]
    ok(status == 0 and len(ids) == 25 and all(r["event"]["kind"] == "alert" for r in records),
       "25 findings come to standard output, all in ECS", agent.said)
    ok(open(directory + "/udp.json").read().splitlines() == agent.lines, "and to the file")
    ok(all(parsed) and collections.Counter(m["finding_id"] for m in parsed) == ids,
       "and once by UDP, to a server that began late", f"{len(parsed)} {sum(ids.values())}")
    ok(told['skua_sink_delivered_total{sink="webhook"}'] == 0 and
       told['skua_sink_waiting{sink="webhook"}'] == told['skua_sink_records_total{sink="webhook"}'] == len(records),
       "meanwhile they wait for the webhook, counted", told)
    ok(f"webhook: {len(records)} of {len(records)} records were not delivered: at_end" in agent.said,
       "at the end it is said that it got none", agent.said)


def play_hostile(directory, ca, certificate):
    """Names with controls, a Unix socket that is replaced, a server that does not want them."""
    path = directory + "/log"
    web = Web(8444, certificate[0], certificate[1], [403] * 99)
    first = Datagrams(path)
    agent = Agent(2, directory, "--syslog", "unix:" + path, "--webhook", "https://127.0.0.1:8444/",
                  "--webhook-cacert", ca, "--min-score", "0")
    agent.ready()
    agent.wire.hostile_names()
    agent.wait_for('skua_sink_delivered_total{sink="syslog"}', 1)
    first.stop()
    os.unlink(path)
    players = agent.wire.scans(600, 10)
    agent.wait_for('skua_sink_retries_total{sink="syslog"}', 1)
    second = Datagrams(path)
    players.join()
    told = agent.settle(11, "syslog", "webhook")
    status = agent.stop()
    second.stop()
    web.stop()
    return lambda: check_hostile(agent, first.messages + second.messages, web, told, status)


def check_hostile(agent, messages, web, told, status):
    parsed = [parse(message) for message in messages]
    hostile = [m for m in messages if b"dns_exfil" in m]
    ok(status == 0 and hostile and all(parsed), "a name with line ends and escapes stays within its message",
       messages[:1])
    ok(not any(byte < 32 for message in messages for byte in message), "of which no byte is a control")
    ok(collections.Counter(short(m) for m in parsed if m) == collections.Counter(map(short, agent.findings)),
       "each finding arrives once at a Unix socket, which was replaced meanwhile",
       f"{len(parsed)} {len(agent.findings)}")
    ok(told['skua_sink_dropped_total{sink="webhook",cause="rejected"}'] > 0 and
       len(web.requests) <= len(agent.findings) and "403; that is final" in agent.said,
       "a server that answers 403 is not asked again, and what it refused is counted", told)
    lost = agent.stats["tables"].get("webhook_undelivered")
    ok(lost == len(agent.findings), "in the statistics, too", lost)
    ok(f"Not delivered (webhook_undelivered {lost})" in agent.said and
       "weaker" not in agent.said.split("Not delivered")[0].splitlines()[-1],
       "and at the end, where no finding is called weaker for it", agent.said)


def refused(*options):
    run = subprocess.run([OUT + "/skua", "run", "-i", "near0", "--socket", "none", *options], capture_output=True,
                         text=True, timeout=120)
    return run.returncode, run.stderr


def check_refusals(directory, secret):
    os.chmod(secret, 0o644)
    status, said = refused("--webhook", "https://localhost/", "--webhook-secret", secret)
    ok(status == 2 and "chmod 600" in said, "a secret that others may read is refused", said)
    for option, value, word in [("--syslog", "tls://a:1", "udp://HOST:PORT"), ("--syslog", "udp://a:99999", "udp://"),
                                ("--webhook", "ftp://a/", "https://"), ("--webhook", "https://me:key@a/", "account"),
                                ("--output", directory + "/no/where", "No such file"), ("--schema", "cef", "ecs")]:
        status, said = refused(option, value)
        ok(status == 2 and word in said, f"{option} {re.sub('.*/no/', 'no/', value)} is refused with a reason", said)


def main():
    with tempfile.TemporaryDirectory(prefix="skua-sinks-") as directory:
        os.chmod(directory, 0o777)  # for the agent's account, as a log directory would be its own
        ca, *certificate = certificates(directory)
        os.chmod(ca, 0o644)
        secret = directory + "/secret"
        with open(secret, "wb") as file:
            file.write(SECRET + b"\n")
        os.chmod(secret, 0o600)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            plays = [pool.submit(play_troubled, directory, ca, certificate, secret),
                     pool.submit(play_dead, directory, ca), pool.submit(play_hostile, directory, ca, certificate)]
        for play in plays:
            play.result()()
        check_refusals(directory, secret)
    print(f"1..{tests}")
    return failed != 0


sys.exit(main())
