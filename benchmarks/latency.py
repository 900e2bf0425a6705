"""What the preparation adds to the latency of one row, in every runtime.

    python benchmarks/latency.py [--calls 5000] [--bundle PATH ...]

Two generated bundles with random weights: `course`, 22 standardised numbers into the course's 22-50-2
network, and `default`, 23 columns as the credit data has them (14 amounts by quantile curves of 128 knots,
6 steps with an input a value, a boolean, 2 categories) into 128-128. `--bundle` adds bundles of your own.
Each runs whole (raw row in, probabilities out) and bare (the network alone, prepared row in, logits out), in
eager mode, as frozen TorchScript, in ONNX Runtime and as AOTInductor package. Medians of single calls from
Python, warm, on one thread; the two of a pair take turns, so that both see the same machine. Bar: in ONNX
Runtime the whole course bundle takes at most 10 us more than its bare network.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import onnxruntime
import polars as pl
import torch
from torch import Tensor, nn

import assay
from assay.bundle.bundle import Bundle
from assay.bundle.decision import Decision
from assay.core.task import Task
from assay.data.column import Column, Kind, Role
from assay.data.preparation import Preparation
from assay.data.table import Table
from assay.data.target import Target
from assay.networks import MLP
from machine import describe

BAR = 10.0  # us above the bare network
WARM_UP = 300  # calls; the first compile
TURN = 250  # calls of one before the other's turn
TRACED = 7  # rows that tracing sees; with one, a batch size of 1 would be taken as fixed

Call = Callable[[], object]


def main() -> None:
    """Time each bundle in each runtime, print medians, ratios and differences."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=5_000)
    parser.add_argument("--bundle", type=Path, action="append", default=[])
    asked = parser.parse_args()
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", message=".*torch.jit.*", category=DeprecationWarning)
    warnings.filterwarnings("ignore", message=".*torch.jit.*", category=FutureWarning)
    print(f"{describe()}, onnxruntime {onnxruntime.__version__}; 1 thread, medians of {asked.calls:,} calls")
    bundles = {"course": course(), "default": default()} | {
        str(path): assay.load(path) for path in asked.bundle
    }
    for name, bundle in bundles.items():
        for runtime, bare, whole in timed(bundle, asked.calls):
            line = f"{name:9} {runtime:12} bare {bare:6.1f} us, whole {whole:6.1f} us: "
            line += f"{whole / bare:4.1f} times, {whole - bare:6.1f} us more"
            if (name, runtime) == ("course", "ONNX Runtime"):
                line += f"; bar {BAR:g} us {'met' if whole - bare <= BAR else 'missed'}"
            print(line, flush=True)


def course(num_rows: int = 2_000) -> Bundle:
    """22 standardised numbers, and the network of the course."""
    values = np.random.default_rng(0).normal(size=(num_rows, 22)) * 50.0
    frame = pl.DataFrame({f"x{number}": column for number, column in enumerate(values.T)})
    return _bundle(frame, dict.fromkeys(frame.columns, Kind.QUANTITATIVE), (50,), scale="standardize")


def default(num_rows: int = 20_000) -> Bundle:
    """Columns as the credit data has them, prepared by default."""
    rng = np.random.default_rng(0)
    amounts = {f"amount {number}": np.exp(2 * rng.normal(size=num_rows)) * 1000 for number in range(14)}
    steps = {f"step {number}": rng.integers(-2, 9, num_rows) for number in range(6)}
    categories = {
        name: rng.integers(1, count + 1, num_rows)
        for name, count in {"sex": 2, "education": 7, "marriage": 4}.items()
    }
    kinds = (
        dict.fromkeys(amounts, Kind.QUANTITATIVE)
        | dict.fromkeys(steps, Kind.ORDINAL)
        | dict.fromkeys(categories, Kind.QUALITATIVE)
    )
    return _bundle(pl.DataFrame(amounts | steps | categories), kinds, (128, 128))


def _bundle(frame: pl.DataFrame, kinds: dict[str, Kind], hidden: tuple[int, ...], **choices: Any) -> Bundle:
    """A binary classifier over the columns of a frame; answers by chance."""
    answers = np.where(np.random.default_rng(1).random(len(frame)) < 0.3, "yes", "no")
    columns = [Column(name, kind) for name, kind in kinds.items()]
    columns.append(Column("answer", Kind.QUALITATIVE, Role.TARGET))
    table = Table(frame.with_columns(answer=pl.Series(answers)), tuple(columns), Task.BINARY, "generated")
    preparation = Preparation.fit(table, **choices)
    network = MLP(preparation.num_outputs, 2, hidden=hidden)
    return Bundle(preparation, network, Target.of(table, np.arange(len(table))), decision=Decision(1.3))


def timed(bundle: Bundle, calls: int) -> list[tuple[str, float, float]]:
    """Runtime, microseconds of the bare network, and of the whole bundle."""
    whole = bundle.network
    raw_NC = torch.from_numpy(np.random.default_rng(2).normal(size=(TRACED, len(bundle.schema))) * 50.0)
    with torch.inference_mode():
        prepared_NP = whole.preparation(raw_NC)
    makers = {"eager": eager, "TorchScript": frozen, "ONNX Runtime": onnx, "AOTInductor": inductor}
    found = []
    for name, make in makers.items():
        bare = make(whole.network, prepared_NP.clone())
        found.append((name, *medians(bare, make(whole, raw_NC), calls)))
    return found


def eager(module: nn.Module, rows: Tensor) -> Call:
    """The module itself."""
    one = rows[:1].clone()
    return lambda: module(one)


def frozen(module: nn.Module, rows: Tensor) -> Call:
    """Traced and frozen."""
    one = rows[:1].clone()
    traced = torch.jit.freeze(torch.jit.trace(module, (rows,)))  # type: ignore[no-untyped-call]
    return lambda: traced(one)


def onnx(module: nn.Module, rows: Tensor) -> Call:
    """A session of ONNX Runtime, fed with NumPy."""
    program = torch.onnx.export(module, (rows,), dynamo=True, dynamic_shapes=_any_batch(), verbose=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        assert program is not None
        program.save(path)
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    fed = {session.get_inputs()[0].name: rows[:1].numpy()}
    return lambda: session.run(None, fed)


def inductor(module: nn.Module, rows: Tensor) -> Call:
    """A package of AOTInductor."""
    one = rows[:1].clone()
    exported = torch.export.export(module, (rows,), dynamic_shapes=_any_batch())
    with tempfile.TemporaryDirectory() as folder:
        path = torch._inductor.aoti_compile_and_package(exported, package_path=f"{folder}/network.pt2")
        loaded = torch._inductor.aoti_load_package(path)
    return lambda: loaded(one)


def _any_batch() -> tuple[dict[int, object]]:
    return ({0: torch.export.Dim("rows")},)


def medians(bare: Call, whole: Call, calls: int) -> tuple[float, float]:
    """Microseconds of one call of each, in turns."""
    with torch.inference_mode():
        _lap(bare, WARM_UP)
        _lap(whole, WARM_UP)
        laps = [(_lap(bare, TURN), _lap(whole, TURN)) for _ in range(-(-calls // TURN))]
    of_bare, of_whole = (median(chain.from_iterable(turns)) for turns in zip(*laps, strict=True))
    return of_bare, of_whole


def _lap(call: Call, calls: int) -> list[float]:
    taken = []
    for _ in range(calls):
        begun = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begun) * 1e6)
    return taken


if __name__ == "__main__":
    main()
