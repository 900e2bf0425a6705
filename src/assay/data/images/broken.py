"""What is said of images that cannot be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from assay.core.errors import DataError
from assay.data.images.source_parts import Broken

_SHOWN = 5
_HINT = "remove or repair them, or set images.skip_broken = true to leave them out"


def named(names: np.ndarray, broken: Mapping[int, str]) -> tuple[Broken, ...]:
    """Broken images by name, in their order.

    Args:
        names: (N,) of all images.
        broken: reasons by row number.
    """
    return tuple(Broken(str(names[row]), reason) for row, reason in sorted(broken.items()))


def refused(broken: Sequence[Broken], total: int, where: str = "", hint: str = _HINT) -> DataError:
    """The error that names the first broken images and how many there are."""
    reasons: dict[str, list[str]] = {}
    for item in broken[:_SHOWN]:
        reasons.setdefault(item.reason, []).append(item.name)
    listed = "; ".join(f"{', '.join(names)}: {reason}" for reason, names in reasons.items())
    more = f"; and {len(broken) - _SHOWN:,} more" if len(broken) > _SHOWN else ""
    own = list(dict.fromkeys(item.hint for item in broken[:_SHOWN] if item.hint))
    return DataError(
        f"{len(broken):,} of {total:,} images cannot be read: {listed}{more}",
        hint="; ".join(own) or hint,
        where=where,
    )


def nothing_left(broken: Sequence[Broken], where: str) -> DataError:
    """The error where all images are broken, or there is none."""
    first = f": {broken[0].name} ({broken[0].reason})" if broken else ""
    return DataError(f"none of the images can be read{first}", where=where)


def left_out(broken: Sequence[Broken]) -> str:
    """The note on images that skip_broken left out, by reason; "" without any."""
    if not broken:
        return ""
    counts = Counter(item.reason.split(" (")[0] for item in broken)
    reasons = counts.most_common(_SHOWN)
    others = counts.total() - sum(count for _, count in reasons)
    first = ", ".join(item.name for item in broken[:_SHOWN])
    dots = ", ..." if len(broken) > _SHOWN else ""
    told = [f"{reason} ({count:,})" for reason, count in reasons]
    told += [f"other reasons ({others:,})"] if others else []
    return f"{len(broken):,} broken images were left out ({first}{dots}): {'; '.join(told)}"


def lost_classes(before: pl.Series, after: pl.Series) -> str:
    """The note on classes of which every image was broken; "" without any."""
    lost = sorted(map(str, set(before) - set(after)))
    return f"no image is left of the classes {', '.join(lost)}" if lost else ""
