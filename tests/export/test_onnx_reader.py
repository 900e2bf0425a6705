"""Without torch, polars and Assay, an exported folder answers as its bundle does."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from bundles_made import NAMES, TABLES, rows_frame
from exported_onnx import write_exported
from PIL import Image

from assay.bundle.bundle import Bundle
from assay.bundle.predictions import predict_file
from assay.core.errors import BundleError, DataError, InputError
from assay.export.onnx_command import main
from assay.export.onnx_reader import OnnxModel
from images_made import made_images

ASSAY = Path(sys.executable).with_name("assay")
BLOCKED = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "polars", "pydantic", "assay", "scipy", "pandas", "typer"}:
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Blocker())
"""


@pytest.fixture(scope="session")
def exported(bundles: dict[str, Bundle], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The exported folder of each bundle, by name."""
    folder = tmp_path_factory.mktemp("exported")
    return {name: write_exported(bundles[name], folder / name) for name in NAMES}


@pytest.fixture
def model(exported: dict[str, Path], name: str) -> OnnxModel:
    """Each bundle's model in turn."""
    return OnnxModel.load(exported[name])


def rows_of(frame: pl.DataFrame, names: tuple[str, ...]) -> list[list[Any]]:
    return [list(row) for row in frame.select(names).rows()]


def alone(folder: Path, code: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run code beside predict.py, where torch, polars, pydantic and Assay cannot be imported."""
    command = [sys.executable, "-I", "-c", f"{BLOCKED}sys.path.insert(0, {str(folder)!r})\n{code}", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", TABLES, indirect=True)
def test_rows_are_answered_as_the_bundle_answers_them(bundle: Bundle, model: OnnxModel) -> None:
    frame = rows_frame(60, seed=7)
    rows = rows_of(frame, bundle.schema.names)
    by_name = [dict(zip(bundle.schema.names, row, strict=True)) for row in rows]
    expected = bundle.outputs(bundle.schema.encode(rows))
    for given in (rows, by_name):
        np.testing.assert_array_equal(model.encode(given), bundle.schema.encode(rows))
        np.testing.assert_allclose(model.outputs(model.encode(given)), expected, rtol=1e-5, atol=1e-5)
        assert model.warnings(given) == bundle.schema.warnings(bundle.schema.encode(rows))
        assert model.predict(given).dtype == bundle.predict(rows).dtype
    if bundle.labels:
        np.testing.assert_allclose(model.predict_proba(rows), bundle.predict_proba(rows), atol=1e-5)
        assert model.predict(rows).tolist() == bundle.predict(rows).tolist()


@pytest.mark.parametrize("name", TABLES, indirect=True)
def test_a_file_is_answered_as_assay_predict_answers_it(
    bundle: Bundle, exported: dict[str, Path], name: str, rows_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "predictions.csv"
    code = "import predict; sys.exit(predict.main(sys.argv[1:]))"
    done = alone(exported[name], code, str(rows_file), "--out", str(out))
    assert (done.returncode, done.stderr) == (0, f"60 predictions: {out}\n")
    assert_same(pl.read_csv(out), predict_file(bundle, rows_file))


def assert_same(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    """The same columns, texts and labels, and numbers to 1e-5."""
    assert found.columns == expected.columns
    expected = pl.read_csv(io.StringIO(expected.write_csv()))
    for name in expected.columns:
        if expected[name].dtype == pl.Float64:
            np.testing.assert_allclose(found[name], expected[name], rtol=1e-5, atol=1e-5)
        else:
            assert found[name].to_list() == expected[name].to_list(), name


def test_the_written_file_needs_nothing_else(exported: dict[str, Path]) -> None:
    code = (
        "import predict, json\n"
        f"model = predict.OnnxModel.load({str(exported['binary'])!r})\n"
        "rows = [{name: None for name in model._schema.names}]\n"
        "loaded = {name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)\n"
        "print(json.dumps([model.answers(rows), sorted(loaded)]))"
    )
    done = alone(exported["binary"], code)
    assert done.returncode == 0, done.stderr
    answers, loaded = json.loads(done.stdout)
    assert set(answers[0]) == {"prediction", "probabilities", "warnings"}
    assert sum(answers[0]["probabilities"].values()) == pytest.approx(1.0)
    assert {"numpy", "onnxruntime", "predict"} <= set(loaded)
    assert not set(loaded) & {"torch", "polars", "pydantic", "assay", "PIL", "pandas", "scipy"}


def test_the_file_runs_where_it_stands(exported: dict[str, Path], rows_file: Path) -> None:
    command = [sys.executable, exported["regression"] / "predict.py", rows_file]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("prediction")
    assert done.stdout.count("\n") == 61
    assert done.stderr == ""


def test_images_are_answered_as_the_bundle_answers_them(
    bundles: dict[str, Bundle], exported: dict[str, Path], tmp_path: Path
) -> None:
    bundle, model = bundles["image"], OnnxModel.load(exported["image"])
    images = made_images(6, size=23, seed=3)[0]
    for number, pixels in enumerate(images):
        suffix = ("png", "jpg", "webp")[number % 3]
        Image.fromarray(pixels).resize((20 + number, 37)).save(tmp_path / f"{number}.{suffix}")
    np.testing.assert_allclose(model.predict_proba(tmp_path), bundle.predict_proba(tmp_path), atol=1e-5)
    np.testing.assert_allclose(model.predict_proba(images), bundle.predict_proba(images), atol=1e-5)
    paths = sorted(tmp_path.iterdir())
    assert model.predict(paths).tolist() == bundle.predict(paths).tolist()
    data = [path.read_bytes() for path in paths]
    np.testing.assert_array_equal(model.predict_proba(data), model.predict_proba(paths))
    out = tmp_path / "out.csv"
    assert main([str(paths[0]), "--folder", str(exported["image"]), "--out", str(out)]) == 0
    assert_same(pl.read_csv(out), predict_file(bundle, paths[0]))


def test_a_broken_image_is_named(exported: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"1 of 1 images cannot be read: a\.png: it holds text and no image"):
        OnnxModel.load(exported["image"]).predict(tmp_path)


def test_arrays_of_pixels_need_no_pillow(exported: dict[str, Path]) -> None:
    code = (
        "Blocker.find_spec = lambda self, name, path=None, target=None, known=Blocker.find_spec: "
        "known(self, name.replace('PIL', 'torch'))\n"
        "import predict, numpy\n"
        f"model = predict.OnnxModel.load({str(exported['image'])!r})\n"
        "print(model.predict_proba(numpy.zeros((2, 20, 20, 3), dtype='uint8')).shape)\n"
        "model.predict([b'bytes'])"
    )
    done = alone(exported["image"], code)
    assert done.stdout == "(2, 3)\n"
    assert "MissingPartError: row 0: image files are decoded by Pillow" in done.stderr or (
        "image files are decoded by Pillow, which is not installed" in done.stderr
    )


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "network.onnx").unlink(), "there is no network.onnx"),
        (lambda folder: (folder / "schema.json").write_text("{"), "not valid JSON"),
        (
            lambda folder: (folder / "schema.json").write_text('{"format": 99}'),
            "the format 99, and 1 is read",
        ),
        (lambda folder: (folder / "schema.json").write_text('{"format": 1}'), "schema is damaged"),
        (lambda folder: (folder / "network.onnx").write_bytes(b"onnx"), "network.onnx cannot be read"),
    ],
)
def test_a_damaged_folder_is_named(
    exported: dict[str, Path], tmp_path: Path, damage: Callable[[Path], object], said: str
) -> None:
    for file in exported["regression"].iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    damage(tmp_path)
    with pytest.raises(BundleError, match=said):
        OnnxModel.load(tmp_path)


def test_a_quantity_has_no_probabilities(exported: dict[str, Path]) -> None:
    with pytest.raises(BundleError, match="is a quantity, which has no probabilities"):
        OnnxModel.load(exported["regression"]).predict_proba([[None] * 13])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["absent.csv"], "there is no file"),
        (["rows.csv", "--out", "rows.csv"], "is the data file, which would be lost"),
        (["rows.csv", "--out", "x.parquet"], "predictions are written as .csv or .tsv"),
        (["rows.csv", "--out", "."], "is a folder"),
        (["rows.csv", "--separator", "|", "--out", "x.csv"], "there is no column 'amount'"),
    ],
)
def test_the_command_says_what_is_wrong(
    exported: dict[str, Path],
    rows_file: Path,
    tmp_path: Path,
    words: list[str],
    said: str,
) -> None:
    (tmp_path / "rows.csv").write_bytes(rows_file.read_bytes())
    command = [sys.executable, exported["binary"] / "predict.py", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_a_place_that_cannot_be_written_is_named(
    exported: dict[str, Path], rows_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    words = [str(rows_file), "--folder", str(exported["binary"]), "--out", str(tmp_path / "file" / "out.csv")]
    assert main(words) == InputError.exit_status


def test_assay_predict_runs_an_exported_folder_without_torch(
    bundle: Bundle, exported: dict[str, Path], name: str, rows_file: Path, tmp_path: Path
) -> None:
    data = rows_file
    if name == "image":
        data = tmp_path / "image.png"
        Image.fromarray(made_images(1, size=23)[0][0]).save(data)
    out = tmp_path / "predictions.parquet"
    code = (
        "import sys\nfrom assay.cli.main import main\n"
        "try: main()\n"
        "finally: print('torch' in sys.modules, file=sys.stdout)"
    )
    words = ["predict", str(exported[name]), str(data), "--out", str(out)]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr
    assert_same(pl.read_parquet(out), predict_file(bundle, data))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["EXPORTED", "ROWS", "--out", "EXPORTED/new.csv"], "is in the bundle's folder"),
        (["EXPORTED", "FOLDER", "--out", "p.csv"], "is a folder"),
        (["EXPORTED", "ROWS", "--out", "p.csv", "--set", "separator=|"], "there is no column 'amount'"),
        (["IMAGES", "ROWS", "--out", "p.csv", "--no-header"], "header: images have no such choice"),
        (["PART", "ROWS", "--out", "p.csv"], "there is no network.onnx"),
    ],
)
def test_assay_predict_says_what_is_wrong_with_an_exported_folder(
    exported: dict[str, Path], rows_file: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    part = tmp_path / "part"
    part.mkdir()
    (part / "schema.json").write_bytes((exported["binary"] / "schema.json").read_bytes())
    places = {
        "EXPORTED": exported["binary"], "IMAGES": exported["image"], "ROWS": rows_file, "FOLDER": tmp_path,
        "PART": part,
    }  # fmt: skip
    given = [
        str(places[head]) + word.removeprefix(head) if (head := word.partition("/")[0]) in places else word
        for word in words
    ]
    done = subprocess.run(
        [ASSAY, "predict", *given], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["part"]
