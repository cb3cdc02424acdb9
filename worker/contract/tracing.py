"""One trace a job over bot, desk and worker. Nothing is recorded, nor loaded, until a process calls `start`.

A trace's id is made of its job's id, so that nothing has to travel with the job: a worker of the release before, a
repeat after a crash and a bot that was restarted find the same trace by themselves.
"""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Protocol

Value = str | int | float | bool


class Span(Protocol):
    """A stretch of a job's way, under way."""

    def note(self, **values: Value) -> None:
        """Add what is known of it only now."""
        ...

    def event(self, name: str, **values: Value) -> None:
        """Something happened within it, now."""
        ...


class Recorder(Protocol):
    """Who keeps spans; see worker.contract.telemetry."""

    def span(self, name: str, job_id: str, values: dict[str, Value]) -> AbstractContextManager[Span]:
        """A span from now until the block ends."""
        ...

    def passed(self, name: str, job_id: str, began: datetime, values: dict[str, Value]) -> None:
        """A span from `began` (aware) until now."""
        ...

    def whole(self, job_id: str, began: datetime, values: dict[str, Value]) -> None:
        """The trace's root: from the job's acceptance until now."""
        ...


class _Nothing:
    """A span that nobody keeps."""

    def note(self, **values: Value) -> None:
        pass

    def event(self, name: str, **values: Value) -> None:
        pass


_NOTHING = _Nothing()
_recorders: list[Recorder] = []  # none, or the one of this process


def start(recorder: Recorder | None) -> None:
    """From now on this process's spans go there; None: nowhere."""
    _recorders[:] = [] if recorder is None else [recorder]


@contextmanager
def span(name: str, job_id: str, **values: Value) -> Iterator[Span]:
    """A stretch of a job's way, until the block ends; one within another of the same job is its child.

    `values` must hold nothing of a person: no name, no address, no picture.
    """
    if not _recorders:
        yield _NOTHING
        return
    with _recorders[0].span(name, job_id, values) as found:
        yield found


def passed(name: str, job_id: str, began: datetime, **values: Value) -> None:
    """A stretch that began then and ends now."""
    for recorder in _recorders:
        recorder.passed(name, job_id, began, values)


def whole(job_id: str, began: datetime, **values: Value) -> None:
    """The job has ended: the span above all others of it."""
    for recorder in _recorders:
        recorder.whole(job_id, began, values)


def trace_of(job_id: str) -> tuple[int, int]:
    """(trace id, id of its root span) of a job: 128 and 64 bits, never 0."""
    digest = hashlib.sha256(f"twobit job {job_id}".encode()).digest()
    return int.from_bytes(digest[:16]) or 1, int.from_bytes(digest[16:24]) or 1
