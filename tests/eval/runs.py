# SPDX-License-Identifier: BSD-2-Clause
"""Makes a scenario's capture, lets skua judge it, and reads what it says."""
import csv
import json
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import damage

OUT = os.environ.get("OUT", "build")
SKUA, GEN = OUT + "/skua", OUT + "/skua-gen"


def seconds(timestamp):
    """Since 1970, of 2026-01-05T08:00:00.000000000Z."""
    whole = datetime.fromisoformat(timestamp[:19] + "+00:00").timestamp()
    return whole + int(timestamp[20:29]) / 1e9


class Findings:
    """By finding_id: the first record, the last one, the highest score."""

    def __init__(self, output):
        self.first, self.last, self.most = {}, {}, {}
        self.compat, self.stats = [], {}
        for line in output.decode().splitlines():
            record = json.loads(line)
            if record["event_type"] == "stats":
                self.stats = record["stats"]
            elif record["event_type"] == "compat":
                self.compat.append(record["compat"])
            elif "finding_id" in record:
                identity = record["finding_id"]
                self.first.setdefault(identity, record)
                self.last[identity] = record
                self.most[identity] = max(self.most.get(identity, 0), record["score"])

    def all(self):
        """[(last record, highest score, when it was told first)]"""
        return [(record, self.most[identity], seconds(self.first[identity]["timestamp"]))
                for identity, record in self.last.items()]


def replay(path, *options, stdin=None, more=()):
    done = subprocess.run([SKUA, "replay", "-q", "--format", "json", *options, path, *more], stdin=stdin,
                          capture_output=True, check=False)
    if done.returncode not in (0, 4):
        raise RuntimeError("skua replay %s: exit %d: %s" % (path, done.returncode, done.stderr.decode()[:500]))
    return Findings(done.stdout)


def read_truth(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def judge(text, options=(), beside=None):
    """(what is shown, all that was scored, truth) of a scenario, with the packets of a second capture merged in."""
    folder = tempfile.mkdtemp(prefix="eval-", dir=OUT)
    try:
        scenario, truth, journal = folder + "/s.scn", folder + "/truth.tsv", folder + "/journal"
        with open(scenario, "w", encoding="utf-8") as file:
            file.write(text)
        if beside:
            subprocess.run([GEN, scenario, "-o", folder + "/made.pcap", "--truth", truth], check=True)
            damage.write(beside, beside.packets, folder + "/beside.pcap")
            shown = replay(folder + "/made.pcap", "--compat", "--journal", journal, *options, more=[folder + "/beside.pcap"])
        else:
            shown = through_pipe(scenario, truth, "--compat", "--journal", journal, *options)
        return shown, replay(journal, "--min-score", "0", *options), read_truth(truth)
    finally:
        shutil.rmtree(folder)


def through_pipe(scenario, truth, *options):
    """Findings of a scenario of which no capture is kept."""
    with subprocess.Popen([GEN, scenario, "-o", "-", "--truth", truth], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as made:
        try:
            shown = replay("-", *options, stdin=made.stdout)
        finally:
            made.stdout.close()
            complaint = made.stderr.read().decode()
            # Who says nothing was only left alone by its reader.
            if complaint:
                raise RuntimeError("skua-gen: " + complaint)
    return shown


def side_by_side(work, jobs):
    """The results of functions without arguments, in their order."""
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda one: one(), work))
