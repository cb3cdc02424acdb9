"""One attempt from the queue to its last event: fetch, paint, store, tell."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, TypeVar

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
    SuggestJob,
    UnreachableError,
    task_from_json,
    tracing,
)
from worker.contract.connection import reaching
from worker.limits import Limits
from worker.metrics import CANCELLED, WorkerMetrics
from worker.painter import DeviceMemory, Pictures, Subject
from worker.previews import Previews
from worker.warm import PainterDied, WarmPainter

log = structlog.get_logger(__name__)

T = TypeVar("T")
R = TypeVar("R")


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
        metrics: WorkerMetrics | None = None,
    ) -> None:
        """`worker`: this process's name in events."""
        self.worker = worker
        self.painter = painter
        self.store = store
        self.queue = queue
        self.stream = stream
        self.limits = limits or Limits()
        self.metrics = metrics or WorkerMetrics()
        self._hands = ThreadPoolExecutor(1, thread_name_prefix="store")
        self.on_beat: Callable[[], None] = lambda: None  # called with every sign of life
        self.broken: str | None = None  # why this worker can paint nothing at all any more

    def run(self, text: str) -> None:
        """Do one job of the queue. Returns normally whatever became of the painting: the last event says it.

        Raises ContractError for a job that can't be read: nobody could be told of it.
        """
        job = task_from_json(text)
        if not self._may_paint(job):
            log.info("job_dropped", job=job.id, attempt=job.attempt, reason="cancelled or overtaken")
            return
        log.info("job_started", job=job.id, attempt=job.attempt)
        self.metrics.began(job)
        last: Done | Failed | None = self._failed(job, "returned", "The worker was stopped and hands the job back.")
        with tracing.span("attempt", job.id, attempt=job.attempt, worker=self.worker) as span:
            try:
                last = self._attempt(job)
            except (SystemExit, KeyboardInterrupt):
                self.painter.kill()
                raise
            finally:
                self.metrics.ended(job, last)
                if last is not None:
                    self._tell_surely(last)
            span.note(outcome=_outcome(last))
        log.info("job_ended", job=job.id, attempt=job.attempt, outcome=_outcome(last))

    def _attempt(self, job: Job | SuggestJob) -> Done | Failed | None:
        """The attempt's last event, or None when the job was cancelled meanwhile."""
        watch = _Watch(self, job)
        try:
            return self._watched(job, watch)
        finally:
            watch.previews.end()

    def _watched(self, job: Job | SuggestJob, watch: "_Watch") -> Done | Failed | None:
        watch.tell(Started(job_id=job.id, attempt=job.attempt, worker=self.worker))
        try:
            with tracing.span("fetch", job.id):
                pictures = self._fetch(job, watch)
            watch.heard = time.monotonic()  # the painter's silence begins here: waiting for the store was not its fault
            with tracing.span("paint", job.id, **_choices(job)) as span:
                end = self._painted(job, pictures, watch, span)
            return self._last(job, watch, *end) if isinstance(end, tuple) else end
        except PainterDied as death:
            if not death.was_ready:
                self.broken = f"{death} before it could take a job"
                return self._failed(job, "returned", f"{self.broken}.")
            return self._failed(job, "crashed", f"The painting broke off: {death}.")
        except (MissingPictureError, CorruptPictureError) as error:
            return self._failed(job, "resource", f"{error}. Please send the pictures again.")
        except UnreachableError as error:
            return self._failed(job, "returned", f"{error}.")  # the store's fault, and no job's

    def _painted(
        self, job: Job | SuggestJob, pictures: Pictures | Subject, watch: "_Watch", span: tracing.Span
    ) -> tuple[dict[str, Any], list[bytes]] | Failed | None:
        """The painter's last message; else why it was ended, None for a cancel."""
        octave = 0
        for message in self.painter.paint(job, pictures, self.limits.tick):
            trouble = watch.look(message)
            if trouble is not None:
                began = self.painter.ready
                self.painter.kill()
                if trouble == CANCELLED:
                    return None
                if not began:  # it never saw the job: this machine's fault
                    self.broken = trouble
                return self._failed(job, "crashed" if began else "returned", trouble)
            if message is None:
                continue
            header = message[0]
            if header["type"] in ("done", "failed"):
                return message
            if header["type"] == "step" and header["octave"] != octave:
                octave = header["octave"]
                span.event("octave", octave=octave, octaves=header["octaves"])
        raise AssertionError("a painter's messages end with done or failed")

    def _fetch(self, job: Job | SuggestJob, watch: "_Watch") -> Pictures | Subject:
        def get(digest: str) -> bytes:
            return self._stored(watch, self.store.get, digest)

        if isinstance(job, SuggestJob):
            return Subject(get(job.picture))
        return Pictures(
            style=get(job.style),
            style_map=get(job.style_map),
            doodle=get(job.doodle),
            content=None if job.content is None else get(job.content),
        )

    def _stored(self, watch: "_Watch", call: Callable[[T], R], given: T) -> R:
        """A call of the store, again while it is away; a slow one must not let the lease run out."""

        def beating() -> R:
            waiting = self._hands.submit(call, given)
            while not wait([waiting], self.limits.beat).done:
                watch.tell(watch.last)
            return waiting.result()

        return self._patiently(watch)(beating)

    def _last(
        self, job: Job | SuggestJob, watch: "_Watch", header: dict[str, Any], parts: list[bytes]
    ) -> Done | Failed:
        if header["type"] == "failed":
            return self._failed(job, header["failure"], header["message"])
        memory = header.get("memory")
        self.metrics.device(None if memory is None else DeviceMemory(**memory))
        with tracing.span("store", job.id, size_bytes=len(parts[0])):
            result = self._stored(watch, self.store.put, parts[0])
        return Done(
            job_id=job.id,
            attempt=job.attempt,
            worker=self.worker,
            result=result,
            width=header["width"],
            height=header["height"],
            seconds=header["seconds"],
            notes=tuple(header["notes"]),
        )

    def _failed(self, job: Job | SuggestJob, failure: Failure, message: str) -> Failed:
        return Failed(job_id=job.id, attempt=job.attempt, worker=self.worker, failure=failure, message=message)

    def _may_paint(self, job: Job | SuggestJob) -> bool:
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


def _outcome(last: Done | Failed | None) -> str:
    return CANCELLED if last is None else last.kind


def _choices(job: Job | SuggestJob) -> dict[str, tracing.Value]:
    """What a painting's time depends on."""
    if isinstance(job, SuggestJob):
        return {"kind": job.kind}
    return {"kind": job.kind, "method": job.options.method, "preset": job.options.preset}


class _Watch:
    """Looks at a running attempt: passes its steps on, gives signs of life, notices cancels and hangs."""

    def __init__(self, session: Session, job: Job | SuggestJob) -> None:
        self.session = session
        self.job = job
        self.began = self.heard = time.monotonic()
        self.fenced = self.told = 0.0
        self.ready = False
        self.previews = Previews(session.store)
        self.last: Event = Started(job_id=job.id, attempt=job.attempt, worker=session.worker)

    def look(self, message: tuple[dict[str, Any], list[bytes]] | None) -> str | None:
        """Take in a message or a tick; returns what is wrong, None while all is well."""
        limits, now = self.session.limits, time.monotonic()
        if self.session.painter.ready and not self.ready:
            self.ready, self.heard = True, now
        if message is not None:
            self.heard = now
            self._take(*message, now)
        elif now - self.told >= limits.beat:
            self.tell(self.last)
        if now - self.fenced >= limits.fence:
            self.fenced = now
            if not self.session._may_paint(self.job):
                return CANCELLED
        if not self.ready and now - self.heard > limits.start:
            return f"The painter could not take a job after {limits.start:.0f} s."
        if self.ready and now - self.heard > limits.silence:
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
