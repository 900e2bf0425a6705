"""The bytes of a text file as UTF-8 with line feeds, whatever they came as."""

from __future__ import annotations

import codecs
import gzip
import zlib
from pathlib import Path

from assay.core.errors import DataError
from assay.data.reading.text import Text

_HEAD = 1 << 22
_MARKS = (  # byte-order marks; the longer first, since UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 26, 27})


def open_text(path: Path, encoding: str | None = None, *, packed: bool = False) -> Text:
    """Look at the bytes of a text file and decode them where they are not UTF-8.

    Args:
        path: the file.
        encoding: when it is known.
        packed: whether it is a gzip file.

    Raises:
        DataError: the bytes are no text in this encoding, with the line.
    """
    data = _unpacked(path) if packed else None
    text = Text(path, data)
    if encoding is not None and codecs.lookup(encoding).name != "utf-8":
        return _line_feeds(_decoded(text, encoding))
    mark = next((name for mark, name in _MARKS if text.head(4).startswith(mark)), None)
    if mark not in {None, "utf-8-sig"}:
        return _line_feeds(_decoded(text, str(mark), f"encoding {mark} by its byte-order mark"))
    wide = _wide(text.head(4096))
    if encoding is None and wide:
        return _line_feeds(_decoded(text, wide, f"encoding {wide}: every second byte is zero"))
    _refuse_binary(text)
    fault = _first_fault(text)
    if fault is None:
        return _line_feeds(text)
    if encoding is not None:
        raise DataError(
            _fault(text, fault, "UTF-8"), hint="leave encoding out to have it guessed", where=path.name
        )
    note = f"{_fault(text, fault, 'UTF-8')}: read as Windows-1252; set encoding if names look wrong"
    return _line_feeds(_decoded(text, "windows-1252", note))


def _unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path) as stream:
            return stream.read()
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"the gzip file cannot be unpacked: {error}", where=path.name) from error


def _decoded(text: Text, encoding: str, note: str = "") -> Text:
    data = text.path.read_bytes() if text.data is None else text.data
    try:
        decoded = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "windows-1252":
            raise DataError(
                _fault(text, error.start, encoding), hint="set another encoding", where=text.path.name
            ) from error
        decoded = data.decode("latin-1")  # five bytes mean nothing in Windows-1252
    except UnicodeError as error:
        raise DataError(f"the bytes are not {encoding} text: {error}", where=text.path.name) from error
    zero = decoded.find("\0")
    if zero >= 0:
        line = decoded.count("\n", 0, zero) + 1
        raise DataError(f"a zero byte stands in line {line}: not a text file", where=text.path.name)
    whole = decoded.removeprefix("\ufeff").encode("utf-8", "replace")
    return Text(text.path, whole, (*text.notes, note) if note else text.notes)


def _line_feeds(text: Text) -> Text:
    """Old Macintosh files end their lines with a carriage return alone."""
    head = text.head(_HEAD)
    if b"\r" not in head or b"\n" in head:
        return text
    data = b"".join(text.chunks())
    if b"\n" in data:
        return text
    return Text(text.path, data.replace(b"\r", b"\n"), (*text.notes, "lines end with a carriage return"))


def _wide(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) and even == 0:
        return "utf-16-le"
    if even > 0.4 * len(head) and odd == 0:
        return "utf-16-be"
    return None


def _refuse_binary(text: Text) -> None:
    head = text.head(4096)
    strange = len(head) - len(head.translate(None, _CONTROLS))
    if strange > 0.02 * len(head) and strange > 1:
        raise DataError(
            f"the file is not text: {strange} of its first {len(head)} bytes are control characters",
            hint="read are CSV, TSV, Parquet, Arrow and Excel files",
            where=text.path.name,
        )


def _first_fault(text: Text) -> int | None:
    """The offset of the first byte that is not UTF-8; a zero byte is refused outright."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    at = 0
    clean = True  # whether the decoder holds no half character
    for chunk in text.chunks():
        if b"\0" in chunk:
            line = _line(text, at + chunk.index(b"\0"))
            raise DataError(
                f"a zero byte stands in line {line}: not a text file, or a damaged one", where=text.path.name
            )
        if not (clean and chunk.isascii()):
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return at - held + error.start
            clean = not decoder.getstate()[0]
        at += len(chunk)
    return None if clean else at - len(decoder.getstate()[0])


def _fault(text: Text, offset: int, encoding: str) -> str:
    data = b"".join(text.chunks(offset))[:1]
    byte = f"byte 0x{data[0]:02X}" if data else "the last character, cut off,"
    return f"{byte} in line {_line(text, offset)} is not {encoding}"


def _line(text: Text, offset: int) -> int:
    line, at = 1, 0
    for chunk in text.chunks():
        if at + len(chunk) > offset:
            return line + chunk.count(b"\n", 0, offset - at)
        line += chunk.count(b"\n")
        at += len(chunk)
    return line
