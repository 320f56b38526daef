# SPDX-License-Identifier: BSD-2-Clause
"""What is asked of skua credentials and of tshark alike for mail, LDAP and Telnet: the frame, the way and a
hash of the secret."""
import base64
import binascii
import re

from credential_questions import Credential, sealed


def decoded(text):
    try:
        return base64.b64decode(text + "==").decode("utf-8", "replace")
    except binascii.Error:
        return ""


class MailLogin(Credential):
    name = "credentials of SMTP and POP3"
    protocols = ("SMTP", "POP3")
    shown = "smtp.auth.password or smtp.auth.username_password or pop.request.command in {\"PASS\", \"APOP\"}"
    fields = ["smtp.auth.password", "smtp.auth.username_password", "pop.request.command", "pop.request.parameter",
              "frame.protocols"]

    def theirs(self, frame):
        number = int(frame["frame.number"][0])
        rows = [(number, "AUTH LOGIN", sealed(decoded(t))) for t in frame["smtp.auth.password"]]
        rows += [(number, "AUTH PLAIN", sealed(decoded(t).split("\0")[-1])) for t in frame["smtp.auth.username_password"]]
        for command, text in zip(frame["pop.request.command"], frame["pop.request.parameter"]):
            if command == "PASS":
                rows.append((number, "PASS", sealed(text)))
            elif command == "APOP":
                rows.append((number, "APOP", sealed(text.rpartition(" ")[2])))
        return rows


class ImapLogin(Credential):
    """tshark 4.0 cuts the first and the last letter of a password, and a quoted one at its blank: the
    line is asked for.  What follows AUTHENTICATE it does not read: a line of one word is that."""
    name = "credentials of IMAP"
    protocols = ("IMAP",)
    shown = "imap.request"
    fields = ["imap.request", "imap.request.command", "frame.protocols"]

    def theirs(self, frame):
        number, rows = int(frame["frame.number"][0]), []
        for line in frame["imap.request"]:
            words = [a or b for a, b in re.findall(r'"([^"]*)"|(\S+)', line)]
            if len(words) == 4 and words[1].upper() == "LOGIN":
                rows.append((number, "LOGIN", sealed(words[3])))
            elif len(words) == 1 and "\0" in decoded(words[0]):
                rows.append((number, "AUTH PLAIN", sealed(decoded(words[0]).split("\0")[-1])))
        return rows


class LdapBind(Credential):
    name = "credentials of LDAP"
    protocols = ("LDAP",)
    shown = "ldap.simple"
    fields = ["ldap.simple", "frame.protocols"]

    def theirs(self, frame):
        return [(int(frame["frame.number"][0]), "simple bind", sealed(text)) for text in frame["ldap.simple"] if text]


class TelnetLogin(Credential):
    """tshark shows what both sides say; what is typed behind a prompt for a password is put together here."""
    name = "credentials of Telnet"
    protocols = ("Telnet",)
    shown = "telnet.data"
    fields = ["telnet.data", "tcp.stream", "tcp.srcport", "tcp.dstport", "frame.protocols"]

    def __init__(self):
        self.streams, self.last = {}, 0

    def theirs(self, frame):
        number, rows = int(frame["frame.number"][0]), []
        if not frame["telnet.data"]:
            return rows
        if number <= self.last:
            self.streams = {}
        self.last = number
        state = self.streams.setdefault(frame["tcp.stream"][0], {"prompt": "", "typed": None})
        text = "".join(frame["telnet.data"]).replace("\\r", "\r").replace("\\n", "\n")
        if int(frame["tcp.srcport"][0]) < int(frame["tcp.dstport"][0]):
            state["prompt"] = (state["prompt"] + text)[-40:]
            if re.search(r"pass(word|code):\s*$", state["prompt"], re.I):
                state["typed"] = ""
        elif state["typed"] is not None:
            state["typed"] += text
            if "\r" in text or "\n" in text:
                rows.append((number, "login", sealed(re.split("[\r\n]", state["typed"])[0])))
                state.update(prompt="", typed=None)
        return rows
