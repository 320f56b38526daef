# SPDX-License-Identifier: BSD-2-Clause
"""What an attacker may try: laws of calls, contacts, names, echoes, uploads, as scenario lines."""

DAY_MS = 86400000


class Law:
    """One way to stay below a detector: lines for a host, and the rates a day to try.

    In lines {src} and {dst} are addresses, {n} a number of the host's own, {every} the gap in ms
    at a rate, the rest comes from a variant.  stretch: "every" by the mean gap.
    worth: what one of the rate's units brings.  contrast: lines that are found at a rate at which
    these have no bound.
    """

    def __init__(self, name, says, pays, lines, **more):
        self.name, self.says, self.pays = name, says, pays
        self.lines = [lines] if isinstance(lines, str) else lines
        self.variants = more.pop("variants", [{}])
        self.rates = more.pop("rates", None)
        self.seeds = more.pop("seeds", None)
        self.worth = more.pop("worth", lambda rate, variant: rate)
        self.contrast = more.pop("contrast", None)
        self.alone = more.pop("alone", False)  # confirmed in a capture of its own
        self.callers = more.pop("callers", 1)  # hosts that do so, beside the twin
        self.detector = self.unit = None
        assert not more, more

    def text(self, host, rate, variant, contrast=False):
        """The lines of one host."""
        values = dict(variant)
        values.setdefault("stretch", 1)
        gap_ms = -(-DAY_MS * values["stretch"] // rate)
        values.update(host, rate=rate, every="%dms" % max(1, gap_ms))
        values.update((name, value(rate, variant)) for name, value in variant.items()
                      if callable(value))
        lines = [self.contrast] if contrast else self.lines
        return [line.format(**values) for line in lines]


CALL = "beacon from {src} to {dst}:5000 every {every} udp size 100+-20 reply 100 law "


def call(name, says, pays, law, **more):
    more.setdefault("contrast", CALL + "fixed")
    return Law(name, says, pays, CALL + law, **more)


BEACONS = [
    call("fixed", "one gap", "few calls: hours between them", "fixed"),
    call("uniform", "gaps even on every x (1 +- j %)", "gaps of up to twice the mean",
         "uniform jitter {j}%", variants=[{"j": j} for j in (50, 80, 90, 100)]),
    call("below", "gaps even on every x (1 - j %) .. every (Cobalt Strike's)",
         "short gaps among them", "cobalt jitter {j}%",
         variants=[{"j": j, "stretch": 200 / (200 - j)} for j in (37, 90, 99)]),
    call("gamma", "the sum of four exponential gaps", "gaps of up to 2.5 times the mean", "gamma"),
    call("weibull", "Weibull of shape 2", "gaps of up to 2.5 times the mean", "weibull"),
    call("lognormal", "lognormal, deviation of the logarithm s %",
         "rare gaps of many times the mean",
         "lognormal jitter {s}%", variants=[{"s": s} for s in (40, 60, 80, 100, 150)]),
    call("exponential", "exponential gaps",
         "no promise when it calls: 1 gap in 20 is 3 times the mean",
         "exponential"),
    call("missed", "one gap, each call left out with chance p %", "silence by lot",
         "fixed loss {p}%",
         variants=[{"p": p, "stretch": (100 - p) / 100} for p in (30, 50, 70, 90)]),
    call("wide-missed", "even on every x (1 +- 50 %), each call left out with chance p %",
         "silence by lot", "uniform jitter 50% loss {p}%",
         variants=[{"p": p, "stretch": (100 - p) / 100} for p in (50, 70)]),
    call("shared", "n implants of 20 % jitter behind one address", "n hosts behind one address",
         "uniform jitter 20% behind {hosts}",
         variants=[{"hosts": n, "stretch": n} for n in (2, 3, 5, 8)]),
    Law("keep-alive", "small exchanges of one size in one connection",
        "64 bytes a call, no tasks in it",
        "beacon from {src} to {dst}:5000 every {every} raw mode keepalive size 64+-0 reply 64+-0 "
        "law {law}", variants=[{"law": "fixed"}, {"law": "uniform jitter 20%"}],
        contrast=CALL + "fixed"),
    Law("listed-name", "one gap; TLS says a listed name, the client's DNS is not seen",
        "a front that accepts the name, its own resolver",
        "beacon from {src} to {dst}:443 every {every} law fixed sni connectivity-check.ubuntu.com",
        contrast="beacon from {src} to {dst}:443 every {every} law fixed sni c{n}.example"),
    Law("popular", "one gap, to a server that all hosts call",
        "a rented place at a popular service",
        "beacon from {src} to 11.255.0.1:5000 every {every} udp size 100+-20 reply 100 law fixed",
        alone=True, callers=20, contrast=CALL + "fixed"),
]

PROBE = "scan from {src} to 10.255.0.5 ports 1-60000 every {every} "
SWEEP = "sweep from {src} to 10.240.0.0/14 every {every} "
FEW = [5, 7, 9, 10, 12, 15, 20, 40, 100, 288, 1440]
SOME = [288, 456, 720, 1440, 2880]
LEAST = [4, 8, 16, 32, 64, 128, 256]
MANY = [720, 2880, 4320, 5760, 8640, 14400, 28800]

SCANS = [
    Law("slow", "refused connections, evenly over the day", "days for one host's ports",
        PROBE + "answers refused=1", rates=FEW, seeds=2),
    Law("silent", "connections nobody answers, evenly over the day", "days for one host's ports",
        PROBE + "answers silent=1", rates=FEW, seeds=2),
    Law("mixed", "among contacts of which a share p succeeds and carries something; "
        "only failed ones count",
        "must know so many living services",
        SWEEP + "ports 22,80,443,8080 technique connect grab on "
        "alive 100% answers open={p},refused={q}", rates=[20, 100, 288, 720, 1440, 2880],
        variants=[{"p": p, "q": round(1 - p, 2)} for p in (0.3, 0.5, 0.6, 0.7)], seeds=10,
        worth=lambda rate, variant: rate * variant["q"], contrast=SWEEP + "port 22 alive 0%"),
    Law("open-only", "only open ports, each opened and closed", "must know what is open",
        PROBE + "technique connect answers open=1", rates=MANY[:5], seeds=2),
    Law("peers", "silent high ports of many hosts outside", "one port for each host",
        "sweep from {src} to 12.0.0.0/10 ports 1024-65000 every {every} order masscan alive 0%",
        rates=SOME + [8640], seeds=2, contrast=PROBE + "answers silent=1"),
    Law("odd-flags", "NULL probes that are refused", "tells open from closed, on some systems only",
        PROBE + "technique null answers refused=1", rates=LEAST + MANY, seeds=2),
    Law("odd-silent", "FIN+ACK probes nobody answers", "tells nothing but what is filtered",
        PROBE + "technique maimon answers silent=1", rates=LEAST + MANY, seeds=2),
    Law("udp-silent", "datagrams nobody answers", "silence says open or filtered",
        PROBE + "technique udp answers silent=1", rates=LEAST + SOME, seeds=2),
    Law("udp-refused", "datagrams that are refused", "days for one host's ports",
        PROBE + "technique udp answers refused=1", rates=FEW, seeds=2),
    Law("ping", "echo requests to hosts of which one in ten answers", "a minute for 19 hosts",
        SWEEP + "technique icmp alive 10%", rates=LEAST + MANY, seeds=2),
    Law("ping-living", "echo requests to hosts of which p % answer",
        "must know so many living hosts", SWEEP + "technique icmp alive {p}%",
        variants=[{"p": 60}, {"p": 80}], rates=MANY, seeds=2,
        contrast=SWEEP + "technique icmp alive 10%"),
    Law("arp", "ARP requests, one host in ten answers", "a minute for 19 hosts",
        SWEEP + "technique arp alive 10%", rates=LEAST + MANY, seeds=2),
]

NAMES = ("dnstunnel from {src} via 10.9.0.1 domain d{n}.example style {style} letters {letters} "
         "type {type} polls {polls}% every {every} law lognormal jitter 150% ")
VISIT = "beacon from {src} to {dst}:443 every 1h count 2 law fixed udp size 60 reply 60"


def name_bytes(rate, variant):
    per_name = variant["letters"] * (1 if variant["style"] == "words" else 5 / 8)
    return rate * per_name * (100 - variant["polls"]) / 100


def names(style, letters, kind="A", polls=0):
    return {"style": style, "letters": letters, "type": kind, "polls": polls}


ASKED = [20, 40, 60, 90, 140, 200, 300, 600, 1440, 4320]
FOUND_NAMES = ("dnstunnel from {src} via 10.9.0.1 domain f{n}.example style slow "
               "every {every} law lognormal jitter 150%")
DNS = [
    Law("short", "names of n letters of base 32, for A, answered with a server that is used",
        "7 bytes a query", [NAMES + "to {dst}", VISIT],
        variants=[names("slow", n, polls=polls) for n in (8, 11) for polls in (1, 15)],
        rates=ASKED, worth=name_bytes, contrast=FOUND_NAMES),
    Law("long", "the same with longer ones; a share of queries repeats one name",
        "few queries a day", [NAMES + "to {dst}", VISIT],
        variants=[names("slow", n, polls=polls) for n in (12, 16, 24, 36, 60, 180)
                  for polls in (1, 15)], rates=ASKED, worth=name_bytes),
    Law("bare", "the same, and nobody goes to what is answered", "few queries a day", NAMES,
        variants=[names("slow", n, polls=15) for n in (24, 36, 180)],
        rates=ASKED, worth=name_bytes),
    Law("text", "the same for TXT, whose answers carry more", "few queries a day", NAMES,
        variants=[names("slow", n, "TXT", 15) for n in (16, 36, 180)], rates=ASKED,
        worth=name_bytes),
    Law("words", "n words of 256, a byte each", "a byte a word", [NAMES + "to {dst}", VISIT],
        variants=[names("words", n, polls=15) for n in (2, 6, 12)], rates=ASKED, worth=name_bytes,
        contrast=FOUND_NAMES),
    Law("domains", "ten domains, 36 letters a name", "ten domains",
        [line.replace("d{n}.", "d{n}-%d." % i).replace("{dst}", "11.254.%d.1" % i)
         for i in range(10) for line in (NAMES + "to {dst}", VISIT)],
        variants=[names("slow", 36, polls=15)], rates=ASKED[:7],
        worth=lambda rate, variant: 10 * name_bytes(rate, variant)),
]

ECHO = "icmptunnel from {src} to {dst} every {every} shape "
# What is judged within ten minutes shows all it can in two hours; bounds are of a day at that rate.
SHORT = " law exponential until +2h"
PINGS = [288, 864, 2880, 8640, 28800, 86400, 172800]


def echo_bytes(rate, variant):
    return rate * variant["size"]


ECHOES = [
    Law("small", "one size up to 128 bytes, honestly answered, exponential gaps",
        "128 bytes an echo, one way", ECHO + "oneway size {size}+-0" + SHORT,
        variants=[{"size": 48}, {"size": 128}], rates=PINGS, worth=echo_bytes,
        contrast=ECHO + "random size 128 reply 128" + SHORT),
    Law("large", "one larger size, honestly answered, exponential gaps", "one way",
        ECHO + "oneway size {size}+-0" + SHORT,
        variants=[{"size": 129}, {"size": 1400}], rates=PINGS, worth=echo_bytes),
    Law("sizes", "of many sizes, honestly answered, exponential gaps", "one way",
        ECHO + "oneway size {size}+-40" + SHORT, variants=[{"size": 80}],
        rates=PINGS, worth=echo_bytes),
    Law("replies", "replies that say something else", "4 echoes a day",
        ECHO + "random size {size}+-0 reply {size}+-0 law exponential count {rate}",
        variants=[{"size": 1400}], rates=[2, 4, 5, 8, 48],
        alone=True, worth=lambda rate, variant: 2 * rate * 1400),
]

SEND = "upload from {src} to {dst}:443 raw snaplen 96 bytes {bytes} reply {reply} start +1h "
LOOSE = "law lognormal jitter 150%"  # no rhythm, so that only the volume can tell
SIZES = [50, 100, 150, 199, 200, 250, 350, 499, 500, 600]  # in units of 100 kB


def sends(times=1, reply=0.0, **more):
    return dict(bytes=lambda rate, _: rate * 100000,
                reply=lambda rate, _: max(60, int(rate * 100000 * reply / times)), **more)


def hundred_kb(rate, _):
    return rate * 100000


UPLOADS = [
    Law("at-once", "one connection to one place", "below 50 MB a day", SEND + "rate 2M/s",
        variants=[sends()], rates=SIZES, worth=hundred_kb),
    Law("trickle", "40 parts over the day", "below 20 MB a day",
        SEND + "rate 2M/s count 40 every 30m law exponential",
        variants=[sends(40)], rates=SIZES, worth=hundred_kb),
    Law("ten-hours", "ten parts over ten hours", "below 50 MB a day",
        SEND + "rate 2M/s count 10 every 1h " + LOOSE, variants=[sends(10)],
        rates=SIZES, worth=hundred_kb),
    Law("answered", "as much as a share r comes back", "downloads that cover it",
        SEND + "rate 20M/s count 10 every 5m " + LOOSE,
        variants=[sends(10, reply=r, r=r) for r in (0.18, 0.22, 0.35)],
        rates=[300, 499, 700, 1000, 2000], worth=hundred_kb,
        contrast=SEND.replace("{reply}", "60") + "rate 20M/s"),
    Law("small-talks", "conversations of 1,000 bytes, exponential gaps", "a connection each kB",
        "upload from {src} to {dst}:443 raw snaplen 96 bytes {bytes} reply 60+-0 law exponential "
        "count {rate} every {every}", variants=[{"bytes": lambda rate, _: rate * 1000}],
        rates=[288, 1440, 5760, 14400, 28800], worth=lambda rate, _: rate * 1000,
        contrast=SEND.replace("{reply}", "60") + "rate 2M/s count 40 every 30m law exponential"),
    Law("ten-places", "one connection each to ten places", "ten addresses",
        [SEND.replace("{dst}", "11.253.%d.1" % i) + "rate 2M/s" for i in range(10)],
        variants=[sends()], rates=[400, 499, 500, 600],
        worth=lambda rate, _: 10 * rate * 100000),
]

CALLS = [6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24, 32, 48, 96, 288, 1440]
DETECTORS = {  # unit of the bound, laws, rates, seeds
    "beacon": ("callbacks", BEACONS, CALLS, 40),
    "scan": ("contacts", SCANS, FEW, 2),
    "dns": ("bytes", DNS, ASKED, 10),
    "icmp": ("bytes", ECHOES, PINGS, 1),
    "upload": ("bytes", UPLOADS, SIZES, 1),
}


def all_laws():
    for detector, (unit, laws, rates, seeds) in DETECTORS.items():
        for law in laws:
            law.detector, law.unit = detector, unit
            law.rates = law.rates or rates
            law.seeds = law.seeds or seeds
            yield law
