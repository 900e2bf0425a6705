"""The floor: the lowest error that anyone can reach on these data (Bayes error), given or estimated."""

from assay.diagnosis.floor.combine import estimate_floor
from assay.diagnosis.floor.estimate import Estimate
from assay.diagnosis.floor.evidence import Evidence
from assay.diagnosis.floor.floor import Floor
from assay.diagnosis.floor.images import estimate_image_floor
from assay.diagnosis.floor.settings import FloorSettings

__all__ = ["Estimate", "Evidence", "Floor", "FloorSettings", "estimate_floor", "estimate_image_floor"]
