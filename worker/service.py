"""The worker's process: RQ's loop around one session."""

import uuid
from pathlib import Path
from typing import Any

import structlog
from redis.client import Pipeline
from rq import worker_registration
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

from worker.allowed import allow_only
from worker.contract import EventStream, JobQueue, PictureStore
from worker.contract.connection import connect
from worker.contract.queue import PAINT, QUEUE_NAME
from worker.session import Limits, Session
from worker.warm import ENGINE_COMMAND, WarmPainter

WORKER_TTL = 30  # seconds; RQ lets an idle worker give a sign of life after half of it
ALIVE_SECONDS = 40  # without a sign of life, until a worker counts as dead

log = structlog.get_logger(__name__)


class PaintWorker(SimpleWorker):
    """RQ's worker that stays in its process: the painting itself happens in the painter's child process.

    RQ's own stop command, retries and orphan rescue are not used: the desk does these with attempt numbers.
    """

    max_connection_wait_time = 2.0  # back at work soon after Redis is
    log_result_lifespan = False

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
) -> None:
    """Work until SIGTERM (ends after the job in hand) or a second one (hands it back).

    `networks`: folder of downloaded network weights.
    Raises UnreachableError when store or Redis can't be reached at the start.
    """
    # A fresh name each time: RQ refuses that of a killed worker until its key runs out.
    name = f"worker-{uuid.uuid4().hex[:12]}"
    structlog.contextvars.bind_contextvars(worker=name)
    queue = JobQueue.at(redis_url)
    for trouble in queue.check():
        log.warning("redis_setup", trouble=trouble)
    if networks is not None:
        painter_command = (*painter_command, "--networks", str(networks))
    painter = WarmPainter(painter_command)
    painter.start()
    session = Session(
        worker=name,
        painter=painter,
        store=PictureStore(store_url),
        queue=queue,
        stream=EventStream.at(redis_url),
        limits=limits,
    )
    worker = _rq_worker(name, redis_url, session)
    session.on_beat = worker.heartbeat
    try:
        worker.work(burst=burst, logging_level="WARNING")
    finally:
        painter.kill()


def _rq_worker(name: str, redis_url: str, session: Session) -> PaintWorker:
    options: dict[str, Any] = {"worker_ttl": WORKER_TTL, "serializer": JSONSerializer}
    return PaintWorker(
        [QUEUE_NAME],
        name=name,
        connection=connect(redis_url),
        job_class=allow_only({PAINT: session.run}),
        log_job_description=False,
        **options,
    )
