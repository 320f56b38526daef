# SPDX-License-Identifier: BSD-2-Clause
"""An API server that says what a test wants, by HTTPS: lists in pages, watches line by line."""
import copy
import http.server
import json
import os
import queue
import socket
import socketserver
import ssl
import subprocess
import threading
import time
import urllib.parse

RECORDED = os.path.join(os.path.dirname(__file__), "pod.json")


def certificate(folder, name="127.0.0.1"):
    """A key and a certificate that vouches for itself."""
    key, cert = os.path.join(folder, "server.key"), os.path.join(folder, "server.crt")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=kube-apiserver", "-addext",
         f"subjectAltName=IP:{name}", "-keyout", key, "-out", cert],
        check=True, capture_output=True)
    return key, cert


def pod(name, *addresses, namespace="shop", version="100", phase="Running", host=False, pad=0):
    """A pod as the API has it."""
    with open(RECORDED, encoding="utf-8") as file:
        made = json.load(file)
    made["metadata"].update(name=name, namespace=namespace, resourceVersion=version)
    made["metadata"]["annotations"]["padding"] = "x" * pad
    made["spec"]["hostNetwork"] = host
    made["status"].update(phase=phase)
    made["status"]["podIPs"] = [{"ip": address} for address in addresses]
    made["status"]["podIP"] = addresses[0] if addresses else ""
    return made


def event(kind, what):
    return json.dumps({"type": kind, "object": what}).encode() + b"\n"


def bookmark(version):
    return event("BOOKMARK", {"kind": "Pod", "apiVersion": "v1", "spec": {}, "status": {},
                              "metadata": {"resourceVersion": version, "creationTimestamp": None}})


def status(code, reason):
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": "too old resource version: 100 (900)", "reason": reason, "code": code}


class Api:
    """What the server has and what it was asked; one test changes it while clients ask."""

    def __init__(self, folder, address="127.0.0.1"):
        self.key, self.cert = certificate(folder, address)
        self.address = address
        self.pods, self.version = [], "100"
        self.page = 2  # pods in a page, whatever is asked for
        self.token = "token-1"
        self.fails = None  # (status, headers) that every request gets
        self.endless = False  # whether every page says that there is another
        self.watch_fails = []  # statuses that the next watches get
        self.asked = []  # (path, query, authorization)
        self.connections = []
        self.watches = []  # a queue for each that is open
        self.lock = threading.Lock()
        self.server = None
        self.kept = None
        self.port = 0

    def start(self):
        api = self

        class Handler(Asked):
            owner = api

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_):
                pass

        self.server = Server((self.address, self.port), Handler)
        self.port = self.server.server_address[1]
        if self.kept:
            self.kept.close()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        self.server.socket = context.wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    @property
    def url(self):
        return f"https://{self.address}:{self.port}"

    def stop(self):
        """An outage: nobody listens, and who is connected is not any more."""
        self.server.shutdown()
        self.server.server_close()
        # Nobody else shall have the port meanwhile.
        self.kept = socket.socket()
        self.kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.kept.bind((self.address, self.port))
        for one in self.connections:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it went by itself
        self.connections.clear()
        self.say(ConnectionAbortedError)

    def say(self, what, count=None):
        """Lines for every watch that is open; None ends them, an exception breaks them off."""
        with self.lock:
            for one in self.watches:
                one.put(what)
            if what is None or what is ConnectionAbortedError:
                self.watches.clear()

    def finish(self, what):
        """The same, after a sign of life: a watch that says nothing is followed by a pause."""
        self.say(bookmark(self.version))
        self.say(what)

    def lists(self):
        return [one for one in self.asked if "watch" not in one[1]]

    def followed(self):
        return [one for one in self.asked if "watch" in one[1]]


class Asked(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    owner = None

    def log_message(self, *_):
        pass

    def setup(self):
        super().setup()
        self.owner.connections.append(self.connection)

    def answer(self, code, what, headers=()):
        text = json.dumps(what).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        api = self.owner
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        bearer = self.headers.get("Authorization", "")
        api.asked.append((url.path, query, bearer))
        if api.fails:
            self.answer(api.fails[0], status(api.fails[0], "Failure"), api.fails[1])
        elif bearer != f"Bearer {api.token}":
            self.answer(401, status(401, "Unauthorized"))
        elif "watch" not in query:
            self.answer_list(query)
        elif api.watch_fails:
            code = api.watch_fails.pop(0)
            self.answer(code, status(code, "Expired"))
        else:
            self.answer_watch()

    def answer_list(self, query):
        api = self.owner
        first = int(query.get("continue", "0/").split("/")[0])
        size = min(api.page, int(query["limit"]))
        metadata = {"resourceVersion": api.version}
        if first + size < len(api.pods):
            metadata["continue"] = f"{first + size}/+?&="
        if api.endless:
            metadata["continue"] = "0/again"
        self.answer(200, {"kind": "PodList", "apiVersion": "v1", "metadata": metadata,
                          "items": copy.copy(api.pods[first:first + size])})

    def answer_watch(self):
        lines = queue.Queue()
        with self.owner.lock:
            self.owner.watches.append(lines)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while True:
            what = lines.get()
            if what is None:
                self.wfile.write(b"0\r\n\r\n")
                return
            if what is ConnectionAbortedError:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            pieces = what if isinstance(what, list) else [what]
            for piece in pieces:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.flush()
                if len(pieces) > 1:
                    time.sleep(0.005)
