import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from every_kind import every_kind, numbers_table
from torch import Tensor

from assay.data.preparation import Preparation

CHOICES: dict[str, dict[str, Any]] = {
    "defaults": {},
    "regression, clip, minmax": {"missing": "regression", "outliers": "clip", "scale": "minmax"},
    "uniform, codes": {"quantile_output": "uniform", "one_hot_up_to": 0, "missing": "most_frequent"},
    "mixed": {"scale": "standardize", "columns": {"amount": {"scale": "quantile"}, "age": {"scale": "none"}}},
}
pytestmark = [
    pytest.mark.filterwarnings("ignore:`torch.jit.*deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:`torch.jit.*deprecated:DeprecationWarning"),
]


@pytest.fixture(scope="module", params=CHOICES, ids=str)
def preparation(request: pytest.FixtureRequest) -> Preparation:
    return Preparation.fit(every_kind(), **CHOICES[request.param])


@pytest.fixture(scope="module")
def raw(preparation: Preparation) -> Tensor:
    """Training rows, others, and rows of nothing, unseen codes and extremes."""
    rows = np.concatenate(
        [preparation.schema.encode(every_kind()), preparation.schema.encode(every_kind(seed=1))]
    )
    odd = np.full((6, rows.shape[1]), np.nan)
    odd[1:] = np.array([-1.0, 12_345.678, 1.7e308, -1.7e308, 5e-324])[:, None]
    return torch.from_numpy(np.concatenate([rows, odd]))


@pytest.fixture(scope="module")
def expected(preparation: Preparation, raw: Tensor) -> Tensor:
    output: Tensor = preparation(raw)
    assert output.dtype == torch.float32
    assert output.shape == (len(raw), preparation.num_outputs)
    assert torch.isfinite(output).all()
    return output


def test_the_traced_module_agrees(preparation: Preparation, raw: Tensor, expected: Tensor) -> None:
    traced = torch.jit.trace(preparation, raw[:7])
    for num_rows in (0, 1, len(raw)):
        torch.testing.assert_close(traced(raw[:num_rows]), expected[:num_rows], rtol=0, atol=0)


def test_the_scripted_module_agrees(preparation: Preparation, raw: Tensor, expected: Tensor) -> None:
    scripted = torch.jit.script(preparation)
    for num_rows in (0, 1, len(raw)):
        torch.testing.assert_close(scripted(raw[:num_rows]), expected[:num_rows], rtol=0, atol=0)


def test_the_exported_program_agrees(preparation: Preparation, raw: Tensor, expected: Tensor) -> None:
    shapes = ({0: torch.export.Dim("rows")},)
    program = torch.export.export(preparation, (raw[:7],), dynamic_shapes=shapes).module()
    for num_rows in (0, 1, len(raw)):
        torch.testing.assert_close(program(raw[:num_rows]), expected[:num_rows], rtol=0, atol=0)


def test_onnx_runtime_agrees(preparation: Preparation, raw: Tensor, expected: Tensor, tmp_path: Path) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    path = tmp_path / "preparation.onnx"
    shapes = ({0: torch.export.Dim("rows")},)
    program = torch.onnx.export(preparation, (raw[:7],), dynamo=True, dynamic_shapes=shapes, verbose=False)
    assert program is not None
    program.save(path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    for num_rows in (0, 1, len(raw)):
        (output,) = session.run(None, {name: raw[:num_rows].numpy()})
        np.testing.assert_allclose(output, expected[:num_rows].numpy(), rtol=0, atol=1e-5)


def test_json_and_state_restore_it_exactly(preparation: Preparation, raw: Tensor, expected: Tensor) -> None:
    record = json.loads(json.dumps(preparation.to_json()))
    again = Preparation.from_json(record)
    again.load_state_dict({name: tensor.clone() for name, tensor in preparation.state_dict().items()})
    torch.testing.assert_close(again(raw), expected, rtol=0, atol=0)
    assert again.to_json() == preparation.to_json()
    assert again.names == preparation.names
    assert again.cardinalities == preparation.cardinalities
    assert again.schema == preparation.schema
    assert again.settings == preparation.settings


def test_safetensors_hold_its_state(preparation: Preparation) -> None:
    from safetensors.torch import load, save

    state = load(save({name: tensor.contiguous() for name, tensor in preparation.state_dict().items()}))
    assert all(torch.equal(tensor, state[name]) for name, tensor in preparation.state_dict().items())


def test_float32_rows_are_taken(preparation: Preparation) -> None:
    raw_NC = torch.from_numpy(preparation.schema.encode(every_kind())).to(torch.float32)
    output = preparation(raw_NC)
    assert output.dtype == torch.float32
    codes = len(preparation.cardinalities)
    torch.testing.assert_close(output[:, -codes:], preparation.prepare(every_kind())[:, -codes:])


def test_codes_stay_below_their_cardinality(preparation: Preparation, expected: Tensor) -> None:
    codes_NE = expected[:, -len(preparation.cardinalities) :]
    assert (codes_NE == codes_NE.round()).all()
    assert (codes_NE.min(dim=0).values >= 0).all()
    assert (codes_NE.max(dim=0).values < torch.tensor(preparation.cardinalities)).all()


def test_a_hundred_thousand_rows_take_well_under_a_second() -> None:
    values = np.random.default_rng(0).normal(size=(100_000, 22))
    table = numbers_table(**{f"x{index}": values[:, index] for index in range(22)})
    preparation = Preparation.fit(table)
    raw = torch.from_numpy(values)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        seconds = min(_seconds(preparation, raw) for _ in range(3))
    finally:
        torch.set_num_threads(threads)
    assert seconds < 1


def _seconds(preparation: Preparation, raw: Tensor) -> float:
    start = time.process_time()
    preparation(raw)
    return time.process_time() - start
