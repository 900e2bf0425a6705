"""Standard streams that outlive their readers: `assay inspect DATA | head` ends quietly, a run goes on."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Outlet(io.FileIO):
    """A standard stream's bytes; once the reader of the pipe has gone, what is written is dropped."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "wb", closefd=False)

    def write(self, data: ReadableBuffer, /) -> int:
        """Write, or drop where nobody reads.

        Raises:
            OSError: another failure, such as a full disk; what comes after it is dropped.
        """
        try:
            return super().write(data)
        except OSError as error:
            _send_nowhere(self.fileno())
            if isinstance(error, BrokenPipeError):
                return len(memoryview(data).cast("B"))
            error.filename = "standard output" if self.fileno() == 1 else "standard error"
            raise


def _send_nowhere(number: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def keep_streams() -> None:
    """Put an `Outlet` under standard output and standard error, for the rest of the process."""
    sys.stdout, sys.stderr = _kept(sys.stdout), _kept(sys.stderr)


def _kept(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):  # closed from the start, or replaced by a program
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(Outlet(stream.fileno())),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
