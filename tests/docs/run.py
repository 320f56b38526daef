#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares README.md with what the built program does; pages.py, the manual.

run.py OUT: in README.md, a block marked <!-- run --> is run, command by command ("$ " begins one),
in a scratch copy of the tree; each must exit with 0, or with N where it says <!-- run N -->.  With
<!-- run output --> what a command prints must be the lines below it, times of a run apart; where
it says <!-- run output of one --> only the first line is a command, whatever begins with "$ ".
What is marked <!-- run live --> is for live.py.
"""
import difflib
import glob
import os
import re
import shutil
import subprocess
import sys

from findings import check_findings
from first import check_first
from live import check_live
from pages import check_pages
from tap import ok, plan

OUT = os.path.abspath(sys.argv[1])
SCRATCH = OUT + "/docs-scratch"
BLOCK = re.compile(r"^<!-- run( \d+)?( output)?( of one)? -->\n+```sh\n(.*?)^```$", re.M | re.S)


def make_scratch():
    """The tree's folders and the built programs, under the names that the README uses."""
    shutil.rmtree(SCRATCH, ignore_errors=True)
    os.makedirs(SCRATCH + "/build")
    for name in ("deploy", "tests", "tools"):
        os.symlink(os.path.abspath(name), SCRATCH + "/" + name)
    for name in ("skua", "skua-gen"):
        os.symlink(OUT + "/" + name, SCRATCH + "/build/" + name)


def run(command):
    environment = {name: value for name, value in os.environ.items() if name != "OUT"}
    done = subprocess.run(command, shell=True, cwd=SCRATCH, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=900, check=False)
    return done.returncode, done.stdout.decode(errors="replace").splitlines()


def steady(line):
    """Without what differs from run to run."""
    return re.sub(r"in [0-9.]+ m?s\. ", "in TIME. ", line)


def commands_of(block, alone):
    """[(command, lines below it)]"""
    commands = []
    for line in block.splitlines():
        if line.startswith("$ ") and not (alone and commands):
            commands.append((line[2:], []))
        elif commands:
            commands[-1][1].append(line)
    return commands


def check_block(wanted, compared, alone, block):
    for command, printed in commands_of(block, alone):
        status, output = run(command)
        ok(status == wanted, "exits with %d: %s" % (wanted, command), ["status %d" % status] + output[-10:])
        if "--format table" in command and not compared:
            ok(len(output) > 1, "has rows to show: " + command, output)
        if compared:
            said, real = [steady(line) for line in printed], [steady(line) for line in output]
            differs = list(difflib.unified_diff(said, real, "README.md", "reality", lineterm="", n=0))
            ok(not differs, "prints what the README shows: " + command, differs)


def check_links(page):
    """Files, and headings of pages."""
    folder = os.path.dirname(page)
    with open(page, encoding="utf-8") as file:
        links = sorted(set(re.findall(r"\]\(([^)#:]*)(#[^)]+)?\)", file.read())))
    lost = []
    for path, part in links:
        there = os.path.join(folder, path) if path else page
        if not os.path.exists(there) or part and part[1:] not in headings_of(there):
            lost.append(path + part)
    ok(not lost, "the %d links of %s lead somewhere" % (len(links), page), lost)


def headings_of(page):
    with open(page, encoding="utf-8") as file:
        heads = re.findall(r"^#+ (.*)$", file.read(), re.M)
    return {re.sub(r"[^\w\- ]", "", head).lower().replace(" ", "-") for head in heads}


def main():
    with open("README.md", encoding="utf-8") as file:
        readme = file.read()
    make_scratch()
    blocks = BLOCK.findall(readme)
    live = check_live(readme, OUT)
    ok(len(blocks) + live == readme.count("<!-- run") and all(commands_of(block, alone) for _, _, alone, block in blocks),
       "every block marked to be run is one of commands")
    for status, compared, alone, block in blocks:
        check_block(int(status or 0), compared, alone, block)
    for page in sorted(glob.glob("**/*.md", recursive=True)):
        if not page.startswith("build/"):
            check_links(page)
    check_pages(OUT + "/skua", readme)
    check_first(OUT, SCRATCH)
    check_findings(OUT + "/skua", SCRATCH + "/build/demo/demo.pcap")
    shutil.rmtree(SCRATCH)
    return plan()


sys.exit(main())
