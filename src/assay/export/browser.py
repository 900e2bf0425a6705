"""browser/: a page that runs the ONNX file in a browser, without a server that computes."""

from __future__ import annotations

import html
import tarfile
from importlib import resources
from pathlib import Path
from string import Template

from assay.bundle.bundle import Bundle
from assay.core.errors import MissingPartError
from assay.core.task import Task

RUNTIME_FOLDER = "ort"
RUNTIME_VERSION = "1.30.0"
"""Of onnxruntime-web: the one that the tests run; others from 1.20 on have the same two files."""
RUNTIME_FILES = ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm")
"""All of the npm package that the page loads: its build for processors alone, which needs no `eval`."""

_FILLED = ("index.html", "README.md")
_HINT = f"`npm pack onnxruntime-web@{RUNTIME_VERSION}` fetches it; name its .tgz, or where that was unpacked"


def install_line() -> str:
    """The command that puts onnxruntime-web beside a page, to be given in the page's folder."""
    name = f"onnxruntime-web-{RUNTIME_VERSION}"
    wanted = " ".join(f"package/dist/{file}" for file in RUNTIME_FILES)
    return (
        f"npm pack onnxruntime-web@{RUNTIME_VERSION} && mkdir -p {RUNTIME_FOLDER} && "
        f"tar -xzf {name}.tgz -C {RUNTIME_FOLDER} --strip-components=2 {wanted}"
    )


def write_page(bundle: Bundle, folder: Path, runtime: Path | str | None = None) -> None:
    """Write the page: HTML, style, modules and a README, ready to be served as they are.

    The page reads `schema.json` and `network.onnx` in the folder above it, or beside it.

    Args:
        bundle: what the page predicts by.
        folder: to write to, e.g. `browser` in an exported folder; made where it is absent.
        runtime: where onnxruntime-web is copied from: the npm package's folder, its `dist`, a folder with
            `node_modules` in it, or the `.tgz` of `npm pack`. None: the page says what it lacks.

    Raises:
        MissingPartError: `runtime` holds no onnxruntime-web.
    """
    parts = {} if runtime is None else _runtime_files(Path(runtime))
    folder.mkdir(parents=True, exist_ok=True)
    for file in resources.files("assay.export").joinpath("templates/browser").iterdir():
        content = file.read_bytes()
        if file.name in _FILLED:
            content = _filled(content.decode(), bundle, is_page=file.name.endswith(".html")).encode()
        (folder / file.name).write_bytes(content)
    if parts:
        place = folder / RUNTIME_FOLDER
        place.mkdir(exist_ok=True)
        for name, content in parts.items():
            (place / name).write_bytes(content)


def _filled(text: str, bundle: Bundle, *, is_page: bool) -> str:
    values = {
        "target": " ".join(bundle.target.name.split()),
        "task": _task(bundle),
        "install": install_line(),
    }
    return Template(text).substitute(
        {name: html.escape(value) if is_page else value for name, value in values.items()}
    )


def _task(bundle: Bundle) -> str:
    inputs = "an image" if len(bundle.schema) == 1 and bundle.schema.names == ("image",) else "a row"
    if bundle.task is Task.REGRESSION:
        return f"A quantity, predicted from {inputs}"
    return f"One of {len(bundle.labels)} classes, predicted from {inputs}"


def _runtime_files(source: Path) -> dict[str, bytes]:
    """The runtime's files by name, from a folder or a packed package.

    Raises:
        MissingPartError: they are not there.
    """
    try:
        found = _from_folder(source) if source.is_dir() else _from_archive(source)
    except (OSError, tarfile.TarError, EOFError) as error:
        raise MissingPartError(
            f"no npm package can be read here ({error})", hint=_HINT, where=str(source)
        ) from error
    absent = [name for name in RUNTIME_FILES if name not in found]
    if absent:
        raise MissingPartError(
            f"this is no onnxruntime-web: {' and '.join(absent)} not found", hint=_HINT, where=str(source)
        )
    return found


def _from_folder(source: Path) -> dict[str, bytes]:
    for place in (source, source / "dist", source / "node_modules/onnxruntime-web/dist"):
        found = {name: place / name for name in RUNTIME_FILES}
        if all(path.is_file() for path in found.values()):
            return {name: path.read_bytes() for name, path in found.items()}
    return {}


def _from_archive(source: Path) -> dict[str, bytes]:
    """Of a .tgz, whose members are read and never unpacked to where they say."""
    found: dict[str, bytes] = {}
    with tarfile.open(source, "r:gz") as archive:
        for member in archive:
            name = member.name.rpartition("/")[2]
            if name in RUNTIME_FILES and member.isfile() and (stream := archive.extractfile(member)):
                found[name] = stream.read()
    return found
