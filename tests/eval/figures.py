# SPDX-License-Identifier: BSD-2-Clause
"""Shares, rates and rankings with their 95 % intervals."""
import math

Z = 1.959964  # 95 %, two-sided


def wilson(hits, total):
    """(low, high) of a share (Wilson 1927)."""
    if not total:
        return (0.0, 1.0)
    p, zz = hits / total, Z * Z
    centre = p + zz / (2 * total)
    spread = Z * math.sqrt(p * (1 - p) / total + zz / (4 * total * total))
    scale = 1 + zz / total
    return (max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale))


def share(hits, total):
    low, high = wilson(hits, total)
    return {"hits": hits, "total": total, "share": round(hits / total, 4) if total else None,
            "low": round(low, 4), "high": round(high, 4)}


def poisson(count, exposure):
    """A count per exposure, with Byar's approximation of the exact interval."""
    if not exposure:
        return {"count": count, "exposure": 0, "rate": None, "low": None, "high": None}
    low = 0.0
    if count:
        low = count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3
    more = count + 1
    high = more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3
    return {"count": count, "exposure": round(exposure, 3), "rate": round(count / exposure, 5),
            "low": round(max(0.0, low) / exposure, 5), "high": round(high / exposure, 5)}


def quantile(values, part):
    """The value at that part of the sorted ones; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def spread(values):
    """Median, 95th percentile and largest."""
    return {"n": len(values)} | {name: None if not values else round(quantile(values, part), 3)
                                 for name, part in (("median", 0.5), ("p95", 0.95), ("most", 1.0))}


def precision_at(ranked, k):
    """Share of true ones among the first k of [(score, true)]; equal scores: false ones first."""
    first = sorted(ranked, key=lambda one: (-one[0], one[1]))[:k]
    return share(sum(1 for _, true in first if true), len(first)) | {"k": k}


THRESHOLDS = [round(0.05 * i, 2) for i in range(1, 20)] + [1.0]


def roc(scores, false_scores, exposure):
    """By threshold on the score: the share of attacks found, false findings per host-day."""
    points = []
    for threshold in THRESHOLDS:
        hits = sum(1 for score in scores if score >= threshold)
        false = sum(1 for score in false_scores if score >= threshold)
        points.append({"threshold": threshold, "recall": round(hits / len(scores), 4) if scores else None,
                       "false_per_host_day": round(false / exposure, 4) if exposure else None})
    return points
