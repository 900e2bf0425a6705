"""What `export` writes, in every runtime of Python, for a bundle of every kind."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from bundles_made import NAMES

from assay.bundle.bundle import Bundle
from assay.core.errors import AssayError, BundleError, InputError, MissingPartError, RecipeError
from assay.export import export, exporting
from assay.export.exported import Exported
from assay.export.measure import TOLERANCE
from assay.export.runtimes.onnx import OnnxRuntime
from assay.export.runtimes.package import PackageRuntime
from assay.export.runtimes.program import ProgramRuntime
from assay.export.runtimes.torchscript import TorchScriptRuntime
from assay.export.targets import Targets


@pytest.fixture(scope="module")
def exports(
    bundles: dict[str, Bundle], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Exported]:
    """The export of a bundle to TorchScript and ONNX, made once."""
    made: dict[str, Exported] = {}

    def exported(name: str) -> Exported:
        if name not in made:
            folder = tmp_path_factory.mktemp("exports") / name
            made[name] = export(bundles[name], folder, ["torchscript", "onnx"])
        return made[name]

    return exported


@pytest.fixture(scope="module")
def compiled(bundles: dict[str, Bundle], tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The multiclass bundle as a program and as a compiled package."""
    return export(bundles["multiclass"], tmp_path_factory.mktemp("compiled") / "export", "pt2")


def test_the_files_are_those_that_were_asked_for(exports: Callable[[str], Exported], name: str) -> None:
    written = {entry.name for entry in exports(name).folder.iterdir()}
    assert written == {"network.torchscript.pt", "network.onnx", "schema.json", "predict.py", "parity.json"}


def test_each_runtime_answers_as_the_bundle(
    exports: Callable[[str], Exported], bundle: Bundle, name: str, raw_rows: Callable[[str], np.ndarray]
) -> None:
    folder, raw = exports(name).folder, raw_rows(name)
    expected = bundle.outputs(raw)
    scale = 1.0 if bundle.target_scale is None else float(bundle.target_scale.std)
    for runtime in (TorchScriptRuntime(folder), OnnxRuntime(folder)):
        for size in (1, 3, 60):
            assert runtime.run(raw[:size]) == pytest.approx(expected[:size], abs=1e-6 * scale)
        assert runtime.run(raw[:0]).shape == expected[:0].shape


def test_parity_is_written_down(exports: Callable[[str], Exported], bundle: Bundle, name: str) -> None:
    parity = json.loads((exports(name).folder / "parity.json").read_text())
    assert parity == json.loads(json.dumps(exports(name).parity))
    assert parity["bundle"] == bundle.sha256
    assert parity["batch_sizes"] == [1, 2, 7, 1000]
    assert set(parity["rows"]) == ({"drawn", "extreme"} if name == "image" else {*_SORTS})
    assert [runtime["name"] for runtime in parity["runtimes"]] == ["eager", "torchscript", "onnxruntime"]
    for runtime in parity["runtimes"]:
        assert runtime["rows"] == sum(parity["rows"].values())
        assert runtime["empty"]
        assert [batch["size"] for batch in runtime["batches"]] == parity["batch_sizes"]
        assert runtime["relative"] == max(batch["relative"] for batch in runtime["batches"]) <= TOLERANCE
    assert parity["left_out"] == {}


_SORTS = ("drawn", "missing", "unseen", "extreme")


def test_the_onnx_graph_has_the_names_and_shapes_of_the_schema(
    exports: Callable[[str], Exported], name: str
) -> None:
    from onnxruntime import InferenceSession

    folder = exports(name).folder
    schema = json.loads((folder / "schema.json").read_text())
    session = InferenceSession(str(folder / "network.onnx"), providers=["CPUExecutionProvider"])
    for value, said in (
        (session.get_inputs()[0], schema["input"]),
        (session.get_outputs()[0], schema["output"]),
    ):
        assert value.name == said["name"]
        assert isinstance(value.shape[0], str), "the number of rows is open"
        assert value.shape[1:] == said["shape"][1:]
        assert value.type == {"float64": "tensor(double)", "uint8": "tensor(uint8)"}[said["dtype"]]


def test_no_file_names_a_place_on_this_machine(exports: Callable[[str], Exported]) -> None:
    folder = exports("binary").folder
    home = str(Path(exporting.__file__).parents[2]).encode()
    for file in ("network.onnx", "schema.json", "parity.json", "predict.py"):
        assert home not in (folder / file).read_bytes(), file


def test_a_program_and_a_package_answer_as_the_bundle(
    compiled: Exported, bundles: dict[str, Bundle], raw_rows: Callable[[str], np.ndarray]
) -> None:
    raw, bundle = raw_rows("multiclass"), bundles["multiclass"]
    assert set(compiled.files) == {"network.pt2", "network.aoti.pt2", "schema.json", "parity.json"}
    names = [runtime["name"] for runtime in compiled.parity["runtimes"]]
    assert names == ["eager", "torch.export", "aotinductor"]
    for runtime in (ProgramRuntime(compiled.folder), PackageRuntime(compiled.folder)):
        for size in (0, 1, 60):
            assert runtime.run(raw[:size]) == pytest.approx(bundle.outputs(raw[:size]), abs=1e-6)


def test_a_program_holds_no_real_row(compiled: Exported, bundles: dict[str, Bundle]) -> None:
    (arguments, _) = torch.export.load(compiled.folder / "network.pt2").example_inputs
    assert arguments[0].numpy().tobytes() == exporting.drawn_rows(bundles["multiclass"], 8).tobytes()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_bundle_in_every_runtime(name: str, bundles: dict[str, Bundle], tmp_path: Path) -> None:
    exported = export(bundles[name], tmp_path / "export")
    names = [runtime["name"] for runtime in exported.parity["runtimes"]]
    assert names == [
        "eager", "torchscript", "torch.export", "onnxruntime", "aotinductor",
        "C++ with TorchScript", "C++ with AOTInductor",
    ]  # fmt: skip
    assert all(runtime["relative"] <= TOLERANCE for runtime in exported.parity["runtimes"])


def test_given_rows_are_the_ones_that_are_compared(
    bundles: dict[str, Bundle], raw_rows: Callable[[str], np.ndarray], tmp_path: Path
) -> None:
    exported = export(bundles["binary"], tmp_path / "export", "torchscript", raw_rows("binary"))
    assert exported.parity["rows"]["validation"] == 60


def test_torchscript_is_called_deprecated_once_and_its_successor_is_named(
    bundles: dict[str, Bundle], tmp_path: Path
) -> None:
    with pytest.warns(FutureWarning) as caught:
        export(bundles["binary"], tmp_path / "export", "torchscript")
    assert [warning.filename for warning in caught] == [__file__]
    assert "successor is torch.export" in str(caught[0].message)


def test_an_older_export_is_replaced_and_anything_else_is_left_alone(
    bundles: dict[str, Bundle], tmp_path: Path
) -> None:
    place = tmp_path / "export"
    export(bundles["binary"], place, "torchscript")
    before = json.loads((place / "parity.json").read_text())
    export(bundles["regression"], place, "torchscript")
    assert json.loads((place / "parity.json").read_text())["bundle"] != before["bundle"]
    (place / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds 'notes\.txt'.*name a new folder"):
        export(bundles["binary"], place, "torchscript")
    assert (place / "notes.txt").read_text() == "mine"
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="a file stands where the export should go"):
        export(bundles["binary"], tmp_path / "file", "torchscript")
    assert {entry.name for entry in tmp_path.iterdir()} == {"export", "file"}


def test_a_folder_of_the_user_with_files_of_our_names_is_no_export(
    bundles: dict[str, Bundle], tmp_path: Path
) -> None:
    (tmp_path / "predict.py").write_text("print('mine')")
    with pytest.raises(InputError, match=r"holds no parity\.json"):
        export(bundles["binary"], tmp_path, "torchscript")
    assert (tmp_path / "predict.py").read_text() == "print('mine')"


def test_a_runtime_that_disagrees_leaves_no_file(
    bundles: dict[str, Bundle], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Wrong(TorchScriptRuntime):
        def run(self, raw: np.ndarray) -> np.ndarray:
            return super().run(raw) + np.array([1e-4, -1e-4])

    monkeypatch.setattr(exporting, "TorchScriptRuntime", Wrong)
    message = (
        r"network\.torchscript\.pt: torchscript and the bundle disagree: for drawn row \d+, in batches of 1, "
        r"torchscript says \[.*\] and the bundle says \[.*\]: 0\.0001 apart, at most 1e-05"
    )
    with pytest.raises(AssayError, match=message) as caught:
        export(bundles["binary"], tmp_path / "export", "torchscript")
    assert caught.value.exit_status == 1
    assert list(tmp_path.iterdir()) == []


def test_a_compiler_that_stops_leaves_no_file_and_is_quoted(
    bundles: dict[str, Bundle], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = tmp_path / "g++"
    compiler.write_text("#!/bin/sh\necho 'fatal: the disk is full' >&2\nexit 1\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("CXX", str(compiler))
    with pytest.raises(AssayError, match=r"network\.aoti\.pt2: AOTInductor could not compile") as caught:
        export(bundles["binary"], tmp_path / "export", "pt2")
    assert caught.value.exit_status == 1
    assert {entry.name for entry in tmp_path.iterdir()} == {"g++"}


def test_the_place_is_beside_the_bundle(bundles: dict[str, Bundle], tmp_path: Path) -> None:
    bundles["binary"].save(tmp_path / "study" / "bundle")
    place = tmp_path / "study" / "export"
    for named in ("study", "study/bundle", "study/bundle/bundle.json"):
        assert exporting.default_place(tmp_path / named) == place
    assert export(tmp_path / "study", to="torchscript").folder == place
    assert (place / "network.torchscript.pt").is_file()


def test_a_bundle_from_memory_needs_a_folder_and_a_folder_a_bundle(
    bundles: dict[str, Bundle], tmp_path: Path
) -> None:
    with pytest.raises(RecipeError, match="no place of its own"):
        export(bundles["binary"])
    with pytest.raises(BundleError, match="there is no bundle"):
        export(tmp_path / "nowhere", to="onnx")


@pytest.mark.parametrize("given", ["onx", ["onnx", "tflite"], "", []])
def test_an_unknown_target_is_refused(given: str | list[str]) -> None:
    with pytest.raises(RecipeError, match="no target of an export"):
        Targets.of(given)


def test_targets_bring_what_they_need() -> None:
    assert Targets.of("cpp").names == {"cpp", "torchscript", "pt2", "aoti"}
    assert Targets.of(" Browser").names == {"browser", "onnx"}
    assert Targets.of().names == {"torchscript", "pt2", "aoti", "onnx", "cpp", "browser"}


def test_without_a_compiler_all_else_is_written(
    bundles: dict[str, Bundle], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.delenv("CXX", raising=False)
    found = Targets.of()
    assert found.names == {"torchscript", "pt2", "onnx", "browser"}
    assert set(found.left_out) == {"aoti", "cpp"}
    assert all("apt install g++" in reason for reason in found.left_out.values())
    exported = export(bundles["regression"], tmp_path / "export")
    assert exported.left_out == found.left_out
    assert {"network.pt2", "network.onnx", "browser"} <= set(exported.files)
    assert "no onnxruntime-web" in exported.parity["unproved"]["browser"]
    with pytest.raises(MissingPartError, match=r"cpp cannot be written: there is no g\+\+ or clang\+\+"):
        export(bundles["binary"], tmp_path / "other", "cpp")
    assert not (tmp_path / "other").exists()


def test_without_onnx_the_install_line_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.export.targets.find_spec", lambda name: None)
    assert "assay[export]" in Targets.of().left_out["onnx"]
    with pytest.raises(MissingPartError, match=r"onnx and onnxscript and onnxruntime are not installed"):
        Targets.of("onnx")
