"""Remedies: small, named changes of a recipe, each with what it aims at, when it applies, and its source."""

from assay.study.remedies.catalogue import REMEDIES, proposals
from assay.study.remedies.remedy import Aim, Proposal, Remedy
from assay.study.remedies.state import Facts, State

__all__ = ["REMEDIES", "Aim", "Facts", "Proposal", "Remedy", "State", "proposals"]
