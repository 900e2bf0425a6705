"""The command `assay`: one app, one place where errors become a line and an exit status."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from assay import __version__
from assay.cli import (
    audit,
    data,
    demo,
    diagnose,
    doctor,
    export,
    improve,
    inspect,
    predict,
    run,
    shapes,
    test,
    upgrade,
)
from assay.cli.streams import keep_streams
from assay.core.errors import AssayError

# What the operating system says of a place that a person named, or of a disk that is full.
_REFUSALS = {
    errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EISDIR, errno.ELOOP, errno.EMFILE,
    errno.ENAMETOOLONG, errno.ENOSPC, errno.ENOTDIR, errno.EPERM, errno.EROFS,
}  # fmt: skip


app = typer.Typer(
    name="assay",
    help="From a data file to a prepared, trained and diagnosed PyTorch network, with numbers that hold.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("inspect")(inspect.inspect)
app.command("run")(run.run)
app.command("diagnose")(diagnose.diagnose)
app.command("improve")(improve.improve)
app.command("test")(test.test)
app.command("audit")(audit.audit)
app.command("predict")(predict.predict)
app.command("export")(export.export)
app.command("upgrade")(upgrade.upgrade)
app.command("shapes")(shapes.shapes)
app.add_typer(data.app, name="data")
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command; exit status 0 done, 2 the user's input is wrong, 1 our own fault, 130 interrupted."""
    keep_streams()
    sys.exit(_status())


def _status() -> int:
    try:
        status = _run(sys.argv[1:])
        if sys.stdout:
            sys.stdout.flush()
        return status
    except AssayError as error:
        return _say(str(error), error.exit_status)
    except typer.TyperException as error:
        return _say_usage(error)
    except (KeyboardInterrupt, typer.Abort) as error:
        return _say(str(error) or "interrupted", 130)
    except BrokenPipeError:  # the reader of a pipe that --out names has gone
        return 0
    except Exception as error:
        if os.environ.get("ASSAY_DEBUG"):
            raise
        return _say_unforeseen(error)


def _run(words: list[str]) -> int:
    """Typer's own `app()` would turn a broken pipe into status 1, and drop the words of an interrupt."""
    try:
        with typer.main.get_command(app).make_context("assay", words) as context:
            context.command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def _say_usage(error: typer.TyperException) -> int:
    """A command line that cannot be read; without any words the help was printed already."""
    message = " ".join(str(getattr(error, "format_message", lambda: error)()).split())
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "assay"
    return _say(f"{message} (see {command} --help)", 2) if message else 2


def _say_unforeseen(error: Exception) -> int:
    if isinstance(error, OSError) and error.errno in _REFUSALS:
        place = f"{error.filename}: " if error.filename else ""
        return _say(f"{place}{error.strerror}", 2)
    kind = type(error).__name__
    return _say(f"Assay's own fault: {kind}: {error} (ASSAY_DEBUG=1 shows where; please report it)", 1)


def _say(message: str, status: int) -> int:
    with suppress(OSError):  # where standard error cannot be written, the status still tells
        typer.echo(f"assay: {message}", err=True)
    return status
