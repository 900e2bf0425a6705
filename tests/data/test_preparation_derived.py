"""What a preparation works out from its buffers: right after every way of getting them, and never stored."""

import copy
import json
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
import torch
from every_kind import every_kind, numbers_table
from torch import Tensor, nn

from assay.data.column import Column, Kind
from assay.data.preparation import Preparation
from assay.data.preparation.categories import Booleans
from assay.data.preparation.numbers import Quantiles
from assay.data.preparation.search import PADDING, num_not_above, stacked
from assay.data.table import Table

NAN = float("nan")


@pytest.fixture(scope="module")
def preparation() -> Preparation:
    return Preparation.fit(every_kind())


def raw_rows(preparation: Preparation, seed: int = 1) -> Tensor:
    return torch.from_numpy(preparation.schema.encode(every_kind(seed=seed)))


def test_a_form_without_numbers_is_filled_by_loading(preparation: Preparation) -> None:
    with torch.device("meta"):
        form = Preparation.from_json(json.loads(json.dumps(preparation.to_json())))
    assert form.filling.fill.is_meta
    form.load_state_dict(dict(preparation.state_dict()), assign=True)
    raw = raw_rows(preparation)
    torch.testing.assert_close(form(raw), preparation(raw), rtol=0, atol=0)
    assert list(form.state_dict()) == list(preparation.state_dict())


def test_a_copy_follows_the_numbers_that_it_loads_as_part_of_a_whole() -> None:
    ours, other = (Preparation.fit(every_kind(seed=seed), one_hot_up_to=6) for seed in (0, 5))
    state = {f"0.{name}": tensor for name, tensor in other.state_dict().items()}
    whole, before = nn.Sequential(copy.deepcopy(ours)), ours(raw_rows(ours, seed=2))
    raw = raw_rows(ours, seed=2)
    assert not torch.equal(ours(raw), other(raw))
    whole.load_state_dict(state)
    torch.testing.assert_close(whole(raw), other(raw), rtol=0, atol=0)
    torch.testing.assert_close(ours(raw), before, rtol=0, atol=0)


def test_a_state_that_does_not_fit_is_refused(preparation: Preparation) -> None:
    with torch.device("meta"):
        form = Preparation.from_json(preparation.to_json())
    state = dict(preparation.state_dict())
    state["groups.quantiles.knots"] = state["groups.quantiles.knots"][:, :7]
    with pytest.raises(RuntimeError, match=r"size mismatch for groups\.quantiles\.knots"):
        form.load_state_dict(state, assign=True)


def test_a_curve_is_what_its_stored_numbers_say() -> None:
    rng = np.random.default_rng(0)
    fitted = Preparation.fit(numbers_table(a=np.exp(3 * rng.normal(size=900)), b=rng.integers(0, 9, 900)))
    part = fitted.groups["quantiles"]
    assert isinstance(part, Quantiles)
    raw = np.concatenate([rng.normal(size=(500, 2)) * 9, part.knots.T.numpy()])
    raw[raw >= PADDING] = NAN
    raw = np.nan_to_num(raw, nan=3.0)
    expected = np.stack([_along(part, column, values) for column, values in enumerate(raw.T)], axis=1)
    np.testing.assert_array_equal(fitted(torch.from_numpy(raw))[:, :2].numpy(), expected.astype(np.float32))


def _along(part: Quantiles, column: int, values: np.ndarray) -> np.ndarray:
    knots, height, slope = (table[column].numpy() for table in (part.knots, part.height, part.slope))
    left = np.maximum(np.searchsorted(knots, values, side="right") - 1, 0)
    return np.asarray(height[left] + slope[left] * (np.maximum(values, knots[0]) - knots[left]))


@pytest.mark.parametrize("num_booleans", [1, 4, 5])  # the last are too many to be joined
@pytest.mark.parametrize("codes", [(0.0, 1.0), (1.0, 2.0), (-3.0, 0.0), (0.1, 0.3)])
def test_only_the_codes_of_a_boolean_answer(num_booleans: int, codes: tuple[float, float]) -> None:
    rng = np.random.default_rng(0)
    names = [f"flag {number}" for number in range(num_booleans)]
    flags = {name: rng.choice(codes, 50) for name in names}
    columns = [Column(name, Kind.QUALITATIVE) for name in names]
    frame = pl.DataFrame({"x": rng.normal(size=50), **flags})
    fitted = Preparation.fit(Table(frame, (Column("x", Kind.QUANTITATIVE), *columns)))
    assert isinstance(fitted.groups["booleans"], Booleans)
    beside = [np.nextafter(code, end) for code in codes for end in (-1e9, 1e9) if code != 0]
    values = np.array([*codes, NAN, -1e300, 1e300, 0.2, 7.0, *beside])
    output = fitted(torch.from_numpy(np.repeat(values[:, None], 1 + num_booleans, axis=1)))[:, 1:]
    expected = np.where(values == codes[1], 1.0, np.where(values == codes[0], -1.0, 0.0))
    np.testing.assert_array_equal(output.numpy(), np.repeat(expected[:, None], num_booleans, axis=1))


def test_a_zero_is_known_where_denormal_numbers_are_flushed() -> None:
    frame = pl.DataFrame({"x": [0.5, 1.5, 2.5, 3.5], "flag": [0, 1, 0, 1]})
    columns = (Column("x", Kind.QUANTITATIVE), Column("flag", Kind.QUALITATIVE))
    fitted = Preparation.fit(Table(frame, columns))
    assert fitted.joins_booleans
    if not torch.set_flush_denormal(True):
        pytest.skip("this processor cannot flush them")
    try:
        output = fitted(torch.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]], dtype=torch.float64))
    finally:
        torch.set_flush_denormal(False)
    assert output[:, 1].tolist() == [-1.0, 1.0, 0.0]


class Counting(nn.Module):
    """The search alone."""

    def __init__(self, table_QK: Tensor) -> None:
        super().__init__()
        self.table = nn.Buffer(table_QK)

    def forward(self, values_NQ: Tensor) -> Tensor:
        return num_not_above(values_NQ, self.table)


@pytest.mark.parametrize("sizes", [(1,), (3, 1), (128, 90), (129, 256), (5_000, 3), (20_000,)])
def test_an_exported_search_counts_alike(sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    tables = [np.unique(rng.integers(-9 * size, 9 * size, size)).astype(float) for size in sizes]
    edges = [np.concatenate([table, table - 0.5, [-1e100, 1e100]]) for table in tables]
    values = np.stack([rng.choice(edge, 400) for edge in edges], axis=1)
    module = Counting(stacked([table.tolist() for table in tables], PADDING))
    shapes = ({0: torch.export.Dim("rows")},)
    program = torch.export.export(module, (torch.from_numpy(values[:7]),), dynamic_shapes=shapes)
    assert "searchsorted" not in program.graph_module.code  # which ONNX does not have
    expected = [
        np.searchsorted(table, ours, side="right") for table, ours in zip(tables, values.T, strict=True)
    ]
    for counted in (module, program.module()):
        np.testing.assert_array_equal(counted(torch.from_numpy(values)), np.stack(expected, axis=1))


def test_standardised_numbers_cost_a_handful_of_nodes() -> None:
    """Each node costs half a microsecond in ONNX Runtime, whatever it does to one row."""
    pytest.importorskip("onnxscript")
    values = np.random.default_rng(0).normal(size=(50, 22))
    table = numbers_table(**{f"x{number}": column for number, column in enumerate(values.T)})
    counts = [_num_nodes(Preparation.fit(table, scale=scale)) for scale in ("standardize", "quantile")]
    assert counts[0] <= 8
    assert counts[1] <= 20
    assert all(few < many for few, many in pairwise(counts))


def _num_nodes(preparation: Preparation) -> int:
    rows, shapes = (
        torch.zeros(7, preparation.num_inputs, dtype=torch.float64),
        ({0: torch.export.Dim("rows")},),
    )
    program = torch.onnx.export(preparation, (rows,), dynamo=True, dynamic_shapes=shapes, verbose=False)
    assert program is not None
    return len(list(program.model.graph))
