"""How long a job takes: learned from the last ones that were done."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.request import SuggestRequest, Wish
from bot.desk.tables import JobRow

LOOKED_AT = 100  # finished jobs, of all workloads
ENOUGH = 20  # of them, the latest of one workload and size
ALIKE = 0.5  # octaves of the number of pixels within which two paintings count as of one size


@dataclass(frozen=True, slots=True)
class Took:
    """A job that is done."""

    kind: str
    workload: str
    pixels: int
    seconds: float  # from start to end


class Pace:
    """Seconds that a job takes, by what it is."""

    def __init__(self, took: Sequence[Took]) -> None:
        """`took`: latest first."""
        self._took = took
        self._known: dict[tuple[str, str, int], float | None] = {}

    @classmethod
    def of(cls, session: Session) -> "Pace":
        """From the last jobs in this database."""
        columns = (JobRow.kind, JobRow.workload, JobRow.pixels, JobRow.started_at, JobRow.finished_at)
        query = select(*columns).where(JobRow.state == "done").order_by(JobRow.seq.desc()).limit(LOOKED_AT)
        return cls(
            [
                Took(kind, workload, pixels, (ended - began).total_seconds())
                for kind, workload, pixels, began, ended in session.execute(query)
                if began is not None and ended is not None
            ]
        )

    def seconds(self, kind: str, workload: str, pixels: int) -> float | None:
        """What it will take; None while no job of the kind was done."""
        key = (kind, workload, pixels)
        if key not in self._known:
            self._known[key] = self._guess(*key)
        return self._known[key]

    def _guess(self, kind: str, workload: str, pixels: int) -> float | None:
        same = [took for took in self._took if (took.kind, took.workload) == (kind, workload)]
        sized = [took for took in same if _alike(took.pixels, pixels)]
        if sized:
            return fmean(took.seconds for took in sized[:ENOUGH])
        if same and pixels and all(took.pixels for took in same):
            # Another size of the same work: time goes with the pixels.
            return fmean(took.seconds / took.pixels for took in same[:ENOUGH]) * pixels
        of_kind = [took.seconds for took in self._took if took.kind == kind]
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
