# SPDX-License-Identifier: BSD-2-Clause
"""What headless Chromium makes of the reports: see browser.js."""
import json
import os
import shutil
import subprocess

REPORTS = ("kinds", "hostile", "titled", "empty", "spoilt")


def spoil(work):
    """A report into which somebody put a script and a picture: the policy must stop both."""
    with open(work + "/kinds.html", encoding="utf-8") as file:
        text = file.read()
    with open(work + "/spoilt.html", "w", encoding="utf-8") as file:
        file.write(text.replace("<main>", "<main><script>window.pwned=1</script><img src='x.png' onerror='window.pwned=1'>"
                                          "<p style='color:red'>x</p>"))


def visit(out, work):
    """({name: what was seen}, why not)"""
    for tool in ("node", "chromium"):
        if not shutil.which(tool):
            return {}, "%s is not installed: tools/setup.sh check-all" % tool
    if not os.path.exists(out + "/web/complete"):
        return {}, "puppeteer-core is not in %s/web: tools/setup.sh check-all" % out
    files = ["%s/%s.html" % (work, name) for name in REPORTS]
    done = subprocess.run(["node", "tests/report/browser.js", out + "/web", shutil.which("chromium")] + files,
                          capture_output=True, text=True, check=False, timeout=900)
    seen = {os.path.basename(line["file"])[:-5]: line for line in map(json.loads, done.stdout.splitlines())}
    return seen, done.stderr


def check_quiet(seen, ok):
    for name in REPORTS[:4]:
        page = seen[name]
        ok(not page["messages"] and not page["violations"], "no error on the console, and none against the policy (%s)" %
           name, page["messages"] + page["violations"])
        ok(page["requests"] == 1 and not page["resources"], "nothing is fetched (%s)" % name, page["requests"])
        ok((page["pwned"], page["images"], page["frames"], page["handlers"], page["scripts"]) == ("undefined", 0, 0, 0, 2),
           "names made no element and ran nothing (%s)" % name, page["pwned"])
        ok(not page["overlaps"] and not page["wide"] and not page["narrow"],
           "no label lies on another or outside, on no screen the page is too wide (%s)" % name, page["overlaps"])
    spoilt = seen["spoilt"]
    ok(len(spoilt["violations"]) == 4 and spoilt["pwned"] == "undefined",
       "a script, a style and a picture that were slipped in are stopped by the policy", spoilt["violations"])


def check_use(page, ok):
    before = page["before"]
    ok(page["ascending"] == before[::-1] or page["ascending"] == sorted(before), "Enter on a heading sorts by it", page["ascending"])
    ok(page["aria"] == "ascending" and page["descending"] == sorted(before, reverse=True),
       "the space bar turns the order, and the heading says which it is")
    ok(page["kinds"] == sorted(page["kinds"], reverse=True), "a click sorts by words")
    ok(page["copied"] and page["copied"] == page["wanted"][:len(page["copied"])],
       "each button copies what stands beside it", "%s\n%s" % (page["copied"], page["wanted"]))
    ok(page["said"] == "Copied", "and it is said to those who do not see it")
    ok(page["charts"] == page["tables"] and not page["unnamed"], "each chart has a title and a table")
    ok(page["hiddenWithoutScript"] == 0, "without script there are no buttons that do nothing")
    ok(page["dark"] != page["background"], "who likes it dark has it dark")


def check_browser(out, work, ok):
    spoil(work)
    seen, why = visit(out, work)
    ok(len(seen) == len(REPORTS), "Chromium opens the reports", why)
    if len(seen) != len(REPORTS):
        return
    check_quiet(seen, ok)
    check_use(seen["kinds"], ok)
    text = seen["hostile"]["text"]
    ok("<script>window.pwned=1</script>" in text and "</script><img src=x onerror=window.pwned=1>" in text,
       "hostile names are read as the text that they are")
    pictures = ["%s/kinds%s" % (work, end) for end in ("-light.png", "-dark.png", "-narrow.png", ".pdf")]
    ok(all(os.path.getsize(path) > 20000 for path in pictures), "pictures of it lie in " + work)
