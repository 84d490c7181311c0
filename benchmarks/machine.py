"""Describe the machine and the versions that all figures depend on."""

import os
import platform
import re
from datetime import date
from importlib.metadata import version
from pathlib import Path

from threadpoolctl import threadpool_info

PACKAGES = "skw2v", "gensim", "numpy", "scipy", "scikit-learn"


def processor():
    """Return the name of the CPU."""
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        return re.search(r"model name\s*:\s*(.+)", info)[1]
    except (OSError, TypeError):  # not Linux, or not an x86 processor
        return platform.processor() or platform.machine()


def describe():
    """Return the date, the processor, the system, and the versions, in one line."""
    libraries = {
        f"{info['internal_api']} {info['version']} ({info.get('architecture')})"
        for info in threadpool_info()
        if info["user_api"] == "blas"
    }
    return ", ".join(
        [
            f"{date.today()}: {processor()}",
            f"{os.cpu_count()} CPUs",
            f"{platform.system()} {platform.machine()}",
            f"Python {platform.python_version()}",
            *(f"{package} {version(package)}" for package in PACKAGES),
            *sorted(libraries),
        ]
    )
