#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes reports, reads them as a validator would, and compares them with what other commands say.

run.py OUT quick|all: with "all" also in headless Chromium, which must be there then.
"""
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from html_check import Report, number, poor_contrasts  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok, skip  # noqa: E402

OUT, HOW = sys.argv[1], sys.argv[2]
SKUA, WORK = OUT + "/skua", OUT + "/report"
KINDS, HOSTILE = WORK + "/kinds.pcap", WORK + "/hostile.pcap"
ODD_NAME = WORK + "/\"><img src=x onerror=window.pwned=1>'$(id)\u202e.pcap"


def run(*arguments, **more):
    return subprocess.run([SKUA, *arguments], capture_output=True, check=False, timeout=600, **more)


def records(*arguments):
    """(the last record of each finding, the numbers of the run)"""
    found, stats = {}, None
    for line in run("replay", "--format", "json", "-q", *arguments).stdout.splitlines():
        record = json.loads(line)
        if record.get("event_type") == "stats":
            stats = record["stats"]
        elif "finding_id" in record:
            found[record["finding_id"]] = record
    return found, stats


def same_findings(report, found):
    drawn = report.data()
    order = [(-finding["score"], finding["first_seen"], finding["finding_id"]) for finding in drawn]
    ok({f["finding_id"]: f for f in drawn} == found, "the data are the findings of replay, to the last field")
    ok(order == sorted(order), "they are sorted by score")
    table = report.table("^Findings, the highest")[0]["rows"][1:]
    reasons = [row[4].replace("\\\\", "\\") for row in table]
    ok(reasons == [f["reason"] for f in drawn], "each has its row, and its reason in it",
       "\n".join(map(str, zip(reasons, [f["reason"] for f in drawn]))))
    return drawn


def check_sums(report, stats):
    tiles = " ".join(report.text.split())
    packets, rows = "{:,}".format(stats["packets"]), report.table("^Traffic over time")[0]["rows"][1:]
    ok("Packets" + packets in tiles, "the tile has the packets of the run", tiles[:300])
    ok("Losses0" in tiles, "nothing was lost, and it says so")
    ok(sum(number(row[1]) for row in rows) == stats["accounted"], "packets over time add up to those accounted")
    talkers = [json.loads(line) for line in run("talkers", "--format", "json", "--top", "15", KINDS).stdout.splitlines()]
    shown = [[row[0], number(row[2]), number(row[3]), number(row[4]), number(row[5])]
             for row in report.table("most bytes")[0]["rows"][1:]]
    ok(shown == [[t["ip"], t["bytes_out"], t["bytes_in"], t["packets_out"], t["packets_in"]] for t in talkers],
       "top talkers are those that skua talkers names", "%s\n%s" % (shown, talkers))


def check_beacons(report, drawn):
    latest, _ = records("--every-update", KINDS)
    calls = [chart for chart in report.charts if chart["name"].startswith("strip-")]
    gaps = report.table("^Gaps as a table")
    notes = [note for note in report.notes if " calls" in note]
    beacons = [latest[f["finding_id"]]["beacon"] for f in drawn if f["event_type"] == "beacon"]
    said = [number(re.match("[0-9,]+", note)[0]) for note in notes]
    ok(len(beacons) == 4 and said == [b["exchanges"] for b in beacons],
       "each beacon has as many calls as it was judged by", "%s %s" % (said, [b["exchanges"] for b in beacons]))
    dots = [sum(path.count("h0") for kind, path in chart["paths"] if kind.startswith("dots")) for chart in calls]
    left = [number(m[1]) if (m := re.search(r"([0-9,]+) are left out", note)) else 0 for note in notes]
    ok(max(dots) <= 2000 and [d + n for d, n in zip(dots, left)] == said and max(left) > 0,
       "all calls are drawn up to 2,000, and how many more there are is said", "%s %s %s" % (dots, left, said))
    ok([sum(number(row[2]) for row in table["rows"][1:]) for table in gaps] == [n - 1 for n in said],
       "there is a gap between any two calls")


def check_others(report):
    maps = report.table("^The heat map")
    sums = [sum(number(row[2]) for row in table["rows"][1:]) for table in maps]
    values = [sum(number(row[1]) for row in table["rows"][1:]) for table in maps]
    ok(sorted(values) == [62, 126, 254, 400], "the maps have the targets and ports that there are", values)
    ok(all(s >= v for s, v in zip(sums, values)) and all(len(t["rows"]) <= 49 for t in maps),
       "no map has more than 48 rows, and none leaves out a target", sums)
    names = report.table("^The sum as a table")[0]["rows"][1:]
    grows = [number(row[1]) for row in names]
    ok(grows == sorted(grows) and grows[-1] > 10000, "what the names carried only grows", grows)
    ok(any(note.startswith("300 queries") for note in report.notes), "the tunnel's 300 queries are all there")
    figures = report.source.count("<figure>")
    ok(figures and all(chart["title"] for chart in report.charts) and len(report.charts) == len(
        [t for t in report.tables if "as a table" in t["caption"]]), "each chart has a title and a table of its own")


def check_filters(report):
    filters = re.findall(r"<dt>Wireshark or tshark -Y</dt><dd><code>(.*?)</code>", report.source)
    filters = [f.replace("&amp;", "&").replace("&quot;", '"').replace("&#39;", "'").replace("\\\\", "\\") for f in filters]
    if not shutil.which("tshark"):
        skip("tshark finds packets by each filter", "tshark is not installed: tools/setup.sh check")
        return
    done = subprocess.run(["tshark", "-r", KINDS, "-q", "-z", "io,stat,0," + ",".join(filters)], capture_output=True,
                          text=True, check=False, timeout=600)
    last = [line for line in done.stdout.splitlines() if "<>" in line]
    counts = [int(cell) for cell in re.findall(r"\| +(\d+) \| +\d+ ", last[0].split("<>", 1)[1])] if last else []
    ok(len(filters) == 11 and len(counts) == 11 and min(counts) > 0, "tshark finds packets by each filter",
       "%s\n%s\n%s" % (filters, counts, done.stderr))


def check_kinds():
    found, stats = records(KINDS)
    report = Report(WORK + "/kinds.html")
    ok(not report.wrong, "the report is well-formed, of known elements, and links nowhere", "\n".join(report.wrong))
    ok(not report.policy_wrong(), "the policy allows what is there by its hash, and nothing else",
       "\n".join(report.policy_wrong()))
    ok(not poor_contrasts(report.raw["style"][0]), "text and marks stand out in light, dark and print",
       poor_contrasts(report.raw["style"][0]))
    ok(os.path.getsize(WORK + "/kinds.html") < 1 << 20, "it is small enough to be mailed")
    drawn = same_findings(report, found)
    check_sums(report, stats)
    check_beacons(report, drawn)
    check_others(report)
    check_filters(report)


def check_hostile():
    shutil.copy(HOSTILE, ODD_NAME)
    run("report", "-q", ODD_NAME, "--title", "<script>window.pwned=1</script>\u202e", "-o", WORK + "/titled.html")
    run("report", "-q", ODD_NAME, "-o", WORK + "/hostile.html")
    os.remove(ODD_NAME)
    for name in ("titled", "hostile"):
        report = Report(WORK + "/%s.html" % name)
        ok(not report.wrong and not report.policy_wrong() and len(report.raw["script"]) == 2,
           "hostile names add no element, attribute or script (%s)" % name, "\n".join(report.wrong))
        ok(not re.search("[\u202a-\u202e\u2066-\u2069\u2028\u2029]", report.source),
           "nothing in it turns the direction of text or ends lines (%s)" % name)
    found, _ = records(HOSTILE)
    ok({f["finding_id"]: f for f in report.data()} == found and len(found) == 3, "the data survive them", len(found))
    wanted = ("\"><script>window.pwned=1</script>'&lt;.example", "</script><img src=x onerror=window.pwned=1>",
              "</title><img src=x onerror=window.pwned=1>\\u{202e}\\u{2028}.example", "\"'`&amp;<b onclick=1>")
    ok(all(name in report.text for name in wanted), "each is shown as the text that it is",
       [name for name in wanted if name not in report.text])
    ok("skua explain --id" in report.text and "$(id)" not in "".join(
        line for line in report.text.splitlines() if "skua explain" in line),
       "no command is offered with a file name that a shell could take for more")


def check_same():
    again = WORK + "/again.html"
    run("replay", "-q", "--html", again, KINDS)
    with open(WORK + "/kinds.html", "rb") as one, open(again, "rb") as other:
        first = one.read()
        ok(first == other.read(), "replay --html writes the same bytes a second time")
    done = run("report", "-q", KINDS, "-o", "-")
    ok(done.stdout == first, "and so does standard output")
    plain, both = run("replay", "-q", "--format", "json", KINDS), run("replay", "-q", "--format", "json", "--html", again, KINDS)
    ok(plain.stdout == both.stdout, "a report beside them does not change the findings")
    with open(KINDS, "rb") as file:
        piped = run("report", "-q", "-", "--title", "kinds.pcap", "-o", "-", stdin=file)
    ok(piped.returncode == 0 and b"<h1>kinds.pcap</h1>" in piped.stdout, "a pipe is read once, as a file is")


def check_odd():
    done = run("report", "-q", KINDS, "-o", WORK + "/absent/report.html")
    ok(done.returncode == 1 and b"absent" in done.stderr, "where it cannot be written is said, and is a failure", done)
    with open(KINDS, "rb") as file:
        head = file.read(2000001)
    with open(WORK + "/cut.pcap", "wb") as file:
        file.write(head)
    done = run("report", "-q", WORK + "/cut.pcap", "-o", WORK + "/cut.html")
    ok(done.returncode == 4 and "The input ended early." in Report(WORK + "/cut.html").text,
       "a capture that was cut short has its report, which says so", done)
    with open(WORK + "/empty.pcap", "wb") as file:
        file.write(head[:24])
    done = run("report", "-q", WORK + "/empty.pcap", "-o", WORK + "/empty.html")
    empty = Report(WORK + "/empty.html")
    ok(done.returncode == 0 and not empty.wrong and empty.data() == [] and "Nothing was found" in empty.text,
       "of nothing there is a report, too", empty.wrong)
    said = run("report", WORK + "/empty.pcap", "-o", WORK + "/empty.html").stderr.decode()
    ok("\nReport: %s/empty.html (" % WORK in said, "where the report is, and how large, is said", said)
    done = run("report", "-q", KINDS, "port 443", "--min-score=0.9", "-o", WORK + "/some.html")
    some = Report(WORK + "/some.html")
    ok(done.returncode == 0 and "Only packets that match: port 443." in some.text and all(
        f["score"] >= 0.9 for f in some.data()), "options may stand behind files and filter", done)
    shutil.rmtree(WORK + "/journal", ignore_errors=True)
    run("replay", "-q", "--journal", WORK + "/journal", KINDS)
    done = run("report", WORK + "/journal", "-o", WORK + "/journal.html")
    ok(done.returncode == 2 and b"journal" in done.stderr and not os.path.exists(WORK + "/journal.html"),
       "a journal has no packets to draw, and is refused", done)


def main():
    os.makedirs(WORK, exist_ok=True)
    for old in ("journal.html", "report.html"):
        if os.path.exists(WORK + "/" + old):
            os.remove(WORK + "/" + old)
    subprocess.run([OUT + "/skua-gen", "tests/report/kinds.scn", "-o", KINDS], check=True)
    subprocess.run([sys.executable, "tests/report/hostile.py", HOSTILE], check=True)
    done = run("report", "-q", KINDS, "-o", WORK + "/kinds.html")
    ok(done.returncode == 0, "a report is written", done)
    check_kinds()
    check_hostile()
    check_same()
    check_odd()
    if HOW == "all":
        from browser_check import check_browser
        check_browser(OUT, WORK, ok)
    else:
        skip("the report in headless Chromium", "with make check-all")
    return finish()


sys.exit(main())
