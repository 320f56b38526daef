# SPDX-License-Identifier: BSD-2-Clause
"""What an agent tells of itself over HTTP: values, formats, health, hostile clients, Prometheus."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT = os.environ.get("OUT", "build")
SKUA = os.path.abspath(OUT + "/skua")
NET = "skua-metrics"
HERE = "deploy/prometheus/"


def inside(*command, **options):
    options.setdefault("capture_output", True)
    options.setdefault("text", True)
    return subprocess.run(["ip", "netns", "exec", NET, *command], **options)


def get(path, *options, where="127.0.0.1:9477"):
    answer = inside("curl", "-s", "-m", "5", "-i", *options, f"http://{where}{path}")
    head, _, body = answer.stdout.partition("\n\n")
    if not _:
        head, _, body = answer.stdout.partition("\r\n\r\n")
    status = int(head.split()[1]) if head.startswith("HTTP/") else 0
    return status, head.replace("\r", ""), body


def values(body):
    found = {}
    for line in body.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            found[name] = float(value)
    return found


def until(seconds, predicate):
    end = time.time() + seconds
    while time.time() < end:
        if predicate():
            return True
        time.sleep(0.2)
    return False


class Agent:
    def __init__(self, directory, *options):
        self.words = open(directory + "/words", "w+")
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", NET, SKUA, "run", "-i", "near=uplink", "--format", "json",
             "--socket", "none", "--metrics", "9477", *options],
            stdout=open(directory + "/found", "w"), stderr=self.words)
        self.path = directory + "/found"
        until(20, lambda: get("/readyz")[0] == 200)

    def stats(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        lines = [json.loads(line) for line in open(self.path)]
        return [line["stats"] for line in lines if line["event_type"] == "stats"][-1]


def check_formats(directory):
    status, head, body = get("/metrics")
    ok(status == 200 and "text/plain; version=0.0.4" in head, "/metrics answers in Prometheus' text", head)
    lint = subprocess.run(["promtool", "check", "metrics"], input=body, capture_output=True, text=True)
    ok(lint.returncode == 0 and not lint.stderr and not lint.stdout, "promtool finds nothing to say to it",
       lint.stderr + lint.stdout)
    status, head, body = get("/metrics", "-H", "Accept: application/openmetrics-text; version=1.0.0")
    ok("application/openmetrics-text; version=1.0.0" in head and body.endswith("# EOF\n"),
       "and in OpenMetrics for who understands that, to its end", head)
    families = re.findall(r"^# TYPE (\S+) counter", body, re.M)
    ok(families and not [name for name in families if name.endswith("_total")],
       "where a counter's family has no suffix, and its samples do")


def check_values(agent, directory):
    before = values(get("/metrics")[2])
    inside("ping", "-c", "5", "-i", "0.2", "10.9.0.2")
    inside("nmap", "-n", "-Pn", "-sS", "-p", "1-200", "--max-retries", "0", "10.9.0.2")
    scan = 'skua_findings_total{kind="scan",severity="high"}'
    ok(before[scan] == 0 and until(10, lambda: values(get("/metrics")[2])[scan] == 1),
       "a scan is one finding more")
    # A finding's own file waits for what follows; what is kept now can be had at once.
    agent.process.send_signal(signal.SIGUSR1)
    ok(until(10, lambda: values(get("/metrics")[2])["skua_snapshots_total"] >= 1),
       "a snapshot is one file more in the vault")
    found = values(get("/metrics")[2])
    files = sum(name.endswith(".pcapng") for _, _, names in os.walk(directory + "/vault") for name in names)
    ok(found["skua_vault_files"] == files and found["skua_vault_bytes"] > 0, "as many as lie there", found)
    causes = sum(value for name, value in found.items() if re.match(r"skua_packets_(ignored|lost)_total\{", name))
    ok(found["skua_packets_total"] == found["skua_packets_accounted_total"] + causes,
       "packets are those accounted, ignored and lost", found)
    # How many seconds all that took is this machine's affair: the fourth one is waited for.
    until(60, lambda: values(get("/metrics")[2])["skua_judging_seconds_count"] > 3)
    found = values(get("/metrics")[2])
    ok(found['skua_judging_seconds_bucket{le="+Inf"}'] == found["skua_judging_seconds_count"] > 3,
       "each second that was judged is in the histogram", found)
    buckets = [value for name, value in found.items() if name.startswith("skua_judging_seconds_bucket")]
    ok(buckets == sorted(buckets), "whose buckets add up")
    ok(abs(found["skua_tick_time_seconds"] - time.time()) < 5, "the last second judged is near now")


def check_health():
    ok(get("/healthz")[0] == 200 and get("/readyz")[0] == 200, "it is healthy and ready")
    ok(get("/")[0] == 404 and get("/metrics/..%2f")[0] == 404, "there is nothing else to ask for")
    status, head, _ = get("/metrics", "-X", "DELETE")
    ok(status == 405 and "Allow: GET, HEAD" in head, "nor to do")
    ok(get("/healthz", "-X", "POST", "-d", "x" * 5000)[0] == 405, "what is sent along is let go")
    inside("ip", "link", "del", "near")
    ok(until(10, lambda: get("/readyz")[0] == 503), "without its interface it is not ready")
    ok(get("/healthz")[0] == 200, "but healthy")


HOSTILE = """
import socket, sys
held = []
for i in range(40):  # say nothing, or half of a head, and stay
    s = socket.create_connection(("127.0.0.1", 9477), 2)
    s.sendall([b"", b"GET /metrics HTTP/1.1\\r\\nHost:", b"GET /" + b"a" * 9000, bytes(range(256))][i % 4])
    held.append(s)
import time
time.sleep(7)
"""


# As many as are let in, and each goes on with its question for as long as it can, byte by byte.
DRIPPING = """
import socket, time
crowd = [socket.create_connection(("127.0.0.1", 9477), 2) for _ in range(16)]
left = set(crowd)
for second in range(14):
    for s in list(left):
        try:
            s.send(b"G" if not second else b"E")
        except OSError:
            left.discard(s)
    time.sleep(1)
print(len(left))
"""


def check_hostile():
    crowd = subprocess.Popen(["ip", "netns", "exec", NET, "python3", "-c", HOSTILE])
    time.sleep(1)
    ok(until(15, lambda: get("/healthz")[0] == 200), "clients that stay silent give way in time")
    crowd.wait()
    crowd = subprocess.Popen(["ip", "netns", "exec", NET, "python3", "-c", DRIPPING],
                             stdout=subprocess.PIPE, text=True)
    time.sleep(1)
    ok(until(15, lambda: get("/healthz")[0] == 200) and crowd.poll() is None,
       "so do clients that ask a byte at a time, while they do")
    left = crowd.communicate()[0].strip()
    ok(left == "0", "of these none stays", left)
    status, _, _ = get("/metrics", "-H", "X-Big: " + "b" * 20000)
    ok(status in (0, 413, 431), "a head without end is turned away", status)
    ok(get("/metrics")[0] == 200, "and the next one is served")


def check_prometheus(directory):
    config = directory + "/prometheus.yml"
    with open(config, "w") as file:
        file.write("global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
                   f"rule_files: [{os.path.abspath(HERE)}/skua.rules.yml]\n"
                   "scrape_configs: [{job_name: skua, static_configs: [{targets: ['127.0.0.1:9477']}]}]\n")
    server = subprocess.Popen(["ip", "netns", "exec", NET, "prometheus", "--config.file=" + config,
                               "--storage.tsdb.path=" + directory + "/tsdb",
                               "--web.listen-address=127.0.0.1:9490"],
                              stdout=subprocess.DEVNULL, stderr=open(directory + "/prometheus.log", "w"))

    def query(expression):
        answer = inside("curl", "-s", "-m", "5", "-G", "--data-urlencode", "query=" + expression,
                        "http://127.0.0.1:9490/api/v1/query")
        return json.loads(answer.stdout) if answer.stdout.startswith("{") else {"status": "none"}

    try:
        ok(until(40, lambda: query('up{job="skua"} == 1').get("data", {}).get("result")),
           "Prometheus scrapes it", open(directory + "/prometheus.log").read()[-800:])
        scraped = query("skua_packets_total")["data"]["result"]
        ok(scraped and float(scraped[0]["value"][1]) > 0, "and has its packets")
        rules = inside("curl", "-s", "http://127.0.0.1:9490/api/v1/rules").stdout
        loaded = [rule for group in json.loads(rules)["data"]["groups"] for rule in group["rules"]]
        ok(len(loaded) == 10 and all(rule["health"] != "err" for rule in loaded), "the alert rules load and work",
           rules)
        check_dashboard(query)
    finally:
        server.terminate()
        server.wait()


def check_dashboard(query):
    dashboard = json.load(open(HERE + "skua-dashboard.json"))
    asked = [(panel["title"], target["expr"].replace("$instance", ".*"))
             for panel in dashboard["panels"] for target in panel.get("targets", [])]
    bad = [title for title, expression in asked if query(expression)["status"] != "success"]
    ok(len(asked) >= 19 and not bad, "every question of the dashboard is understood", bad)
    named = set(re.findall(r"skua_[a-z_]+", json.dumps(dashboard) + open(HERE + "skua.rules.yml").read()))
    told = set(re.findall(r"^# TYPE (\S+)", get("/metrics")[2], re.M))
    told |= {name + "_bucket" for name in told}
    ok(named and named <= told, "and asks for nothing that is not told", named - told)


def check_rules(directory):
    lint = subprocess.run(["promtool", "check", "rules", HERE + "skua.rules.yml"], capture_output=True, text=True)
    ok(lint.returncode == 0 and "10 rules found" in lint.stdout, "promtool checks the rules", lint.stdout + lint.stderr)
    shutil.copy(HERE + "skua.rules.yml", directory)
    shutil.copy("tests/metrics/rules.yml", directory)
    play = subprocess.run(["promtool", "test", "rules", "rules.yml"], cwd=directory, capture_output=True, text=True)
    ok(play.returncode == 0, "each alert comes when it should, and not before", play.stdout + play.stderr)


def check_words():
    for where, words in (("nowhere", "not PORT, ADDRESS:PORT"), ("127.0.0.1:0", "not PORT"),
                         ("unix:" + "x" * 200, "not PORT"), ("9477", "somebody listens there"),
                         ("unix:/nonexistent/x", "its folder is not there")):
        said = inside(SKUA, "run", "-i", "lo", "--source", "pcap", "--socket", "none", "--duration", "1",
                      "--metrics", where)
        ok(said.returncode == 2 and f"--metrics {where}: " in said.stderr and words in said.stderr,
           f"--metrics {where[:24]} is refused: {words}", said.stderr)


def check_unix(directory):
    folder = directory + "/own"  # the worker, who is nobody, may write there
    os.mkdir(folder)
    os.chmod(folder, 0o777)
    path = folder + "/web.sock"
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(path)
    stale.close()
    agent = subprocess.Popen(["ip", "netns", "exec", NET, SKUA, "run", "-i", "lo", "-q", "--socket", "none",
                              "--metrics", "unix:" + path], stdout=subprocess.DEVNULL)
    ask = ["curl", "-s", "-m", "5", "--unix-socket", path, "http://skua/healthz"]
    ok(until(20, lambda: subprocess.run(ask, capture_output=True, text=True).stdout == "ok\n"),
       "a Unix socket serves as well, where a dead one was")
    ok(os.stat(path).st_mode & 0o777 == 0o660, "and not for everybody")
    agent.terminate()
    agent.wait()
    ok(not os.path.exists(path), "it is gone with the agent")


def main():
    if os.geteuid() or subprocess.run(["ip", "netns", "add", NET], capture_output=True).returncode:
        status = finish()
        return 0
    directory = tempfile.mkdtemp()
    os.chmod(directory, 0o755)
    vault = directory + "/vault"
    try:
        for words in ("link add near type veth peer name far", "netns add skua-metrics-far",
                      "link set far netns skua-metrics-far", "addr add 10.9.0.1/24 dev near",
                      "link set near up", "link set lo up", "-n skua-metrics-far addr add 10.9.0.2/24 dev far",
                      "-n skua-metrics-far link set far up"):
            command = ["ip"] if "netns add" in words or words.startswith("-n") else ["ip", "-n", NET]
            subprocess.run(command + words.split(), check=True)
        agent = Agent(directory, "--snapshots", vault, "--output", directory + "/findings.json")
        check_formats(directory)
        check_values(agent, directory)
        check_prometheus(directory)
        check_hostile()
        check_words()
        told = values(get("/metrics")[2])["skua_packets_total"]
        check_health()
        stats = agent.stats()
        ok(told <= stats["packets"], "at the end nothing was counted less than was told", (told, stats["packets"]))
        check_unix(directory)
        check_rules(directory)
    finally:
        subprocess.run(["ip", "netns", "del", NET])
        subprocess.run(["ip", "netns", "del", "skua-metrics-far"])
        shutil.rmtree(directory, ignore_errors=True)
    return finish()


sys.exit(main())
