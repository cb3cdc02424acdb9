"""The worker's process: RQ's loop around one session."""

import uuid
from pathlib import Path
from types import FrameType
from typing import Any

import structlog
from redis.client import Pipeline
from rq import Queue, worker_registration
from rq.exceptions import StopRequested
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

from worker.allowed import allow_only
from worker.contract import EventStream, JobQueue, PictureStore, UnreachableError
from worker.contract.connection import connect, reaching
from worker.contract.queue import PAINT, QUEUE_NAME, SUGGEST
from worker.limits import Limits
from worker.metrics import WorkerMetrics
from worker.session import Session
from worker.warm import ENGINE_COMMAND, PainterDied, WarmPainter

WORKER_TTL = 30  # seconds; RQ lets an idle worker give a sign of life after half of it
ALIVE_SECONDS = 40  # without a sign of life, until a worker counts as dead

log = structlog.get_logger(__name__)


class PaintWorker(SimpleWorker):
    """RQ's worker that stays in its process: the painting itself happens in the painter's child process.

    RQ's own stop command, retries and orphan rescue are not used: the desk does these with attempt numbers.
    """

    max_connection_wait_time = 2.0  # back at work soon after Redis is
    log_result_lifespan = False
    asked_to_stop = False
    session: Session

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """SIGTERM or SIGINT: RQ ends after the job in hand."""
        self.asked_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def execute_job(self, job: RqJob, queue: Queue) -> None:
        """One job; the last one when it has shown that this worker can't paint."""
        super().execute_job(job, queue)
        if self.session.broken is not None:
            raise StopRequested

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:  # noqa: ARG002
        """RQ's sign of life, and its registration with it: a wiped Redis has forgotten that we exist.

        `timeout` is RQ's guess of how long a job may keep us silent; we are not, so a dead worker is forgotten sooner.
        """
        super().heartbeat(ALIVE_SECONDS, pipeline=pipeline)
        redis = self.connection if pipeline is None else pipeline
        redis.hset(self.key, mapping=self.serialize())
        worker_registration.register(self, pipeline)


def run_worker(
    redis_url: str,
    store_url: str,
    *,
    networks: Path | None = None,
    painter_command: tuple[str, ...] = ENGINE_COMMAND,
    limits: Limits | None = None,
    burst: bool = False,
    metrics_at: tuple[str, int] | None = None,
) -> None:
    """Work until SIGTERM (ends after the job in hand) or a second one (hands it back).

    `networks`: folder of downloaded network weights; `metrics_at`: host and port to show figures at.
    Raises UnreachableError when store or Redis can't be reached at the start, Redis is set up to lose jobs, or the
    figures' port is taken.
    """
    # A fresh name each time: RQ refuses that of a killed worker until its key runs out.
    name = f"worker-{uuid.uuid4().hex[:12]}"
    structlog.contextvars.bind_contextvars(worker=name)
    queue = JobQueue.at(redis_url)
    queue.require()
    if networks is not None:
        painter_command = (*painter_command, "--networks", str(networks))
    metrics = WorkerMetrics()
    if metrics_at is not None:
        metrics.listen(*metrics_at)
    painter = WarmPainter(painter_command)
    painter.on_start = metrics.painters.inc
    try:
        # Before RQ hears of us: a worker that can't paint must take no job.
        painter.wait_ready((limits or Limits()).start)
    except PainterDied as death:
        raise UnreachableError(f"{death} before it could take a job: `twobit doctor` says why") from death
    session = Session(
        worker=name,
        painter=painter,
        store=PictureStore(store_url),
        queue=queue,
        stream=EventStream.at(redis_url),
        limits=limits,
        metrics=metrics,
    )
    worker = _rq_worker(name, redis_url, session)
    worker.session = session
    session.on_beat = worker.heartbeat
    try:
        with reaching("taking jobs"):
            worker.work(burst=burst, logging_level="CRITICAL")
    finally:
        painter.kill()
    if session.broken is not None:
        raise UnreachableError(session.broken)
    if not (worker.asked_to_stop or burst):
        raise UnreachableError("Redis went away while this worker waited for jobs")


def _rq_worker(name: str, redis_url: str, session: Session) -> PaintWorker:
    options: dict[str, Any] = {"worker_ttl": WORKER_TTL, "serializer": JSONSerializer}
    return PaintWorker(
        [QUEUE_NAME],
        name=name,
        connection=connect(redis_url),
        job_class=allow_only({PAINT: session.run, SUGGEST: session.run}),
        log_job_description=False,
        **options,
    )
