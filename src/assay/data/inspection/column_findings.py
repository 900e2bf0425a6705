"""What is worth saying about the values of one column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from assay.core.finding import Finding
from assay.data.column import Kind, Role
from assay.data.inspection.profile import Profile
from assay.data.inspection.wording import listed, number, percent, rows

FIVE_PERCENT = 0.05  # the course's rule: more than this wants treatment
_RARE = 0.01
_MANY = 50
_ALMOST = 0.995
_CATEGORIES = {Kind.QUALITATIVE, Kind.ORDINAL, Kind.BOOLEAN}


def column_findings(profiles: Sequence[Profile]) -> Iterator[Finding]:
    """The findings of each column that is used, those of one code by their weight."""
    used = [profile for profile in profiles if profile.column.role is not Role.IGNORED]
    for check, weight in _CHECKS:
        for profile in sorted(used, key=weight, reverse=True):
            if (finding := check(profile)) is not None:
                yield finding


def _missing(profile: Profile) -> Finding | None:
    share = profile.missing_share
    if share <= FIVE_PERCENT:
        return None
    message = (
        f"{profile.name!r} has no value in {profile.missing:,} of {rows(profile.rows)} ({percent(share)})"
    )
    if share > 0.5:
        advice = "drop the column, unless the fact that it is missing says something: then keep its indicator"
        return Finding("A102", profile.name, message, advice)
    advice = "choose how to fill it (mean, median, most_frequent, regression), or drop the column"
    return Finding("A101", profile.name, message, advice)


def _infinite(profile: Profile) -> Finding | None:
    if not profile.infinite:
        return None
    message = f"{profile.name!r} is infinite in {rows(profile.infinite)}"
    return Finding(
        "A105", profile.name, message, "find out where they come from; leave them empty in the file"
    )


def _stand_in(profile: Profile) -> Finding | None:
    if profile.stand_in is None or not profile.is_measured:
        return None
    value, count = profile.stand_in
    message = (
        f"{profile.name!r} is {number(value)} in {rows(count)} ({percent(count / profile.present)}), "
        "far from all other values"
    )
    advice = f"if {number(value)} stands for 'not known', read it as missing"
    return Finding("A106", profile.name, message, advice)


def _three_sigma(profile: Profile) -> Finding | None:
    found = profile.numbers.three_sigma if profile.numbers and profile.is_measured else None
    if found is None or found.share <= FIVE_PERCENT:
        return None
    message = (
        f"{percent(found.share)} of {profile.name!r} ({rows(found.count)}) lie beyond three standard "
        f"deviations ({number(found.low)} to {number(found.high)})"
    )
    advice = "errors: clip or drop them in training rows; real values: keep them and scale by quantiles"
    return Finding("A103", profile.name, message, advice)


def _percentile(profile: Profile) -> Finding | None:
    found = profile.numbers.percentile if profile.numbers and profile.is_measured else None
    if found is None or found.share <= FIVE_PERCENT:
        return None
    message = (
        f"{percent(found.share)} of {profile.name!r} ({rows(found.count)}) lie beyond the 1st and 99th "
        f"percentile ({number(found.low)} to {number(found.high)})"
    )
    advice = f"with {rows(profile.present)} these are the extremes themselves: look at them, no more"
    return Finding("A104", profile.name, message, advice)


def _constant(profile: Profile) -> Finding | None:
    if profile.column.kind is not Kind.CONSTANT:
        return None
    common = profile.values.common
    found = f"only the value {common[0][0]!r}" if common else "no value at all"
    where = " in the training rows" if len(common) > 1 else ""
    return Finding(
        "A107", profile.name, f"{profile.name!r} has {found}{where}", "it is left out: nothing to learn"
    )


def _almost_constant(profile: Profile) -> Finding | None:
    column = profile.column
    if column.kind in {Kind.CONSTANT, Kind.IDENTIFIER} or column.role is Role.TARGET or not profile.present:
        return None
    value, count = profile.values.common[0]
    if count < _ALMOST * profile.present or profile.values.unique < 2:
        return None
    message = f"{profile.name!r} is {value!r} in {percent(count / profile.present)} of its rows"
    advice = "drop it, unless the few other values matter more than their number"
    return Finding("A108", profile.name, message, advice)


def _identifier(profile: Profile) -> Finding | None:
    if profile.column.kind is not Kind.IDENTIFIER:
        return None
    message = f"{profile.name!r} has {profile.values.unique:,} different values in {rows(profile.present)}"
    advice = "it is left out, since it names rows; if it measures something, set its kind"
    return Finding("A109", profile.name, message, advice)


def _text(profile: Profile) -> Finding | None:
    if profile.column.kind is not Kind.TEXT:
        return None
    message = f"{profile.name!r} is free text with {profile.values.unique:,} different values"
    return Finding("A110", profile.name, message, "it is left out; make columns of what matters in it")


def _codes(profile: Profile) -> Finding | None:
    if not profile.column.likely_codes:
        return None
    shown = listed((str(value) for value, _ in sorted(profile.values.common)), of=profile.values.unique)
    message = (
        f"{profile.name!r} holds {profile.values.unique} different whole numbers ({shown}), likely codes"
    )
    advice = f"taken as {profile.column.kind}; if the numbers have another meaning, set the column's kind"
    return Finding("A111", profile.name, message, advice)


def _rare(profile: Profile) -> Finding | None:
    if not _has_categories(profile) or profile.values.unique > _MANY:
        return None
    rare = [(value, count) for value, count in profile.values.common if count < _RARE * profile.present]
    if not rare:
        return None
    shown = listed(f"{value} ({count:,})" for value, count in rare)
    message = f"{profile.name!r} has rare values (rows): {shown}"
    advice = "look them up in the data's description: undocumented codes and slips hide here; merge or keep"
    return Finding("A112", profile.name, message, advice)


def _many(profile: Profile) -> Finding | None:
    if not _has_categories(profile) or profile.values.unique <= _MANY:
        return None
    each = profile.present / profile.values.unique
    message = f"{profile.name!r} has {profile.values.unique:,} categories, {each:.3g} rows each on average"
    return Finding(
        "A113", profile.name, message, "an embedding learns them; merge those with a few rows only"
    )


def _has_categories(profile: Profile) -> bool:
    return profile.column.kind in _CATEGORIES and profile.column.role is Role.FEATURE


def _missing_rows(profile: Profile) -> float:
    return profile.missing


def _outlying_share(profile: Profile) -> float:
    found = profile.numbers.three_sigma if profile.numbers else None
    return found.share if found else 0.0


def _in_file_order(profile: Profile) -> float:
    return 0.0


_CHECKS: tuple[tuple[Callable[[Profile], Finding | None], Callable[[Profile], float]], ...] = (
    (_missing, _missing_rows),
    (_infinite, _in_file_order),
    (_stand_in, _in_file_order),
    (_three_sigma, _outlying_share),
    (_percentile, _in_file_order),
    (_constant, _in_file_order),
    (_almost_constant, _in_file_order),
    (_identifier, _in_file_order),
    (_text, _in_file_order),
    (_codes, _in_file_order),
    (_rare, _in_file_order),
    (_many, _in_file_order),
)
