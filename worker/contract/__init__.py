"""What crosses the queue, one definition for both sides: jobs, events, pictures by digest, and the queue's calls.

Imports no torch and nothing else of ours, so that a front stays small.
"""

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
from worker.contract.queue import JobQueue
from worker.contract.store import PictureStore
from worker.contract.stream import EventStream
from worker.contract.suggest import SuggestJob, SuggestOptions
from worker.contract.task import Task, task_from_json

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
