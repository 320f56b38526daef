# SPDX-License-Identifier: BSD-2-Clause
"""What is asked of skua credentials and of tshark alike.  Secrets of the corpus are real: rows hold
a hash of them, never themselves."""
import base64
import binascii
import hashlib


def sealed(text):
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


class Credential:
    by_frame = True
    command = ["credentials", "--all", "--show-secrets"]

    def ours(self, answer):
        if answer["protocol"] not in self.protocols or "secret" not in answer:
            return []
        return [(answer["frame"], answer["method"], sealed(answer["secret"]))]

    def reason(self, frame, row):
        protocols = frame["frame.protocols"][0].split(":") if frame["frame.protocols"] else []
        if protocols and not {"ftp", "http", "snmp", "pop", "smtp", "imap"} & set(protocols):
            return "tshark reads the connection as %s" % protocols[-1]
        return None


class FtpCredential(Credential):
    name = "credentials of FTP"
    protocols = ("FTP",)
    shown = "ftp.request.command==PASS"
    fields = ["ftp.request.command", "ftp.request.arg", "frame.protocols"]

    def theirs(self, frame):
        if frame["ftp.request.command"] != ["PASS"]:
            return []
        return [(int(frame["frame.number"][0]), "PASS", sealed((frame["ftp.request.arg"] or [""])[0]))]


class HttpCredential(Credential):
    """Basic, and forms where a field is called like a password."""
    name = "credentials of HTTP"
    protocols = ("HTTP",)
    shown = "http.authorization or http.proxy_authorization or urlencoded-form"
    fields = ["http.authorization", "http.proxy_authorization", "urlencoded-form.key", "urlencoded-form.value",
              "frame.protocols"]

    def theirs(self, frame):
        number, rows = int(frame["frame.number"][0]), []
        for value in frame["http.authorization"] or frame["http.proxy_authorization"]:
            if not value.startswith("Basic "):
                continue
            try:
                text = base64.b64decode(value[6:].strip() + "==").decode("utf-8", "replace")
            except binascii.Error:
                continue
            rows.append((number, "Basic", sealed(text.partition(":")[2])))
        for key, value in zip(frame["urlencoded-form.key"], frame["urlencoded-form.value"]):
            if "pass" in key.lower() or "pwd" in key.lower():
                rows.append((number, "form", sealed(value)))
                break
        return rows


class SnmpCredential(Credential):
    name = "communities of SNMP"
    protocols = ("SNMP",)
    shown = "snmp.community"
    fields = ["snmp.community", "frame.protocols"]

    def theirs(self, frame):
        return [(int(frame["frame.number"][0]), "community", sealed(text)) for text in frame["snmp.community"]]
