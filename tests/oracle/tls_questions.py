# SPDX-License-Identifier: BSD-2-Clause
"""What is asked of skua tls and of tshark alike: hellos of clients, answers of servers, and whom
certificates name; openssl reads the certificates."""
import functools
import re
import subprocess

# Bit of tcp.completeness: a reset came before.
RESET = 32

VERSIONS = {0x300: "SSL 3.0", 0x301: "TLS 1.0", 0x302: "TLS 1.1", 0x303: "TLS 1.2", 0x304: "TLS 1.3"}


def number(text):
    return int(text, 0)


def version(value):
    return VERSIONS.get(value, "0x%04x" % value)


def is_grease(value):
    return value & 0x0f0f == 0x0a0a and value >> 8 == value & 0xff


@functools.lru_cache(maxsize=None)
def ciphers():
    """Number to name, as openssl has them; it has dropped the oldest."""
    done = subprocess.run(["openssl", "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL"], capture_output=True)
    known = {}
    for line in done.stdout.decode().splitlines():
        value, name = re.match(r"\s*(\S+) - TLS_(\S+)", line).groups()
        known[int(value.replace("0x", "").replace(",", ""), 16)] = name
    return known


def cipher(value):
    return ciphers().get(value, "")


def our_cipher(name):
    value = int(name, 16) if name.startswith("0x") else None
    return cipher(value) if value is not None else name if name in ciphers().values() else ""


def ends(frame):
    """Sender and receiver of the innermost packet."""
    sources, targets = frame["ip.src"] + frame["ipv6.src"], frame["ip.dst"] + frame["ipv6.dst"]
    if not sources or not frame["tcp.srcport"]:
        return None
    return ("%s:%s" % (sources[-1], frame["tcp.srcport"][-1]), "%s:%s" % (targets[-1], frame["tcp.dstport"][-1]))


def our_ends(answer):
    return ("%s:%d" % (answer["src_ip"], answer["src_port"]), "%s:%d" % (answer["dest_ip"], answer["dest_port"]))


@functools.lru_cache(maxsize=None)
def names(der):
    """Subject and issuer, the first CN and O of each, as openssl reads them."""
    done = subprocess.run(["openssl", "x509", "-inform", "der", "-noout", "-subject", "-issuer", "-nameopt",
                           "sep_multiline,sname,utf8"], input=bytes.fromhex(der), capture_output=True)
    texts = []
    for part in re.split(r"^(?:subject|issuer)=", done.stdout.decode("utf-8", "replace"), flags=re.M)[1:]:
        found = {}
        for line in part.splitlines():
            kind, _, value = line.strip().partition("=")
            found.setdefault(kind, re.sub(r'([,+"\\<>;])', r"\\\1", value))
        texts.append(",".join("%s=%s" % (kind, found[kind]) for kind in ("CN", "O") if kind in found))
    return tuple(texts)


def reason(frame, row):
    if frame["frame.protocols"] and "tls" not in frame["frame.protocols"][0].split(":"):
        return "tshark reads the connection as %s" % frame["frame.protocols"][0].split(":")[-1]
    if frame["tcp.completeness"] and number(frame["tcp.completeness"][-1]) & RESET:
        return "said after the other side had reset the connection"
    return None


class TlsHello:
    name = "tls hellos"
    by_frame = True
    command = ["tls"]
    shown = "tls.handshake.type==1"
    fields = ["tls.handshake.type", "tls.handshake.extensions_server_name", "tls.handshake.extensions_alpn_str",
              "tls.handshake.version", "tls.handshake.extensions.supported_version", "quic.version", "udp.srcport",
              "frame.protocols", "tcp.completeness"]

    def theirs(self, frame):
        kinds = frame["tls.handshake.type"]
        if kinds.count("1") == 0:
            return []
        offered = [number(v) for v in frame["tls.handshake.extensions.supported_version"]]
        offered = [v for v in offered if not is_grease(v)] or [number(v) for v in frame["tls.handshake.version"]]
        return [(int(frame["frame.number"][0]), ",".join(frame["tls.handshake.extensions_server_name"]).lower(),
                 ",".join(frame["tls.handshake.extensions_alpn_str"]), version(max(offered)) if offered else "",
                 "QUIC" if frame["quic.version"] else "TCP")]

    def ours(self, answer):
        return [(answer["frame"], answer.get("sni", ""), ",".join(answer["alpn"]), answer["client_version"], answer["proto"])]

    def reason(self, frame, row):
        return reason(frame, row)


class TlsServer:
    """The row of a hello has the server's answer, so frames are not those of the answer."""
    name = "tls answers"
    by_frame = False
    command = ["tls"]
    shown = "tls.handshake.type==2"
    fields = ["tls.handshake.type", "tls.handshake.ciphersuite", "tls.handshake.version",
              "tls.handshake.extensions.supported_version", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst",
              "tcp.srcport", "tcp.dstport", "quic.version", "frame.protocols", "tcp.completeness"]

    def theirs(self, frame):
        who = ends(frame)
        if frame["tls.handshake.type"].count("2") != 1 or "1" in frame["tls.handshake.type"] or not who or \
                frame["quic.version"]:
            return []
        chosen = frame["tls.handshake.extensions.supported_version"] or frame["tls.handshake.version"]
        return [(int(frame["frame.number"][0]), who[1], who[0], version(number(chosen[0])),
                 cipher(number(frame["tls.handshake.ciphersuite"][0])))]

    def ours(self, answer):
        return [(answer["frame"], *our_ends(answer), answer["version"], our_cipher(answer["cipher"]))] if "version" in answer else []

    def reason(self, frame, row):
        return reason(frame, row)


class TlsCertificate:
    name = "tls certificates"
    by_frame = False
    command = ["tls"]
    shown = "tls.handshake.type==11"
    fields = TlsServer.fields + ["tls.handshake.certificate"]

    def theirs(self, frame):
        who = ends(frame)
        if not frame["tls.handshake.certificate"] or not who or "16" in frame["tls.handshake.type"]:
            return []
        subject, issuer = names(frame["tls.handshake.certificate"][0].replace(":", "")) or ("", "")
        return [(int(frame["frame.number"][0]), who[1], who[0], subject, issuer)]

    def ours(self, answer):
        if "subject" not in answer and "issuer" not in answer:
            return []
        return [(answer["frame"], *our_ends(answer), answer.get("subject", ""), answer.get("issuer", ""))]

    def reason(self, frame, row):
        return reason(frame, row)
