"""A text file as bytes: UTF-8, a few megabytes at a time."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 22


@dataclass(frozen=True)
class Text:
    """A text file: where it stands, and its UTF-8 bytes when the file itself holds something else.

    Attributes:
        path: the file.
        data: UTF-8 without byte-order mark; None when the file can be read as it is.
        notes: what was guessed.
    """

    path: Path
    data: bytes | None = None
    notes: tuple[str, ...] = ()

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """The bytes from `start` on, a few megabytes at a time."""
        if self.data is not None:
            for at in range(start, len(self.data), _CHUNK):
                yield self.data[at : at + _CHUNK]
            return
        with self.path.open("rb") as stream:
            stream.seek(start)
            while chunk := stream.read(_CHUNK):
                yield chunk

    def head(self, size: int, start: int = 0) -> bytes:
        """The first `size` bytes from `start` on."""
        if self.data is not None:
            return self.data[start : start + size]
        with self.path.open("rb") as stream:
            stream.seek(start)
            return stream.read(size)

    def offset(self, lines: int) -> int:
        """Where the line after this many lines begins, the byte-order mark left out."""
        at = len(codecs.BOM_UTF8) if self.head(3) == codecs.BOM_UTF8 else 0
        for chunk in self.chunks(at):
            ends = chunk.count(b"\n")
            if ends >= lines:
                return at + _after(chunk, lines)
            lines -= ends
            at += len(chunk)
        return at

    def whole(self) -> str:
        """All of it as text; for files whose records are not regular enough to be read in pieces."""
        data = self.path.read_bytes() if self.data is None else self.data
        return data.decode("utf-8-sig")


def _after(chunk: bytes, lines: int) -> int:
    at = 0
    for _ in range(lines):
        at = chunk.index(b"\n", at) + 1
    return at
