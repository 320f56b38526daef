#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Says in SPDX 2.3 what an image is made of, as Debian's package system knows it."""
import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
from datetime import datetime, timezone

# Debian's short names of licences (copyright-format 1.0) where SPDX has others for the same.
SPDX_NAMES = {
    "apache-2.0": "Apache-2.0", "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause",
    "bsd-4-clause": "BSD-4-Clause", "cc0-1.0": "CC0-1.0", "curl": "curl", "expat": "MIT",
    "gpl-1+": "GPL-1.0-or-later", "gpl-2": "GPL-2.0-only", "gpl-2.0": "GPL-2.0-only",
    "gpl-2+": "GPL-2.0-or-later", "gpl-2.0+": "GPL-2.0-or-later", "gpl-3": "GPL-3.0-only",
    "gpl-3+": "GPL-3.0-or-later", "isc": "ISC", "lgpl-2": "LGPL-2.0-only",
    "lgpl-2+": "LGPL-2.0-or-later", "lgpl-2.0": "LGPL-2.0-only", "lgpl-2.1": "LGPL-2.1-only",
    "lgpl-2.1+": "LGPL-2.1-or-later", "lgpl-3": "LGPL-3.0-only", "lgpl-3+": "LGPL-3.0-or-later",
    "mpl-2.0": "MPL-2.0", "zlib": "Zlib", "openldap-2.8": "OLDAP-2.8", "mit": "MIT",
}


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def owner(path):
    """The package that a file is of: dpkg knows it by the place it was unpacked to."""
    real = os.path.realpath(path)
    tried = [path, real] + [p[4:] for p in (path, real) if p.startswith("/usr/")]
    tried += ["/usr" + p for p in (path, real) if not p.startswith("/usr/")]
    for name in tried:
        done = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.splitlines()[0].rsplit(": ", 1)[0].split(",")[0]
    raise SystemExit("sbom: no Debian package owns %s" % path)


def plain(text):
    return re.sub(r"[^A-Za-z0-9.-]", "-", text)


class Licences:
    """Expressions of SPDX for what Debian's copyright files say; the words themselves otherwise."""

    def __init__(self):
        self.texts = {}

    def reference(self, name, text):
        identifier = "LicenseRef-" + plain(name)
        self.texts[identifier] = text
        return identifier

    def atom(self, package, word, copyright_text):
        known = SPDX_NAMES.get(word.lower())
        if known:
            return known
        stanza = re.search(r"^License: *%s *((?:\n[ \t].*)+)" % re.escape(word), copyright_text, re.M)
        text = stanza.group(1).strip("\n") if stanza else "as /usr/share/doc/%s/copyright says" % package
        return self.reference("%s-%s" % (package, word), text)

    def of(self, package, copyright_text):
        """Every licence that a file of the source has, for it cannot be told what was compiled."""
        if not re.match(r"Format(-Specification)?: ", copyright_text):
            return self.reference(package + "-copyright", copyright_text)
        names = []
        for stanza in re.split(r"\n\s*\n", copyright_text):
            files = re.search(r"^Files: *(.*(?:\n .*)*)", stanza, re.M)
            licence = re.search(r"^License: *(.*)", stanza, re.M)
            if files and licence and not files.group(1).strip().startswith("debian/"):
                names.append(self.expression(package, licence.group(1).strip(), copyright_text))
        names = sorted(set(n for n in names if n))
        return " AND ".join(names) if names else self.reference(package + "-copyright", copyright_text)

    def expression(self, package, words, copyright_text):
        if not words:
            return ""
        if re.search(r"\bwith\b|[,;]", words):
            return self.atom(package, words, copyright_text)
        parts = re.split(r"\s+(and|or)\s+", words)
        said = [p.upper() if i % 2 else self.atom(package, p.strip(), copyright_text)
                for i, p in enumerate(parts)]
        return said[0] if len(said) == 1 else "(%s)" % " ".join(said)


def debian_package(name, licences, root):
    show = "${Package}\\n${Version}\\n${Architecture}\\n${source:Package}\\n${source:Version}\\n${Maintainer}"
    package, version, arch, source, source_version, maintainer = run(
        "dpkg-query", "-W", "-f", show, name).split("\n")
    papers = "/usr/share/doc/%s/copyright" % package
    with open(papers, encoding="utf-8", errors="replace") as file:
        copyright_text = file.read()
    os.makedirs(os.path.dirname(root + papers), exist_ok=True)
    shutil.copy(os.path.realpath(papers), root + papers)
    purl = "pkg:deb/debian/%s@%s?arch=%s" % (package, version.replace("+", "%2B").replace("~", "%7E"), arch)
    return {
        "SPDXID": "SPDXRef-Package-" + plain(package), "name": package, "versionInfo": version,
        "supplier": "Organization: Debian", "originator": "Person: " + maintainer,
        "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
        "sourceInfo": "built by Debian from %s %s" % (source, source_version),
        "licenseConcluded": "NOASSERTION", "licenseDeclared": licences.of(package, copyright_text),
        "copyrightText": "NOASSERTION",
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                          "referenceLocator": purl}],
    }


def file_entry(root, path):
    with open(root + path, "rb") as file:
        content = file.read()
    return {
        "SPDXID": "SPDXRef-File" + plain(path), "fileName": "." + path,
        "checksums": [{"algorithm": "SHA1", "checksumValue": hashlib.sha1(content).hexdigest()},
                      {"algorithm": "SHA256", "checksumValue": hashlib.sha256(content).hexdigest()}],
        "licenseConcluded": "NOASSERTION", "copyrightText": "NOASSERTION",
    }


def relation(one, kind, other):
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def document(options):
    licences = Licences()
    skua = {
        "SPDXID": "SPDXRef-Package-skua", "name": "skua", "versionInfo": options.version,
        "supplier": "NOASSERTION", "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION", "copyrightText": "NOASSERTION",
        "licenseDeclared": "BSD-2-Clause AND (GPL-2.0-only OR BSD-2-Clause)",
        "primaryPackagePurpose": "CONTAINER",
    }
    packages, files = {}, [file_entry(options.root, "/usr/bin/skua")]
    relations = [relation("SPDXRef-DOCUMENT", "DESCRIBES", skua["SPDXID"]),
                 relation(skua["SPDXID"], "CONTAINS", files[0]["SPDXID"])]
    for path in options.libraries + [options.certificates]:
        is_library = path != options.certificates
        name = owner(path) if is_library else "ca-certificates"
        if name not in packages:
            packages[name] = debian_package(name, licences, options.root)
            relations.append(relation(skua["SPDXID"], "DYNAMIC_LINK" if is_library else "CONTAINS",
                                      packages[name]["SPDXID"]))
        place = path if path.startswith("/usr/") or not is_library else "/usr" + path
        files.append(file_entry(options.root, place))
        relations.append(relation(packages[name]["SPDXID"], "CONTAINS", files[-1]["SPDXID"]))
    names = sorted(packages.values(), key=lambda p: p["name"])
    identity = hashlib.sha256(json.dumps([names, files], sort_keys=True).encode()).hexdigest()
    created = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), timezone.utc)
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": "skua-%s-image" % options.version,
        "documentNamespace": "urn:skua:sbom:" + identity,
        "creationInfo": {"created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": ["Tool: skua-sbom"]},
        "packages": [skua] + names, "files": sorted(files, key=lambda f: f["fileName"]),
        "relationships": relations,
        "hasExtractedLicensingInfos": [{"licenseId": key, "name": key[len("LicenseRef-"):],
                                        "extractedText": text}
                                       for key, text in sorted(licences.texts.items())],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", required=True)
    parser.add_argument("--root", required=True, help="folder that becomes the image")
    parser.add_argument("--libraries", required=True, help="file of their paths, one a line")
    parser.add_argument("--certificates", required=True)
    options = parser.parse_args()
    with open(options.libraries, encoding="utf-8") as file:
        options.libraries = file.read().split()
    print(json.dumps(document(options), indent="\t"))


main()
