"""What crosses the queue, one definition for both sides: jobs, events, pictures by digest, and the queue's calls.

Imports no torch and nothing else of ours, so that a front stays small; and what talks to Redis and stores only when
asked for, so that whoever wants a map or a picture read does not wait for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from worker.contract.errors import (
    ContractError,
    CorruptPictureError,
    MissingPictureError,
    PictureError,
    UnknownVersionError,
    UnreachableError,
)
from worker.contract.event import Done, Event, Failed, Failure, Started, Stepped, event_from_json
from worker.contract.job import Job, job_from_json
from worker.contract.options import PaintOptions
from worker.contract.suggest import SuggestJob, SuggestOptions
from worker.contract.task import Task, task_from_json

if TYPE_CHECKING:
    from worker.contract.queue import JobQueue
    from worker.contract.store import PictureStore
    from worker.contract.stream import EventStream

LATER = {
    "EventStream": "worker.contract.stream",
    "JobQueue": "worker.contract.queue",
    "PictureStore": "worker.contract.store",
}

__all__ = [
    "ContractError",
    "CorruptPictureError",
    "Done",
    "Event",
    "EventStream",
    "Failed",
    "Failure",
    "Job",
    "JobQueue",
    "MissingPictureError",
    "PaintOptions",
    "PictureError",
    "PictureStore",
    "Started",
    "Stepped",
    "SuggestJob",
    "SuggestOptions",
    "Task",
    "UnknownVersionError",
    "UnreachableError",
    "event_from_json",
    "job_from_json",
    "task_from_json",
]


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(LATER[name]), name)
