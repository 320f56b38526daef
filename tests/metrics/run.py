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
from tap import finish, ok, skip  # noqa: E402

OUT = os.environ.get("OUT", "build")
SKUA = os.path.abspath(OUT + "/skua")
NET = "skua-metrics"
HERE = "deploy/prometheus/"
SEVERITIES = ("high", "medium", "low", "info")  # 1 to 4 in a record
PATIENCE_S = 60  # for what is only a matter of time: it costs nothing where it comes sooner


def inside(*command, **options):
    options.setdefault("capture_output", True)
    options.setdefault("text", True)
    return subprocess.run(["ip", "netns", "exec", NET, *command], **options)


def get(path, *options, where="127.0.0.1:9477"):
    answer = inside("curl", "-s", "-m", "20", "-i", "--noproxy", "*", *options, f"http://{where}{path}")
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


def until(predicate):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if predicate():
            return True
        time.sleep(0.2)
    return False


def scrape():
    """The values of one page."""
    pages = []

    def has_come():
        pages.append(get("/metrics"))
        return pages[-1][0] == 200

    until(has_come)
    return values(pages[-1][2])


def comes(status, path):
    return until(lambda: get(path)[0] == status)


class Agent:
    def __init__(self, directory, *options):
        self.words = open(directory + "/words", "w+")
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", NET, SKUA, "run", "-i", "near=uplink", "--format", "json",
             "--socket", "none", "--metrics", "9477", *options],
            stdout=open(directory + "/found", "w"), stderr=self.words)
        self.path = directory + "/found"
        ok(comes(200, "/readyz"), "an agent is ready some time after its start", open(directory + "/words").read())

    def stats(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(120)
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


def scans_of(found):
    return [found['skua_findings_total{kind="scan",severity="%s"}' % word] for word in SEVERITIES]


def check_scan(directory):
    """How high it is when it is new depends on how much of it the first second saw."""
    before = scrape()

    def records():
        with open(directory + "/findings.json") as file:
            lines = [line for line in file if line.endswith("\n") and '"event_type":"scan"' in line]
        return [json.loads(line) for line in lines]

    inside("ping", "-c", "5", "-i", "0.2", "10.9.0.2")
    inside("nmap", "-n", "-Pn", "-sS", "-p", "1-200", "--max-retries", "0", "10.9.0.2")
    came = until(lambda: sum(scans_of(scrape())) == 1 and records())
    found = scrape()
    ok(sum(scans_of(before)) == 0 and came and scans_of(found)[records()[0]["severity"] - 1] == 1,
       "a scan is one finding more, of its severity", found)


def check_vault(agent, directory):
    # A finding's own file waits for what follows; what is kept now can be had at once.
    agent.process.send_signal(signal.SIGUSR1)
    ok(until(lambda: scrape()["skua_snapshots_total"] >= 1), "a snapshot is one file more in the vault")

    def files():
        return sum(name.endswith(".pcapng") for _, _, names in os.walk(directory + "/vault") for name in names)

    def is_told():
        """Unless one comes between, as that of the finding does at any time."""
        before, found = files(), scrape()
        return before == found["skua_vault_files"] == files() > 0 and found["skua_vault_bytes"] > 0

    ok(until(is_told), "as many as lie there", (files(), scrape()))


def check_values(agent, directory):
    check_scan(directory)
    check_vault(agent, directory)
    # How many seconds all that took is this machine's affair: the fourth one is waited for.
    until(lambda: scrape()["skua_judging_seconds_count"] > 3)
    found = scrape()
    causes = sum(value for name, value in found.items() if re.match(r"skua_packets_(ignored|lost)_total\{", name))
    ok(found["skua_packets_total"] == found["skua_packets_accounted_total"] + causes,
       "packets are those accounted, ignored and lost", found)
    ok(found['skua_judging_seconds_bucket{le="+Inf"}'] == found["skua_judging_seconds_count"] > 3,
       "each second that was judged is in the histogram", found)
    buckets = [value for name, value in found.items() if name.startswith("skua_judging_seconds_bucket")]
    ok(buckets == sorted(buckets), "whose buckets add up", found)
    ok(until(lambda: abs(scrape()["skua_tick_time_seconds"] - time.time()) < 5), "the last second judged is near now",
       (scrape()["skua_tick_time_seconds"], time.time()))


def check_health():
    ok(comes(200, "/healthz") and comes(200, "/readyz"), "it is healthy and ready")
    ok(get("/")[0] == 404 and get("/metrics/..%2f")[0] == 404, "there is nothing else to ask for")
    status, head, _ = get("/metrics", "-X", "DELETE")
    ok(status == 405 and "Allow: GET, HEAD" in head, "nor to do")
    ok(get("/healthz", "-X", "POST", "-d", "x" * 5000)[0] == 405, "what is sent along is let go")
    inside("ip", "link", "del", "near")
    ok(comes(503, "/readyz"), "without its interface it is not ready")
    ok(comes(200, "/healthz"), "but healthy")


# They say nothing, or half of a head, and stay until they are told to go.
HOSTILE = """
import socket, sys
held = []
for i in range(40):
    s = socket.create_connection(("127.0.0.1", 9477), 60)
    s.sendall([b"", b"GET /metrics HTTP/1.1\\r\\nHost:", b"GET /" + b"a" * 9000, bytes(range(256))][i % 4])
    held.append(s)
print("here", flush=True)
sys.stdin.read()
"""
# As many as are let in, and each goes on with its question, byte by byte, until it is hung up on; a
# minute is more than that takes.
DRIPPING = """
import socket, time
crowd = [socket.create_connection(("127.0.0.1", 9477), 60) for _ in range(16)]
left = set(crowd)
print("here", flush=True)
byte, end = b"G", time.monotonic() + 90
while left and time.monotonic() < end:
    for s in list(left):
        try:
            s.send(byte)
        except OSError:
            left.discard(s)
    byte = b"E"
    time.sleep(1)
print(len(left))
"""


def gather(program):
    """A crowd that has come."""
    crowd = subprocess.Popen(["ip", "netns", "exec", NET, "python3", "-c", program], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
    crowd.stdout.readline()
    return crowd


def check_hostile():
    crowd = gather(HOSTILE)
    begun = time.monotonic()
    ok(comes(200, "/healthz") and crowd.poll() is None, "clients that stay silent give way in time")
    print("# figure: 40 silent clients gave way after %.1f s" % (time.monotonic() - begun))
    crowd.communicate()
    crowd = gather(DRIPPING)
    begun = time.monotonic()
    ok(comes(200, "/healthz"), "so do clients that ask a byte at a time, while they do")
    print("# figure: 16 that dripped, after %.1f s" % (time.monotonic() - begun))
    left = crowd.communicate()[0].strip()
    ok(left == "0", "of these none stays", left)
    status, _, _ = get("/metrics", "-H", "X-Big: " + "b" * 20000)
    ok(status in (0, 413, 431), "a head without end is turned away", status)
    ok(comes(200, "/metrics"), "and the next one is served")


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

    def ask(what, *options):
        answer = inside("curl", "-s", "-m", "20", "-G", "--noproxy", "*", *options, "http://127.0.0.1:9490/api/v1/" + what)
        return json.loads(answer.stdout) if answer.stdout.startswith("{") else {"status": "none"}

    def query(expression):
        return ask("query", "--data-urlencode", "query=" + expression)

    def results(expression):
        return query(expression).get("data", {}).get("result")

    def rules():
        return [rule for group in ask("rules").get("data", {}).get("groups", []) for rule in group["rules"]]

    try:
        ok(until(lambda: results('up{job="skua"} == 1')), "Prometheus scrapes it",
           open(directory + "/prometheus.log").read()[-800:])
        ok(until(lambda: results("skua_packets_total > 0")), "and has its packets", query("skua_packets_total"))
        # Of unknown health is what was not evaluated so far.
        until(lambda: rules() and all(rule["health"] != "unknown" for rule in rules()))
        loaded = rules()
        ok(len(loaded) == 10 and all(rule["health"] == "ok" for rule in loaded), "the alert rules load and work",
           loaded)
        check_dashboard(query)
    finally:
        server.terminate()
        server.wait()


def is_understood(query, expression):
    """A server that was not heard is asked again."""
    answers = []

    def has_answered():
        answers.append(query(expression)["status"])
        return answers[-1] != "none"

    until(has_answered)
    return answers[-1] == "success"


def check_dashboard(query):
    dashboard = json.load(open(HERE + "skua-dashboard.json"))
    asked = [(panel["title"], target["expr"].replace("$instance", ".*"))
             for panel in dashboard["panels"] for target in panel.get("targets", [])]
    bad = [title for title, expression in asked if not is_understood(query, expression)]
    ok(len(asked) >= 19 and not bad, "every question of the dashboard is understood", bad)
    named = set(re.findall(r"skua_[a-z_]+", json.dumps(dashboard) + open(HERE + "skua.rules.yml").read()))
    comes(200, "/metrics")
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
    ask = ["curl", "-s", "-m", "20", "--unix-socket", path, "http://skua/healthz"]
    ok(until(lambda: subprocess.run(ask, capture_output=True, text=True).stdout == "ok\n"),
       "a Unix socket serves as well, where a dead one was")
    ok(os.stat(path).st_mode & 0o777 == 0o660, "and not for everybody")
    agent.terminate()
    agent.wait()
    ok(not os.path.exists(path), "it is gone with the agent")


def main():
    if os.geteuid() or subprocess.run(["ip", "netns", "add", NET], capture_output=True).returncode:
        skip("what an agent tells of itself", "a network namespace of our own needs root")
        return finish()
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
        told = scrape()["skua_packets_total"]
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
