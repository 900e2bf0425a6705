"""Verdicts and floors on problems whose Bayes error and right verdict are known.

    python benchmarks/verdict_suite.py [--problems 260] [--seed-set development|final] [--skore PYTHON]

Thirteen families take turns: at the floor (Gaussians, flipped labels, repeated rows, a quantity), too small
a network (classes, a quantity), too little training, too large a network (classes, a quantity), too little
data, copied training rows, groups that shift, and groups that don't. Each problem's network is trained by
`assay.fit`. The right verdict follows from what nobody sees in life (`suite/truth.py`): the network's
expected error on 100,000 new points, its error on its training rows, and the population's Bayes error. A draw
whose truth hangs on a whisker is replaced before anything is diagnosed; how many were is printed.

Three analyses of each: with the true floor given (as in the course), with the floor estimated from the rows,
and without any. The method was developed on the development seeds and run once on the final ones.

With --skore, an interpreter that has skore: its checks on the same predictions. It has no word for mismatch
and none for a floor: problems with a mismatch are left out for it, "nothing found" counts as right at the
floor and as a miss elsewhere.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path

from machine import describe
from suite.draw import SEED_SETS
from suite.examine import FLOORS, Examined, examine
from suite.skore_verdicts import NOTHING, skore_verdicts

UNDECIDED, FLOOR = "undecided", "at the floor"


def outcome(verdict: str, right: str) -> str:
    """right, undecided or wrong; for a tool that only finds trouble, missed too."""
    if verdict == UNDECIDED:
        return UNDECIDED
    if verdict == NOTHING:
        return "right" if right == FLOOR else "missed"
    return "right" if verdict == right else "wrong"


def share(hits: Iterable[bool]) -> float:
    """In per cent."""
    found = list(hits)
    return 100.0 * sum(found) / max(len(found), 1)


def print_families(examined: list[Examined]) -> None:
    """One line a family: how many verdicts of each analysis are right / undecided / wrong."""
    print(f"\n{'family':28} {'n':>3}  " + "  ".join(f"{name:>10}" for name in FLOORS) + "  floor inside")
    for family in dict.fromkeys(one.family for one in examined):
        ours = [one for one in examined if one.family == family]
        columns = []
        for name in FLOORS:
            found = [outcome(one.verdicts[name], one.right) for one in ours]
            columns.append("/".join(str(found.count(word)) for word in ("right", UNDECIDED, "wrong")))
        inside = sum(one.holds_floor for one in ours)
        print(
            f"{family:28} {len(ours):3}  "
            + "  ".join(f"{c:>10}" for c in columns)
            + f"  {inside}/{len(ours)}"
        )


def print_bars(examined: list[Examined], name: str) -> None:
    """What the suite is for, with its bars."""
    found = [outcome(one.verdicts[name], one.right) for one in examined]
    honest, decided = share(word != "wrong" for word in found), share(word == "right" for word in found)
    false_alarms = sum(one.right == FLOOR and one.verdicts[name] == "high variance" for one in examined)
    print(
        f"floor {name:9}: right or undecided {honest:.1f} % {bar(honest >= 95)}, "
        f"decided and right {decided:.1f} % {bar(decided >= 80)}, "
        f"high variance at the floor {false_alarms} {bar(not false_alarms)}"
    )


def bar(is_met: bool) -> str:
    """Beside a number."""
    return "(met)" if is_met else "(MISSED)"


def print_skore(examined: list[Examined], verdicts: dict[int, str]) -> None:
    """Its checks beside ours, on the problems for which it has words."""
    common = [one for one in examined if one.right != "mismatch"]
    print(f"\nSide by side on the {len(common)} problems without a mismatch:")
    sides = {"skore's checks": verdicts}
    sides |= {f"Assay, floor {name}": {one.number: one.verdicts[name] for one in common} for name in FLOORS}
    print(f"{'':24} {'right':>7} {'nothing said':>13} {'wrong':>6} {'high variance at the floor':>28}")
    for name, said in sides.items():
        words = [outcome(said[one.number], one.right) for one in common]
        silent = words.count(UNDECIDED) + words.count("missed")
        alarms = sum(one.right == FLOOR and said[one.number] == "high variance" for one in common)
        print(f"{name:24} {words.count('right'):7} {silent:13} {words.count('wrong'):6} {alarms:28}")
    for right in dict.fromkeys(one.right for one in common):
        ours = [verdicts[one.number] for one in common if one.right == right]
        told = ", ".join(f"{said} {ours.count(said)}" for said in dict.fromkeys(ours))
        print(f"  skore where it is {right}: {told}")


def print_wrong(examined: list[Examined]) -> None:
    """Every wrong verdict and every interval that misses the floor."""
    for one in examined:
        wrong = [f"{n}: {one.verdicts[n]}" for n in FLOORS if outcome(one.verdicts[n], one.right) == "wrong"]
        wrong += [] if one.holds_floor else ["the floor's interval misses it"]
        if wrong:
            print(f"#{one.number} {one.family}, {one.right}; {'; '.join(wrong)}\n    {one.told}")


def run(given: argparse.Namespace, folder: Path | None) -> list[Examined]:
    """All problems, a few at a time."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(given.workers, mp_context=spawn) as pool:
        task = partial(examine, given.seed_set, folder=folder)
        return list(pool.map(task, range(given.first, given.first + given.problems)))


def main() -> None:
    """Run the suite and print what it measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--problems", type=int, default=260)
    parser.add_argument("--first", type=int, default=0, help="number of the first problem")
    parser.add_argument("--seed-set", choices=SEED_SETS, default="development")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--skore", metavar="PYTHON", help="an interpreter that has skore")
    parser.add_argument("--records", type=Path, help="write every problem's outcome to this JSON file")
    given = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print(f"{describe()}\n{given.problems} problems, {given.seed_set} seeds")
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() if given.skore else nullcontext() as name:
        folder = Path(name) if name else None
        examined = run(given, folder)
        seconds = time.perf_counter() - start
        redrawn = sum(one.redrawn for one in examined)
        print(f"{seconds:.0f} s; {redrawn} draws were replaced, since their truth was not clear")
        print_families(examined)
        print_wrong(examined)
        print()
        for way in FLOORS:
            print_bars(examined, way)
        inside = share(one.holds_floor for one in examined)
        print(f"true floor inside the estimated interval: {inside:.1f} % {bar(inside >= 90)}")
        if folder is not None:
            print_skore(examined, skore_verdicts(given.skore, folder))
    if given.records:
        given.records.write_text(json.dumps([asdict(one) for one in examined], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
