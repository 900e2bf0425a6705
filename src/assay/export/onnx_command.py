"""The command of predict.py: `python predict.py rows.csv --out predictions.csv`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from assay.core.errors import AssayError, InputError
from assay.export.onnx_reader import OnnxModel
from assay.export.portable.answers import predictions_text
from assay.export.portable.choices import Choices

_TRUTHS = {"true": True, "false": False}
_SIGNS = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";"}


def main(words: Sequence[str] | None = None) -> int:
    """Predict the rows of a file or the images of a folder; exit status 0 done, 2 the input is wrong.

    Args:
        words: of the command line; None: those of this process.
    """
    given = _parser().parse_args(words)
    try:
        _need_other_file(given.data, given.out)
        columns = OnnxModel.load(given.folder).columns(given.data, _choices(given))
        separator = "\t" if str(given.out).lower().endswith(".tsv") else ","
        _write(given.out, predictions_text(columns, separator))
    except AssayError as error:
        print(f"predict.py: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_status
    except BrokenPipeError:  # the reader of a pipe has gone
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # the interpreter flushes it at its end
        return 0
    if str(given.out) != "-":
        print(f"{len(columns['prediction']):,} predictions: {given.out}", file=sys.stderr)  # noqa: T201
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="predict.py",
        description="Predict every row of a CSV file, or every image of a folder, with network.onnx and "
        "schema.json. Needs numpy and onnxruntime; for image files pillow as well.",
    )
    parser.add_argument("data", type=Path, help="a CSV or TSV file; of images a file or a folder")
    parser.add_argument(
        "--out", "-o", type=Path, default=Path("-"), help="the file to write, .csv or .tsv (standard output)"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(__file__).parent,
        help="the exported folder (the one of this file)",
    )
    parser.add_argument("--separator", type=_sign, help="the sign between fields (found by looking)")
    parser.add_argument("--encoding", type=_encoding, help="e.g. utf-8, latin-1, utf-16 (found by looking)")
    parser.add_argument("--decimal", choices=[".", ","], help="the decimal sign (as in training)")
    parser.add_argument("--thousands", type=_sign, help="the sign between groups of digits (as in training)")
    parser.add_argument("--skip-rows", type=_count, default=0, help="lines above the header to skip")
    parser.add_argument("--header", choices=_TRUTHS, help="whether the first row holds names (by looking)")
    parser.add_argument(
        "--day-first", choices=_TRUTHS, help="whether 01/02/2020 is in February (as in training)"
    )
    return parser


def _choices(given: argparse.Namespace) -> Choices:
    return Choices(
        skip_rows=given.skip_rows,
        header=_TRUTHS.get(given.header),
        separator=given.separator,
        encoding=given.encoding,
        decimal=given.decimal,
        thousands=given.thousands,
        day_first=_TRUTHS.get(given.day_first),
    )


def _sign(text: str) -> str:
    sign = _SIGNS.get(text, text)
    if len(sign) != 1 or sign.isalnum() or sign in '"\r\n':
        raise argparse.ArgumentTypeError("one sign is wanted, no letter, digit, quote or line end")
    return sign


def _encoding(text: str) -> str:
    try:
        "".encode(text)
    except LookupError:
        raise argparse.ArgumentTypeError("no text encoding has this name") from None
    return text


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("a number of lines is wanted")
    return int(text)


def _need_other_file(data: Path, out: Path) -> None:
    if str(out) == "-":
        return
    if out.suffix.lower() not in {"", ".csv", ".tsv"}:
        message = f"--out {out} ends in {out.suffix}, and predictions are written as .csv or .tsv"
        raise InputError(message, hint=f"e.g. {out.with_suffix('.csv')}")
    if out.is_dir():
        raise InputError(f"{out} is a folder", hint="name a file")
    if out.exists() and data.exists() and out.samefile(data):
        raise InputError(f"--out {out} is the data file, which would be lost", hint="name another file")


def _write(out: Path, lines: Iterable[str]) -> None:
    """Write the lines, the file whole or not at all; `-` is standard output."""
    if str(out) == "-":
        sys.stdout.writelines(lines)
        sys.stdout.flush()
        return
    try:
        if out.exists() and not out.is_file():  # a pipe or a device
            with out.open("a", encoding="utf-8") as stream:
                stream.writelines(lines)
            return
        place = out.resolve()
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{place.name[:40]}.", suffix=".part", dir=place.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.writelines(lines)
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(0o666 & ~mask)
            Path(name).replace(place)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", where=str(out)) from error
