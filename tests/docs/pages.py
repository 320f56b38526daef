# SPDX-License-Identifier: BSD-2-Clause
"""Compares skua(8) with the commands and options that the program has."""
import glob
import re
import subprocess

from tap import ok

PAGE = "deploy/man/skua.8"
SECTION = re.compile(r"^\.Ss ([^\n]+)\n(.*?)(?=^\.S[sh] )", re.M | re.S)
ITEM = re.compile(r"^\.It (.*)\n((?:(?!\.It |\.El).*\n)*)", re.M)
OF = re.compile(r"Of\n\.Cm (\w+)(?:,| ,| :)?\n(?:and\n\.Cm (\w+))?")


def sections_of(text):
    """{command: its section}; one section may be about several."""
    return {name: section for names, section in SECTION.findall(text)
            for name in re.split(r", | and ", names)}


def described_for(command, section):
    """Options of it: an item that begins with "Of" is about the commands named there alone."""
    options = {"help"}
    for head, text in ITEM.findall(section.replace("\\\n", "")):
        of = OF.match(text)
        if not of or command in of.groups():
            options |= set(re.findall(r"Fl -([a-z-]+)", head))
    return options


def help_of(program, *words):
    done = subprocess.run([program, *words, "--help"], capture_output=True, timeout=120, check=False)
    return done.returncode, done.stdout.decode()


def check_command(program, command, section, readme):
    status, text = help_of(program, command)
    ok(status == 0 and text.startswith("Usage: skua %s" % command),
       "skua %s --help says how it is used" % command, ["status %d" % status] + text.splitlines()[:1])
    ok(section is not None, "the manual has a section about skua %s" % command)
    options = set(re.findall(r"^ +(?:-., )?--([a-z-]+)", text, re.M)) | {"help"}
    if command == "agent":  # lists commands whose options are theirs
        options = {"help"}
        section = ""
    described = described_for(command, section or "")
    ok(options == described, "the manual describes the options of %s that there are" % command,
       ["only in one of them: " + " ".join(sorted(options ^ described))])
    unknown = set(re.findall(r"skua %s[^`\n|>]*?--([a-z][a-z-]+)" % command, readme)) - options
    unknown -= {"pcap"} if command == "agent" else set()
    ok(not unknown, "the README names no option of %s that does not exist" % command, sorted(unknown))


def check_lint(page):
    lint = subprocess.run(["mandoc", "-Tlint", page], capture_output=True, check=False)
    # Whether the pages of others are installed is not our business.
    found = [line for line in lint.stdout.decode().splitlines() if "referenced manual not found" not in line]
    ok(not found, "mandoc finds nothing wrong with " + page, found)


def check_pages(program, readme):
    for page in sorted(glob.glob("deploy/man/*.[1-9]")):
        check_lint(page)
    with open(PAGE, encoding="utf-8") as file:
        sections = sections_of(file.read())
    commands = re.findall(r"^  (\w+) +\w", help_of(program)[1], re.M)
    ok("run" in commands and len(commands) > 30, "skua --help lists the commands", commands)
    for command in commands:
        check_command(program, command, sections.get(command), readme)
    unknown = sorted(set(sections) - set(commands))
    ok(not unknown, "the manual has no section about a command that does not exist", unknown)
