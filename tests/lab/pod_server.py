# SPDX-License-Identifier: BSD-2-Clause
"""An API server for the lab: FOLDER gets its certificate and its URL; lines say what pods come."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../deploy"))
from api_server import Api, event, pod


def main():
    folder = sys.argv[1]
    api = Api(folder)
    for line in sys.stdin:  # "one 10.80.0.2", "namespace/one 10.80.0.2", or "start"
        words = line.split()
        if words == ["start"]:
            api.start()
            with open(os.path.join(folder, "url.part"), "w", encoding="ascii") as file:
                file.write(api.url)
            os.rename(file.name, os.path.join(folder, "url"))
            continue
        namespace, _, name = words[0].rpartition("/")
        made = pod(name, *words[1:], namespace=namespace or "shop", version=str(200 + len(api.pods)))
        api.pods.append(made)
        api.say(event("ADDED", made))


main()
