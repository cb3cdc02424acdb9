"""How long a job takes: learned from the last ones that were done; before the first, from those being done."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.request import SuggestRequest, Wish
from bot.desk.tables import JobRow

LOOKED_AT = 100  # finished jobs, of all workloads
ENOUGH = 20  # of them, the latest of one workload and size
EARLY = 0.15  # share of the work below which a job's first steps tell too little
ALIKE = 0.5  # octaves of the number of pixels within which two paintings count as of one size


@dataclass(frozen=True, slots=True)
class Took:
    """A job that is done."""

    kind: str
    workload: str
    pixels: int
    seconds: float  # from start to end


def share_of(progress: Mapping[str, Any] | None) -> float:
    """How much of a job is done, 0..1, by what its worker said last (`JobRow.progress`)."""
    return 0.0 if progress is None else float(progress["done"])


class Pace:
    """Seconds that a job takes, by what it is."""

    def __init__(self, took: Sequence[Took], under_way: Sequence[Took] = ()) -> None:
        """`took`: latest first. `under_way`: what running jobs will have taken; heeded where `took` tells nothing."""
        self._took = took
        self._under_way = under_way
        self._known: dict[tuple[str, str, int], float | None] = {}

    @classmethod
    def of(cls, session: Session) -> "Pace":
        """From the last jobs in this database, and those that run."""
        columns = (JobRow.kind, JobRow.workload, JobRow.pixels, JobRow.started_at, JobRow.finished_at)
        query = select(*columns).where(JobRow.state == "done").order_by(JobRow.seq.desc()).limit(LOOKED_AT)
        took = [
            Took(kind, workload, pixels, (ended - began).total_seconds())
            for kind, workload, pixels, began, ended in session.execute(query)
            if began is not None and ended is not None
        ]
        going = select(JobRow.kind, JobRow.workload, JobRow.pixels, JobRow.progress).where(JobRow.state == "running")
        under_way = [
            Took(kind, workload, pixels, float(progress["seconds"]) / share_of(progress))
            for kind, workload, pixels, progress in session.execute(going)
            if share_of(progress) >= EARLY
        ]
        return cls(took, under_way)

    def seconds(self, kind: str, workload: str, pixels: int) -> float | None:
        """What it will take; None while no job of the kind was done or is well under way."""
        key = (kind, workload, pixels)
        if key not in self._known:
            guess = _guess(self._took, *key)
            self._known[key] = _guess(self._under_way, *key) if guess is None else guess
        return self._known[key]


def _guess(took: Sequence[Took], kind: str, workload: str, pixels: int) -> float | None:
    same = [one for one in took if (one.kind, one.workload) == (kind, workload)]
    sized = [one for one in same if _alike(one.pixels, pixels)]
    if sized:
        return fmean(one.seconds for one in sized[:ENOUGH])
    if same and pixels and all(one.pixels for one in same):
        # Another size of the same work: time goes with the pixels.
        return fmean(one.seconds / one.pixels for one in same[:ENOUGH]) * pixels
    of_kind = [one.seconds for one in took if one.kind == kind]
    return fmean(of_kind[:ENOUGH]) if of_kind else None


def workload_of(wish: Wish) -> str:
    """What decides how long it takes, beside the size."""
    if isinstance(wish, SuggestRequest):
        return "suggest"
    choices = wish.options
    parts = [choices.method, choices.preset, choices.network, *(["content"] if wish.content is not None else [])]
    return " ".join(parts)


def _alike(one: int, other: int) -> bool:
    if not one or not other:
        return one == other
    return abs(math.log2(one / other)) <= ALIKE
