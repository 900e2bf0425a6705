from pathlib import Path

import numpy as np
import torch

from assay.data.preparation import Preparation
from assay.data.reading import read
from assay.data.target import Target


def test_the_credit_data_becomes_inputs(shared_data: Path) -> None:
    table = read(
        shared_data / "credit_default.csv", target="default payment next month", ignore=("ID", "SEX")
    )
    rows = np.arange(0, 30_000, 2)
    preparation = Preparation.fit(table.take(rows))
    assert preparation.num_inputs == 22
    inputs = preparation.prepare(table)
    assert inputs.shape == (30_000, preparation.num_outputs)
    assert torch.isfinite(inputs).all()
    assert inputs[rows].abs().max() < 6  # the longest tail is millions of dollars
    assert not [name for name in preparation.names if "missing" in name]
    target = Target.of(table, rows)
    assert target.encode(table.frame[target.name]).sum() == 6636


def test_the_date_of_the_energy_data_becomes_rhythms(shared_data: Path) -> None:
    table = read(shared_data / "energy.csv", target="Appliances", time="date")
    preparation = Preparation.fit(table.take(np.arange(11_841)))
    assert [name for name in preparation.names if name.startswith("date")] == [
        "date time of day (sin)",
        "date weekday (sin)",
        "date time of day (cos)",
        "date weekday (cos)",
        "date trend",
    ]
    later = preparation.prepare(table.take(np.arange(11_841, 19_735)))
    assert (later[:, preparation.names.index("date trend")] == 1).all()


def test_the_year_data_is_numbers_alone(shared_data: Path) -> None:
    table = read(shared_data / "year_msd_uci_1176.csv", target=0)
    preparation = Preparation.fit(table)
    assert preparation.num_inputs == preparation.num_outputs == 90
