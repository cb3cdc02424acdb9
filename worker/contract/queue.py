"""The queue's calls: put an attempt in, look what waits, take back, and the fence that stops a late attempt."""

from typing import Any, cast

from redis import Redis
from redis.exceptions import ResponseError
from rq import Queue
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer
from rq.worker import BaseWorker

from worker.contract.connection import connect, reaching
from worker.contract.errors import UnreachableError
from worker.contract.job import Job
from worker.contract.suggest import SuggestJob

QUEUE_NAME = "twobit"  # one queue only: RQ loses a job popped from one of several when its worker dies
PAINT = "twobit.paint"  # names, never imported: the worker maps both to its one function
SUGGEST = "twobit.suggest"
FENCE_SECONDS = 7 * 24 * 3600
FORGET = 30  # attempts at one job that may have left a trace
FAILED_SECONDS = 24 * 3600  # how long RQ's own tools show an attempt that broke


class JobQueue:
    """Redis through RQ. Every call raises UnreachableError when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        """`redis`: a client with time limits, see `connect`."""
        self.redis = redis
        self._queue = Queue(QUEUE_NAME, connection=redis, serializer=JSONSerializer)

    @classmethod
    def at(cls, url: str) -> "JobQueue":
        """The queue at a Redis URL."""
        return cls(connect(url))

    def put(self, job: Job | SuggestJob, *, at_front: bool = False) -> None:
        """Queue this attempt, and let the fence stop every other attempt at the same job."""
        with reaching("queueing a job"):
            self.redis.set(_fence_key(job.id), job.attempt, ex=FENCE_SECONDS)
            self._queue.enqueue_call(
                PAINT if job.kind == "paint" else SUGGEST,
                args=(job.model_dump_json(),),
                job_id=job.key,
                timeout=-1,  # the worker watches for hangs itself; RQ's alarm can't interrupt a native call
                result_ttl=0,
                failure_ttl=FAILED_SECONDS,
                at_front=at_front,
                description=job.key,
            )

    def waiting(self) -> set[str]:
        """Keys of the attempts that no worker has taken yet."""
        with reaching("reading the queue"):
            return set(self._queue.get_job_ids())

    def workers(self) -> int:
        """How many workers are alive: registered, and their sign of life not run out."""
        with reaching("counting workers"):
            keys = BaseWorker.all_keys(connection=self.redis, queue=self._queue)
            return sum(bool(self.redis.exists(key)) for key in keys)

    def forbid(self, job_id: str) -> None:
        """Let no attempt at this painting start or go on: it was cancelled or is finished."""
        with reaching("cancelling a job"):
            self.redis.set(_fence_key(job_id), 0, ex=FENCE_SECONDS)

    def withdraw(self, key: str) -> None:
        """Take an attempt that still waits out of the queue; nothing happens when it is not there."""
        with reaching("withdrawing a job"):
            self._queue.remove(key)
            self.redis.delete(cast("Any", RqJob).key_for(key))

    def forget(self, job_id: str, attempts: int, *, fence: bool) -> None:
        """Remove what RQ keeps of the attempts 1 to `attempts`; with `fence` also the fence: only when none can run."""
        with reaching("forgetting a job"):
            for attempt in range(max(1, attempts - FORGET + 1), attempts + 1):
                key = f"{job_id}-{attempt}"
                self._queue.remove(key)
                self._queue.failed_job_registry.remove(key)
                self.redis.delete(cast("Any", RqJob).key_for(key))
            if fence:
                self.redis.delete(_fence_key(job_id))

    def may_paint(self, job: Job | SuggestJob) -> bool:
        """False when a newer attempt was queued or the job was cancelled; True when the fence is lost with Redis.

        The desk's own check of the attempt number stays the last word.
        """
        with reaching("checking the fence"):
            fence = cast("bytes | None", self.redis.get(_fence_key(job.id)))
        return fence is None or int(fence) == job.attempt

    def require(self) -> None:
        """Raise UnreachableError when the server is away, or set up so that it loses jobs."""
        troubles = self.check()
        if troubles:
            raise UnreachableError("; ".join(troubles))

    def check(self) -> list[str]:
        """What is wrong with the server's setup, one sentence each; raises UnreachableError when it is away."""
        with reaching("saying hello"):
            self.redis.ping()
            try:
                policy = cast("dict[str, str]", self.redis.config_get("maxmemory-policy")).get("maxmemory-policy")
            except ResponseError:  # hosted servers forbid CONFIG
                return []
        if policy not in (None, "noeviction"):
            return [f"Redis drops jobs when memory is short (maxmemory-policy {policy}): set it to noeviction"]
        return []


def _fence_key(job_id: str) -> str:
    return f"twobit:fence:{job_id}"
