# SPDX-License-Identifier: BSD-2-Clause
"""What is asked of skua and of tshark alike: for each command the display filter and fields
that give the same rows, and how a row of either is written for comparison."""
import re

from credential_questions import FtpCredential, HttpCredential, SnmpCredential
from login_questions import ImapLogin, LdapBind, MailLogin, TelnetLogin
from smb1_questions import Smb1
from tls_questions import TlsCertificate, TlsHello, TlsServer


class Question:
    """theirs() and ours() give rows as tuples that begin with the frame number."""
    by_frame = True  # else rows are compared without it

    def reason(self, frame, row):
        """Why the two may differ in this frame, beyond what rows.py knows; None: no reason."""
        return None


def first(values):
    return values[0] if values else ""


def plain(name):
    """A name in which octets that are no plain characters are a question mark."""
    name = re.sub(r"\\(\d\d\d|.)", "?", name.lower())
    return re.sub(r"\?+", "?", "".join(c if " " < c < "\x7f" and c != "\\" else "?" for c in name))


class Dns(Question):
    name = "dns"
    command = ["dns"]
    shown = "dns"
    fields = ["dns.qry.name", "dns.flags.response", "dns.qry.type", "dns.id", "dns.flags.rcode", "dns.a", "dns.aaaa",
              "udp.port"]

    def theirs(self, frame):
        if not frame["dns.flags.response"]:
            return []
        return [(int(frame["frame.number"][0]), first(frame["dns.flags.response"]).replace("True", "1").replace("False", "0"),
                 plain(",".join(frame["dns.qry.name"])))]

    def ours(self, answer):
        return [(answer["frame"], "1" if answer["message"] == "response" else "0", plain(answer["name"]))]

    def reason(self, frame, row):
        if "<Unknown extended label>" in frame["dns.qry.name"]:
            return "a label of a form that does not exist"
        if "<Name too long>" in frame["dns.qry.name"]:
            return "a name of over 255 octets, which skua shows"
        if "?" in row[2]:
            return "octets that are no text, which the two write in different ways"
        return None


# Wireshark's list; it takes no other word for a method.
METHODS = """GET POST HEAD PUT DELETE OPTIONS CONNECT TRACE PATCH LINK UNLINK PROPFIND PROPPATCH MKCOL COPY MOVE LOCK
UNLOCK VERSION-CONTROL REPORT CHECKOUT CHECKIN UNCHECKOUT MKWORKSPACE UPDATE LABEL MERGE BASELINE-CONTROL MKACTIVITY
ORDERPATCH ACL SEARCH BCOPY BMOVE BDELETE BPROPFIND BPROPPATCH NOTIFY SUBSCRIBE UNSUBSCRIBE POLL M-SEARCH
RPC_CONNECT RPC_IN_DATA RPC_OUT_DATA BITS_POST CCM_POST SSTP_DUPLEX_POST""".split()


class Http(Question):
    """tshark shows a request where its body ends, skua where its head does."""
    name = "http"
    by_frame = False
    command = ["http"]
    shown = "http.request"
    fields = ["http.request.method", "http.host", "http.request.uri", "http.user_agent"]

    def theirs(self, frame):
        number = int(frame["frame.number"][0])
        methods, uris = frame["http.request.method"], frame["http.request.uri"]
        # Of several requests in a frame hosts and agents may be fewer: those are compared by count.
        if len(methods) != 1:
            return [(number, method, uri) for method, uri in zip(methods, uris)]
        return [(number, methods[0], first(uris))]

    def ours(self, answer):
        return [(answer["frame"], answer["method"], answer["uri"])]

    def reason(self, frame, row):
        return None if row[0] in METHODS else "a method that tshark has no name for"


class Smb(Question):
    """A row of skua's is two of tshark's: a request and its response.  tshark shows a write where its data
    ends, skua where it begins; the name of the file stands in tshark's create alone."""
    name = "smb"
    by_frame = False
    command = ["smb"]
    commands = {5: "create", 6: "close", 8: "read", 9: "write"}
    shown = "smb2.cmd in {5, 6, 8, 9}"
    fields = ["smb2.cmd", "smb2.flags.response", "smb2.nt_status", "smb2.filename", "smb2.msg_id"]
    PENDING = 0x103

    def theirs(self, frame):
        number, rows = int(frame["frame.number"][0]), []
        commands, answers = frame["smb2.cmd"], frame["smb2.flags.response"]
        names, statuses = list(frame["smb2.filename"]), list(frame["smb2.nt_status"])
        for command, answer, message in zip(commands, answers, frame["smb2.msg_id"]):
            response = answer in ("1", "True")
            status = int(statuses.pop(0), 0) if response and statuses else None
            name = names[0] if int(command) == 5 and names and not response else ""
            if int(command) in self.commands and status != self.PENDING:
                rows.append((number, self.commands[int(command)], message, "good" if status in (None, 0) else "bad", plain(name)))
        return rows

    def ours(self, answer):
        rows, command = [], answer["command"]
        if command not in self.commands.values() or answer["version"] != "SMB2":
            return rows
        message = str(answer["message_id"])
        if "frame" in answer:
            rows.append((answer["frame"], command, message, "good",
                         plain(answer.get("file", "")) if command == "create" else ""))
        if "response_frame" in answer:
            rows.append((answer["response_frame"], command, message, "good" if answer["status"] == "ok" else "bad", ""))
        return rows


QUESTIONS = [Dns(), Http(), Smb(), Smb1(), TlsHello(), TlsServer(), TlsCertificate(), FtpCredential(), HttpCredential(),
             SnmpCredential(), MailLogin(), ImapLogin(), LdapBind(), TelnetLogin()]
