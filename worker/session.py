"""One attempt from the queue to its last event: fetch, paint, store, tell."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_delay, wait_exponential

from worker.contract import (
    ContractError,
    CorruptPictureError,
    Done,
    Event,
    EventStream,
    Failed,
    Failure,
    Job,
    JobQueue,
    MissingPictureError,
    PictureStore,
    Started,
    Stepped,
    UnreachableError,
    job_from_json,
)
from worker.contract.connection import reaching
from worker.painter import Pictures
from worker.previews import Previews
from worker.warm import PainterDied, WarmPainter

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient a session is, in seconds."""

    tick: float = 0.25  # between looks at the pipe
    fence: float = 0.5  # between looks whether the job was cancelled; a cancel takes effect within this
    beat: float = 2.0  # between signs of life; the desk's lease is several of these
    step: float = 0.5  # between progress reports that are sent on
    silence: float = 300.0  # a painter that says nothing for so long hangs
    job: float = 3 * 3600.0  # a painting that takes longer is ended
    service: float = 60.0  # retries of store and stream before the attempt is given up


class Session:
    """Everything a worker needs for its jobs; runs one at a time."""

    def __init__(
        self,
        *,
        worker: str,
        painter: WarmPainter,
        store: PictureStore,
        queue: JobQueue,
        stream: EventStream,
        limits: Limits | None = None,
    ) -> None:
        """`worker`: this process's name in events."""
        self.worker = worker
        self.painter = painter
        self.store = store
        self.queue = queue
        self.stream = stream
        self.limits = limits or Limits()
        self.on_beat: Callable[[], None] = lambda: None  # called with every sign of life
        self.broken: str | None = None  # why this worker can paint nothing at all any more

    def run(self, text: str) -> None:
        """Do one job of the queue. Returns normally whatever became of the painting: the last event says it.

        Raises ContractError for a job that can't be read: nobody could be told of it.
        """
        job = job_from_json(text)
        if not self._may_paint(job):
            log.info("job_dropped", job=job.id, attempt=job.attempt, reason="cancelled or overtaken")
            return
        log.info("job_started", job=job.id, attempt=job.attempt)
        last: Done | Failed | None = self._failed(job, "returned", "The worker was stopped and hands the job back.")
        try:
            last = self._attempt(job)
        except (SystemExit, KeyboardInterrupt):
            self.painter.kill()
            raise
        finally:
            if last is not None:
                self._tell_surely(last)
        log.info("job_ended", job=job.id, attempt=job.attempt, outcome="cancelled" if last is None else last.kind)

    def _attempt(self, job: Job) -> Done | Failed | None:
        """The attempt's last event, or None when the job was cancelled meanwhile."""
        watch = _Watch(self, job)
        try:
            return self._watched(job, watch)
        finally:
            watch.previews.end()

    def _watched(self, job: Job, watch: "_Watch") -> Done | Failed | None:
        watch.tell(Started(job_id=job.id, attempt=job.attempt, worker=self.worker))
        try:
            pictures = self._fetch(job, watch)
            watch.heard = time.monotonic()  # the painter's silence begins here: waiting for the store was not its fault
            for message in self.painter.paint(job, pictures, self.limits.tick):
                trouble = watch.look(message)
                if trouble is not None:
                    self.painter.kill()
                    return None if trouble == _CANCELLED else self._failed(job, "crashed", trouble)
                if message is not None and message[0]["type"] in ("done", "failed"):
                    return self._last(job, watch, *message)
        except PainterDied as death:
            if not death.was_ready:
                self.broken = f"{death} before it could take a job"
                return self._failed(job, "returned", f"{self.broken}.")
            return self._failed(job, "crashed", f"The painting broke off: {death}.")
        except (MissingPictureError, CorruptPictureError) as error:
            return self._failed(job, "resource", f"{error}. Please send the pictures again.")
        except UnreachableError as error:
            return self._failed(job, "returned", f"{error}.")  # the store's fault, and no job's
        raise AssertionError("a painter's messages end with done or failed")

    def _fetch(self, job: Job, watch: "_Watch") -> Pictures:
        def get(digest: str) -> bytes:
            return self._patiently(watch)(self.store.get, digest)

        return Pictures(
            style=get(job.style),
            style_map=get(job.style_map),
            doodle=get(job.doodle),
            content=None if job.content is None else get(job.content),
        )

    def _last(self, job: Job, watch: "_Watch", header: dict[str, Any], parts: list[bytes]) -> Done | Failed:
        if header["type"] == "failed":
            return self._failed(job, header["failure"], header["message"])
        return Done(
            job_id=job.id,
            attempt=job.attempt,
            worker=self.worker,
            result=self._patiently(watch)(self.store.put, parts[0]),
            width=header["width"],
            height=header["height"],
            seconds=header["seconds"],
            notes=tuple(header["notes"]),
        )

    def _failed(self, job: Job, failure: Failure, message: str) -> Failed:
        return Failed(job_id=job.id, attempt=job.attempt, worker=self.worker, failure=failure, message=message)

    def _may_paint(self, job: Job) -> bool:
        try:
            return self.queue.may_paint(job)
        except UnreachableError:
            return True  # the desk has the last word; a painting too many costs less than one too few

    def _patiently(self, watch: "_Watch | None" = None) -> Retrying:
        """Try again while a service is away; with `watch`, giving signs of life so that the lease doesn't run out."""

        def beat(_state: RetryCallState) -> None:
            if watch is not None:
                watch.tell(watch.last)

        return Retrying(
            before_sleep=beat,
            retry=retry_if_exception_type(UnreachableError),
            wait=wait_exponential(multiplier=0.2, max=2),
            stop=stop_after_delay(self.limits.service),
            reraise=True,
        )

    def _tell_surely(self, event: Event) -> None:
        """The last event decides a person's wait: try for a while. If it is lost all the same, the lease runs out."""
        try:
            self._patiently()(self.stream.publish, event)
        except ContractError as error:
            log.error("event_lost", job=event.job_id, attempt=event.attempt, kind=event.kind, reason=str(error))


_CANCELLED = "cancelled"


class _Watch:
    """Looks at a running attempt: passes its steps on, gives signs of life, notices cancels and hangs."""

    def __init__(self, session: Session, job: Job) -> None:
        self.session = session
        self.job = job
        self.began = self.heard = time.monotonic()
        self.fenced = self.told = 0.0
        self.previews = Previews(session.store)
        self.last: Event = Started(job_id=job.id, attempt=job.attempt, worker=session.worker)

    def look(self, message: tuple[dict[str, Any], list[bytes]] | None) -> str | None:
        """Take in a message or a tick; returns what is wrong, None while all is well."""
        limits, now = self.session.limits, time.monotonic()
        if message is not None:
            self.heard = now
            self._take(*message, now)
        elif now - self.told >= limits.beat:
            self.tell(self.last)
        if now - self.fenced >= limits.fence:
            self.fenced = now
            if not self.session._may_paint(self.job):
                return _CANCELLED
        if now - self.heard > limits.silence:
            return f"The painter hung: no sign of life for {limits.silence:.0f} s."
        if now - self.began > limits.job:
            return f"The painting took longer than {limits.job / 60:.0f} minutes: choose a smaller size or preset."
        return None

    def _take(self, header: dict[str, Any], parts: list[bytes], now: float) -> None:
        if header["type"] != "step":
            return
        if parts:
            self.previews.offer(parts[0])
        fields = {key: header[key] for key in ("octave", "octaves", "iteration", "iterations", "done", "seconds")}
        self.last = Stepped(
            job_id=self.job.id,
            attempt=self.job.attempt,
            worker=self.session.worker,
            preview=self.previews.latest,
            **fields,
        )
        if now - self.told >= self.session.limits.step:
            self.tell(self.last)

    def tell(self, event: Event) -> None:
        """Send an event that may get lost: the next one says the same or more."""
        self.told = time.monotonic()
        try:
            self.session.stream.publish(event)
            with reaching("giving a sign of life"):
                self.session.on_beat()
        except UnreachableError as error:
            log.warning("event_skipped", job=event.job_id, kind=event.kind, reason=str(error))
