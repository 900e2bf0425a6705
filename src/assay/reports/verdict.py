"""The verdict of a diagnosis in a sentence."""

from __future__ import annotations

from typing import Any

_SENTENCES = {
    "high bias": "High bias: the network has not learnt its own training rows well enough.",
    "high variance": "High variance: the network does worse on new rows than on those it learnt from.",
    "mismatch": "Mismatch: the rows that count are of another kind than those the network learnt from.",
    "at the floor": "At the floor: the network is as good as these data allow.",
    "undecided": "Undecided: these rows do not yet say what holds the network back.",
}


def verdict_sentence(diagnosis: dict[str, Any]) -> str:
    """One sentence; a verdict that is not known stands for itself."""
    verdict = diagnosis.get("verdict")
    return _SENTENCES.get(str(verdict), str(verdict) if verdict else "There is no diagnosis yet.")
