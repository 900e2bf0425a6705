"""Downloads one file over HTTP: whole or absent, and resumed where it broke off."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from assay import __version__
from assay.core.errors import MissingPartError

Progress = Callable[[int, int | None], None]
"""Hears of bytes: how many are here, and how many there will be (None: the server doesn't say)."""

_BLOCK = 1 << 18
_PASSING = {408, 425, 429, 500, 502, 503, 504}  # answers that another try may change
_BROKEN = (URLError, TimeoutError, ConnectionError, HTTPException, ssl.SSLError)


@dataclass(frozen=True)
class Partial:
    """What is here of an unfinished download: its bytes, and the version of the server's file."""

    bytes_path: Path
    version_path: Path

    @classmethod
    def of(cls, path: Path) -> Partial:
        """The unfinished download that is to become `path`."""
        return cls(path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.part.version"))

    @property
    def size(self) -> int:
        """Bytes that are here."""
        return self.bytes_path.stat().st_size if self.bytes_path.exists() else 0

    @property
    def version(self) -> str:
        """The ETag or date of the file that the bytes are of; empty when the server gave none."""
        return self.version_path.read_text(encoding="utf-8") if self.version_path.exists() else ""

    def begin(self, version: str) -> None:
        """Forget the bytes, and remember the version of those that follow."""
        self.bytes_path.write_bytes(b"")
        self.version_path.write_text(version, encoding="utf-8")

    def clear(self) -> None:
        """Forget everything."""
        self.bytes_path.unlink(missing_ok=True)
        self.version_path.unlink(missing_ok=True)


def download(
    url: str,
    path: Path,
    *,
    hint: str = "",
    progress: Progress | None = None,
    timeout: float = 30.0,
    tries: int = 4,
    pause: float = 0.5,
) -> None:
    """Download `url` to `path`.

    Bytes gather in ``NAME.part`` beside `path`, which is renamed when all are here. What a broken connection
    or Ctrl-C leaves there is where the next call goes on, as long as the server's file is still the same one
    (a range request with If-Range, RFC 9110 section 13.1.5); else the download begins anew.

    Args:
        hint: what the user can do when it fails.
        timeout: seconds to wait for the connection and for each block.
        tries: failures in a row, without a byte between them, that end the download.
        pause: seconds before the second try; doubles with each one.

    Raises:
        MissingPartError: the server cannot be reached, refuses, or breaks off `tries` times.
        OSError: the disk is full or may not be written.
    """
    partial = Partial.of(path)
    failures = 0
    while True:
        before = partial.size
        try:
            _receive(url, partial, progress, timeout)
            break
        except _BROKEN as error:
            if isinstance(error, HTTPError):
                error.close()  # it holds the connection
            failures = failures + 1 if partial.size <= before else 1
            if failures >= tries or _is_final(error):
                raise MissingPartError(f"cannot download {url}: {_reason(error)}", hint=hint) from error
            if (
                isinstance(error, HTTPError) and error.code == 416
            ):  # the part is no start of the server's file
                partial.clear()
        time.sleep(pause * 2 ** (failures - 1))
    partial.bytes_path.replace(path)
    partial.clear()


def _receive(url: str, partial: Partial, progress: Progress | None, timeout: float) -> None:
    headers = {"User-Agent": f"assay/{__version__}"}
    if partial.size and partial.version:
        headers |= {"Range": f"bytes={partial.size}-", "If-Range": partial.version}
    with urlopen(Request(url, headers=headers), timeout=timeout) as response:
        if not _goes_on(response, partial):
            partial.begin(_version(response))
        done = partial.size
        length = response.headers.get("Content-Length")
        total = done + int(length) if length else None
        with partial.bytes_path.open("ab") as stream:
            while block := response.read(_BLOCK):
                stream.write(block)
                done += len(block)
                if progress:
                    progress(done, total)
    if total is not None and done < total:
        raise ConnectionError(f"the connection ended after {done:,} of {total:,} bytes")


def _goes_on(response: HTTPResponse, partial: Partial) -> bool:
    """Whether the answer is the rest of what is here."""
    if response.status != 206:
        return False
    start = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    if start != str(partial.size):
        partial.clear()
        raise ConnectionError(
            f"the server sent the bytes from {start or 'nowhere'} instead of those asked for"
        )
    return True


def _version(response: HTTPResponse) -> str:
    """The strong ETag or the date of the server's file; If-Range takes no weak ETag."""
    tag = response.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")


def _is_final(error: Exception) -> bool:
    """Whether another try is no use: the server refuses, its name isn't known, its certificate isn't good."""
    if isinstance(error, HTTPError):
        return error.code not in _PASSING and error.code != 416
    cause = error.reason if isinstance(error, URLError) else error
    return isinstance(cause, socket.gaierror | ssl.SSLCertVerificationError)


def _reason(error: Exception) -> str:
    if isinstance(error, HTTPError):
        return f"the server answered {error.code} {error.reason}"
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    text = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return text or type(cause).__name__
