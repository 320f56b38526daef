#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes records of captures in both formats and holds them to tshark and to the analyst commands.

run.py OUT CORPUS: captures of the corpus, where it is, a generated one, and one made by traffic.py
whose every flow is known.  eve.jq and zeek.sql read the lines by their documented fields.
"""
import collections
import json
import os
import shutil
import subprocess
import sys

import traffic

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT, CORPUS = os.path.abspath(sys.argv[1]), sys.argv[2]
SKUA, GEN, WORK = OUT + "/skua", OUT + "/skua-gen", OUT + "/records"
HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = "flow,dns,tls,http,file"
CAPTURES = ["benign/browsing-facebook-mail.pcap", "benign/dns-ordinary-home.pcap", "content/http-many-objects.pcapng",
            "content/ftp-upload-stor.pcap", "content/tls-sni-ja4.pcapng", "content/smb-psexec-files.pcap",
            "benign/browsing-ipv6-reddit.pcap"]


def run(*command, **options):
    return subprocess.run(command, capture_output=True, check=False, timeout=600, **options)


def replay(path, *options):
    done = run(SKUA, "replay", "--quiet", *options, path)
    return done.stdout, done.stderr.decode()


def lines_of(output):
    return [json.loads(line) for line in output.decode().splitlines()]


def rows(command, path, *options):
    return lines_of(run(SKUA, command, "--format", "json", *options, path).stdout)


FIELDS = ["frame.len", "tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport", "ip.src", "ip.dst", "ipv6.src",
          "ipv6.dst", "icmp.type", "icmpv6.type", "nbns.id", "dns.flags.response", "http.request.method",
          "tls.handshake.type", "tls.resumed"]


def tshark(path):
    """Every frame of TCP or UDP, what ICMP errors quote apart, by the names of the fields."""
    command = ["tshark", "-n", "-r", path, "-Y", "(tcp || udp) && !icmp && !icmpv6", "-T", "fields",
               "-o", "tcp.reassemble_out_of_order:TRUE"]
    for field in FIELDS:
        command += ["-e", field]
    return [dict(zip(FIELDS, line.split("\t"))) for line in run(*command).stdout.decode(errors="replace").splitlines()]


def by_jq(output):
    done = run("jq", "-n", "-c", "-f", HERE + "/eve.jq", input=output)
    return json.loads(done.stdout) if not done.returncode else {"wrong": [done.stderr.decode()]}


def by_sql(output):
    folder = WORK + "/sql"
    os.makedirs(folder, exist_ok=True)
    with open(folder + "/lines.json", "wb") as file:
        file.write(output)
    with open(HERE + "/zeek.sql", "rb") as script:
        done = run("sqlite3", "-bail", ":memory:", stdin=script, cwd=folder)
    said = {}
    for line in done.stdout.decode().splitlines():
        name, _, number = line.partition("|")
        said[name] = int(number)
    wrong = {name: number for name, number in said.items() if name.startswith("wrong") and number}
    if done.returncode or "files" not in said:
        wrong["sqlite3"] = done.stderr.decode()
    return said, wrong


def pairs_of(path, layer):
    """Packets and bytes of a pair of ends, as `skua conversations` has them."""
    sums = collections.Counter(), collections.Counter()
    for row in rows("conversations", path, "--layer", layer):
        key = talk_key(row["proto"], (row["src_ip"], row["src_port"]), (row["dest_ip"], row["dest_port"]))
        sums[0][key] += row["packets_out"] + row["packets_in"]
        sums[1][key] += row["bytes_out"] + row["bytes_in"]
    return sums


def talk_key(proto, one, other):
    return json.dumps([proto, sorted([list(one), list(other)])])


def pairs_of_tshark(frames):
    sums = collections.Counter(), collections.Counter()
    for frame in frames:
        proto = "tcp" if frame["tcp.srcport"] else "udp"
        src, dst = frame["ip.src"] or frame["ipv6.src"], frame["ip.dst"] or frame["ipv6.dst"]
        key = talk_key(proto.upper(), (src, int(frame[proto + ".srcport"])), (dst, int(frame[proto + ".dstport"])))
        sums[0][key] += 1
        sums[1][key] += int(frame["frame.len"])
    return sums


def check_talks(name, path, summary, frames):
    ours = {key: sums for key, sums in summary["talks"].items() if key.startswith('["TCP"') or key.startswith('["UDP"')}
    same = {json.dumps(json.loads(key)): sums for key, sums in ours.items()}
    for whose, sums in (("skua conversations", [pairs_of(path, proto) for proto in ("tcp", "udp")]),
                        ("tshark", [pairs_of_tshark(frames)])):
        theirs = {key: [sum_[0][key], sum_[1][key]] for sum_ in sums for key in sum_[0]}
        ok(theirs == same, "%s: flows carry between each two ends the packets and bytes of %s" % (name, whose),
           [item for item in theirs.items() if same.get(item[0]) != item[1]][:3] +
           [item for item in same.items() if theirs.get(item[0]) != item[1]][:3])


def check_rows(name, path, records):
    """Each row of an analyst command has its record, frame by frame, and no record is without."""
    def same(kind, ours, theirs):
        ours, theirs = collections.Counter(ours), collections.Counter(theirs)
        ok(ours == theirs, "%s: %d records of %s are the rows of the command" % (name, sum(theirs.values()), kind),
           "missing %s, beyond %s" % (list((theirs - ours).items())[:3], list((ours - theirs).items())[:3]))

    of = collections.defaultdict(list)
    for record in records:
        of[record["event_type"]].append(record)
    same("dns", [(r["pcap_cnt"], r["dns"]["id"], r["dns"]["type"] == "answer", r["dns"].get("rrname") or "<Root>",
                  r["dns"].get("rcode"), tuple(a["rdata"] for a in r["dns"].get("answers", []))) for r in of["dns"]],
         [(r["frame"], r["id"], r["message"] == "response", r["name"].split(",")[0] or "<Root>", r.get("rcode"),
           tuple(r["answers"])) for r in rows("dns", path, "--multicast")])
    same("tls", [(r["pcap_cnt"], r["tls"].get("sni"), r["tls"].get("ja4"), r["tls"].get("subject"),
                  r["src_ip"], r["src_port"]) for r in of["tls"]],
         [(r["frame"], r.get("sni"), r.get("ja4"), r.get("subject"), r["src_ip"], r["src_port"])
          for r in rows("tls", path)])
    same("http", [(r["pcap_cnt"], r["http"]["http_method"], r["http"]["url"], r["http"].get("status"),
                   r["http"].get("http_user_agent", "")) for r in of["http"] if "http_method" in r["http"]],
         [(r["frame"], r["method"], r["uri"], r.get("status"), r["user_agent"]) for r in rows("http", path)])
    same("files", [(r["pcap_cnt"], r["fileinfo"]["size"], r["fileinfo"].get("sha256"), r["src_port"])
                   for r in of["fileinfo"]],
         [(r["frame"], r["bytes"], r.get("sha256"), r["src_port"]) for r in rows("objects", path)])


def check_tshark(name, frames, summary, said):
    """Counts of messages as another reader has them."""
    flags = [flag for frame in frames if not frame["nbns.id"] for flag in frame["dns.flags.response"].split(",") if flag]
    answers = sum(flag in ("1", "True") for flag in flags)
    queries = len(flags) - answers
    ok((summary["queries"], summary["answers"]) == (queries, answers),
       "%s: tshark sees these %d queries and %d answers" % (name, queries, answers), summary["queries"])
    ok(said.get("dns messages") == len(flags), "%s: rows of dns.log stand for these messages" % name, said)
    requests = sum(len(frame["http.request.method"].split(",")) for frame in frames if frame["http.request.method"])
    ok(said.get("http") == requests, "%s: http.log has tshark's %d requests" % (name, requests), said)
    hellos = sum(kind == "1" for frame in frames for kind in frame["tls.handshake.type"].split(","))
    ok(said.get("ssl") == hellos, "%s: ssl.log has tshark's %d ClientHellos" % (name, hellos), said)
    resumed = sum(bool(frame["tls.resumed"]) for frame in frames)
    ok(said.get("resumed") == resumed, "%s: ssl.log has tshark's %d resumed sessions" % (name, resumed), said)


def check_capture(name, path, oracle):
    eve, words = replay(path, "--format", "json", "--records", KINDS)
    zeek, _ = replay(path, "--format", "zeek", "--records", KINDS)
    with open("%s/%s.jsonl" % (WORK, name.replace("/", "-")), "wb") as file:
        file.write(eve)
    ok(b"flow_id" in eve and b"_path" in zeek, name + ": records are written in both formats", words)
    summary, (said, wrong) = by_jq(eve), by_sql(zeek)
    ok(not summary["wrong"], name + ": every EVE line has the documented fields and joins its flow by flow_id",
       summary["wrong"][:2])
    ok(not wrong, name + ": every Zeek line has the documented fields and joins its conn by uid", wrong)
    records = [r for r in lines_of(eve) if "flow_id" in r]
    stats = [r["stats"] for r in lines_of(eve) if r["event_type"] == "stats"][-1]
    seen = stats["packets"] - sum(stats["ignored"].values()) - sum(stats["lost"].values())
    ok(summary["packets"] == seen == said.get("packets") and summary["flows"] == said.get("conns"),
       "%s: flows have every packet that is accounted, in both formats" % name, (summary["packets"], seen, said))
    frames = tshark(path)
    check_talks(name, path, summary, frames)
    check_rows(name, path, records)
    if oracle:
        check_tshark(name, frames, summary, said)
    ids = {(r["flow_id"], r["community_id"]) for r in records}
    uids = {r["uid"] for r in lines_of(zeek) if "_path" in r}
    ok(len(ids) == len({i for i, _ in ids}) == len(uids), name + ": there are as many uids as flow_ids", (len(ids), len(uids)))


def check_stream():
    """Between findings, in files, again: the same."""
    path = WORK + "/demo.pcap"
    plain, _ = replay(path, "--format", "json")
    mixed, _ = replay(path, "--format", "json", "--records", KINDS)
    zeek, _ = replay(path, "--format", "zeek", "--records", KINDS)
    again, _ = replay(path, "--format", "zeek", "--records", KINDS)
    own = b"".join(line for line in mixed.splitlines(True) if b'"flow_id":' not in line)
    ok(own == plain and b"finding_id" in plain, "findings are the same lines, with records between them")
    own = b"".join(line for line in zeek.splitlines(True) if b'"_path":' not in line)
    ok(own == plain, "findings between Zeek's lines are the same, and have no _path")
    ok(zeek == again, "the same capture gives the same bytes again")
    for form, names in (("zeek", ["conn", "dns", "ssl", "http", "files"]), ("json", ["eve"])):
        folder = WORK + "/logs-" + form
        shutil.rmtree(folder, ignore_errors=True)
        for _ in range(2):
            out, words = replay(path, "--format", form, "--records", KINDS, "-l", folder)
        whole = zeek if form == "zeek" else mixed
        good = out == plain
        for name in names:
            mark = b'"_path":"%s"' % name.encode() if form == "zeek" else b'"flow_id":'
            with open("%s/%s.%s" % (folder, name, "log" if form == "zeek" else "json"), "rb") as file:
                good &= file.read() == b"".join(line for line in whole.splitlines(True) if mark in line)
        ok(good, "-l: findings stay on standard output, %s hold the same lines, and begin anew" % ", ".join(names), words)
    os.remove(WORK + "/logs-zeek/dns.log")
    os.symlink("/dev/null", WORK + "/logs-zeek/dns.log")
    done = run(SKUA, "replay", "--format", "zeek", "--records", "dns", "-l", WORK + "/logs-zeek", path)
    ok(done.returncode == 1 and b"dns.log" in done.stderr, "a link in the place of a log is not followed", done)


def check_refusals():
    path = WORK + "/demo.pcap"
    for words, arguments in (("'dnss' is none of", ["--records", "dns,dnss"]),
                             ("--format json or zeek", ["--records", "dns", "--format", "table"]),
                             ("--records", ["--format", "zeek"]), ("--records", ["-l", WORK + "/nowhere"]),
                             ("", ["--records", ""])):
        done = run(SKUA, "replay", *arguments, path)
        ok(done.returncode == 2 and words in done.stderr.decode() and not done.stdout,
           "refused with a reason: " + " ".join(arguments).replace(WORK, "DIR"), done)


def check_known():
    """traffic.py says what each of its flows must look like."""
    path = WORK + "/known.pcap"
    traffic.write(path)
    zeek = [r for r in lines_of(replay(path, "--format", "zeek", "--records", KINDS)[0]) if "_path" in r]
    conns = {r["id.orig_p"]: r for r in zeek if r["_path"] == "conn" and r["id.orig_p"] != traffic.REUSED}
    for port, (state, history, sent, received) in traffic.EXPECTED.items():
        conn = conns.get(port, {})
        found = (conn.get("conn_state"), conn.get("history"), conn.get("orig_bytes"), conn.get("resp_bytes"))
        ok(found == (state, history, sent, received), "a flow that is %s %s, %d and %d bytes" % (state, history, sent, received),
           found)
    reused = [r for r in zeek if r["_path"] == "conn" and r["id.orig_p"] == traffic.REUSED]
    hosts = [r for r in zeek if r["_path"] == "http" and r["id.orig_p"] == traffic.REUSED]
    ok([r["uid"] for r in reused] == [r["uid"] for r in hosts] and len({r["uid"] for r in reused}) == 2 and
       [r["host"] for r in hosts] == ["first.example", "second.example"],
       "ports that are used again are two connections, each with its request", (reused, hosts))
    eve = [r for r in lines_of(replay(path, "--format", "json", "--records", KINDS)[0])]
    hostile = [r["http"] for r in eve if r["event_type"] == "http" and r["src_port"] == traffic.HOSTILE]
    ok(len(hostile) == 1 and bytes.fromhex(hostile[0].get("url_hex", "")) == traffic.HOSTILE_URL and
       "\x1b" not in json.dumps(hostile[0], ensure_ascii=False), "bytes that are no UTF-8 are kept in url_hex", hostile)
    ok([r["dns"]["rrname"] for r in eve if r["event_type"] == "dns"][:1] == ["\\255\\027x.example"],
       "hostile labels are shown as zone files have them", [r for r in eve if r["event_type"] == "dns"])
    rows_of_dns = [r for r in zeek if r["_path"] == "dns"]
    ok([(r["trans_id"], "rcode" in r, r.get("rtt")) for r in sorted(rows_of_dns, key=lambda r: r["trans_id"])] ==
       traffic.DNS, "a query and its answer are one row with the time between, others stand alone", rows_of_dns)


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    run(GEN, "tests/scenarios/demo.scn", "-o", WORK + "/demo.pcap")
    check_capture("demo", WORK + "/demo.pcap", False)
    check_stream()
    check_refusals()
    check_known()
    if not os.path.exists(CORPUS + "/MANIFEST.tsv"):
        ok(True, "captures of the corpus # SKIP no corpus at %s (set SKUA_CORPUS)" % CORPUS)
    else:
        for name in CAPTURES:
            check_capture(name, CORPUS + "/" + name, True)
    return finish()


sys.exit(main())
