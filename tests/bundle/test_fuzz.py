"""Hostile bundles: 200 mutations of each of three, all refused or loaded whole, in little time and memory."""

import hashlib
import json
import os
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from assay.bundle.bundle import Bundle, load
from assay.bundle.saving import RECORD, WEIGHTS, checksum
from assay.core.errors import AssayError, BundleError

STORED = Path(__file__).parent / "stored"
BUNDLES = ("1-regression", "2-binary", "3-images")
MUTATIONS = 20  # of each of the ten ways
MOST_SECONDS = 3.0  # for one bundle, on a busy machine; most take a hundredth of a second
MOST_MEGABYTES = 300.0  # for a bundle of 12 kB; what importing takes is taken before

Mutation = Callable[[Path, random.Random], None]

# What a file would do that runs code: unpickle, start a program, open a connection.
_FORBIDDEN = (
    "pickle.find_class",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "subprocess",
    "socket.",
)
_heard: list[str] = []
_listening = [False]


def _listen(event: str, _: Any) -> None:
    if _listening[0] and event.startswith(_FORBIDDEN):
        _heard.append(event)


@pytest.fixture(scope="module", autouse=True)
def _audit_hook() -> None:
    sys.addaudithook(_listen)  # stays until the process ends, and is deaf between the tests


def cut(folder: Path, rng: random.Random) -> None:
    place = any_file(folder, rng)
    content = place.read_bytes()
    place.write_bytes(content[: rng.randrange(len(content))])


def bits_flipped(folder: Path, rng: random.Random) -> None:
    place = any_file(folder, rng)
    content = bytearray(place.read_bytes())
    for _ in range(rng.choice([1, 1, 2, 40])):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    place.write_bytes(content)


def renamed(folder: Path, rng: random.Random) -> None:
    place = any_file(folder, rng)
    name = rng.choice([place.name.upper(), f"{place.name}.bak", f" {place.name}", "bundle.pt", "weights.bin"])
    place.rename(folder / name)
    if rng.random() < 0.3:
        place.mkdir()


def swapped(folder: Path, rng: random.Random) -> None:
    if rng.random() < 0.3:
        first, second = (folder / name for name in (RECORD, WEIGHTS))
        one, other = first.read_bytes(), second.read_bytes()
        first.write_bytes(other)
        second.write_bytes(one)
    else:
        name, other = rng.choice([RECORD, WEIGHTS]), rng.choice(sorted(STORED.glob("*/bundle")))
        shutil.copy(other / name, folder / name)


def oversized(folder: Path, rng: random.Random) -> None:
    place = any_file(folder, rng)
    size = place.stat().st_size
    with place.open("r+b") as stream:
        stream.truncate(
            rng.choice([size + 1, 2 * size, 10**9, 2**36])
        )  # a hole: it takes no room on the disk
        if rng.random() < 0.5:
            stream.seek(size)
            stream.write(rng.randbytes(100))


def numbers_changed_and_sealed(folder: Path, rng: random.Random) -> None:
    record = json.loads((folder / RECORD).read_text())
    numbers = [path for path, value in places(record) if type(value) in {int, float} and path[0] != "weights"]
    for path in rng.sample(numbers, rng.choice([1, 1, 1, 3])):
        wild = [
            10**9,
            2**31,
            2**63,
            10**30,
            -1,
            -(10**18),
            0,
            1,
            7,
            0.5,
            1e308,
            -1e308,
            float("nan"),
            float("inf"),
        ]
        put(record, path, rng.choice(wild))
    seal(folder, record)


def values_changed_and_sealed(folder: Path, rng: random.Random) -> None:
    record = json.loads((folder / RECORD).read_text())
    for _ in range(rng.choice([1, 1, 2])):
        path, _ = rng.choice([place for place in places(record) if place[0][0] != "weights"])
        wild = [
            "",
            "x",
            "os.system",
            None,
            True,
            [],
            [[]],
            {},
            {"a": 1},
            [1, "b"],
            [0] * 100_000,
            "9" * 10_000,
            "(",
            "%Q",
            "\\",
            "e",
            "\0",
        ]
        put(record, path, rng.choice(wild), remove=rng.random() < 0.25)
    seal(folder, record)


def nested(folder: Path, rng: random.Random) -> None:
    record, depth = json.loads((folder / RECORD).read_text()), rng.choice([50, 400, 5_000, 100_000])
    path, _ = rng.choice(list(places(record)))
    put(record, path, "DEEP")
    start, end = rng.choice([("[", "]"), ('{"a":', "}")])
    middle = "1" if start != "[" else ""
    text = json.dumps(record).replace('"DEEP"', start * depth + middle + end * depth)
    try:
        seal(folder, json.loads(text))
    except RecursionError:  # deeper than this Python can seal; the reader meets it all the same
        (folder / RECORD).write_text(text)


def header_lies_and_sealed(folder: Path, rng: random.Random) -> None:
    content = (folder / WEIGHTS).read_bytes()
    length = int.from_bytes(content[:8], "little")
    header, body = json.loads(content[8 : 8 + length]), content[8 + length :]
    name = rng.choice([name for name in header if name != "__metadata__"])
    match rng.randrange(7):
        case 0:
            header[name]["shape"] = rng.choice(
                [[], [0], [2**62], [2**31, 2**31], [10**9, 0], [-1], [1] * 200]
            )
        case 1:
            start = rng.choice([0, 1, len(body), 2**62, -1])
            header[name]["data_offsets"] = [start, rng.choice([0, start, len(body), len(body) + 8, 2**63])]
        case 2:
            header[name]["dtype"] = rng.choice(["F64", "F16", "I8", "BOOL", "F4", "x", 3])
        case 3:
            del header[name]
        case 4:
            header[rng.choice(["network.extra", "", "__proto__", "x" * 10_000])] = header[name]
        case 5:
            other = rng.choice(list(header))
            header[name], header[other] = header[other], header[name]
    text = json.dumps(header).encode()
    size = rng.choice([0, 1, len(text) - 1, len(text) + 1, 2**40, 2**63 - 1, 2**64 - 1])
    is_length_true = rng.random() < 0.7
    (folder / WEIGHTS).write_bytes(
        (len(text) if is_length_true else size).to_bytes(8, "little") + text + body
    )
    seal(folder, json.loads((folder / RECORD).read_text()))


def tensors_changed_and_sealed(folder: Path, rng: random.Random) -> None:
    content = (folder / WEIGHTS).read_bytes()
    length = int.from_bytes(content[:8], "little")
    header, body = json.loads(content[8 : 8 + length]), bytearray(content[8 + length :])
    names = [name for name in header if name != "__metadata__"]
    whole = [name for name in names if header[name]["dtype"] == "I64"] or names
    start, end = header[rng.choice(whole if rng.random() < 0.4 else names)]["data_offsets"]
    size = end - start
    filled = [bytes(size), b"\xff" * size, rng.randbytes(size), (b"\x10" + bytes(7)) * (size // 8 + 1)]
    body[start:end] = rng.choice(filled)[:size]
    (folder / WEIGHTS).write_bytes(content[: 8 + length] + body)
    seal(folder, json.loads((folder / RECORD).read_text()))


UNSEALED = (cut, bits_flipped, renamed, swapped, oversized)
SEALED = (
    numbers_changed_and_sealed, values_changed_and_sealed, nested, header_lies_and_sealed,
    tensors_changed_and_sealed,
)  # fmt: skip


@pytest.mark.parametrize("mutation", UNSEALED, ids=lambda mutation: mutation.__name__)
@pytest.mark.parametrize("name", BUNDLES)
def test_damage_is_refused_or_did_no_harm(name: str, mutation: Mutation, tmp_path: Path) -> None:
    sound, refused = fingerprint(load(STORED / name)), 0
    for folder in mutated(name, mutation, tmp_path):
        with watched():
            try:
                found = fingerprint(load(folder))
            except BundleError as error:
                assert error.message
                refused += 1
                continue
        assert found == sound or mutation is swapped
    assert refused >= MUTATIONS // 2


@pytest.mark.parametrize("mutation", SEALED, ids=lambda mutation: mutation.__name__)
@pytest.mark.parametrize("name", BUNDLES)
def test_a_forged_bundle_is_refused_or_answers(name: str, mutation: Mutation, tmp_path: Path) -> None:
    """Whoever mends the checksums may change what it says, and can neither crash nor exhaust the reader."""
    refused = 0
    for folder in mutated(name, mutation, tmp_path):
        with watched():
            try:
                bundle = load(folder)
            except BundleError as error:
                assert error.message
                refused += 1
                continue
            asked(bundle, name)
    assert refused > 0 or mutation is tensors_changed_and_sealed  # other weights are a sound bundle


def test_huge_images_that_no_weights_back(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(STORED / "3-images" / "bundle", tmp_path / "bundle"))
    record = json.loads((folder / RECORD).read_text())
    record["network"]["layers"]["input_shape"] = [3, 60_000, 60_000]
    record["preparation"]["schema"] |= {"height": 60_000, "width": 60_000}
    seal(folder, record)
    with watched(), pytest.raises(BundleError, match="an image has 10,800,000,000 numbers"):
        load(folder)


def test_a_network_of_a_million_layers_that_no_weights_back(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(STORED / "2-binary" / "bundle", tmp_path / "bundle"))
    record = json.loads((folder / RECORD).read_text())
    record["network"]["layers"]["hidden"] = [1] * 1_000_000
    seal(folder, record)
    with watched(), pytest.raises(BundleError, match="has 1,000,000 numbers in 'hidden' and only 4 weights"):
        load(folder)


@pytest.mark.parametrize("name", [RECORD, WEIGHTS])
def test_a_pipe_is_not_waited_for(name: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(STORED / "2-binary" / "bundle", tmp_path / "bundle"))
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with watched(), pytest.raises(BundleError, match="cannot be read: it is no plain file"):
        load(folder)


def mutated(name: str, mutation: Mutation, folder: Path) -> Iterator[Path]:
    """Copies of a stored bundle, each changed in another way, the same ones in every run."""
    for seed in range(MUTATIONS):
        place = folder / str(seed)
        shutil.copytree(STORED / name / "bundle", place)
        mutation(place, random.Random(f"{name} {mutation.__name__} {seed}"))
        yield place
        shutil.rmtree(place)


class watched:  # noqa: N801 - reads as a word
    """The block is quick, takes little memory, and runs no code of a file."""

    def __enter__(self) -> None:
        _heard.clear()
        self.start, self.before = time.monotonic(), peak_megabytes(reset=True)
        _listening[0] = True

    def __exit__(self, *_: object) -> None:
        _listening[0] = False
        assert not _heard
        assert time.monotonic() - self.start < MOST_SECONDS
        assert peak_megabytes() - self.before < MOST_MEGABYTES


def peak_megabytes(*, reset: bool = False) -> float:
    """The most memory that this process has taken since the last reset; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return float(line.split()[1]) / 1024


def asked(bundle: Bundle, name: str) -> None:
    """Everything that a person asks a bundle first: it answers, or says what is wrong."""
    assert repr(bundle)
    assert bundle._repr_html_()
    try:
        answers = bundle.predict(rows(name))
    except AssayError as error:
        assert error.message
    else:
        assert len(answers) == len(rows(name))


def rows(name: str) -> Any:
    if name == "3-images":
        return np.array(json.loads((STORED / name / "rows.json").read_text()), dtype=np.uint8)
    return pl.read_csv(STORED / "rows.csv", infer_schema=False)


def fingerprint(bundle: Bundle) -> tuple[Any, ...]:
    return bundle.sha256, bundle.labels, bundle.schema, bundle.metrics, bundle.diagnosis, bundle.versions


def any_file(folder: Path, rng: random.Random) -> Path:
    return folder / rng.choice([RECORD, WEIGHTS])


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Path and value of everything in a JSON document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key), inner
        yield from places(inner, (*path, key))


def put(record: Any, path: tuple[str | int, ...], value: Any, *, remove: bool = False) -> None:
    """Change one place of a JSON document, where it still has it."""
    *above, key = path
    try:
        for step in above:
            record = record[step]
        record[key] = value
        if remove:
            del record[key]
    except (LookupError, TypeError):
        return


def seal(folder: Path, record: dict[str, Any]) -> None:
    """Write a record with all checksums right."""
    weights = (folder / WEIGHTS).read_bytes()
    if isinstance(record.get("weights"), dict):
        record["weights"] |= {"bytes": len(weights), "sha256": hashlib.sha256(weights).hexdigest()}
    record["sha256"] = checksum(record)
    (folder / RECORD).write_text(json.dumps(record))
