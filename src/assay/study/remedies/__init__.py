"""Remedies: small, named changes of a recipe, each with what it aims at, when it applies, and its source."""

from assay.study.remedies.catalogue import IMAGE_REMEDIES, TABLE_REMEDIES, proposals
from assay.study.remedies.remedy import Aim, Proposal, Remedy
from assay.study.remedies.state import Facts, State

__all__ = ["IMAGE_REMEDIES", "TABLE_REMEDIES", "Aim", "Facts", "Proposal", "Remedy", "State", "proposals"]
