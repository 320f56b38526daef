# SPDX-License-Identifier: BSD-2-Clause
"""Runs the README's blocks marked <!-- run live --> on a host of their own, see lab.sh."""
import os
import re
import subprocess

from tap import ok, skip

BLOCK = re.compile(r"^<!-- run live -->\n+```sh\n(.*?)^```$", re.M | re.S)
LAB = ["unshare", "-mnp", "--fork", "--kill-child", "tests/docs/lab.sh"]


def check_block(number, block, out, session):
    with open(session, "w", encoding="utf-8") as file:
        file.write(block)
    wanted = [line for line in block.splitlines() if line[:2] in ("# ", "$ ")]
    done = subprocess.run(LAB + [out, session], capture_output=True, text=True, timeout=900, check=False)
    if done.returncode == 77:
        skip("live block %d of the README runs" % number, "no namespaces of our own: " + done.stderr[-80:].strip())
        return
    lines = done.stdout.splitlines()
    told = [line for line in lines if not line.startswith("\t")]
    ok(len(told) == len(wanted), "each command of live block %d is run" % number, lines + done.stderr.splitlines())
    for line in told:
        status, command = line.split("\t", 1)
        ok(status == "0", "works live: " + command, lines)


def check_live(readme, out):
    """How many blocks there are."""
    blocks = BLOCK.findall(readme)
    for number, block in enumerate(blocks, 1):
        if os.geteuid():
            skip("live block %d of the README runs" % number, "it needs root")
        else:
            check_block(number, block, out, out + "/docs-session")
    return len(blocks)
