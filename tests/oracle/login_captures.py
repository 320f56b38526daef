# SPDX-License-Identifier: BSD-2-Clause
"""A capture of logins in clear, for there are none of mail, LDAP and Telnet in the corpus: what clients
and servers of many kinds say, as TCP conversations in a pcap file."""
import base64
import struct


def b64(text):
    return base64.b64encode(text.encode()).decode()


def ldap_bind(message, name, secret, version=3):
    """RFC 4511, 4.2, with short lengths."""
    body = bytes([2, 1, version, 4, len(name)]) + name.encode() + bytes([0x80, len(secret)]) + secret.encode()
    operation = bytes([0x60, len(body)]) + body
    inner = bytes([2, 1, message]) + operation
    return bytes([0x30, len(inner)]) + inner


def ldap_answer(message, code):
    return bytes([0x30, 12, 2, 1, message, 0x61, 7, 10, 1, code, 4, 0, 4, 0])


def ldap_long(name, secret):
    """As Windows encodes it: every length in four octets."""
    def tagged(tag, content):
        return bytes([tag, 0x84]) + struct.pack(">I", len(content)) + content
    operation = tagged(0x60, b"\2\1\3" + tagged(4, name.encode()) + tagged(0x80, secret.encode()))
    return tagged(0x30, b"\2\1\7" + operation)


def lines(*said):
    """Each begins with who says it: C or S; ended as lines are."""
    return [(text[0] == "S", text[2:].encode() + b"\r\n") for text in said]


def typed(text):
    """Octet by octet, each echoed."""
    return [(side, bytes([octet])) for octet in text.encode() for side in (False, True)]


def hidden(text):
    return [(False, bytes([octet])) for octet in text.encode()]


# (port, what is said): every conversation is one of its own.
LOGINS = [
    (25, lines("S 220 mail ESMTP", "C EHLO a", "S 250-mail", "S 250 AUTH PLAIN LOGIN",
               "C AUTH PLAIN " + b64("\0anna\0secret one"), "S 235 ok", "C QUIT", "S 221 bye")),
    (587, lines("S 220 mail ESMTP", "C EHLO b", "S 250 AUTH LOGIN", "C AUTH LOGIN", "S 334 VXNlcm5hbWU6", "C " + b64("berta"),
                "S 334 UGFzc3dvcmQ6", "C " + b64("geheim"), "S 535 no", "C QUIT", "S 221 bye")),
    (25, lines("S 220 mail ESMTP", "C EHLO c", "S 250 AUTH PLAIN", "C AUTH PLAIN", "S 334 ", "C " + b64("\0carla\0pw"),
               "S 235 ok", "C MAIL FROM:<c@x>", "S 250 ok", "C RCPT TO:<d@x>", "S 250 ok", "C DATA", "S 354 go",
               "C PASS nothing", "C AUTH PLAIN " + b64("\0no\0no"), "C .", "S 250 ok", "C QUIT", "S 221 bye")),
    (25, lines("S 220 mail ESMTP", "C EHLO l", "S 250 AUTH LOGIN", "C AUTH LOGIN " + b64("lena"), "S 334 UGFzc3dvcmQ6",
               "C " + b64("x y"), "S 235 ok")),
    (110, lines("S +OK ready", "C USER dora", "S +OK", "C PASS two words", "S +OK logged in", "C STAT", "S +OK 0 0", "C QUIT",
                "S +OK bye")),
    (110, lines("S +OK ready <1.2@x>", "C APOP emil c4c9334bac560ecc979e58001b3e22fb", "S +OK", "C QUIT", "S +OK")),
    (110, lines("S +OK ready", "C USER frida", "S -ERR no such user", "C QUIT", "S +OK")),
    (110, lines("S +OK ready", "C USER g", "S +OK", "C PASS wrong", "S -ERR no", "C USER g", "S +OK", "C PASS right", "S +OK")),
    (143, lines("S * OK IMAP4rev1", "C a1 LOGIN hans mypass", "S a1 OK done", "C a2 LOGOUT", "S * BYE", "S a2 OK")),
    (143, lines("S * OK IMAP4rev1", 'C a1 LOGIN "ida@x" "my pass"', "S a1 NO wrong", "C a2 LOGOUT", "S * BYE", "S a2 OK")),
    (143, lines("S * OK IMAP4rev1", "C a1 AUTHENTICATE PLAIN", "S +", "C " + b64("\0jan\0jpw"), "S a1 OK")),
    (389, [(False, ldap_bind(1, "cn=kai,dc=x", "kaipw")), (True, ldap_answer(1, 0))]),
    (389, [(False, ldap_bind(1, "", "")), (True, ldap_answer(1, 0)), (False, ldap_bind(2, "cn=lea", "wrong")),
           (True, ldap_answer(2, 49)), (False, ldap_bind(3, "cn=lea", "right")), (True, ldap_answer(3, 0))]),
    (389, [(False, ldap_bind(1, "cn=old", "v2pw", 2)[:9]), (False, ldap_bind(1, "cn=old", "v2pw", 2)[9:]),
           (True, ldap_answer(1, 0))]),
    (389, [(False, ldap_long("CN=Max,DC=x", "winpw")), (True, ldap_answer(7, 0))]),
    (25, [(True, b"220 mail\r\n"), (False, b"EHLO q\r\n"), (True, b"250 AUTH PLAIN\r\n"), (False, b"AUTH PLA"),
          (False, b"IN " + b64("\0quinn\0in pieces").encode()), (False, b"\r\n"), (True, b"235 ok\r\n")]),
    (23, [(True, b"\xff\xfd\x18\xff\xfb\x01login: ")] + typed("mona") + [(False, b"\r\0"), (True, b"\r\nPassword: ")]
     + hidden("telpw") + [(False, b"\r\0"), (True, b"\r\nWelcome\r\n$ ")]),
    (23, [(True, b"\r\nUser Access Verification\r\n\r\nUsername: "), (False, b"nils\r\n"), (True, b"nils\r\nPassword: "),
          (False, b"line pw\r\n"), (True, b"\r\nrouter>")]),
    (23, [(True, b"login: ")] + typed("o") + [(False, b"x"), (True, b"x"), (False, b"\x7f"), (True, b"\b \b")] + typed("tto")
     + [(False, b"\r\n"), (True, b"\r\nPassword: ")] + hidden("opw") + [(False, b"\r\n"), (True, b"\r\nLogin incorrect\r\nlogin: ")]),
]

# tshark does not read these: several commands in one segment, and literals.
UNREAD = [
    (110, [(True, b"+OK\r\n"), (False, b"USER pia\r\nPASS piped\r\nSTAT\r\n"), (True, b"+OK\r\n+OK\r\n+OK 0 0\r\n")]),
    (143, lines("S * OK IMAP4rev1", "C a1 LOGIN {5}", "S + go", "C rosa1 {3}", "S + go", "C lit", "S a1 OK")),
]


class Connection:
    def __init__(self, number, port):
        self.client = (bytes([10, 9, 0, number]), 40000 + number)
        self.server = (bytes([10, 9, 1, 1]), port)
        self.next = [1000, 2000]

    def frame(self, server, flags, payload=b""):
        (src, sport), (dst, dport) = (self.server, self.client) if server else (self.client, self.server)
        tcp = struct.pack(">HHIIBBHHH", sport, dport, self.next[server], self.next[not server], 0x50, flags, 65535, 0, 0)
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(payload), 0, 0, 64, 6, 0, src, dst)
        self.next[server] += len(payload) + bool(flags & 3)
        return b"\2" * 6 + b"\4" * 6 + b"\x08\0" + ip + tcp + payload


def frames(logins):
    for number, (port, said) in enumerate(logins, 1):
        connection = Connection(number, port)
        yield connection.frame(False, 2)
        yield connection.frame(True, 0x12)
        yield connection.frame(False, 0x10)
        for server, payload in said:
            yield connection.frame(server, 0x18, payload)
        yield connection.frame(False, 0x11)
        yield connection.frame(True, 0x11)


def write(path, logins):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for number, frame in enumerate(frames(logins)):
            file.write(struct.pack("<IIII", 1_700_000_000 + number // 100, number % 100 * 10_000, len(frame), len(frame)) + frame)
