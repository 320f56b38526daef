# SPDX-License-Identifier: BSD-2-Clause
"""Reads a report as strictly as a validator would: what it is made of, and what is wrong with it."""
import base64
import hashlib
import html.parser
import json
import re

VOID = {"meta", "link", "br", "hr", "img", "input"}
# All elements and attributes that a report has; anything else came from where nothing may come from.
TAGS = set("""html head meta title style body a header p h1 h2 h3 main dl div dt dd small span section table caption
thead tbody tr th td b details summary figure figcaption svg desc rect path text code button ul ol li i footer
script""".split())
ATTRIBUTES = set("""lang charset http-equiv content name class href aria-labelledby id scope aria-sort data-value
tabindex viewbox role x y width height d type hidden aria-label aria-hidden aria-live data-nosort""".split())


class Report(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.wrong, self.stack, self.ids, self.wanted = [], [], [], []
        self.raw = {"script": [], "style": []}
        self.csp = self.heading = ""
        self.rows, self.tables, self.row, self.notes = [], [], None, []
        self.charts, self.paths = [], []
        self.text = ""
        with open(path, encoding="utf-8", errors="strict") as file:
            self.source = file.read()
        self.feed(self.source)
        self.close()
        if self.stack:
            self.wrong.append("never ended: %s" % self.stack)
        if len(set(self.ids)) != len(self.ids):
            self.wrong.append("an id twice")
        self.wrong += ["no element %s" % name for name in self.wanted if name not in self.ids]

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        values = dict(attrs)
        if tag not in TAGS:
            self.wrong.append("element <%s>" % tag)
        self.wrong += ["attribute %s of <%s>" % (name, tag) for name in names if name not in ATTRIBUTES]
        if len(set(names)) != len(names):
            self.wrong.append("an attribute twice in <%s>" % tag)
        if not values.get("href", "#").startswith("#"):
            self.wrong.append("a link to %s" % values["href"])
        if "id" in values:
            self.ids.append(values["id"])
        self.wanted += values.get("aria-labelledby", "").split() + ([values["href"][1:]] if "href" in values else [])
        if values.get("http-equiv") == "Content-Security-Policy":
            self.csp = values["content"]
        if tag == "table":
            self.tables.append({"caption": "", "rows": []})
        elif tag == "tr":
            self.row = []
        elif tag in ("td", "th") and self.row is not None:
            self.row.append(values.get("data-value", ""))
            self.cell = "" if "data-value" not in values else None
        elif tag == "svg" and values.get("role") == "img":
            self.charts.append({"name": values.get("aria-labelledby", ""), "title": "", "paths": []})
        elif tag == "path" and self.charts:
            self.charts[-1]["paths"].append((values.get("class", ""), values.get("d", "")))
        elif tag == "p" and values.get("class") == "note":
            self.notes.append("")
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if not self.stack or self.stack[-1] != tag:
            self.wrong.append("</%s> ends %s" % (tag, self.stack[-1:]))
            return
        self.stack.pop()
        if tag == "tr" and self.tables:
            self.tables[-1]["rows"].append(self.row)
            self.row = None

    def handle_data(self, data):
        if not self.stack:
            return
        if self.stack[-1] in self.raw:
            self.raw[self.stack[-1]].append(data)
            return
        self.text += data
        if self.row and self.cell is not None and ("td" in self.stack or "th" in self.stack):
            self.row[-1] += data
        if "caption" in self.stack:
            self.tables[-1]["caption"] += data
        if self.stack[-1] == "title" and "svg" in self.stack and "rect" not in self.stack and self.charts:
            self.charts[-1]["title"] += data
        if self.stack[-1] == "p" and self.notes:
            self.notes[-1] += data

    def data(self):
        return json.loads(self.raw["script"][0])

    def policy_wrong(self):
        """What the policy allows, and whether its hashes are those of what is there."""
        want = {}
        for kind, text in (("style", self.raw["style"][0]), ("script", self.raw["script"][-1])):
            want[kind] = "'sha256-%s'" % base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        policy = "default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'" % (
            want["style"], want["script"])
        return [] if self.csp == policy else [self.csp, policy]

    def table(self, caption):
        return [table for table in self.tables if re.search(caption, table["caption"])]


def number(text):
    return int(text.replace(",", ""))


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a, b):
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def poor_contrasts(style):
    """Of every theme: text below 4.5, marks below 3 (WCAG 2.1, 1.4.3 and 1.4.11)."""
    poor = []
    for theme in re.findall(r":root \{(.*?)\}", style, re.S):
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", theme))
        for ground in ("paper", "wash"):
            for name in ("ink", "dim", "link", "high", "medium", "low", "info"):
                if contrast(colours[name], colours[ground]) < 4.5:
                    poor.append("%s on %s" % (name, ground))
        poor += ["mark " + name for name in ("s1", "s2", "s3", "s4") if contrast(colours[name], colours["paper"]) < 3]
    return poor
