#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Leaves out each optional library: the program still builds, passes its tests, and says what it lacks.

run.py OUT words: is what concerns libraries written where it must be?  The Makefile, tools/setup.sh and
the README name the same ones, and no file needs an optional one that is left out (its header is empty
meanwhile, if root asks).  run.py OUT all [LIBRARY...]: builds the program and the unit tests without each, from hard
links to the objects that do not know of it, runs them, and asks for what is refused (refused.txt).
"""
import glob
import os
import re
import shlex
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE + "/../docs")
from tap import ok, plan, skip

OUT, HOW, ONLY = os.path.relpath(sys.argv[1]), sys.argv[2], sys.argv[3:]
# By which name files include what each one offers.
HEADERS = {"libzstd": "zstd.h", "liblz4": "lz4frame.h", "libcurl": "curl/curl.h", 
           "jansson": "jansson.h", "libmicrohttpd": "microhttpd.h"}
# Where what -l says is not what Debian's package and the README say.
PACKAGES = {"bpf": "libbpf", "elf": "libelf", "z": "zlib", "nettle": "nettle", "jansson": "jansson"}


def variable(name, *words):
    """A variable of the Makefile, as make has it."""
    done = subprocess.run(["make", "-pn", *words, OUT + "/skua-gen"], capture_output=True, text=True, check=False)
    return re.search(r"^%s :?= ?(.*)$" % name, done.stdout, re.M)[1].split()


def files_with(library):
    """Sources that are compiled otherwise without it, be it for a header of ours."""
    text = {path: open(path, encoding="utf-8").read() for path in glob.glob("user/**/*.[ch]", recursive=True)
            + glob.glob("tests/unit/*.c")}
    mark = "HAVE_" + library.upper()
    headers = [os.path.relpath(path, "user") for path in text if path.endswith(".h") and mark in text[path]]
    wanted = [mark, "<%s>" % HEADERS[library]] + ['"%s"' % header for header in headers]
    return [path for path in sorted(text) if path.endswith(".c") and any(word in text[path] for word in wanted)]


def hidden(library, command):
    """The command in a place where the library's headers are empty, if we may make one."""
    found = glob.glob("/usr/include/" + HEADERS[library]) + glob.glob("/usr/include/*/" + HEADERS[library])
    if os.geteuid() or not found:
        return command
    mounts = " && ".join("mount --bind /dev/null " + path for path in found)
    return ["unshare", "-m", "sh", "-c", mounts + ' && exec "$@"', "sh", *command]


def check_words(libraries):
    with open("README.md", encoding="utf-8") as file:
        table = re.search(r"^## Dependencies$(.*?)^## ", file.read(), re.M | re.S)[1]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| ") and line.count("|") == 4]
    linked = [word[2:] for word in variable("LIBS") if word.startswith("-l") and word != "-lm"]
    names = [PACKAGES.get(name, "lib" + name) for name in linked]
    told = {name: row[3] for row in rows for name in re.split(r"[,;] ", row[1].strip())}
    missing = [name for name in names if name not in told]
    ok(not missing, "the README's table has each of the %d linked libraries" % len(names), missing)
    wrong = [name for name in names if name in told and (name in libraries) != ("optional" in told[name])]
    ok(not wrong, "it says which are optional, as the Makefile does", wrong)
    ok(variable("HAVE", "PKG_CONFIG=false") == [], "what pkg-config does not find is left out")
    with open("tools/setup.sh", encoding="utf-8") as file:
        setup = file.read()
    ok(all(re.search(r"\b(lib)?%s[0-9a-z-]*-dev\b" % re.escape(name), setup) for name in linked),
       "tools/setup.sh installs each")


def check_syntax(library):
    """None of the files that know of it needs it."""
    files = files_with(library)
    have = ["-DHAVE_" + name.upper() for name in HEADERS if name != library]
    command = ["cc", "-std=gnu11", "-D_GNU_SOURCE", "-Iinclude", "-Iuser", "-I" + OUT, *have, "-Wall", "-Wextra",
               "-Wno-missing-field-initializers", "-Wmissing-prototypes", "-Werror", "-fsyntax-only", *files]
    done = subprocess.run(hidden(library, command), capture_output=True, text=True, check=False)
    ok(files and not done.returncode, "%s: %d files know of it, and none needs it" % (library, len(files)),
       done.stderr.splitlines())


def copy_objects(library, to):
    """Hard links to what was built with it, but for what must be built anew.  No .d: it would be written into."""
    files = files_with(library)
    known = {os.path.splitext(path)[0] + ".o" for path in files}
    # Make takes a missing object for one that is not wanted any more, where what is made of it is there.
    known |= {path.split("/")[1] + ".a" for path in files if path.count("/") == 2 and path.startswith("user/")}
    known |= {"unit/" + os.path.basename(path)[:-2] for path in files if path.startswith("tests/")}
    shutil.rmtree(to, ignore_errors=True)
    for folder in ("user", "tests/unit", "bpf", "unit", "tools/gen", ""):
        for path in glob.glob("%s/%s" % (OUT, folder) + ("/**" if folder == "user" else "") + "/*", recursive=True):
            name = os.path.relpath(path, OUT)
            whole = name.startswith("unit/") or name.endswith((".o", ".a", ".c", ".skel.h"))
            if os.path.isfile(path) and whole and name not in known:
                os.makedirs(os.path.dirname(to + "/" + name), exist_ok=True)
                if not os.path.exists(to + "/" + name):
                    os.link(path, to + "/" + name)


def build(library, to):
    copy_objects(library, to)
    done = subprocess.run(hidden(library, ["make", "-j1", "OUT=" + to, "WITHOUT=" + library, to + "/skua",
                                           to + "/skua-gen", "units"]), capture_output=True, text=True, check=False)
    made = done.stdout.count("  CC ")
    ok(not done.returncode and made >= 1, "it builds without %s: %d files compiled" % (library, made),
       done.stderr.splitlines())
    linked = subprocess.run(["ldd", to + "/skua"], capture_output=True, text=True, check=False).stdout
    needed = subprocess.run(["readelf", "-d", to + "/skua"], capture_output=True, text=True, check=False).stdout
    ok("lib%s.so" % re.sub("^lib", "", library) not in needed and linked,
       "what was built without %s is not linked with it" % library, needed.splitlines())
    return not done.returncode


def failures_of(test):
    done = subprocess.run([test], capture_output=True, text=True, timeout=300, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("not ok")]
    return lines or (["%s ends with %d" % (test, done.returncode)] if done.returncode else [])


def run_units(library, to):
    """The unit tests that were built anew; what fails with the library as well is not about it."""
    failed, ran = [], 0
    for test in sorted(glob.glob(to + "/unit/*")):
        if os.stat(test).st_nlink > 1 or not os.access(test, os.X_OK):
            continue
        ran += 1
        said = failures_of(test)
        if said and (not failures_of(test) or failures_of(OUT + "/unit/" + os.path.basename(test))):
            print("# %s fails by chance or with %s, too: %s" % (test, library, said[0]))
        elif said:
            failed += [test] + said
    ok(ran and not failed, "without %s %d unit tests that it could touch pass" % (library, ran), failed)


def make_inputs(to):
    """What refused.txt names: the demo's capture, packed and plain."""
    subprocess.run([to + "/skua-gen", "tests/scenarios/demo.scn", "-o", to + "/x.pcap"], check=True,
                   stderr=subprocess.DEVNULL)
    for command in ("zstd -qf x.pcap -o x.zst", "lz4 -qf x.pcap x.lz4", "gzip -kf x.pcap"):
        if shutil.which(command.split()[0]):
            subprocess.run(command.split(), cwd=to, check=True)


def check_refusals(library, to):
    make_inputs(to)
    with open(HERE + "/refused.txt", encoding="utf-8") as file:
        rows = [line.strip().split(" | ") for line in file if line.startswith(library + " ")]
    for _, status, words, arguments in rows:
        if "run " in arguments and os.geteuid():
            skip("skua " + arguments, "it needs root")
            continue
        done = subprocess.run(["./skua", *shlex.split(arguments)], cwd=to, capture_output=True, timeout=60,
                              check=False, stdin=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]})
        said = (done.stderr + (done.stdout if arguments == "version" else b"")).decode(errors="replace")
        wanted = re.escape(words).replace(r"\*", ".*")
        ok(done.returncode == int(status) and re.search("^(skua: )?%s$" % wanted, said, re.M) is not None,
           "without %s, skua %s: %s" % (library, arguments, words),
           ["status %d" % done.returncode] + said.splitlines())


def main():
    libraries = variable("OPTIONAL")
    ok(set(libraries) == set(HEADERS), "each optional library is tried: " + " ".join(libraries))
    check_words(libraries)
    for library in libraries:
        check_syntax(library)
    for library in (ONLY or libraries) if HOW == "all" else []:
        to = OUT + "/without/" + library
        if build(library, to):
            run_units(library, to)
            check_refusals(library, to)
        shutil.rmtree(to)
    return plan()


sys.exit(main())
