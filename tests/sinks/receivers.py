# SPDX-License-Identifier: BSD-2-Clause
"""Who takes findings, or does not: servers of syslog and of HTTPS with a plan of misbehaviour.

What the kernel has confirmed in a server's name counts as arrived for whoever sent it.  So each reads all
of that before it goes: a test that fails should not do so because a thread of ours was late.
"""
import ctypes
import hashlib
import hmac
import http.server
import json
import os
import re
import socket
import ssl
import struct
import subprocess
import threading
import time

# RFC 5424 as far as we use it, written anew: one line, no controls, quoted values.
VALUE = r'"(?:[^"\\\]]|\\["\\\]])*"'
LINE = re.compile(r"<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) ([!-~]{1,255}) skua (\d+) (\w{1,32}) "
                  rf"\[skua@32473((?: \w+={VALUE})+)\] ([^\x00-\x1f\x7f]*)", re.S)


def parse(message):
    """A finding's values, or None for what is no message of syslog."""
    match = LINE.fullmatch(message.decode("utf-8"))
    if not match:
        return None
    values = {name: re.sub(r"\\(.)", r"\1", text[1:-1])
              for name, text in re.findall(rf" (\w+)=({VALUE})", match[6])}
    return {"priority": int(match[1]), "kind_id": match[5], "text": match[7], **values}


class Datagrams:
    """UDP, or a Unix socket where there is a path."""

    def __init__(self, where):
        self.messages = []
        self.where = where
        self.ending = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        family = socket.AF_UNIX if isinstance(self.where, str) else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as server:
            server.bind(self.where)
            if family == socket.AF_UNIX:
                os.chmod(self.where, 0o666)
            server.settimeout(0.2)
            while not self.ending:
                self.take(server)
            if family == socket.AF_UNIX:
                server.shutdown(socket.SHUT_RD)  # from now on it is an error to send
            while self.take(server):
                pass

    def take(self, server):
        """Was there anything?"""
        try:
            message = server.recv(65536)
        except socket.timeout:
            return False
        if message:
            self.messages.append(message)
        return bool(message)

    def stop(self):
        self.ending = True
        self.thread.join()


def freeze(client):
    """By a filter that lets nothing in: what comes now is not confirmed, so whoever sends it will know."""
    nothing = ctypes.create_string_buffer(struct.pack("=HBBI", 6, 0, 0, 0))  # return 0
    client.setsockopt(socket.SOL_SOCKET, 26, struct.pack("@HP", 1, ctypes.addressof(nothing)))  # SO_ATTACH_FILTER
    client.setblocking(False)


class Stream:
    """TCP with octet counting: resets after a few, stalls, as the plan says, then takes all."""

    def __init__(self, port, plan):
        self.messages, self.connections, self.garbled = [], 0, 0
        self.port, self.plan = port, list(plan)
        self.ending = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def take(self, client, most):
        """Reads until so many have come, and what was confirmed by then, or the other side ends."""
        buffer, taken = b"", 0
        client.settimeout(0.2)
        while True:
            try:
                chunk = client.recv(65536)
            except BlockingIOError:
                return
            except socket.timeout:
                if self.ending:
                    return
                continue
            if not chunk:
                return
            buffer += chunk
            while (match := re.match(rb"(\d+) ", buffer)) and len(buffer) >= match.end() + int(match[1]):
                end = match.end() + int(match[1])
                self.messages.append(buffer[match.end():end])
                buffer = buffer[end:]
                taken += 1
            self.garbled += bool(buffer) and not re.match(rb"\d{1,5}( |$)", buffer)
            if taken >= most:
                freeze(client)

    def run(self):
        with socket.socket() as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("127.0.0.1", self.port))
            server.listen()
            server.settimeout(0.2)
            while True:
                try:
                    client, _ = server.accept()
                except socket.timeout:
                    if self.ending:
                        return
                    continue
                self.connections += 1
                todo = self.plan.pop(0) if self.plan else ("take", 1 << 30)
                if todo[0] == "stall":
                    time.sleep(todo[1])
                    self.take(client, 1 << 30)
                else:
                    self.take(client, todo[1])
                if todo[0] == "reset":
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.close()

    def stop(self):
        self.ending = True
        self.thread.join()


def certificates(directory):
    """A CA, and a server's certificate for localhost: their files."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=test", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
            "-keyout", "server.key", "-out", "server.csr")
    with open(directory + "/names", "w") as file:
        file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "2", "-extfile", "names", "-out", "server.pem")
    return directory + "/ca.pem", directory + "/server.pem", directory + "/server.key"


class Web:
    """HTTPS that answers by a plan of statuses, "reset" and "stall" (for good), and then 200."""

    def __init__(self, port, certificate, key, plan):
        self.requests, self.taken, self.refused = [], [], []
        self.plan = list(plan)
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                web.answer(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def answer(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        todo = self.plan.pop(0) if self.plan else 200
        request = {"headers": dict(handler.headers), "body": body, "answer": todo, "time": time.time(),
                   "at": time.monotonic()}
        self.requests.append(request)
        if todo == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()
            handler.close_connection = True
            return
        while todo == "stall":
            time.sleep(60)  # its thread ends with the test
        if todo == 200:
            self.taken += [json.loads(line) for line in body.splitlines()]
        handler.send_response(todo)
        if todo == 429:
            handler.send_header("Retry-After", "1")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def signature_is_good(request, secret):
    """By hmac of Python, which knows nothing of ours."""
    headers = {name.lower(): value for name, value in request["headers"].items()}
    stamp = headers.get("x-skua-timestamp", "")
    expected = hmac.new(secret, stamp.encode() + b"." + request["body"], hashlib.sha256).hexdigest()
    return headers.get("x-skua-signature") == "sha256=" + expected and abs(int(stamp) - request["time"]) < 30
