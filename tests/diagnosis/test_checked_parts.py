"""What is no prediction is refused in words."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from assay.core.errors import DataError, RecipeError
from assay.core.predictions import Predictions
from assay.core.task import Task
from assay.diagnosis.diagnose import diagnose

GOOD = Predictions(Task.BINARY, np.array([0, 1] * 20), np.full((40, 2), 0.5), ("no", "yes"))


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (np.zeros(40), "the validation part is a ndarray"),
        (None, "the validation part is a NoneType"),
        (replace(GOOD, task="binary"), "task is 'binary'"),
        (replace(GOOD, output=np.full(40, 0.5)), r"shapes \(40,\) and \(40,\), and \(N,\) and \(N, K\)"),
        (replace(GOOD, output=np.full((39, 2), 0.5)), r"\(39, 2\)"),
        (replace(GOOD, truth=np.array(["no", "yes"] * 20)), "numbers were expected"),
        (replace(GOOD, truth=np.array([0, 5] * 20)), "class number 5, and 2 classes"),
        (replace(GOOD, truth=np.array([0, -1] * 20)), "class number -1"),
        (replace(GOOD, labels=("x", "y")), "the validation rows"),
    ],
)
def test_what_is_no_prediction_is_refused(part: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        diagnose(GOOD, part)


@pytest.mark.parametrize("replicates", [0, -1, 2.5])
def test_at_least_one_resample(replicates: Any) -> None:
    with pytest.raises(RecipeError, match="at least 1"):
        diagnose(GOOD, GOOD, replicates=replicates)
