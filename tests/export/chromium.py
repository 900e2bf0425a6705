"""A headless Chromium that tests drive by its own protocol through a pipe: no driver, no port, no package."""

from __future__ import annotations

import base64
import functools
import http.server
import json
import os
import select
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage",
    "--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--hide-scrollbars", "--mute-audio", "--lang=en",
)  # fmt: skip
_PATIENCE = 60.0  # seconds
# The protocol's pipe is file descriptors 3 and 4; subprocess passes descriptors on, but chooses no numbers.
_STARTER = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for number, end in zip((3, 4), ends):
    os.dup2(end, number)
os.execv(sys.argv[3], sys.argv[3:])
"""


def find_chromium() -> str | None:
    """Path of a Chromium or Chrome, the one that `CHROMIUM` names first."""
    return next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM", ""), *NAMES))), None)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server for a folder's files, as `python -m http.server` is one."""

    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Silent, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Tab:
    """One page of a browser.

    Attributes:
        requests: addresses that it has asked for.
        complaints: what its console held: errors, warnings, what the page's policy refused.
    """

    def __init__(self, program: str, profile: Path) -> None:
        to_read, to_write = os.pipe()
        answers_read, answers_write = os.pipe()
        starter = [sys.executable, "-S", "-c", _STARTER, str(to_read), str(answers_write)]
        self._process = subprocess.Popen(
            [*starter, program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(to_read, answers_write),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(answers_write)
        self._out, self._in, self._rest, self._number = to_write, answers_read, b"", 0
        self._session: str | None = None
        self.requests: list[str] = []
        self.complaints: list[str] = []
        try:
            target = self.call("Target.createTarget", url="about:blank")["targetId"]
            self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
                self.call(f"{domain}.enable")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the browser."""
        os.close(self._out)
        os.close(self._in)
        self._process.terminate()
        self._process.wait(10)

    def call(self, method: str, **parameters: Any) -> Any:
        """One command of the protocol, and its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None and not method.startswith("Browser."):
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + _PATIENCE
        while True:
            answer = self._message(until)
            if answer.get("id") != self._number:
                self._note(answer)
            elif "error" in answer:
                raise AssertionError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def open(self, address: str) -> None:
        """Open a page, and wait until it says that it is ready, or has failed."""
        self.requests.clear()
        self.complaints.clear()
        self.call("Page.navigate", url=address)
        self.wait("document.documentElement?.dataset.ready")

    def value(self, expression: str) -> Any:
        """What an expression, or a promise, comes to."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise AssertionError(found["exceptionDetails"]["exception"].get("description"))
        return found["result"].get("value")

    def wait(self, expression: str) -> Any:
        """Wait until an expression is true; what it is then."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            found = self.value(
                f"(() => {{ const it = {expression}; return it instanceof Node ? true : it; }})()"
            )
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(f"never true: {expression}; the page: {self.value('document.body.innerText')}")

    def choose_files(self, selector: str, *paths: Path) -> None:
        """Give files to a file chooser."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def save(self, selector: str, folder: Path) -> Path:
        """Click a link that saves a file; where it was saved."""
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
        name = self.value(f"document.querySelector({selector!r}).download")
        self.value(f"document.querySelector({selector!r}).click()")
        until = time.monotonic() + _PATIENCE
        while not (folder / name).exists() and time.monotonic() < until:
            time.sleep(0.02)
        return folder / str(name)

    def screenshot(self, path: Path) -> None:
        """The whole page as a PNG."""
        found = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(found["data"]))

    def _message(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], max(until - time.monotonic(), 0))
            part = os.read(self._in, 1 << 16) if ready else b""
            if not part:
                raise AssertionError(f"the browser says nothing (its exit status: {self._process.poll()})")
            self._rest += part
        whole, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(whole)
        return message

    def _note(self, event: dict[str, Any]) -> None:
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif method == "Log.entryAdded":
            entry = parameters["entry"]
            self.complaints.append(f"{entry['text']} ({entry.get('url', '')})")
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(parameters["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in {"error", "warning", "assert"}:
            self.complaints.append(str([argument.get("value") for argument in parameters["args"]]))
