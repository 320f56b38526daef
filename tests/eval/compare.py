# SPDX-License-Identifier: BSD-2-Clause
"""What moved between two files of figures: shares, rates, scores and goals, by where they stand."""
LEAST = 0.005   # of a share or score: less is not shown
SHOWN = 80      # lines
# Times and amounts differ from draw to draw; lists of names are compared as such.
LEFT_OUT = {"seconds", "low", "high", "missed", "alarms", "violations", "after", "after_s",
            "after_tenth_s", "detection", "beside", "n"}
AMOUNTS = {"packets", "scenarios", "host_days", "lost", "attacks", "threshold", "schema", "count", "each", "allowed"}
NAMES = 12  # of what appeared or went, shown
RATES = ({"hits", "total"}, {"found", "of"}, {"count", "rate"})


def label_of(item, number):
    """What tells an element of a list from its neighbours."""
    if not isinstance(item, dict):
        return str(number)
    words = [str(value) for key, value in sorted(item.items()) if isinstance(value, str) and key not in ("shown", "reason")]
    words += [str(value) for value in item.get("cell", {}).values()] if isinstance(item.get("cell"), dict) else []
    words += [str(item[key]) for key in ("jitter", "loss", "exchanges", "seed") if key in item]
    return " ".join(words) or str(number)


def flatten(value, path=""):
    """{path: (number, how it is written)}"""
    flat = {}
    if isinstance(value, bool) or value is None or isinstance(value, str):
        if isinstance(value, bool):
            flat[path] = (float(value), str(value))
    elif isinstance(value, (int, float)):
        flat[path] = (float(value), "%.4g" % value)
    elif isinstance(value, list) and all(isinstance(item, dict) for item in value):
        for number, item in enumerate(value):
            flat |= flatten(item, "%s/%s" % (path, label_of(item, number)))
    elif isinstance(value, dict):
        rate = next((keys for keys in RATES if keys <= set(value)), None)
        if rate == RATES[2]:
            flat[path] = (value["rate"] or 0.0, "%s (%s)" % (value["rate"], value["count"]))
        elif rate:
            hits, total = (value["hits"], value["total"]) if "hits" in value else (value["found"], value["of"])
            flat[path] = (hits / total if total else 0.0, "%d/%d" % (hits, total))
        else:
            for key, item in value.items():
                if key not in LEFT_OUT and not (key in AMOUNTS and isinstance(item, (int, float))):
                    flat |= flatten(item, path + "/" + str(key) if path else str(key))
    return flat


def alarms_of(told):
    alarms = ((told.get("mix") or {}).get("report") or {}).get("alarms", [])
    return {"%s %s (%s)" % (alarm["kind"], alarm["who"], alarm["view"]) for alarm in alarms}


def spoilt_of(told):
    return set((told.get("robust") or {}).get("violations", []))


def show_names(what, before, after):
    for word, names in (("gone", before - after), ("new", after - before)):
        for name in sorted(names)[:NAMES]:
            print("  %s %s: %s" % (word, what, name))
        if len(names) > NAMES:
            print("  and %d %s more of these" % (len(names) - NAMES, word))


def show(old, new):
    """Goals first, then what moved most."""
    before, after = flatten(old), flatten(new)
    both = {path: abs(after[path][0] - before[path][0]) for path in before.keys() & after.keys()}
    moved = sorted((path for path, by in both.items() if by >= LEAST),
                   key=lambda path: (not path.startswith("goals"), -both[path], path))
    print("\nwhat moved: %d figures of %d; %d are new, %d are gone" % (
        len(moved), len(both), len(after.keys() - before.keys()), len(before.keys() - after.keys())))
    for path in moved[:SHOWN]:
        print("  %s: %s -> %s" % (path, before[path][1], after[path][1]))
    if len(moved) > SHOWN:
        print("  and %d more" % (len(moved) - SHOWN))
    show_names("false alarm", alarms_of(old), alarms_of(new))
    show_names("score that moves too far", spoilt_of(old), spoilt_of(new))
