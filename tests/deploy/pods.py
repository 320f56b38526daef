# SPDX-License-Identifier: BSD-2-Clause
"""Who watches an API server, and an API server that lists, watches, forgets, stalls and fails."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__))
from api_server import Api, bookmark, event, pod, status

DRIVER = os.path.join(sys.argv[1], "lab/pods_driver")
tests = failed = 0


def say(good, sentence, detail=""):
    global tests, failed
    tests += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {tests} - {sentence}", flush=True)
    if not good and detail != "":
        print(f"# {detail}")


class Client:
    """The watcher of one node."""

    def __init__(self, api, token, ca=None, within=()):
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [*within, DRIVER, api.url, token, ca or api.cert, "node-a"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.errors, text=True)

    def ask(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def counts(self):
        return json.loads(self.ask("counts"))

    def who(self, address):
        """(namespace/name, age), or (None, 0)."""
        words = self.ask(address).split()
        return (words[0], int(words[3])) if len(words) == 4 else (None, 0)

    def words(self):
        self.errors.seek(0)
        return self.errors.read()

    def close(self):
        self.process.stdin.close()
        return self.process.wait(60)


def until(what, seconds=60):
    """Whether it comes to be so; what is so is said at once."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.02)
    return False


def lists(api, client):
    say(until(lambda: client.counts()["lists"] == 1), "pods are listed")
    path, query, bearer = api.asked[0]
    say((path, query["fieldSelector"], bearer) == ("/api/v1/pods", "spec.nodeName=node-a", "Bearer token-1"),
        "by the node's name, with the token", api.asked[0])
    say([one[1].get("continue") for one in api.lists()] == [None, "2/+?&=", "4/+?&="],
        "page by page, from where the page before says", api.lists())
    say(client.ask("10.244.1.7") == "shop/web-1 ReplicaSet/web-7d9c6b5f4 node-a 0",
        "an address has namespace, name, owner and node", client.ask("10.244.1.7"))
    say(client.who("fd00:10:244:1::7") == ("shop/web-1", 0), "its address of the other family too")
    say(client.ask("192.0.2.10") == "nobody" and client.ask("10.244.1.9") == "nobody",
        "a pod with the node's address and one that has ended are not named")


def watches(api, client):
    say(until(lambda: api.watches), "then they are watched")
    say(api.followed()[0][1]["resourceVersion"] == "100" and
        api.followed()[0][1]["allowWatchBookmarks"] == "true", "from where the list was", api.followed())
    line = event("ADDED", pod("slow", "10.244.1.20", version="101"))
    api.say([line[i:i + 16] for i in range(0, len(line), 16)])
    say(until(lambda: client.who("10.244.1.20") == ("shop/slow", 0)),
        f"an event that comes in {len(line) // 16 + 1} pieces, slowly, is read")
    api.say(event("MODIFIED", pod("slow", "10.244.1.21", version="102")) +
            event("ADDED", pod("two", "10.244.1.22", version="103")))
    say(until(lambda: client.who("10.244.1.22")[0] == "shop/two") and
        client.who("10.244.1.21") == ("shop/slow", 0) and client.who("10.244.1.20")[0] is None,
        "two events in one piece: a pod that moved is at its new address only")
    api.say(event("DELETED", pod("slow", "10.244.1.21", version="104")))
    say(until(lambda: client.who("10.244.1.21")[1] >= 1),
        "a pod that was deleted is named on, with the age of that", client.who("10.244.1.21"))
    api.say(event("ADDED", pod("heir", "10.244.1.21", version="105")))
    say(until(lambda: client.who("10.244.1.21") == ("shop/heir", 0)),
        "until another has its address")
    api.say(event("MODIFIED", pod("heir", "10.244.1.21", version="106", phase="Succeeded")))
    say(until(lambda: client.who("10.244.1.21")[1] >= 1), "a job that is done gave its address back")


def goes_on(api, client):
    api.say(bookmark("900"))
    say(until(lambda: client.counts()["bookmarks"] == 1), "a bookmark is read")
    before, api.version = len(api.lists()), "900"
    api.finish(None)
    say(until(lambda: len(api.followed()) == 2), "a watch that ends is begun again")
    say(api.followed()[1][1]["resourceVersion"] == "900" and len(api.lists()) == before,
        "from the bookmark, without a list", api.followed()[1])
    until(lambda: api.watches)
    api.finish(ConnectionAbortedError)
    say(until(lambda: len(api.followed()) == 3) and api.followed()[2][1]["resourceVersion"] == "900",
        "a watch that breaks off as well")


def expires(api, client):
    until(lambda: api.watches)
    before = client.counts()
    api.pods, api.version = [pod("new", "10.244.1.30")], "950"
    api.finish(event("ERROR", status(410, "Expired")))
    say(until(lambda: client.who("10.244.1.30") == ("shop/new", 0)), "410 within a watch: pods are listed again")
    say(client.who("10.244.1.7")[1] >= 1, "whoever is not in the new list is gone", client.who("10.244.1.7"))
    until(lambda: api.watches)
    api.watch_fails = [410]
    api.finish(None)
    say(until(lambda: client.counts()["expired"] == before["expired"] + 2 and
              client.counts()["lists"] == before["lists"] + 2),
        "410 as the answer to a watch: likewise", client.counts())
    say(client.counts()["failures"] == before["failures"], "and no failure is counted for it", client.counts())


def rotates(api, client, token):
    until(lambda: api.watches)
    with open(token + ".new", "w", encoding="ascii") as file:
        file.write("token-2\n")
    os.rename(token + ".new", token)
    api.token = "token-2"
    before = len(api.asked)
    api.finish(None)
    say(until(lambda: len(api.asked) > before and api.watches), "after a new token the watch goes on")
    say({one[2] for one in api.asked[before:]} == {"Bearer token-2"},
        "and no request is made with the old one", api.asked[before:])


def outage(api, client):
    until(lambda: api.watches)
    before, said = client.counts(), len(client.words())
    api.say(bookmark(api.version))
    until(lambda: client.counts()["bookmarks"] > before["bookmarks"])
    begun = time.monotonic()
    api.stop()
    say(until(lambda: client.who("10.244.1.30")[1] >= 1), "the server is gone: pods are named, with an age")
    time.sleep(2.5)
    say(until(lambda: client.who("10.244.1.30")[1] >= 2), "which grows", client.who("10.244.1.30"))
    tried = client.counts()["failures"] - before["failures"]
    # Pauses are a quarter of a second at least, and double.
    most, took = 6, time.monotonic() - begun
    while took > 0.25 * (2 ** most - 1):
        most += 1
    say(1 <= tried <= most, f"in {took:.0f} s it was asked {tried} times, not more often than {most}")
    api.start()
    say(until(lambda: client.who("10.244.1.30") == ("shop/new", 0)), "the server is back: no age")
    words = client.words()[said:]
    say(words.count("pods are named as last known") == 1 and words.count("answers again") == 1,
        "each was said once", words)


def too_much(api, client):
    until(lambda: api.watches)
    before = client.counts()
    api.say(event("ADDED", pod("huge", "10.244.1.40", pad=3 << 20)) + b"{\"type\":\n" + b"[[[\n" +
            event("ADDED", {"metadata": {"name": "x" * 300, "namespace": "shop"}}) +
            event("ADDED", pod("after", "10.244.1.41", version="980")))
    say(until(lambda: client.who("10.244.1.41") == ("shop/after", 0)),
        "what follows an event of 3 MB and three that make no sense is read")
    now = client.counts()
    say(now["oversized"] - before["oversized"] == 1 and now["malformed"] - before["malformed"] == 3,
        "and all four are counted", now)
    api.pods = [pod(f"big-{i}", f"10.244.2.{i + 1}", pad=400000) for i in range(20)]
    api.page, before = 1000, client.counts()
    api.finish(event("ERROR", status(410, "Expired")))
    say(until(lambda: client.counts()["lists"] == before["lists"] + 1) and
        client.who("10.244.2.20") == ("shop/big-19", 0),
        "pages of more than 2 MB are asked for with fewer pods", client.counts())
    say(client.counts()["failures"] == before["failures"], "which is no failure", client.counts())
    until(lambda: api.watches)
    api.pods = [pod(f"many-{i}", f"10.245.{i >> 8}.{i & 255}") for i in range(1100)]
    before = client.counts()
    api.finish(event("ERROR", status(410, "Expired")))
    say(until(lambda: client.counts()["lists"] == before["lists"] + 1) and client.counts()["pods"] == 1024,
        "1,100 pods: 1,024 are kept", client.counts())
    refused = client.counts()["refused"] - before["refused"]
    named = sum(client.who(f"10.245.{i >> 8}.{i & 255}") != (None, 0) for i in range(1100))
    say((named, refused) == (1024, 76), "and 76 refused and counted", (named, refused))


def refuses(folder, api, token):
    other = tempfile.mkdtemp(dir=folder)
    stranger = Api(other).start()
    client = Client(stranger, token, api.cert)
    say(until(lambda: client.counts()["failures"] > 0) and not stranger.asked and
        "certificate" in client.words(), "a server that the CA does not vouch for is told nothing", client.words())
    client.close()
    stranger.token = "token-2"
    stranger.fails = (403, ())
    client = Client(stranger, token)
    say(until(lambda: "403: pods may not be read" in client.words()), "403 says what to do", client.words())
    client.close()
    stranger.fails, before = (302, [("Location", api.url + "/api/v1/pods")]), len(api.asked)
    client = Client(stranger, token)
    say(until(lambda: client.counts()["failures"] > 0) and len(api.asked) == before,
        "a redirection is not followed", client.words())
    client.close()
    stranger.fails = None
    client = Client(stranger, os.path.join(folder, "none"))
    say(until(lambda: "cannot read the token" in client.words()), "a token that is not there is named",
        client.words())
    client.close()
    stranger.stop()


def plain(token, api):
    url = type("Url", (), {"url": "http://127.0.0.1:1", "cert": api.cert})
    client = Client(url, token)
    say(client.process.wait(60) == 1 and "does not begin with https://" in client.words(),
        "a token is not sent over plain HTTP", client.words())


def endless(folder, token):
    api = Api(tempfile.mkdtemp(dir=folder)).start()
    api.token, api.endless = "token-2", True
    client = Client(api, token)
    say(until(lambda: "its list has no end" in client.words(), 300), "a list that goes in circles is given up",
        (len(api.asked), client.words()))
    say(client.counts()["lists"] == 0 and client.counts()["failures"] > 0, "and counts as a failure", client.counts())
    client.close()
    api.stop()


# A network in which a name server is asked, and nobody answers for minutes.
SILENT = """
ip link add silent type veth peer name none && ip link set none up &&
ip addr add 192.0.2.1/24 dev silent && ip link set silent up &&
ip neigh add 192.0.2.53 lladdr 02:00:00:00:00:53 dev silent &&
mount --bind "$0" /etc/resolv.conf && exec "$@"
"""


def silent(folder, token, api):
    sentence = "it ends while a name server is silent"
    resolver = os.path.join(folder, "resolv.conf")
    with open(resolver, "w", encoding="ascii") as file:
        file.write("nameserver 192.0.2.53\noptions timeout:30 attempts:5\n")
    within = ["unshare", "-n", "-m", "sh", "-c", SILENT, resolver]
    if subprocess.run([*within, "true"], capture_output=True, check=False).returncode:
        say(True, sentence + " # SKIP no namespaces")
        return
    url = type("Url", (), {"url": "https://kubernetes.example:6443", "cert": api.cert})
    client = Client(url, token, within=within)
    client.counts()
    time.sleep(1)  # so that the question is under way
    try:
        say(client.close() == 0, sentence, client.words())
    except subprocess.TimeoutExpired:
        client.process.kill()
        say(False, sentence)


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().split()[2] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True  # meanwhile


def main():
    with tempfile.TemporaryDirectory() as folder:
        token = os.path.join(folder, "token")
        with open(token, "w", encoding="ascii") as file:
            file.write("token-1\n")
        api = Api(folder).start()
        api.pods = [pod("web-1", "10.244.1.7", "fd00:10:244:1::7"), pod("web-2", "10.244.1.8"),
                    pod("done", "10.244.1.9", phase="Succeeded"), pod("proxy", "192.0.2.10", host=True),
                    pod("web-3", "10.244.1.10")]
        client = Client(api, token)
        for test in (lists, watches, goes_on, expires):
            test(api, client)
        rotates(api, client, token)
        outage(api, client)
        too_much(api, client)
        pid = client.counts()["pid"]
        say(client.close() == 0 and until(lambda: gone(pid)), "it ends when it is told to")
        refuses(folder, api, token)
        plain(token, api)
        endless(folder, token)
        silent(folder, token, api)
        client = Client(api, token)
        pid = client.counts()["pid"]
        client.process.send_signal(signal.SIGKILL)
        client.process.wait()
        say(until(lambda: gone(pid)), "and when the worker is killed")
    print(f"1..{tests}")
    return 1 if failed else 0


sys.exit(main())
