# SPDX-License-Identifier: BSD-2-Clause
"""What is asked of skua smb and of tshark's smb alike: each command of a message, and its status."""


class Smb1:
    """A row of skua's is two of tshark's.  tshark shows what carries data where that ends, skua where it
    begins; tshark names the share in each frame of it, skua where it is connected."""
    name = "smb1"
    by_frame = False
    command = ["smb"]
    commands = {0x04: "close", 0x2d: "create", 0x2e: "read", 0x2f: "write", 0x73: "session setup",
                0x75: "tree connect", 0xa2: "create"}
    shown = "smb and tcp"
    fields = ["smb.cmd", "smb.flags.response", "smb.nt_status", "smb.path", "smb.file", "smb.mid"]

    def theirs(self, frame):
        number, rows = int(frame["frame.number"][0]), []
        if not frame["smb.flags.response"]:
            return []
        response = frame["smb.flags.response"][0] in ("1", "True")
        bad = response and frame["smb.nt_status"] and int(frame["smb.nt_status"][0], 0)
        for command in (int(c, 0) for c in frame["smb.cmd"]):
            if command in self.commands:
                name = ""
                if not response and command == 0x75:
                    name = frame["smb.path"][0]
                elif not response and command in (0x2d, 0xa2):
                    name = frame["smb.file"][0]
                rows.append((number, self.commands[command], frame["smb.mid"][0], "bad" if bad else "good", name))
        return rows

    def ours(self, answer):
        rows, command, message = [], answer["command"], str(answer["message_id"])
        if command not in self.commands.values() or answer["version"] != "SMB1":
            return []
        name = answer.get({"create": "file", "tree connect": "tree"}.get(command), "")
        if "frame" in answer:
            rows.append((answer["frame"], command, message, "good", name))
        if "response_frame" in answer:
            rows.append((answer["response_frame"], command, message, "good" if answer["status"] == "ok" else "bad", ""))
        return rows

    def reason(self, frame, row):
        return None
