"""What the scripts `fuzz_*.py` share: many damaged files, and one check of each."""

import argparse
import tracemalloc
from collections import Counter
from time import perf_counter


def run_trials(check, trials, most_bytes):
    """Check each trial, a tuple of arguments.

    Returns
    -------
    outcomes : Counter
        Of what `check` returned.
    slowest : float
        Seconds.
    largest : int
        Bytes of memory; `most_bytes` is refused.
    """
    outcomes, slowest, largest = Counter(), 0.0, 0
    tracemalloc.start()
    try:
        for number, trial in enumerate(trials):
            tracemalloc.reset_peak()
            start = perf_counter()
            try:
                outcomes[check(*trial)] += 1
            except Exception as error:
                raise AssertionError(f"file {number}: {trial!r}") from error
            slowest = max(slowest, perf_counter() - start)
            largest = max(largest, tracemalloc.get_traced_memory()[1])
            assert largest < most_bytes, trial
    finally:
        tracemalloc.stop()
    return outcomes, slowest, largest


def main(fuzz, description):
    """Fuzz with the options of the command line, and print what came of the files."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    outcomes, slowest, largest = fuzz(options.count, options.seed)
    for outcome, n_files in sorted(outcomes.items()):
        print(f"{n_files:8,} {outcome}")
    print(f"slowest {slowest:.3f} s, most memory {largest / 2**20:.1f} MiB")
