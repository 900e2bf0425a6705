"""Files that are whole or absent: written to a temporary name beside the target, then renamed."""

from __future__ import annotations

import errno
import json
import math
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from assay.core.errors import InputError

_OPEN_FILES = ("/dev/std", "/dev/fd/", "/proc/")  # names of what the process has open, a file too


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """A temporary path, whose file becomes `path` when the block ends well, and goes away otherwise.

    A link stays, and what it points at is replaced. Devices, pipes and standard streams are written to.

    Raises:
        InputError: `path` is a folder, or the operating system refuses to write.
    """
    place = Path(path)
    with _refusals_named(place):
        written = _sent if _is_stream(place) else _renamed
        with written(place) as temporary:
            yield temporary


@contextmanager
def _refusals_named(path: Path) -> Iterator[None]:
    """The operating system's refusals become an `InputError`; a pipe whose reader has gone is none."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", where=str(path)) from error


def _is_stream(path: Path) -> bool:
    """Whether bytes are sent to it, as to a terminal or a pipe; anything else but a file is refused."""
    if not path.exists():
        return False
    mode = path.stat().st_mode
    if stat.S_ISREG(mode):
        return str(path.absolute()).startswith(_OPEN_FILES)
    if stat.S_ISCHR(mode) or stat.S_ISFIFO(mode):
        return True
    what = "a folder" if stat.S_ISDIR(mode) else "neither a file nor a pipe"
    raise InputError(f"{path} is {what}", hint="name a file")


@contextmanager
def _renamed(path: Path) -> Iterator[Path]:
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if target.is_symlink():  # links in a circle lead nowhere
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    _make_folder(target.parent)
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


@contextmanager
def _sent(path: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        temporary = Path(folder) / "content"
        yield temporary
        content = temporary.read_bytes()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND), "wb") as stream:
            stream.write(content)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(
            f"cannot make the folder {folder}: a file stands there", hint="name another folder"
        ) from error
    except OSError as error:
        raise InputError(f"cannot make the folder {folder}: {error.strerror}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_text(path: Path | str, text: str) -> None:
    """Write UTF-8 text atomically."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path | str, value: Any) -> None:
    """Write one JSON document atomically."""
    write_text(path, to_json(value) + "\n")


def to_json(value: Any, *, indent: int | None = 2) -> str:
    """Strict JSON: numbers that are not finite become null, since JSON has no word for them."""
    return json.dumps(_finite(value), indent=indent, ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if hasattr(value, "to_json"):
        return _finite(value.to_json())
    if hasattr(value, "item") and not hasattr(value, "__len__"):  # a NumPy or torch scalar
        return _finite(value.item())
    return value


def read_json(path: Path | str, error: type[InputError] = InputError) -> Any:
    """Read one JSON document; a missing or broken file raises `error` with the place."""
    source = Path(path)
    try:
        return json.loads(source.read_text(encoding="utf-8"))
    except FileNotFoundError as cause:
        raise error(f"there is no file {source.name}", where=str(source.parent)) from cause
    except UnicodeDecodeError as cause:
        raise error("the file is not UTF-8 text", where=str(source)) from cause
    except json.JSONDecodeError as cause:
        raise error(
            f"not valid JSON at line {cause.lineno}, column {cause.colno}: {cause.msg}", where=str(source)
        ) from cause


def append_jsonl(path: Path | str, value: Any) -> None:
    """Append one JSON object as a line, in a single write, so that a crash leaves whole lines.

    Raises:
        InputError: the operating system refuses to write.
    """
    target, line = Path(path), f"{to_json(value, indent=None)}\n".encode()
    with _refusals_named(target):
        _make_folder(target.parent)
        with target.open("ab", buffering=0) as stream:
            size = stream.tell()
            if stream.write(line) < len(line):  # the disk is full: the system wrote what found room
                stream.truncate(size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def read_jsonl(path: Path | str) -> list[Any]:
    """The objects of a JSON-lines file; an absent file is an empty list, a cut last line is left out."""
    source = Path(path)
    if not source.exists():
        return []
    records = []
    for line in source.read_text(encoding="utf-8").splitlines():
        with suppress(json.JSONDecodeError):
            records.append(json.loads(line))
    return records
