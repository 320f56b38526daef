# SPDX-License-Identifier: BSD-2-Clause
"""Sockets at which somebody listens who is no agent of this version, or has a reason to refuse."""
import os
import selectors
import socket
import struct
import threading

VERSION = 1


def head(verdict, version=VERSION):
    """serve/protocol.h: struct control_head of a refusal."""
    return struct.pack("=IHH", 8, version, verdict)


# Name of the socket: what is said to whoever comes; None: nothing, and hung up.
LIARS = {"newer.sock": head(1, VERSION + 1), "busy.sock": head(4), "lacking.sock": head(6), "nothing.sock": head(7),
         "big.sock": head(8), "failed.sock": head(9), "mail.sock": b"220 mail.example ESMTP\r\n", "gone.sock": None,
         "mute.sock": b""}


def _serve(selector):
    kept = []
    while True:
        for key, _ in selector.select():
            client = key.fileobj.accept()[0]
            if key.data is None:
                client.close()
                continue
            try:
                client.sendall(key.data)
            except OSError:
                pass  # it has gone already
            kept.append(client)


def start(folder):
    selector = selectors.DefaultSelector()
    for name, words in LIARS.items():
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(folder + "/" + name)
        os.chmod(folder + "/" + name, 0o600)
        listener.listen(16)
        selector.register(listener, selectors.EVENT_READ, words)
    threading.Thread(target=_serve, args=[selector], daemon=True).start()
