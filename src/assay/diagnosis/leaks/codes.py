"""The stable codes of leaks: what each means, in one place; its page is ``docs/findings/<code>.md``."""

from __future__ import annotations

# In order of importance among leaks of one level.
TITLES: dict[str, str] = {
    "L302": "the target stands among the features",
    "L301": "a feature gives the target away",
    "L303": "one fact of the files tells the classes apart",
    "L104": "rows were repeated before the split",
    "L105": "rows were interpolated before the split",
    "L101": "rows that also stand in training",
    "L106": "test rows that also stand in validation",
    "L103": "near-copies of training rows",
    "L402": "neighbours in time on both sides",
    "L401": "rows of one group on both sides",
    "L201": "scaled with statistics of all rows",
    "L102": "equal features, another target",
}
"""What each code says, by code."""
