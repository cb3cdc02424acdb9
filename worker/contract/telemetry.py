"""Spans to an OpenTelemetry collector, by OTLP over HTTP. Imported only where `TWOBIT_TRACE_URL` is set."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import NonRecordingSpan, SpanContext, Status, StatusCode, TraceFlags

from worker.contract.tracing import Span, Value, trace_of

ANSWER_SECONDS = 2.0  # of the collector; a process that ends waits no longer for it
SEND_EVERY_MS = 1000
JOB = "twobit.job"


class Telemetry:
    """A tracing.Recorder. Sends from a thread of its own: a collector that is away holds nothing up."""

    def __init__(self, process: str, url: str, share: float) -> None:
        """`url`: where spans are posted to (http://host:4318/v1/traces); `share`: of the jobs, 0 to 1.

        What to send along (OTEL_EXPORTER_OTLP_HEADERS) is taken from the environment, as OpenTelemetry has it.
        """
        self._ids = _Ids()
        self._provider = TracerProvider(
            # By the trace's id alone, which is the job's: all processes choose the same jobs.
            sampler=TraceIdRatioBased(share),
            resource=Resource.create({"service.name": f"twobit-{process}", "host.name": socket.gethostname()}),
            id_generator=self._ids,
        )
        exporter = OTLPSpanExporter(endpoint=url, timeout=ANSWER_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=SEND_EVERY_MS))
        self._tracer = self._provider.get_tracer("twobit")

    @contextmanager
    def span(self, name: str, job_id: str, values: dict[str, Value]) -> Iterator[Span]:
        """See tracing.Recorder. Of an exception its kind is told and not its words, which may name anything."""
        with self._tracer.start_as_current_span(
            name,
            context=_above(job_id),
            attributes={JOB: job_id, **values},
            record_exception=False,
            set_status_on_exception=False,
        ) as found:
            try:
                yield _Noted(found)
            except BaseException as error:
                found.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def passed(self, name: str, job_id: str, began: datetime, values: dict[str, Value]) -> None:
        """See tracing.Recorder."""
        attributes = {JOB: job_id, **values}
        self._tracer.start_span(
            name, context=_above(job_id), attributes=attributes, start_time=_nanoseconds(began)
        ).end()

    def whole(self, job_id: str, began: datetime, values: dict[str, Value]) -> None:
        """See tracing.Recorder."""
        attributes = {JOB: job_id, **values}
        with self._ids.being(*trace_of(job_id)):
            root = self._tracer.start_span(
                "job", context=Context(), attributes=attributes, start_time=_nanoseconds(began)
            )
        root.end()

    def stop(self) -> None:
        """Send what is left; happens by itself as the process ends."""
        self._provider.shutdown()


class _Noted:
    """OpenTelemetry's span as ours."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def note(self, **values: Value) -> None:
        self._span.set_attributes(values)

    def event(self, name: str, **values: Value) -> None:
        self._span.add_event(name, values)


class _Ids(RandomIdGenerator):
    """Random ids, but for a trace's root, whose ids every process must know beforehand."""

    def __init__(self) -> None:
        self._given = threading.local()

    @contextmanager
    def being(self, trace_id: int, span_id: int) -> Iterator[None]:
        self._given.ids = (trace_id, span_id)
        try:
            yield
        finally:
            self._given.ids = None

    def generate_trace_id(self) -> int:
        ids: tuple[int, int] | None = getattr(self._given, "ids", None)
        return super().generate_trace_id() if ids is None else ids[0]

    def generate_span_id(self) -> int:
        ids: tuple[int, int] | None = getattr(self._given, "ids", None)
        return super().generate_span_id() if ids is None else ids[1]


def _above(job_id: str) -> Context | None:
    """What a new span of this job lies within: the span under way when it is of the same job, else the job's root."""
    trace_id, root_id = trace_of(job_id)
    if trace.get_current_span().get_span_context().trace_id == trace_id:
        return None
    root = SpanContext(trace_id, root_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    return trace.set_span_in_context(NonRecordingSpan(root))


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1e9)
