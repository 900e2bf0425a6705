"""The data sets that Assay knows.

UCI publishes no checksums: these are the ones that users of the files publish, several for each and agreeing.
"""

from __future__ import annotations

from assay.core.errors import RecipeError, did_you_mean
from assay.data.catalogue.dataset import Dataset

_UCI = "https://archive.ics.uci.edu/static/public"
_LICENCE = "CC BY 4.0"
_ENERGY = "2820bf712ad0275cb18b85a05250926100d8e65ebb9f4d2d016ca91ea152a25d"

_DATASETS = (
    Dataset(
        name="credit",
        title="Default of credit card clients, Taiwan 2005",
        authors="Yeh (2009)",
        file="default of credit card clients.xls",
        url=f"{_UCI}/350/default+of+credit+card+clients.zip",
        sha256="30c6be3abd8dcfd3e6096c828bad8c2f011238620f5369220bd60cfc82700933",
        rows=30_000,
        columns=25,
        target="default payment next month",
        licence=_LICENCE,
        copies={"credit_default.csv": "4edce6da569b2c30788a85fd98a9bafb1a983e8ca1a7aac875dd7ff853cbd0bb"},
        note="an Excel file with its header in the second row; SEX, EDUCATION, MARRIAGE and PAY_* are codes",
    ),
    Dataset(
        name="energy",
        title="Appliances energy prediction",
        authors="Candanedo, Feldheim and Deramaix (2017)",
        file="energydata_complete.csv",
        url=f"{_UCI}/374/appliances+energy+prediction.zip",
        sha256=_ENERGY,
        rows=19_735,
        columns=29,
        target="Appliances",
        licence=_LICENCE,
        copies={"energy.csv": _ENERGY},
        note="a row every ten minutes, in order of time: split by time; rv1 and rv2 are random by design",
    ),
    Dataset(
        name="somerville",
        title="Somerville happiness survey 2015",
        authors="Koczkodaj (2018)",
        file="SomervilleHappinessSurvey2015.csv",
        url=f"{_UCI}/479/somerville+happiness+survey.zip",
        sha256=None,
        rows=143,
        columns=7,
        target="D",
        licence=_LICENCE,
        copies={"somerville.csv": "1527027fb65dd322a63c298189d800e634fd2e73adc61c0e008be6401bf5e97d"},
        note="the official file is UTF-16 text",
    ),
    Dataset(
        name="year",
        title="A song's year from its timbre (YearPredictionMSD)",
        authors="Bertin-Mahieux (2011)",
        file="YearPredictionMSD.txt",
        url=f"{_UCI}/203/yearpredictionmsd.zip",
        sha256="4b6f8e50235b359e01689ae7fb33ad0f89677e9a15f25f3d6259327a6bb927bb",
        rows=515_345,
        columns=91,
        target=0,
        licence=_LICENCE,
        note="no header, the year comes first; rows 1-463715 are for training, the last 51630 for testing, "
        "and no artist stands in both; 211 MB to download",
    ),
    Dataset(
        name="year-sample",
        title="A sample of the year data",
        authors="Bertin-Mahieux (2011)",
        file="year_msd_uci_1176.csv",
        url="",
        sha256="82096cf958e782396532d3252702b18e50b258ea2311c5d05a9dee44c3d31814",
        rows=1_176,
        columns=91,
        target="label",
        licence=_LICENCE,
        note="has no official source of its own: `assay data fetch year` gets all rows",
    ),
    Dataset(
        name="cifar10",
        title="60,000 colour photographs of 10 things, 32 x 32",
        authors="Krizhevsky (2009)",
        file="cifar-10-python.tar.gz",
        url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        sha256="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        rows=60_000,
        columns=2,
        target="label",
        licence="none stated",
        copies={"cifar10-train.parquet": "e9830a12d1615b820eef3815536ef0d9e5a4494047b3191db09f7460c66ab4a4"},
        note="images: `assay run` takes the archive as it is, its last 10,000 as the test part; 163 MB to "
        "download",
    ),
)


def datasets() -> list[Dataset]:
    """All data sets, in the order that they are listed."""
    return list(_DATASETS)


def dataset_named(name: str) -> Dataset:
    """The data set called `name`.

    Raises:
        RecipeError: there is none.
    """
    for entry in _DATASETS:
        if entry.name == name:
            return entry
    raise RecipeError(
        f"unknown data set {name!r}", hint=did_you_mean(name, [entry.name for entry in _DATASETS])
    )
