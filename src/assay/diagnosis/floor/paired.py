"""Several models judged on the same rows, so that the noise of the rows is shared.

Shapes: N rows, M models, B replicates, K classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assay.core.metrics import weighted_error
from assay.core.predictions import Predictions
from assay.diagnosis.resampling import Resampling

_CELLS = 1_000_000  # counts held at once


def paired_errors(
    parts: Sequence[Sequence[Predictions]], metrics: Sequence[str], *, seed: int, replicates: int
) -> tuple[np.ndarray, np.ndarray]:
    """The errors of M models on the rows of some parts taken together, and on B resamples of them.

    Args:
        parts: for each part (training rows, validation rows) the M models' predictions of its rows.
        metrics: M metrics, one a model.
        seed: names the draws.
        replicates: B.

    Returns:
        (M,) errors and (M, B) errors on the same resamples, drawn within each part as `Resampling` says.
        Deviations are widened as Student's t is wider than the normal distribution.
    """
    draws = [Resampling.of(models[0], metrics[0]) for models in parts]
    together = [_joined([models[m] for models in parts]) for m in range(len(metrics))]
    on_rows = [weighted_error(joined, metric) for joined, metric in zip(together, metrics, strict=True)]
    num_rows = len(together[0])
    rng = np.random.default_rng(seed)
    at_once = max(1, min(replicates, _CELLS // max(num_rows, 1)))
    chunks = []
    for start in range(0, replicates, at_once):
        count = min(at_once, replicates - start)
        weights_BN = np.stack([np.concatenate([each.draw(rng) for each in draws]) for _ in range(count)])
        chunks.append(np.stack([one(weights_BN) for one in on_rows]))
    errors_M = np.array([one(np.ones((1, num_rows)))[0] for one in on_rows])
    errors_MB = np.concatenate(chunks, axis=1)
    units = sum(each.units for each in draws)
    wider_B = np.sqrt(units / rng.chisquare(max(units - 1, 1), size=replicates))
    return errors_M, errors_M[:, None] + wider_B * (errors_MB - errors_M[:, None])


def _joined(parts: Sequence[Predictions]) -> Predictions:
    first = parts[0]
    none = np.empty(0, dtype=np.int64)
    return replace(
        first,
        truth=np.concatenate([part.truth for part in parts]),
        output=np.concatenate([part.output for part in parts]),
        rows=none,
        times=none,
        groups=none,
    )
