#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Looks at an image from outside: image_contents.py IMAGE-FOLDER SKUA; prints TAP without a plan.

The program's libraries are found here by readelf, not by the loader as they were for the image.
"""
import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile

FOLDER, SKUA = sys.argv[1:3]
SHELLS = re.compile(r"(^|/)(ba|da|a|z|k|c)?sh$|/busybox$|/perl|/python|/(apt|dpkg)")


def ok(good, sentence, lines=()):
    print("%s - %s" % ("ok" if good else "not ok", sentence), flush=True)
    for line in [] if good else list(lines)[:15]:
        print("# " + str(line)[:300])


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def blob(archive, digest):
    return archive.extractfile("blobs/" + digest.replace(":", "/")).read()


def open_image():
    archive = tarfile.open(FOLDER + "/skua.oci")
    index = json.load(archive.extractfile("index.json"))
    manifest = json.loads(blob(archive, index["manifests"][0]["digest"]))
    config = json.loads(blob(archive, manifest["config"]["digest"]))
    layer = archive.extractfile("blobs/" + manifest["layers"][0]["digest"].replace(":", "/"))
    return index, manifest, config, tarfile.open(fileobj=layer)


def needed(path):
    return re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", path))


def closure():
    """Names of all libraries that the program needs, each with the file it has on this machine."""
    where = dict(re.findall(r"^\s*(\S+) .*=> (\S+)$", run("ldconfig", "-p"), re.M)[::-1])
    found, open_names = {}, needed(SKUA)
    while open_names:
        name = open_names.pop()
        if name not in found:
            found[name] = where[name]
            open_names += needed(where[name])
    return found


def package_of(path):
    for name in (path, os.path.realpath(path), re.sub("^/usr", "", os.path.realpath(path))):
        done = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    return "none"


def check_files(members):
    shells = [m.name for m in members if SHELLS.search(m.name)]
    ok(not shells, "no shell, interpreter or package manager is in the image", shells)
    strangers = [m.name for m in members if m.uid or m.gid]
    ok(not strangers, "every file belongs to root", strangers)
    writable = [m.name for m in members if m.isfile() and m.mode & 0o222]
    ok(not writable, "no file can be written", writable)
    powerful = [m.name for m in members if m.mode & 0o6000 or "SCHILY.xattr.security.capability" in m.pax_headers]
    ok(not powerful, "no file gives its user other rights", powerful)
    programs = [m.name for m in members if m.isfile() and m.mode & 0o111 and not re.search(r"/ld-linux[^/]*$", m.name)]
    ok([p.lstrip("./") for p in programs] == ["usr/bin/skua"], "skua is the only program", programs)
    times = {m.mtime for m in members}
    ok(len(times) == 1, "all files have one time", times)


def check_labels(index, config):
    labels = config["config"].get("Labels", {})
    wanted = ("title", "description", "version", "revision", "created", "licenses", "vendor")
    missing = [w for w in wanted if not labels.get("org.opencontainers.image." + w)]
    ok(not missing, "it has labels: " + ", ".join(wanted), missing)
    version = run(SKUA, "version").split()[1]
    ok(labels.get("org.opencontainers.image.version") == version, "the version is the program's, " + version, [labels])
    ok(labels.get("org.opencontainers.image.created") == config["created"].replace(".000000000", ""),
       "it was created when its label says", [labels, config["created"]])
    ok(config["config"]["Entrypoint"] == ["/usr/bin/skua"], "it runs skua", [config["config"]])
    digest = open(FOLDER + "/digest", encoding="ascii").read()
    ok(index["manifests"][0]["digest"] == digest, "its digest was written beside it", [index, digest])


def check_sbom(layer, members):
    names = {m.name.lstrip("./"): m for m in members}
    with open(FOLDER + "/sbom.spdx.json", "rb") as file:
        outside = file.read()
    inside = layer.extractfile(names["usr/share/doc/skua/sbom.spdx.json"]).read()
    ok(inside == outside, "the bill of materials in the image is the one beside it")
    sbom = json.loads(outside)
    packages = {p["name"]: p for p in sbom["packages"]}
    libraries = closure()
    listed = {os.path.basename(f["fileName"]): f for f in sbom["files"]}
    lost = [n for n in libraries if n not in listed]
    ok(not lost, "it lists each of the %d libraries that readelf finds" % len(libraries), lost)
    wrong = []
    for path in libraries.values():
        name = package_of(path)
        version = run("dpkg-query", "-W", "-f", "${Version}\\n", name).split("\n")[0]
        if packages.get(name, {}).get("versionInfo") != version:
            wrong.append("%s: %s, dpkg says %s" % (name, packages.get(name, {}).get("versionInfo"), version))
    ok(not wrong, "their packages and versions are those that dpkg knows", wrong)
    bad = []
    for name, entry in names.items():
        if not entry.isfile() or not re.search(r"\.so|bin/skua$|ca-certificates.crt", name):
            continue
        said = next((f for f in sbom["files"] if f["fileName"] == "./" + name), None)
        digest = hashlib.sha256(layer.extractfile(entry).read()).hexdigest()
        if not said or digest not in [c["checksumValue"] for c in said["checksums"]]:
            bad.append(name)
    ok(not bad, "it has the SHA-256 of every binary in the image, and of the certificates", bad)
    check_sbom_itself(sbom, packages, names)


def check_sbom_itself(sbom, packages, names):
    known = {e["SPDXID"] for e in sbom["packages"] + sbom["files"]} | {"SPDXRef-DOCUMENT"}
    loose = [r for r in sbom["relationships"] if not {r["spdxElementId"], r["relatedSpdxElement"]} <= known]
    ok(sbom["spdxVersion"] == "SPDX-2.3" and not loose, "its relationships lead to what it lists", loose)
    ok(len(known) == len(sbom["packages"] + sbom["files"]) + 1, "no two of its elements share a name")
    used = set(re.findall(r"LicenseRef-[A-Za-z0-9.-]+", json.dumps([p["licenseDeclared"] for p in sbom["packages"]])))
    given = {e["licenseId"] for e in sbom["hasExtractedLicensingInfos"] if e["extractedText"].strip()}
    ok(used == given, "each licence that SPDX has no name for is given in full", used ^ given)
    unlicensed = [n for n, p in packages.items() if p["licenseDeclared"] in ("", "NOASSERTION", "NONE")]
    ok(not unlicensed, "each package has a licence", unlicensed)
    papers = [n for n in packages if n != "skua" and "usr/share/doc/%s/copyright" % n not in names]
    ok(not papers, "and its own words about it are in the image", papers)


def main():
    index, manifest, config, layer = open_image()
    members = layer.getmembers()
    check_files([m for m in members if m.name.strip("./")])
    check_labels(index, config)
    check_sbom(layer, members)
    print("# figure: image: %.1f MB packed, %.1f MB unpacked, %d files, of them skua %.1f MB"
          % (manifest["layers"][0]["size"] / 1e6, sum(m.size for m in members) / 1e6,
             sum(m.isfile() for m in members), next(m.size for m in members if m.name.endswith("bin/skua")) / 1e6))


main()
