"""Measure the seconds of jobs that take turns.

The speed of a machine changes while it works. So the jobs take turns, and what counts
is the median and the range of the ratio within a turn.
"""

from time import perf_counter

import numpy as np


def seconds_of(function, *arguments, **settings):
    """Return the seconds that a call takes."""
    start = perf_counter()
    function(*arguments, **settings)
    return perf_counter() - start


def compare(jobs, n_turns, amount):
    """Run jobs in turns, and compare the last one with the fastest of the others.

    Parameters
    ----------
    jobs : dict of str to callable
        Functions that return their seconds.
    n_turns : int
    amount : int
        Number of tokens or documents that a job processes.

    Returns
    -------
    dict of str to float
        Median speed of each job, per second; median, minimum and maximum of the ratio
        in a turn. A ratio above 1 means that the last job is faster.
    """
    functions = list(jobs.values())
    seconds = np.empty((n_turns, len(functions)))
    order = range(len(functions))
    for turn in range(n_turns):
        for job in reversed(order) if turn % 2 else order:
            seconds[turn, job] = functions[job]()
    fastest = np.median(seconds[:, :-1], axis=0).argmin()
    ratio = seconds[:, fastest] / seconds[:, -1]
    speeds = dict(zip(jobs, np.median(amount / seconds, axis=0), strict=True))
    return speeds | {"ratio": np.median(ratio), "min": ratio.min(), "max": ratio.max()}
