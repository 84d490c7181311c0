"""A headless Chromium, driven over the pipe of its DevTools protocol."""

import json
import os
import shutil
import subprocess
import sys
import time

NAMES = "chromium", "chromium-browser", "google-chrome", "chrome"
PROGRAM = next(filter(None, map(shutil.which, NAMES)), None)
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--remote-debugging-pipe",
)

# Chromium reads commands from descriptor 3, and writes to 4.
START = """
import fcntl, os, sys
read, write = (fcntl.fcntl(int(fd), fcntl.F_DUPFD, 10) for fd in sys.argv[1:3])
os.dup2(read, 3), os.dup2(write, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""


def why_not():
    """Return why no browser can be driven here, None if one can."""
    if os.name != "posix":
        return "the pipe of Chromium needs POSIX file descriptors"
    return None if PROGRAM else "Chromium is not installed"


class Browser:
    """One tab, and the events that it reports."""

    def __init__(self, profile):
        read, self._to = os.pipe()
        self._from, write = os.pipe()
        options = [*OPTIONS, f"--user-data-dir={profile}", "about:blank"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", START, str(read), str(write), PROGRAM, *options],
            pass_fds=(read, write),
            stderr=subprocess.DEVNULL,
        )
        os.close(read)
        os.close(write)
        self._session, self._last, self._received = {}, 0, b""
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")
        session = self.call("Target.attachToTarget", flatten=True, **target)
        self._session = session
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method, **params):
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        os.write(self._to, json.dumps(message | self._session).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._last:
                assert "error" not in answer, (method, answer)
                return answer["result"]
            self.events.append(answer)

    def _receive(self):
        while b"\0" not in self._received:
            part = os.read(self._from, 1 << 20)
            assert part, "the browser has ended"
            self._received += part
        message, self._received = self._received.split(b"\0", 1)
        return json.loads(message)

    def open(self, path, width, fragment=""):
        """Open a file in a window of some width; forget earlier events."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        self.call("Page.navigate", url="about:blank")
        self.events.clear()
        self.call("Page.navigate", url=f"{path.as_uri()}#{fragment}")
        ready = "location.protocol === 'file:' && document.readyState === 'complete'"
        while not self.run(ready):
            time.sleep(0.01)

    def run(self, code):
        """Return the value of an expression in the page."""
        answer = self.call("Runtime.evaluate", expression=code, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key):
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def happened(self, *methods):
        """Return what the page has reported."""
        return [e["params"] for e in self.events if e.get("method") in methods]

    def close(self):
        self._process.terminate()
        self._process.wait()
        os.close(self._to)
        os.close(self._from)
