"""Public data sets: official source, checksum, cache."""

from assay.data.catalogue.dataset import Dataset
from assay.data.catalogue.entries import dataset_named, datasets
from assay.data.catalogue.fetch import fetch

__all__ = ["Dataset", "dataset_named", "datasets", "fetch"]
