"""Writes a bundle for other runtimes, and proves that each of them answers as the bundle does."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch

from assay.bundle.bundle import Bundle, load
from assay.core.errors import RecipeError
from assay.core.files import write_json
from assay.data.preparation import Preparation
from assay.export import files
from assay.export.exported import Exported
from assay.export.folder import export_folder
from assay.export.onnx_file import write_onnx
from assay.export.package import Compilation
from assay.export.parity import Proof
from assay.export.parity_rows import ParityRows, drawn_rows
from assay.export.program import exported_program, write_program
from assay.export.record import parity_record
from assay.export.runtimes.eager import EagerRuntime
from assay.export.runtimes.onnx import OnnxRuntime
from assay.export.runtimes.package import PackageRuntime
from assay.export.runtimes.program import ProgramRuntime
from assay.export.runtimes.runtime import Runtime
from assay.export.runtimes.torchscript import TorchScriptRuntime
from assay.export.schema_file import schema_record
from assay.export.targets import AOTI, Targets
from assay.export.torchscript import write_torchscript

_EXAMPLE_ROWS = 8  # more than one: see `exported_program`
Tell = Callable[[str], None]


def export(
    bundle: Bundle | Path | str,
    out: Path | str | None = None,
    to: str | Sequence[str] | None = None,
    rows: np.ndarray | None = None,
    *,
    web_runtime: Path | str | None = None,
    tell: Tell = lambda step: None,
) -> Exported:
    """Write a bundle for other runtimes; whole and proved, or not at all.

    Every file is loaded again in its runtime and has to answer rows as the bundle does, to 1e-5 of
    `assay.export.measure.Measure`, in batches of 1, 2, 7 and 1,000: usual rows, rows with missing and unseen
    values, and extremes. `parity.json` says how far apart they are.

    Args:
        bundle: a bundle, its folder, or the study that holds it.
        out: the folder to write; absent: `export` beside the bundle's folder. An older export is replaced.
        to: of torchscript, pt2, onnx, cpp and browser; absent: all that can be built on this machine.
        rows: (N, ...) real rows to compare by, as `schema.encode` makes them; absent: rows drawn from the
            ranges of the schema.
        web_runtime: the folder of onnxruntime-web's files, which are copied beside the page.
        tell: hears of each step.

    Raises:
        AssayError: a runtime disagrees with the bundle, or a compiler stopped; nothing was written.
        BundleError: there is no bundle, or its network takes one number of rows only.
        MissingPartError: a target was named that cannot be built here.
        RecipeError: a target is unknown, or no folder is named for a bundle from memory.
        InputError: the folder holds something else, or cannot be written.
    """
    targets, place = Targets.of(to), _place(bundle, out)
    source = bundle if isinstance(bundle, Bundle) else load(bundle)
    start = time.perf_counter()
    with export_folder(place) as folder, ExitStack() as ending:
        if isinstance(source.preparation, Preparation):
            ending.enter_context(_one_thread())
        work = _Work(source, folder, targets, ParityRows.of(source, rows), tell)
        work.write(ending, _web_runtime(web_runtime, place))
        agreements = work.prove()
        record = parity_record(source, work.proof, agreements, targets) | {
            "unproved": work.unproved,
            "seconds": round(time.perf_counter() - start, 1),
        }
        write_json(folder / files.PARITY, record)
    return Exported(place, record)


class _Work:
    """One export: its parts in the order in which they are made."""

    def __init__(self, bundle: Bundle, folder: Path, targets: Targets, rows: ParityRows, tell: Tell) -> None:
        self.bundle, self.folder, self.targets, self.tell = bundle, folder, targets, tell
        network = copy.deepcopy(bundle.network).cpu().eval()
        self.network = network.requires_grad_(False)
        self.eager = EagerRuntime(self.network)
        self.proof = Proof(bundle, self.eager, rows)
        self.compilation: Compilation | None = None
        self.building: Future[Path] | None = None
        self.unproved: dict[str, str] = {}

    def write(self, ending: ExitStack, web_runtime: Path | None) -> None:
        """Write every file but parity.json; compilers go on meanwhile, until `prove` waits for them."""
        folder, targets = self.folder, self.targets
        write_json(folder / files.SCHEMA, schema_record(self.bundle))
        self._write_text_files(web_runtime)
        if "cpp" in targets:
            self._start_building(ending)
        example = torch.from_numpy(drawn_rows(self.bundle, _EXAMPLE_ROWS))
        if "torchscript" in targets:
            self.tell("TorchScript")
            write_torchscript(self.network, example, folder / files.TORCHSCRIPT)
        if "pt2" in targets or "onnx" in targets:
            self.tell("torch.export")
            program = exported_program(self.network, example)
        if "pt2" in targets:
            write_program(program, folder / files.PROGRAM)
        if AOTI in targets:
            compilation = Compilation(folder / files.PROGRAM, folder / files.PACKAGE)
            self.compilation = ending.enter_context(compilation)
        if "onnx" in targets:
            self.tell("ONNX")
            write_onnx(program, folder / files.ONNX)

    def _write_text_files(self, web_runtime: Path | None) -> None:
        """The reader, the C++ program and the page."""
        if "onnx" in self.targets:
            from assay.export.reader import write_reader

            write_reader(self.folder)
        if "cpp" in self.targets:
            from assay.export.cpp import write_project

            write_project(self.bundle, self.folder)
        if "browser" in self.targets:
            from assay.export.browser import write_page

            write_page(self.bundle, self.folder / files.BROWSER, runtime=web_runtime)

    def _start_building(self, ending: ExitStack) -> None:
        from assay.export.cpp import built_program

        pool = ending.enter_context(ThreadPoolExecutor(1))
        self.building = pool.submit(built_program, self.folder / files.CPP)

    def prove(self) -> list[dict[str, Any]]:
        """Load each file again, run it, and compare."""
        quick: dict[str, Callable[[Path], Runtime]] = {
            "torchscript": TorchScriptRuntime,
            "pt2": ProgramRuntime,
            "onnx": OnnxRuntime,
        }
        found = [self._agreement(self.eager)]
        found += [self._agreement(made(self.folder)) for name, made in quick.items() if name in self.targets]
        if self.compilation is not None:
            self.tell("AOTInductor")
            self.compilation.finish()
            found.append(self._agreement(PackageRuntime(self.folder)))
        if self.building is not None:
            self.tell("C++")
            self.building.result()
            found += self._prove_cpp()
        if "browser" in self.targets:
            found += self._prove_page()
        return found

    def _prove_cpp(self) -> list[dict[str, Any]]:
        from assay.export.runtimes.cpp import Backend, CppRuntime

        backends: list[Backend] = ["torchscript"]
        if self.compilation is not None:
            backends.append("aoti")
        return [self._agreement(CppRuntime(self.folder, backend)) for backend in backends]

    def _prove_page(self) -> list[dict[str, Any]]:
        """The page's network in Node, where both Node and onnxruntime-web are at hand."""
        from assay.export.runtimes.browser import BrowserRuntime, has_node, has_runtime

        if not has_runtime(self.folder):
            self.unproved["browser"] = "the page holds no onnxruntime-web (--runtime DIR copies it)"
        elif not has_node():
            self.unproved["browser"] = "there is no Node to run the page's network in"
        else:
            with closing(BrowserRuntime(self.folder)) as runtime:
                return [self._agreement(runtime)]
        return []

    def _agreement(self, runtime: Any) -> dict[str, Any]:
        self.tell(f"parity: {runtime.name}")
        return self.proof.of(runtime).to_json()


@contextmanager
def _one_thread() -> Iterator[None]:
    """Thousands of single rows: on a busy machine, threads wait for each other longer than a row takes."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _place(bundle: Bundle | Path | str, out: Path | str | None) -> Path:
    if out is not None:
        return Path(out)
    if isinstance(bundle, Bundle):
        raise RecipeError("a bundle from memory has no place of its own", hint="name a folder: out=")
    return default_place(Path(bundle))


def default_place(bundle: Path) -> Path:
    """`export` beside the bundle: in the study's folder, where `bundle` is a study or lies in one."""
    from assay.bundle.saving import RECORD

    inner = bundle / "bundle"
    if bundle.name == RECORD:
        bundle = bundle.parent
    beside = inner if not (bundle / RECORD).exists() and inner.is_dir() else bundle
    return beside.absolute().parent / "export"


def _web_runtime(named: Path | str | None, place: Path) -> Path | None:
    """The folder of onnxruntime-web's files: the one that is named, else the one of the older export."""
    if named is not None:
        return Path(named)
    from assay.export.browser import RUNTIME_FOLDER

    kept = place / files.BROWSER / RUNTIME_FOLDER
    return kept if kept.is_dir() else None
