# SPDX-License-Identifier: BSD-2-Clause
"""Looks for the most that each law brings below the threshold, and for the least above it."""
import concurrent.futures

import play

AT_ONCE = 2     # processors of a small machine
ROUNDS = 4      # the grid, then between two of its rates
BETWEEN = 5     # rates tried there at a time
QUANTILE = 0.9  # of the seeds must stay below
SEED = 11


def between(low, high):
    """Some whole rates between two, evenly by ratio."""
    step = (high / low) ** (1 / (BETWEEN + 1))
    return sorted({round(low * step ** i) for i in range(1, BETWEEN + 1)} - {low, high})


class Trial:
    """A law's variant: which share of its seeds stayed below, by rate."""

    def __init__(self, law, variant):
        self.law, self.variant = law, variant
        self.below = {}
        self.unbounded = False

    def bound(self):
        """The highest rate that evades, or 0."""
        return max((rate for rate, share in self.below.items() if share >= QUANTILE), default=0)

    def above(self):
        """The lowest one beyond it, which does not; None: it was not seen."""
        if self.unbounded:
            return None
        return min((rate for rate in self.below if rate > self.bound()), default=None)

    def worth(self):
        return int(self.law.worth(self.bound(), self.variant))

    def rates(self):
        """What to try next."""
        if not self.below:
            return self.law.rates
        if not self.bound() or not self.above():
            return []
        return between(self.bound(), self.above())


def play_round(trial, rates, name):
    """Each trial has captures of its own, so that no law's figures depend on another's."""
    blocks, asked = [], []
    for rate in rates:
        for _ in range(trial.law.seeds):
            at = play.host(len(asked))
            blocks.append(trial.law.text(at, rate, trial.variant))
            asked.append((rate, at["src"]))
    found = play.judge_lines(blocks, SEED, name)
    for rate, source in asked:
        trial.below[rate] = trial.below.get(rate, 0) + (source not in found) / trial.law.seeds


def try_out(trial):
    for _ in range(ROUNDS):
        rates = trial.rates()
        if not rates:
            break
        play_round(trial, rates, "trial-%x" % id(trial))


def hunt(laws):
    """The best trial of each law."""
    trials = [Trial(law, variant) for law in laws for variant in law.variants]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(try_out, trials))
    return [max((trial for trial in trials if trial.law is law), key=Trial.worth) for law in laws]
