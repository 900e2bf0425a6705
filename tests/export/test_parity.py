"""What counts as the same answer, and by which rows it is asked."""

from collections.abc import Callable

import numpy as np
import pytest

from assay.bundle.bundle import Bundle
from assay.core.errors import AssayError
from assay.data.schema import Schema
from assay.export.measure import Measure
from assay.export.parity import Proof
from assay.export.parity_rows import EXTREMES, FIRST_DATE, LAST_DATE, ParityRows, drawn_rows
from assay.export.runtimes.eager import EagerRuntime


class Fake:
    """A runtime that does to the bundle's answers what it is told."""

    name, file = "fake", "network.fake"

    def __init__(self, bundle: Bundle, change: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> None:
        self.eager = EagerRuntime(bundle.network)
        self.change = change
        self.sizes: list[int] = []

    def run(self, raw: np.ndarray) -> np.ndarray:
        self.sizes.append(len(raw))
        return self.change(self.eager.run(raw), raw)


def proof_of(bundle: Bundle) -> Proof:
    return Proof(bundle, EagerRuntime(bundle.network), ParityRows.of(bundle))


def test_the_same_answers_pass_in_whole_batches_of_every_size(bundles: dict[str, Bundle]) -> None:
    proof = proof_of(bundles["binary"])
    fake = Fake(bundles["binary"], lambda output, raw: output)
    found = proof.of(fake)
    assert found.relative < 1e-7
    assert found.rows == len(proof.rows.raw) == fake.sizes.count(1)
    assert set(fake.sizes) == {0, 1, 2, 7, 1000}
    assert [batch["size"] for batch in found.batches] == [1, 2, 7, 1000]


@pytest.mark.parametrize(("by", "passes"), [(0.9e-5, True), (1.1e-5, False)])
@pytest.mark.parametrize("name", ["regression", "multiclass"])
def test_the_tolerance_is_one_in_a_hundred_thousand(
    by: float, passes: bool, name: str, bundles: dict[str, Bundle]
) -> None:
    bundle = bundles[name]
    scale = 1.0 if bundle.target_scale is None else float(bundle.target_scale.std)
    mean = 0.0 if bundle.target_scale is None else float(bundle.target_scale.mean)

    def shifted(output: np.ndarray, raw: np.ndarray) -> np.ndarray:
        return output + by * np.maximum(np.abs(output - mean), scale)

    proof, fake = proof_of(bundle), Fake(bundle, shifted)
    if passes:
        assert proof.of(fake).relative == pytest.approx(by, rel=0.05)
    else:
        with pytest.raises(AssayError, match="fake and the bundle disagree"):
            proof.of(fake)


def test_the_message_names_the_row_that_is_furthest(bundles: dict[str, Bundle]) -> None:
    def wrong_without_age(output: np.ndarray, raw: np.ndarray) -> np.ndarray:
        lost = np.isnan(raw[:, 1]) & ~np.isnan(raw).all(axis=1)
        return np.where(lost[:, None], 1.0 - output, output)

    with pytest.raises(AssayError, match=r"for the row without 'age', in batches of 1, fake says \[0\.\d+"):
        proof_of(bundles["binary"]).of(Fake(bundles["binary"], wrong_without_age))


def test_a_runtime_that_fails_at_one_size_only_is_caught(bundles: dict[str, Bundle]) -> None:
    def first_row_for_all(output: np.ndarray, raw: np.ndarray) -> np.ndarray:
        return np.repeat(output[:1], 7, axis=0) if len(raw) == 7 else output

    with pytest.raises(AssayError, match="in batches of 7"):
        proof_of(bundles["tabm"]).of(Fake(bundles["tabm"], first_row_for_all))


def test_answers_of_another_shape_are_no_answers(bundles: dict[str, Bundle]) -> None:
    with pytest.raises(AssayError, match=r"answers \[249, 1\] where the bundle answers \[249, 2\]"):
        proof_of(bundles["binary"]).of(Fake(bundles["binary"], lambda output, raw: output[:, :1]))


def test_a_runtime_that_cannot_take_an_empty_batch_passes_and_it_is_noted(
    bundles: dict[str, Bundle],
) -> None:
    def needs_rows(output: np.ndarray, raw: np.ndarray) -> np.ndarray:
        if not len(raw):
            raise ValueError("no rows")
        return output

    assert not proof_of(bundles["binary"]).of(Fake(bundles["binary"], needs_rows)).empty


def test_rows_that_a_runtime_cannot_be_told_are_left_out(bundles: dict[str, Bundle]) -> None:
    fake = Fake(bundles["binary"], lambda output, raw: output)
    fake.takes = lambda raw: ~np.isnan(raw).any(axis=1)  # type: ignore[attr-defined]  # a fake grows its method
    proof = proof_of(bundles["binary"])
    assert proof.of(fake).rows == int((~np.isnan(proof.rows.raw).any(axis=1)).sum())


def test_another_class_is_noted_only_where_the_bundle_is_undecided(bundles: dict[str, Bundle]) -> None:
    bundle = bundles["binary"]
    proof = proof_of(bundle)
    threshold = bundle.decision.threshold
    assert threshold is not None
    near = np.array([1.0 - threshold + 4e-6, threshold - 4e-6])
    proof._expected[3] = near  # a row that is as good as on the threshold

    def pushed(output: np.ndarray, raw: np.ndarray) -> np.ndarray:
        is_third = (raw == proof.rows.raw[3]) | (np.isnan(raw) & np.isnan(proof.rows.raw[3]))
        return np.where(is_third.all(axis=1)[:, None], near + np.array([-8e-6, 8e-6]), output)

    assert proof.of(Fake(bundle, pushed)).decisions == 1


def test_what_is_not_finite_is_equal_in_both_and_infinitely_far_in_one() -> None:
    nan, inf = np.nan, np.inf
    absolute, relative = Measure().differences(
        np.array([[nan, 1.0], [inf, 1.0], [0.5, 0.5]]), np.array([[inf, 1.0], [0.0, 1.0], [0.5, 0.25]])
    )
    assert absolute.tolist() == [0.0, inf, 0.25]
    assert relative.tolist() == absolute.tolist()


def test_a_value_is_measured_from_the_mean_of_the_target(bundles: dict[str, Bundle]) -> None:
    years = Measure(centre=2000.0, scale=10.0)
    _, relative = years.differences(np.array([2001.0, 1901.0]), np.array([2000.0, 1900.0]))
    assert relative.tolist() == [0.1, 0.01]
    assert "2000 (the mean of the target)" in years.words
    scale = bundles["regression"].target_scale
    assert scale is not None
    assert Measure.of(bundles["regression"], np.empty(0)) == Measure(float(scale.mean), float(scale.std))
    assert Measure.of(bundles["binary"], np.empty(0)) == Measure(0.0, 1.0)


def test_every_column_is_missing_once_and_every_category_unseen_once(bundles: dict[str, Bundle]) -> None:
    schema, rows = bundles["binary"].schema, ParityRows.of(bundles["binary"])
    assert isinstance(schema, Schema)
    assert rows.counts["missing"] == len(schema) + 1
    unseen = [name for name in rows.names if "unseen" in name]
    assert unseen == [f"the row with the unseen {name!r}" for name in _CATEGORIES]
    for name in _CATEGORIES:
        row = rows.raw[rows.names.index(f"the row with the unseen {name!r}")]
        (column,) = (column for column in schema.columns if column.name == name)
        (said,) = schema.warnings(row[None])
        assert any(f"{column.name!r}" in text and "not seen" in text for text in said)


_CATEGORIES = ("band", "sex", "colour", "town", "smoker", "flag")


def test_numbers_and_dates_go_to_their_ends(bundles: dict[str, Bundle]) -> None:
    rows = ParityRows.of(bundles["binary"])
    names = bundles["binary"].schema.names
    for name in ("amount", "age", "rate", "grade"):
        assert set(EXTREMES) <= set(rows.raw[:, names.index(name)])
    for name in ("when", "born"):
        assert {FIRST_DATE, LAST_DATE} <= set(rows.raw[:, names.index(name)])
    assert len(rows.names) == len(rows.raw) == sum(rows.counts.values())


def test_real_rows_come_first_and_are_spread_where_they_are_many(
    bundles: dict[str, Bundle], raw_rows: Callable[[str], np.ndarray]
) -> None:
    raw = np.repeat(raw_rows("binary"), 50, axis=0)
    rows = ParityRows.of(bundles["binary"], raw)
    assert rows.num_usual == rows.counts["validation"] == 1000
    assert rows.raw[0].tobytes() == raw[0].tobytes()
    assert rows.raw[999].tobytes() == raw[-1].tobytes()
    assert rows.names[999] == "validation row 1000"


def test_drawn_rows_are_such_as_were_seen_in_training(bundle: Bundle, name: str) -> None:
    rows = drawn_rows(bundle, 50)
    assert rows.tobytes() == drawn_rows(bundle, 50).tobytes()
    if name != "image":
        assert isinstance(bundle.schema, Schema)
        assert not any(bundle.schema.warnings(rows))
        assert np.isnan(rows).any()


def test_large_images_are_compared_in_smaller_batches() -> None:
    from assay.export.parity_rows import _of_images

    rows = _of_images((3, 224, 224), None)
    assert rows.biggest == 27
    assert rows.raw.shape == (19, 3, 224, 224)
    assert rows.counts == {"drawn": 16, "extreme": 3}
