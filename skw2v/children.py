"""Child processes: who may start them, and how.

They are plain interpreters that import what they need, but not the user's script. So
scripts need no guard, and the start method of `multiprocessing` doesn't matter.
"""

import os
import sys
from multiprocessing import parent_process
from multiprocessing.spawn import get_executable

PROCESS = os.getpid()  # the process that imported this module; a fork of it differs


def are_allowed() -> bool:
    """Return whether this process may start others.

    A child process of `multiprocessing`, such as a worker of joblib, shares the machine
    with its siblings, and may not be allowed to have children. Nor should a fork.
    """
    is_child = parent_process() is not None or os.getpid() != PROCESS
    return not is_child and bool(get_executable())


def command(module: str, function: str, *arguments: object) -> list[str]:
    """Return the command that calls a function in a new interpreter.

    Parameters
    ----------
    module, function : str
    *arguments : object
        Arguments; the `repr` of each must be an expression that makes it.

    Returns
    -------
    list of str
    """
    path = [os.fsdecode(folder) for folder in sys.path]
    code = f"""
import sys
sys.path[:] = {path!r}
from {module} import {function}
{function}(*{arguments!r})
"""
    return [os.fsdecode(get_executable()), "-c", code]
