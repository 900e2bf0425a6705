"""Records of analyses and remedies, small and made up."""

from example_studies import diagnosis, interval, metrics


def mismatch_diagnosis() -> dict:
    """diagnosis.json of a study with held-out rows of two kinds and an estimated floor, in a unit."""
    return diagnosis() | {
        "metric": "rmse",
        "floor": {**interval(62.0, 48.0, 71.0), "methods": ["delta test"]},
        "train_error": 84.8,
        "train_like_error": 88.1,
        "validation_error": 112.3,
        "bias": interval(22.8, 12.0, 38.0),
        "variance": interval(3.3, -1.0, 8.0),
        "mismatch": interval(24.2, 8.0, 41.0),
        "verdict": "mismatch",
        "intervals": {
            "train_error": interval(84.8, 78.0, 91.0),
            "train_like_error": interval(88.1, 80.0, 96.0),
            "validation_error": interval(112.3, 97.0, 128.0),
        },
    }


def estimated_floor() -> dict:
    """The floor of diagnosis.json as several methods estimate it."""
    methods = [
        {"method": "equal rows", "low": 0.0008, "high": None, "value": None},
        {"method": "nearest neighbours", **interval(0.149, 0.121, 0.176)},
        {"method": "reference model", "low": None, "high": 0.187, "value": None},
        {"method": "broken method", "low": None, "high": None, "value": None},
    ]
    return {
        **interval(0.149, 0.131, 0.167),
        "methods": ["nearest neighbours", "reference model"],
        "estimates": [method | {"because": "it rests on an assumption"} for method in methods],
        "agreement": "the methods agree",
    }


def ledger() -> list[dict]:
    """ledger.jsonl: a remedy within noise, one that was kept, one that harmed, one not compared."""

    def line(remedy: str, effect: tuple, outcome: str, *, kept: bool = False) -> dict:
        return {
            "remedy": remedy,
            "because": "the training rows are not fitted well",
            "parent": "001",
            "run": "002",
            "before": 0.18,
            "after": None,
            "effect": interval(*effect),
            "kept": kept,
            "outcome": outcome,
            "round": 1,
        }

    return [
        line("wider network", (0.0009, -0.0016, 0.0034), "no more than noise"),
        line("numerical embeddings", (-0.0031, -0.0055, -0.0008), "helped", kept=True),
        line("batch norm", (0.0051, 0.0021, 0.0083), "harmed"),
        line("larger learning rate", (None, None, None), "left out after a short training"),
    ]


def more_rows() -> dict:
    """learning_curve.json."""
    rows = [2250, 4500, 9000, 18000]
    errors = [0.188, 0.1835, 0.182, 0.1802]
    return {
        "metric": "accuracy",
        "points": [
            {
                "rows": count,
                "train_error": interval(error - 0.011, error - 0.022, error),
                "validation_error": interval(error, error - 0.01, error + 0.01),
            }
            for count, error in zip(rows, errors, strict=True)
        ],
        "curve": [
            {"rows": count, "error": interval(0.175 + 2 / count**0.65, 0.165, 0.2)}
            for count in [*rows, 72000]
        ],
        "times": 4,
        "ahead": {"rows": 72000, "error": interval(0.1784, 0.165, 0.188)},
        "gain": interval(0.0013, 0.0001, 0.0071),
        "because": "4 times the rows (72,000) would buy about 0.0013 of the error of 0.1802.",
    }


def leak() -> dict:
    """One of diagnosis.json's leaks."""
    return {
        "code": "L101",
        "title": "rows of validation also stand in training",
        "level": "serious",
        "part": "validation",
        "message": "2,639 of 6,000 validation rows stand in training too",
        "rows": list(range(1, 13)),
        "count": 2639,
        "columns": [],
        "inflation": 0.07,
        "advice": "resample after the split",
    }


def calibration() -> dict:
    """metrics.json's calibration."""
    bins = metrics()["curves"]["calibration"]
    return {
        "before": 0.0213,
        "after": 0.0084,
        "temperature": 1.23,
        "threshold": 0.3,
        "because": "the log-loss falls on rows that it was not fitted to",
        "curves": {"before": bins, "after": bins},
    }
