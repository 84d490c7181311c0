"""Run one check on many damaged files, for the scripts `fuzz_*.py`."""

import argparse
import tracemalloc
from collections import Counter
from time import perf_counter


def run_trials(check, trials, max_bytes):
    """Call `check` with the arguments of each trial.

    Parameters
    ----------
    check : callable
        Returns the outcome of a trial as a str.
    trials : iterable of tuple
        Arguments of `check`.
    max_bytes : int
        A trial that takes this much memory raises an AssertionError.

    Returns
    -------
    outcomes : Counter
        Number of trials with each outcome.
    slowest : float
        Time of the slowest trial in seconds.
    largest : int
        Peak memory that a trial has taken, in bytes.
    """
    outcomes, slowest, largest = Counter(), 0.0, 0
    tracemalloc.start()
    try:
        for number, trial in enumerate(trials):
            tracemalloc.reset_peak()
            # The garbage of earlier trials, which may not have been collected yet.
            before, _ = tracemalloc.get_traced_memory()
            start = perf_counter()
            try:
                outcomes[check(*trial)] += 1
            except Exception as error:
                raise AssertionError(f"file {number}: {trial!r}") from error
            slowest = max(slowest, perf_counter() - start)
            _, peak = tracemalloc.get_traced_memory()
            largest = max(largest, peak - before)
            assert largest < max_bytes, trial
    finally:
        tracemalloc.stop()
    return outcomes, slowest, largest


def main(fuzz, description):
    """Fuzz with the options of the command line, and print the outcomes."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    outcomes, slowest, largest = fuzz(options.count, options.seed)
    for outcome, n_files in sorted(outcomes.items()):
        print(f"{n_files:8,} {outcome}")
    print(f"slowest {slowest:.3f} s, peak memory {largest / 2**20:.1f} MiB")
