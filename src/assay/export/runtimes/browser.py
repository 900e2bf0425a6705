"""The browser's runtime, onnxruntime-web, in Node: the page's own modules, without a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import weakref
from importlib import resources
from pathlib import Path
from typing import IO, Any

import numpy as np

from assay.core.errors import AssayError, MissingPartError
from assay.export import files
from assay.export.browser import RUNTIME_FILES, RUNTIME_FOLDER, install_line
from assay.export.runtimes.runtime import Runtime

_COUNT = np.dtype("<u4")
_NODE_HINT = "install Node 20 or newer, or leave the runtime out: the page works without this proof"


class BrowserRuntime(Runtime):
    """The page's network, run by WebAssembly as a browser runs it; one process for all batches.

    Args:
        folder: an exported folder whose page holds onnxruntime-web.

    Raises:
        MissingPartError: there is no Node, or no onnxruntime-web beside the page.
    """

    name = "onnxruntime-web"
    file = files.BROWSER

    def __init__(self, folder: Path) -> None:
        node = _node()
        if not has_runtime(folder):
            raise MissingPartError(
                "the page has no onnxruntime-web",
                hint=f"in this folder: {install_line()}",
                where=str(folder / files.BROWSER),
            )
        record = json.loads((folder / files.SCHEMA).read_text(encoding="utf-8"))
        self._dtype = np.dtype(record["input"]["dtype"]).newbyteorder("<")
        self._labels = len(record["labels"])
        # Not a pipe: one that nobody reads would stop Node when it is full.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 `close` closes it
        script = resources.files("assay.export").joinpath("templates/node/run_page.mjs")
        with resources.as_file(script) as path:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                [node, str(path), str(folder.resolve())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
            )
            self._end = weakref.finalize(self, _end, self._process, self._said)
            self.run(
                np.empty((0, *record["input"]["shape"][1:]), dtype=self._dtype)
            )  # the script is read now

    def run(self, raw: np.ndarray) -> np.ndarray:
        """See `Runtime.run`.

        Raises:
            AssayError: Node has stopped; with the end of what it said.
        """
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(np.array(len(raw), dtype=_COUNT).tobytes())
            process.stdin.write(np.ascontiguousarray(raw, dtype=self._dtype).tobytes())
            process.stdin.flush()
            count = int(np.frombuffer(self._read(process.stdout, 4), dtype=_COUNT)[0])
            output = np.frombuffer(self._read(process.stdout, 8 * count), dtype="<f8")
        except (BrokenPipeError, EOFError) as error:
            raise AssayError(f"onnxruntime-web stopped in Node: {self._last_words()}") from error
        return output.reshape(-1, self._labels) if self._labels else output

    def close(self) -> None:
        """Ends the process; garbage collection does so too."""
        self._end()

    def _read(self, stream: IO[bytes], size: int) -> bytes:
        content = stream.read(size)
        if len(content) < size:
            raise EOFError
        return content

    def _last_words(self) -> str:
        self._process.wait(10)
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").splitlines()
        errors = [line.strip() for line in lines if "Error" in line]
        return (errors or [line.strip() for line in lines if line.strip()] or ["it said nothing"])[-1][:300]


def has_runtime(folder: Path) -> bool:
    """Whether the page in an exported folder has its onnxruntime-web."""
    place = folder / files.BROWSER / RUNTIME_FOLDER
    return all((place / name).is_file() for name in RUNTIME_FILES)


def has_node() -> bool:
    """Whether Node is there to run it."""
    return shutil.which("node") is not None


def _node() -> str:
    path = shutil.which("node")
    if path is None:
        raise MissingPartError("there is no Node (node) to run the page's network in", hint=_NODE_HINT)
    return path


def _end(process: subprocess.Popen[bytes], said: Any) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except BrokenPipeError:  # it has stopped by itself
                continue
    process.terminate()
    process.wait()
    said.close()
