"""Other processes that read documents along with this one.

They are started by `subprocess`, and import no more than they need: they are at work
after a tenth of a second, which is what reading two million characters takes. The
memory of each is that of NumPy.
"""

import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from io import FileIO
from multiprocessing.connection import wait
from queue import SimpleQueue
from subprocess import PIPE, Popen
from threading import Thread
from typing import Any, TypeAlias, cast

from ..children import command
from ..corpus import Corpus
from ..corpus.numbering import Numbers, number
from .documents import Analyzer

Part: TypeAlias = tuple[Corpus, list[str]]

AHEAD = 2  # batches that a helper has at a time, so that it never waits for one
PIPE_SIZE = 1 << 18  # bytes; a larger pipe means fewer waits, where it is possible
SWITCH = 1e-4  # seconds after which a helper's threads take turns


class Reader:
    """Reads batches of documents, with one numbering of their words.

    Parameters
    ----------
    analyzer : Analyzer
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self.analyzer = analyzer
        self._numbers = Numbers()

    @property
    def n_words(self) -> int:
        """Return the number of words seen so far."""
        return len(self._numbers)

    def read(self, first: int, documents: Iterable) -> Part:
        """Read documents, of which the first has a given position."""
        return number(self.analyzer.tokens(documents, first), first, self._numbers)


class Job:
    """A batch of documents to be read.

    Parameters
    ----------
    first : int
        Position of the first document.
    documents : sequence of documents

    Attributes
    ----------
    part : (Corpus, list of str) or None
        What `number` returns; None if it isn't known yet.
    helper : Helper or None
        The helper that reads it, if there is one.
    """

    def __init__(self, first: int, documents: Sequence) -> None:
        self.first, self.documents = first, documents
        self.part: Part | None = None
        self.helper: Helper | None = None


class Helper:
    """A process that reads documents.

    No method raises an error. If the process fails for any reason, it is no longer the
    `helper` of any job, and takes no new ones.

    Parameters
    ----------
    analyzer : bytes
        A pickled `Analyzer`.
    """

    def __init__(self, analyzer: bytes) -> None:
        self.is_lost = self._has_started = False
        self._jobs: deque[Job] = deque()
        self._words: list[str] = []
        arguments = command(__name__, "serve")
        self._process = Popen(
            arguments,
            bufsize=0,
            pipesize=PIPE_SIZE,
            stdin=PIPE,
            stdout=PIPE,
            start_new_session=True,  # an interrupt is for the other process alone
        )
        self._parent = os.getpid()
        self._input = cast(FileIO, self._process.stdin)
        self._output = cast(FileIO, self._process.stdout)
        try:
            _write(self._input, analyzer)
        except OSError:
            self.close()

    def has_room(self) -> bool:
        """Return whether it takes another job; receive what has been read so far."""
        self._leave_to_parent()
        while self._is_expected() and _is_readable(self._output):
            self.receive()
        return self._has_started and not self.is_lost and len(self._jobs) < AHEAD

    def take(self, job: Job) -> None:
        """Begin to read the documents of a job."""
        if self._leave_to_parent():
            return
        job.helper = self
        self._jobs.append(job)
        try:
            content = pickle.dumps((job.first, job.documents), pickle.HIGHEST_PROTOCOL)
            _write(self._input, content)
        except Exception:  # the user's own documents may raise anything
            self.close()

    def receive(self) -> None:
        """Wait for the part of the earliest job that has none."""
        if self._leave_to_parent():
            return
        try:
            answer = pickle.loads(_read(self._output))
        except Exception:
            self.close()
        else:
            if self._has_started:
                corpus, new_words = answer
                self._words += new_words
                self._jobs.popleft().part = corpus, self._words
            self._has_started = True

    def close(self) -> None:
        """End the process at once."""
        self.is_lost = True
        for job in self._jobs:
            job.helper = None
        self._jobs.clear()
        self._process.kill()
        with self._process:  # waits for its end, and closes the pipes
            pass

    def _leave_to_parent(self) -> bool:
        """Give up the process in a fork, where its answers don't belong."""
        is_forked = os.getpid() != self._parent
        if is_forked and not self.is_lost:
            self.close()
        return is_forked

    def _is_expected(self) -> bool:
        return not self.is_lost and bool(self._jobs or not self._has_started)


def serve() -> None:
    """Read documents for another process; called in the helping one.

    Two threads receive and send, so that neither process waits for the other. Any error
    ends the process: the other one then reads the documents again, and users see the
    error there.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process ends this one
    sys.setswitchinterval(SWITCH)
    source, target = FileIO(os.dup(0)), FileIO(os.dup(1), "wb")
    os.dup2(2, 1)  # so that what a tokenizer prints is not mixed with the answers
    jobs: SimpleQueue[bytes] = SimpleQueue()
    answers: SimpleQueue[Any] = SimpleQueue()
    try:
        reader = Reader(pickle.loads(_read(source)))
        _start(_receive, source, jobs)
        _start(_send, target, answers)
        answers.put(None)
        while True:
            n_known = reader.n_words
            corpus, words = reader.read(*pickle.loads(jobs.get()))
            answers.put((corpus, words[n_known:]))
    finally:
        os._exit(1)


def _start(function: Callable, *arguments: object) -> None:
    Thread(target=function, args=arguments, daemon=True).start()


def _receive(source: FileIO, jobs: SimpleQueue) -> None:
    try:
        while True:
            jobs.put(_read(source))
    finally:
        os._exit(0)


def _send(target: FileIO, answers: SimpleQueue) -> None:
    try:
        while True:
            _write(target, pickle.dumps(answers.get(), pickle.HIGHEST_PROTOCOL))
    finally:
        os._exit(1)


def _write(file: FileIO, content: bytes) -> None:
    """Write the number of bytes and then the bytes, as `_read` expects them."""
    for part in (len(content).to_bytes(8, "little"), content):
        view = memoryview(part)
        while view:
            view = view[cast(int, file.write(view)) :]


def _read(file: FileIO) -> bytearray:
    return _read_exactly(file, int.from_bytes(_read_exactly(file, 8), "little"))


def _read_exactly(file: FileIO, size: int) -> bytearray:
    content = bytearray(size)
    view = memoryview(content)
    while view:
        n_read = file.readinto(view)
        if not n_read:
            raise EOFError
        view = view[n_read:]
    return content


def _is_readable(file: FileIO) -> bool:
    """Return whether reading from a pipe would not wait."""
    if sys.platform != "win32":
        return bool(wait([file.fileno()], 0))
    import _winapi
    import msvcrt

    try:
        return _winapi.PeekNamedPipe(msvcrt.get_osfhandle(file.fileno()))[0] > 0
    except OSError:  # the other end is closed, as reading will show
        return True
