"""Measure every table and figure of docs/performance.md again, in one sitting.

Each section calls the `main` of other scripts, in a fresh process, which write their
tables to a report as soon as they have them, so that an interrupted sitting keeps what
it has. Run by hand, on an idle machine::

    python benchmarks/performance.py --corpus wiki.txt.xz

Without ``--only``, it leaves out the sections that take longest, which can be measured
in a sitting of their own. The times of the sections are those of two cores.
"""

import argparse
import shlex
import traceback
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from time import perf_counter

from engine import batch_size_of
from machine import describe
from memory import in_fresh_process

# Updates have the size that they have on a large corpus, with 100 and 300 components.
BATCHES = {f"batch_{n}": batch_size_of(n) for n in (100, 300)}
GENSIM = "compare_gensim --corpus {corpus} "
# Several epochs, so that most of the training is done by processes.
TRAINING = GENSIM + "--words 4000000 --epochs 3 --batch-size {batch_100} --tables "


class Section:
    """A section of the page.

    Parameters
    ----------
    minutes : int
        About how long it takes.
    *commands : str
        Scripts and their arguments.
    """

    def __init__(self, minutes, *commands):
        self.minutes, self.commands = minutes, commands


SECTIONS = {
    "training": Section(
        15,
        TRAINING + "training --pairs 3",
        TRAINING + "training --components 300 --batch-size {batch_300} --pairs 3"
        " --epochs 2",
        TRAINING + "training --loss hierarchical_softmax --pairs 3 --epochs 2",
    ),
    "peer": Section(
        2,
        "compare_peer --corpus {corpus} --words 2500000 --epochs 4"
        " --batch-size {batch_100}",
    ),
    "fit": Section(
        4,
        GENSIM + "--words 2000000 --pairs 3 --tables fit --model skipgram",
    ),
    "jobs": Section(6, TRAINING + "jobs --pairs 3 --words 1500000"),
    "workers": Section(
        1,
        "workers --corpus {corpus} --words 4000000 --epochs 3 --pairs 3 --workers 1 2"
        " --batch-size {batch_100}",
    ),
    "memory": Section(5, TRAINING + "memory --words 5000000 --epochs 3"),
    "disk": Section(15, "larger_than_memory --figure {folder}/corpus_storage.png"),
    "transform": Section(1, TRAINING + "transform"),
    "sorted": Section(2, "sorted_corpus --seeds 0"),
    "documents": Section(2, "reading_documents --corpus {corpus}"),
    "evaluation": Section(
        3,
        "compare_evaluation --words 50000",
        "compare_evaluation --words 200000 --components 300 --every 20",
    ),
    "scaling": Section(
        4, "scaling --corpus {corpus} --figure {folder}/scaling.png --turns 2"
    ),
    "reading": Section(3, "compare_reading --words 50000 --pairs 3"),
    "roofline": Section(1, "roofline --corpus {corpus} --words 5000000"),
    "small": Section(5, "small_corpora --turns 5"),
    "min_count": Section(3, "min_count"),
    "quality": Section(
        30,
        GENSIM + "--tables quality --model skipgram",
        GENSIM + "--tables quality --model cbow",
    ),
    "softmax": Section(
        10, GENSIM + "--tables quality --seeds 0 --loss hierarchical_softmax"
    ),
    "curves": Section(
        10,
        "learning_curves --corpus {corpus} --epochs 1 3 --figure {folder}/quality.png",
    ),
}
# Measured only where `--only` names them.
APART = "quality", "softmax", "curves", "disk"

# Arguments that follow the others in order to see quickly whether a script works.
QUICK = {
    "compare_gensim": "--words 20000 --components 8 --pairs 1 --epochs 1 --seeds 0",
    "compare_peer": "--words 20000 --components 8 --pairs 1 --epochs 1",
    "compare_evaluation": "--words 3000 --components 4 --every 2000 --turns 1",
    "compare_reading": "--words 1000 --components 100 --pairs 1",
    "larger_than_memory": "--tokens 3e4 --sizes 2e4 --words 50 --components 4 "
    "--turns 1",
    "learning_curves": "--words 20000 --epochs 1 2 --model cbow",
    "min_count": "--every 200",
    "reading_documents": "--turns 1",
    "roofline": "--words 20000 --components 8",
    "scaling": "--lengths 4e3 8e3 --words 100 1e3 --random-length 5e3 --turns 1 "
    "--components 4",
    "small_corpora": "--seeds 1 --turns 1 --sizes 100 500",
    "sorted_corpus": "--every 100 --seeds 0",
    "workers": "--words 3000 --components 8 --pairs 1",
}


def run(command, options):
    """Append what a script prints to the report; return whether it worked."""
    with open(options.report, "a", encoding="utf-8") as file, redirect_stdout(file):
        print(f"\n`{command}`", flush=True)
        script, arguments = arguments_of(command, options)
        try:
            import_module(script).main(arguments)
        except Exception:
            traceback.print_exc(file=file)
            return False
    return True


def arguments_of(command, options):
    """Return the script that a command names, and its arguments."""
    values = BATCHES | {"corpus": options.corpus, "folder": options.report.parent}
    script, *arguments = [part.format_map(values) for part in shlex.split(command)]
    if script == "compare_peer":
        for peer in options.peer:
            arguments += ["--peer", peer]
    if options.quick:
        arguments += QUICK[script].split()
    return script, arguments


def measure(name, options):
    """Append a section to the report; return whether all of its scripts worked."""
    append(options.report, f"\n## {name}")
    start = perf_counter()
    worked = [
        in_fresh_process(run, command, options) for command in SECTIONS[name].commands
    ]
    append(options.report, f"\nThis took {(perf_counter() - start) / 60:.1f} minutes.")
    return all(worked)


def append(report, line):
    """Print a line, and append it to the report."""
    print(line, flush=True)
    with open(report, "a", encoding="utf-8") as file:
        print(line, file=file)


def parse(argv):
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--corpus", required=True, help="text file, one document per line")
    add("--peer", action="append", default=[], help="see compare_peer.py")
    add("--only", nargs="+", choices=SECTIONS, help="sections", metavar="NAME")
    add("--report", type=Path, default=Path("report.md"), help="file to append to")
    add("--quick", action="store_true", help="only see whether all scripts work")
    options = parser.parse_args(argv)
    if options.only is None:
        options.only = [name for name in SECTIONS if name not in APART]
    if not options.peer:
        options.only = [name for name in options.only if name != "peer"]
    return options


def main(argv=None):
    """Write the report."""
    options = parse(argv)
    append(options.report, f"# Performance\n\n{describe()}")
    if not options.quick:
        minutes = {name: SECTIONS[name].minutes for name in options.only}
        print(f"minutes, about {sum(minutes.values())} in total: {minutes}")
    failed = [name for name in options.only if not measure(name, options)]
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
