"""A worker's figures for Prometheus: one process, one registry. What the painter's process knows comes by its pipe."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server

from worker.contract import Done, Failed, Job, SuggestJob, UnreachableError
from worker.contract.figures import PAINT_SECONDS, side_of
from worker.painter import DeviceMemory

CANCELLED = "cancelled"
OUTCOMES = ("done", CANCELLED, "input", "resource", "crashed", "returned")


class WorkerMetrics:
    """Counts what one worker does."""

    def __init__(self) -> None:
        """Nothing is shown until `listen`."""
        self.registry = CollectorRegistry()
        ProcessCollector(namespace="twobit_worker", registry=self.registry)
        self.attempts = Counter(
            "twobit_worker_attempts", "Attempts that ended here.", ("kind", "outcome"), registry=self.registry
        )
        for kind in ("paint", "suggest"):
            for outcome in OUTCOMES:  # from the start, so that the first one is an increase
                self.attempts.labels(kind, outcome)
        self.again = Counter("twobit_worker_repeats", "Attempts that repeat an earlier one.", registry=self.registry)
        self.paint = Histogram(
            "twobit_worker_paint_seconds",
            "Painting only, by method and size.",
            ("method", "side"),
            buckets=PAINT_SECONDS,
            registry=self.registry,
        )
        self.painters = Counter("twobit_worker_painter_starts", "Painters started.", registry=self.registry)
        self.busy = Gauge("twobit_worker_busy", "1 while there is a job in hand.", registry=self.registry)
        self._device: dict[str, Gauge] = {}

    def listen(self, host: str, port: int) -> None:
        """Answer `GET /metrics` from a thread. Raises UnreachableError when the port is taken."""
        try:
            start_http_server(port, addr=host, registry=self.registry)
        except OSError as error:
            raise UnreachableError(
                f"{host}:{port} can't be listened on ({error.strerror}): choose another TWOBIT_WORKER_METRICS_PORT, "
                "one for each worker of this machine"
            ) from error

    def began(self, job: Job | SuggestJob) -> None:
        """A job is in hand."""
        self.busy.set(1)
        if job.attempt > 1:
            self.again.inc()

    def ended(self, job: Job | SuggestJob, last: Done | Failed | None) -> None:
        """And what came of it; None: cancelled."""
        self.busy.set(0)
        outcome = CANCELLED if last is None else last.failure if isinstance(last, Failed) else "done"
        self.attempts.labels(job.kind, outcome).inc()
        if isinstance(last, Done):
            method = job.options.method if isinstance(job, Job) else job.kind
            self.paint.labels(method, side_of(last.width * last.height)).observe(last.seconds)

    def device(self, memory: DeviceMemory | None) -> None:
        """The painter's device after a job; no figure where it has no memory of its own."""
        for name, help_text, value in () if memory is None else memory.named():
            if name not in self._device:
                self._device[name] = Gauge(f"twobit_worker_device_{name}_bytes", help_text, registry=self.registry)
            self._device[name].set(value)
