"""The C++ program answers as the bundle does: raw matrices, and files as `assay predict` reads them."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import polars.testing
import pytest
import torch
from cpp_made import answers, made_folder, needs_compiler, predict

from assay.bundle.bundle import Bundle
from assay.bundle.predictions import predict_file
from assay.core.errors import AssayError, MissingPartError
from assay.data.images.schema import ImageSchema
from assay.export.cpp import built_program, torch_folder, write_project
from assay.export.package import Compilation
from assay.export.program import exported_program, write_program
from assay.export.runtimes.cpp import CppRuntime

pytestmark = needs_compiler
Rows = Callable[[str], np.ndarray]


def eager(bundle: Bundle, raw: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        output: np.ndarray = bundle.network(torch.from_numpy(raw)).numpy()
    return output


@pytest.mark.timeout(600)
def test_it_answers_raw_rows_as_the_bundle_in_batches_of_any_size(
    bundle: Bundle, name: str, raw_rows: Rows, tmp_path: Path
) -> None:
    raw = raw_rows(name)
    runtime = CppRuntime(made_folder(bundle, tmp_path / name), "torchscript")
    expected = eager(bundle, raw)
    for size in (7, 1000):
        assert runtime.run_in_batches(raw, size) == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert runtime.run(raw[:0]).shape == expected[:0].shape


def test_extreme_missing_and_unseen_values_reach_the_network(
    bundles: dict[str, Bundle], raw_rows: Rows, tmp_path: Path
) -> None:
    bundle = bundles["regression"]
    extremes = [np.nan, 1e300, -1e300, 5e-324, -0.0, 0.1, -1.0, 2.5e11, 9e18, 1e100]
    raw = np.repeat(raw_rows("regression")[:1], len(extremes) * raw_rows("regression").shape[1], axis=0)
    for column in range(raw.shape[1]):
        for number, value in enumerate(extremes):
            raw[column * len(extremes) + number, column] = value
    found = CppRuntime(made_folder(bundle, tmp_path / "made"), "torchscript").run(raw)
    assert found == pytest.approx(eager(bundle, raw), rel=1e-6)


def test_a_file_is_answered_as_assay_predict_does(
    bundle: Bundle, name: str, rows_file: Path, tmp_path: Path
) -> None:
    if isinstance(bundle.schema, ImageSchema):
        pytest.skip("images are no table")
    found = answers(predict(made_folder(bundle, tmp_path / name), rows_file))
    expected = predict_file(bundle, rows_file)
    assert found.columns == expected.columns
    for column in expected:
        if column.dtype.is_float():
            assert found[column.name].to_numpy() == pytest.approx(column.to_numpy(), rel=1e-6, abs=1e-9)
        else:
            assert found[column.name].cast(pl.String).to_list() == column.cast(pl.String).to_list()


def test_the_compiled_package_answers_the_same(
    bundles: dict[str, Bundle], raw_rows: Rows, tmp_path: Path
) -> None:
    raw, folder = raw_rows("binary"), made_folder(bundles["binary"], tmp_path / "made")
    program = exported_program(bundles["binary"].network, torch.from_numpy(raw))
    write_program(program, folder / "network.pt2")
    with Compilation(folder / "network.pt2", folder / "network.aoti.pt2") as compilation:
        compilation.finish()
    runtime = CppRuntime(folder, "aoti")
    assert runtime.run(raw) == pytest.approx(eager(bundles["binary"], raw), rel=1e-6, abs=1e-9)
    assert runtime.run(raw[:1]) == pytest.approx(eager(bundles["binary"], raw[:1]), rel=1e-6, abs=1e-9)
    done = predict(folder, "rows.csv")
    not_compiled = subprocess.run(
        [built_program(folder / "cpp"), folder / "network.pt2", "rows.csv"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == not_compiled.returncode == 2
    assert "not a compiled AOTInductor package" in not_compiled.stderr


def test_one_thread_and_three_answer_as_two(
    bundles: dict[str, Bundle], rows_file: Path, tmp_path: Path
) -> None:
    folder = made_folder(bundles["multiclass"], tmp_path / "made")
    two = answers(predict(folder, rows_file, "--batch", "7"))
    for threads in ("1", "3"):
        found = answers(predict(folder, rows_file, "--batch", "7", "--threads", threads))
        pl.testing.assert_frame_equal(found, two, check_exact=False, rel_tol=1e-6)
    assert len(two) == 60


def test_images_come_as_a_numpy_file_of_the_right_shape(
    bundles: dict[str, Bundle], raw_rows: Rows, tmp_path: Path
) -> None:
    bundle, images = bundles["image"], raw_rows("image")
    folder, path = made_folder(bundle, tmp_path / "made"), tmp_path / "images.npy"
    np.save(path, images)
    found = answers(predict(folder, path, "--batch", "16"))
    assert found.columns == ["prediction", *(f"probability_{label}" for label in bundle.labels)]
    assert found[:, 1:].to_numpy() == pytest.approx(eager(bundle, images), rel=1e-6, abs=1e-6)
    for wrong, said in (
        (images[:, :, :8], "its shape is (60, 3, 8, 16) where uint8 of the shape (N, 3, 16, 16) is expected"),
        (images.astype(np.float32), "it holds '<f4'"),
        (np.asfortranarray(images), "Fortran's order"),
    ):
        np.save(path, wrong)
        done = predict(folder, path)
        assert (done.returncode, done.stdout) == (2, "") and said in done.stderr
    np.save(path, images)
    path.write_bytes(path.read_bytes()[:-5])
    assert "the file is cut" in predict(folder, path).stderr
    path.write_bytes(b"no images")
    assert "not a NumPy file" in predict(folder, path).stderr


def test_the_project_is_the_same_for_every_bundle_but_for_its_example(
    bundles: dict[str, Bundle], tmp_path: Path
) -> None:
    written = {}
    for name in ("binary", "image"):
        (tmp_path / name).mkdir()
        write_project(bundles[name], tmp_path / name)
        written[name] = {path.name: path.read_text() for path in (tmp_path / name / "cpp").iterdir()}
    assert {"CMakeLists.txt", "Makefile", "README.md", "main.cpp"} <= written["binary"].keys()
    assert "rows.csv > predictions.csv" in written["binary"].pop("README.md")
    assert "images.npy > predictions.csv" in written["image"].pop("README.md")
    assert written["binary"] == written["image"]


def test_a_missing_compiler_and_what_a_compiler_says_are_named(
    bundles: dict[str, Bundle], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_project(bundles["binary"], tmp_path)
    for source in (tmp_path / "cpp").glob("*.cpp"):
        source.unlink()
    (tmp_path / "cpp" / "options.cpp").write_text("int broken(\n")
    with pytest.raises(AssayError, match=r"does not build: .*options\.cpp.*error.* C\+\+20"):
        built_program(tmp_path / "cpp")
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(
        MissingPartError, match=r"cannot be built: there is no C\+\+ compiler no-such-compiler"
    ):
        built_program(tmp_path / "cpp")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_cmake_builds_it_too(bundles: dict[str, Bundle], rows_file: Path, tmp_path: Path) -> None:
    if shutil.which("cmake") is None:
        pytest.skip("there is no cmake")
    folder = made_folder(bundles["binary"], tmp_path / "made")
    build = tmp_path / "build"
    configure = ["cmake", "-S", folder / "cpp", "-B", build, f"-DPython_EXECUTABLE={sys.executable}"]
    subprocess.run(configure, check=True, capture_output=True)
    subprocess.run(["cmake", "--build", build, "-j", "2"], check=True, capture_output=True)
    done = subprocess.run(
        [build / "predict", folder / "network.torchscript.pt", rows_file],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == predict(folder, rows_file).stdout
    assert (torch_folder() / "lib").is_dir()
