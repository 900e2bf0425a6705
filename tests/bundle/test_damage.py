"""Damaged bundles: each loads as it was or is refused with a `BundleError`, and never anything else."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.bundle.bundle import Bundle, load
from assay.bundle.saving import checksum
from assay.core.errors import BundleError
from assay.core.task import Task
from assay.data.table import Table

Files = dict[str, bytes]
NAMES = ("bundle.json", "weights.safetensors")


@pytest.fixture(scope="module")
def saved(made: Callable[..., Bundle], tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The files of a sound bundle."""
    folder = tmp_path_factory.mktemp("sound") / "bundle"
    made(Task.BINARY).save(folder)
    return {name: (folder / name).read_bytes() for name in NAMES}


def laid_out(files: Files, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def fingerprint(bundle: Bundle, table: Table) -> tuple[object, ...]:
    return (
        bundle.sha256, bundle.labels, bundle.schema, bundle.metrics, bundle.diagnosis, bundle.versions,
        bundle.predict_proba(table).tobytes(),
    )  # fmt: skip


def mutated_bytes(content: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(content))
    match rng.randrange(5):
        case 0:
            return content[:place]
        case 1:
            return content[:place] + bytes([content[place] ^ (1 << rng.randrange(8))]) + content[place + 1 :]
        case 2:
            return content[:place] + content[place + rng.randrange(1, 40) :]
        case 3:
            return content[:place] + rng.randbytes(rng.randrange(1, 40)) + content[place:]
        case _:
            return rng.randbytes(rng.randrange(0, 200))


@pytest.mark.parametrize("name", NAMES)
def test_bytes_flipped_cut_removed_and_inserted(
    name: str, saved: Files, tmp_path: Path, mixed: Callable[..., Table]
) -> None:
    rng, table = random.Random(name), mixed(Task.BINARY, num_rows=20)
    sound = fingerprint(load(laid_out(saved, tmp_path / "sound")), table)
    refused = 0
    for _ in range(150):
        folder = laid_out(saved | {name: mutated_bytes(saved[name], rng)}, tmp_path / "mutated")
        try:
            assert fingerprint(load(folder), table) == sound
        except BundleError as error:
            assert error.message
            refused += 1
    assert refused >= 140  # a changed space in the JSON text is no damage


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of everything in a JSON document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def mutated_record(content: bytes, rng: random.Random) -> dict[str, Any]:
    record = json.loads(content)
    *above, key = rng.choice(list(places(record)))
    owner = record
    for step in above:
        owner = owner[step]
    replacements = [
        "",
        "x",
        "MLP",
        -1,
        0,
        3,
        10**9,
        0.5,
        None,
        True,
        [],
        [[]],
        {},
        {"a": 1},
        [1, "b"],
        "float16",
    ]
    if rng.random() < 0.3:
        del owner[key]
    else:
        owner[key] = rng.choice(replacements)
    return record


def test_json_keys_removed_and_changed(saved: Files, tmp_path: Path, mixed: Callable[..., Table]) -> None:
    rng, table = random.Random(1), mixed(Task.BINARY, num_rows=20)
    sound = fingerprint(load(laid_out(saved, tmp_path / "sound")), table)
    for _ in range(150):
        record = mutated_record(saved["bundle.json"], rng)
        folder = laid_out(saved | {"bundle.json": json.dumps(record).encode()}, tmp_path / "mutated")
        try:
            assert fingerprint(load(folder), table) == sound
        except BundleError as error:
            assert error.message


def test_json_changed_by_somebody_who_mends_the_checksum(saved: Files, tmp_path: Path) -> None:
    """Loads something else, or is refused; no other error comes out."""
    rng, refused = random.Random(2), 0
    for _ in range(250):
        record = mutated_record(saved["bundle.json"], rng)
        record["sha256"] = checksum(record)
        folder = laid_out(saved | {"bundle.json": json.dumps(record).encode()}, tmp_path / "mutated")
        try:
            load(folder)
        except BundleError as error:
            assert error.message
            refused += 1
    assert refused > 50


def changed(saved: Files, **values: Any) -> Files:
    record = json.loads(saved["bundle.json"]) | values
    return saved | {"bundle.json": json.dumps(record).encode()}


def test_a_newer_version_is_named(saved: Files, tmp_path: Path) -> None:
    files = changed(saved, format=4, versions={"assay": "9.1.0"})
    with pytest.raises(
        BundleError, match=r"newer version: Assay 9.1.0 wrote format 4.*pip install --upgrade"
    ):
        load(laid_out(files, tmp_path / "bundle"))
    with pytest.raises(BundleError, match="newer version: a newer Assay wrote format 7"):
        load(laid_out(changed(saved, format=7, versions=None), tmp_path / "bundle"))


def test_truncated_weights_say_how_many_bytes(saved: Files, tmp_path: Path) -> None:
    whole = saved["weights.safetensors"]
    folder = laid_out(saved | {"weights.safetensors": whole[:1000]}, tmp_path / "bundle")
    with pytest.raises(BundleError, match=f"has 1,000 bytes where {len(whole)} were written"):
        load(folder)


def test_altered_weights_and_records_are_told_from_damage(saved: Files, tmp_path: Path) -> None:
    weights = bytearray(saved["weights.safetensors"])
    weights[-1] ^= 1
    with pytest.raises(BundleError, match=r"weights.safetensors was altered"):
        load(laid_out(saved | {"weights.safetensors": bytes(weights)}, tmp_path / "bundle"))
    with pytest.raises(BundleError, match=r"bundle.json was altered"):
        load(
            laid_out(
                changed(saved, target={"name": "x", "task": "binary", "labels": [1, 0]}), tmp_path / "bundle"
            )
        )


def test_missing_files(saved: Files, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"there is no bundle .*nowhere"):
        load(tmp_path / "nowhere")
    folder = laid_out(saved, tmp_path / "bundle")
    (folder / "weights.safetensors").unlink()
    with pytest.raises(BundleError, match=r"there is no weights.safetensors"):
        load(folder)
    (folder / "bundle.json").unlink()
    with pytest.raises(BundleError, match=r"not a bundle: there is no bundle.json"):
        load(folder)
    (tmp_path / "file.txt").write_text("not a folder")
    with pytest.raises(BundleError, match="not a bundle"):
        load(tmp_path / "file.txt")


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_where_a_file_should_be(name: str, saved: Files, tmp_path: Path) -> None:
    folder = laid_out(saved, tmp_path / "bundle")
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(BundleError, match="cannot be read"):
        load(folder)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{}", "[" * 100_000, '{"format": ' + "9" * 5000 + "}", '{"format": true}', "\ud83d"],
)
def test_texts_that_are_no_record(text: str, saved: Files, tmp_path: Path) -> None:
    content = text.encode("utf-8", "surrogatepass")
    with pytest.raises(BundleError):
        load(laid_out(saved | {"bundle.json": content}, tmp_path / "bundle"))


def test_parts_that_do_not_fit_together(saved: Files, tmp_path: Path) -> None:
    record = json.loads(saved["bundle.json"])
    record["target"]["labels"].append("perhaps")
    record["sha256"] = checksum(record)
    folder = laid_out(saved | {"bundle.json": json.dumps(record).encode()}, tmp_path / "bundle")
    with pytest.raises(BundleError, match="the network has 2 outputs where 3 are wanted"):
        load(folder)
