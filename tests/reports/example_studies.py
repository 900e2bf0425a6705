"""Study folders as a run leaves them, small and made up, for the reports to read."""

from pathlib import Path
from typing import Any

import numpy as np

from assay.core.files import to_json, write_json, write_text

METRICS = {
    "accuracy": 0.8196,
    "balanced_accuracy": 0.6581,
    "precision": 0.6712,
    "recall": 0.3641,
    "f1": 0.4721,
    "roc_auc": 0.7812,
    "log_loss": 0.4281,
    "brier": 0.1342,
    "calibration_error": 0.0123,
}
RECIPE = """# Every choice of this run.

# the column to predict
target = "default payment next month"
seed = 0

[training]
# because: keeps what was good
patience = 20
"""


def column(name: str, kind: str = "quantitative", role: str = "feature", seed: int = 0, **more: Any) -> dict:
    """One column of inspection.json, of lognormal numbers or of four categories."""
    values = np.random.default_rng(seed).lognormal(3, 0.6, 3000)
    counts, edges = np.histogram(values, bins=30)
    shown = {
        "name": name,
        "kind": kind,
        "role": role,
        "why": "3,000 different numbers",
        "likely_codes": False,
        "dtype": "Float64",
        "missing": {"count": 0, "share": 0.0},
        "infinite": 0,
        "outliers": {"three_sigma": 0.0157, "percentile": 0.02, "three_sigma_count": 47},
        "unique": 3000,
        "mean": float(values.mean()),
        "std": float(values.std()),
        "min": float(values.min()),
        "max": float(values.max()),
        "quantiles": {str(q): float(np.quantile(values, q)) for q in (0.01, 0.25, 0.5, 0.75, 0.99)},
        "histogram": {"counts": counts.tolist(), "edges": edges.tolist()},
        "top": [],
    }
    if kind in {"qualitative", "boolean"}:
        shown |= dict.fromkeys(("mean", "std", "min", "max", "quantiles", "histogram"))
        shown |= {
            "why": "4 codes without an order",
            "unique": 4,
            "outliers": {"three_sigma": None, "percentile": None},
            "top": [
                {"value": code, "count": n, "share": n / 3000} for code, n in ((2, 1700), (1, 1100), (3, 150))
            ],
        }
    return shown | more


def inspection(num_columns: int = 6, target: str = "default") -> dict:
    """inspection.json with quantitative, qualitative and date columns, findings and correlations."""
    columns = [column(f"BILL_AMT{index}", seed=index) for index in range(1, num_columns + 1)]
    columns += [
        column("EDUCATION", "qualitative"),
        column(
            "when",
            "date",
            min="2016-01-11 17:00:00",
            max="2016-05-27 18:00:00",
            mean=None,
            std=None,
            quantiles=None,
        ),
        column("AGE", missing={"count": 420, "share": 0.14}),
        column(target, "boolean", "target"),
    ]
    names = [one["name"] for one in columns if one["kind"] == "quantitative"]
    matrix = np.corrcoef(np.random.default_rng(1).normal(size=(len(names), 40)).cumsum(axis=1))
    findings = [
        {
            "code": "A101",
            "column": "AGE",
            "message": "'AGE' has no value in 420 of 3,000 rows (14 %)",
            "advice": "choose how to fill it, or drop the column",
            "title": "more than 5 % missing",
            "level": "warning",
        },
        *(
            {
                "code": "A103",
                "column": f"BILL_AMT{index}",
                "message": f"6.{index} % of 'BILL_AMT{index}' lie beyond three standard deviations",
                "advice": "clip them, or scale by quantiles",
                "title": "more than 5 % beyond three standard deviations",
                "level": "note",
            }
            for index in range(1, num_columns + 1)
        ),
    ]
    return {
        "name": "credit.csv",
        "rows": 3000,
        "task": "binary",
        "target": target,
        "columns": columns,
        "classes": {"0": {"count": 2336, "share": 0.7788}, "1": {"count": 664, "share": 0.2212}},
        "findings": findings,
        "correlation": {"names": names, "matrix": matrix.tolist()},
        "notes": ["The header was found at line 2."],
    }


def interval(value: float | None, low: float, high: float) -> dict:
    """An interval as JSON."""
    return {"value": value, "low": low, "high": high}


def diagnosis() -> dict:
    """diagnosis.json of a run with a given floor."""
    return {
        "metric": "accuracy",
        "floor": {**interval(0.15, 0.15, 0.15), "methods": ["given"]},
        "train_error": 0.284,
        "validation_error": 0.29,
        "intervals": {
            "train_error": interval(0.284, 0.279, 0.289),
            "validation_error": interval(0.29, 0.281, 0.299),
        },
        "rows": {"train": 1800, "validation": 600},
        "bootstrap": dict.fromkeys(("train", "validation"), "bootstrap over rows"),
        "bias": interval(0.134, 0.129, 0.139),
        "variance": interval(0.006, -0.004, 0.016),
        "mismatch": None,
        "verdict": "high bias",
        "because": "The training error is 0.284, 0.134 above the floor of 0.15.",
        "missing": "",
        "leaks": [],
        "remedies": [{"name": "larger network", "because": "the training error is far above the floor"}],
    }


def history(num_epochs: int = 40) -> list[dict]:
    """history.jsonl: losses that fall, the validation's rising again at the end."""
    epochs = np.arange(1, num_epochs + 1)
    train = 0.42 + 0.25 * np.exp(-epochs / 6) - 0.0005 * epochs
    validation = 0.43 + 0.22 * np.exp(-epochs / 5) + 0.00002 * (epochs - 20).clip(0) ** 2
    rates = 0.001 * (1 + np.cos(np.pi * epochs / num_epochs)) / 2
    return [
        {
            "epoch": int(e),
            "train_loss": float(t),
            "validation_loss": float(v),
            "learning_rate": float(r),
            "seconds": 0.12,
            "seconds_left": 1.0,
        }
        for e, t, v, r in zip(epochs, train, validation, rates, strict=True)
    ]


def metrics() -> dict:
    """metrics.json of a binary study whose seal is unbroken."""
    x = np.linspace(0, 1, 100)
    bins = np.linspace(0.05, 0.95, 10)
    return {
        "task": "binary",
        "metric": "accuracy",
        "run": "001",
        "train": METRICS,
        "validation": METRICS,
        "test": None,
        "seal": {"opened": []},
        "confusion": [[4440, 233], [844, 483]],
        "labels": ["0", "1"],
        "curves": {
            "roc": [{"label": "1", "points": np.column_stack([x, x**0.35]).tolist()}],
            "calibration": [
                {
                    "probability": float(b),
                    "frequency": float(b + 0.04 * np.sin(7 * b)),
                    "rows": int(3000 * (1.05 - b)),
                }
                for b in bins
            ],
        },
        "stopped": "no better validation loss for 20 epochs",
        "seconds": 5.2,
        "best_epoch": 20,
        "parameters": 19586,
        "made": {
            "preparation": [
                {"column": "BILL_AMT1", "did": "standardised", "because": "units differ"},
                {"column": "EDUCATION", "did": "one-hot, 4 categories", "because": "codes without an order"},
                {"column": "BILL_AMT2", "did": "standardised", "because": "units differ"},
            ],
            "network": [
                {"layer": "linear 22 to 128", "output": "128", "parameters": 2944},
                {"layer": "relu", "output": "128", "parameters": 0},
                {"layer": "linear 128 to 2", "output": "2", "parameters": 258},
            ],
            "reasons": {"network.hidden": "18,000 training rows carry two layers"},
        },
    }


def multiclass_metrics() -> dict:
    """metrics.json of a study with three classes."""
    labels, rises = ["setosa", "versicolor", "virginica"], (0.01, 0.1, 0.07)
    return metrics() | {
        "task": "multiclass",
        "labels": labels,
        "confusion": [[10, 0, 0], [0, 8, 2], [0, 1, 9]],
        "curves": {
            "roc": [
                {"label": label, "points": [[0, 0], [rise, 0.6], [0.3, 0.9], [1, 1]]}
                for label, rise in zip(labels, rises, strict=True)
            ],
            "calibration": metrics()["curves"]["calibration"],
        },
    }


def regression_metrics() -> dict:
    """metrics.json of a regression study whose test rows were measured."""
    random = np.random.default_rng(0)
    predicted = random.lognormal(4.3, 0.5, 200)
    true = predicted + random.normal(0, 0.2, 200) * predicted
    residual = true - predicted
    counts, edges = np.histogram(residual, bins=40)
    bins = [
        {
            "prediction": float(p),
            "truth": float(p),
            "low": float(-0.3 * p),
            "median": 0.0,
            "high": float(0.35 * p),
            "rows": 10,
        }
        for p in np.sort(predicted)[5::10]
    ]
    parts = {"rmse": 61.234, "mae": 31.2, "r2": 0.62}
    return metrics() | {
        "task": "regression",
        "metric": "rmse",
        "train": parts,
        "validation": parts,
        "test": parts,
        "test_error": interval(63.0, 60.1, 66.2),
        "confusion": None,
        "curves": None,
        "residuals": {
            "histogram": {"counts": counts.tolist(), "edges": edges.tolist(), "below": 3, "above": 2},
            "by_prediction": bins,
            "points": np.column_stack([predicted, true]).tolist(),
        },
    }


def opened_split() -> dict:
    """split.json after two openings of the seal."""
    measured = {"test_error": interval(63.0, 60.1, 66.2) | {"bootstrap": "cluster bootstrap over 9 groups"}}
    openings = [
        {"at": "2026-03-01T10:00:00+00:00", "bundle": "ab" * 32},
        {"at": "2026-03-02T10:00:00+00:00", "bundle": "cd" * 32, **measured},
    ]
    return split() | {"seal": {"opened": openings}}


def split() -> dict:
    """split.json."""
    return {
        "method": "random",
        "seed": 0,
        "rows": 3000,
        "sizes": {"train": 1800, "validation": 600, "test": 600},
        "reasons": ["60:20:20, the rule below 100,000 rows", "stratified: each part has 22 % of class 1"],
        "hashes": dict.fromkeys(("train", "validation", "test"), "0f" * 32),
        "warnings": [],
        "seal": {"opened": []},
    }


def write_study(folder: Path, **changes: Any) -> Path:
    """A study's folder; `changes` replace a whole file's content by its stem."""
    files = {
        "metrics": metrics(),
        "diagnosis": diagnosis(),
        "inspection": inspection(),
        "split": split(),
    } | changes
    recipe, records = files.pop("recipe", RECIPE), files.pop("history", history())
    tried = files.pop("ledger", [])
    for name, content in files.items():
        write_json(folder / f"{name}.json", content)
    lines = "".join(to_json(record, indent=None) + "\n" for record in records)
    write_text(folder / "runs" / "001" / "history.jsonl", lines)
    write_text(folder / "ledger.jsonl", "".join(to_json(line, indent=None) + "\n" for line in tried))
    write_json(folder / "bundle" / "bundle.json", {"versions": {"assay": "0.1.0", "torch": "2.14.1"}})
    write_json(folder / "source.json", {"path": "data/credit.csv", "rows": 3750, "target": "default"})
    write_text(folder / "recipe.toml", recipe)
    return folder
