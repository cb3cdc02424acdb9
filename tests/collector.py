"""A collector of traces: OTLP over HTTP, in a thread."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

PATH = "/v1/traces"


@dataclass(frozen=True)
class Seen:
    """A span as it came in."""

    process: str  # "twobit-desk", ...
    name: str
    trace: str  # hex
    id: str
    parent: str
    seconds: float
    failed: bool
    values: dict[str, Any] = field(hash=False)
    events: tuple[str, ...] = ()


@dataclass
class Collector:
    """What came in."""

    url: str
    bodies: list[bytes] = field(default_factory=list)

    def spans(self) -> list[Seen]:
        """All spans so far."""
        return [seen for body in list(self.bodies) for seen in _spans(body)]

    def of(self, job_id: str) -> list[Seen]:
        """Those of a job."""
        return [seen for seen in self.spans() if seen.values.get("twobit.job") == job_id]


def _spans(body: bytes) -> Iterator[Seen]:
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        named = {one.key: one.value.string_value for one in resource.resource.attributes}
        for span in (span for scope in resource.scope_spans for span in scope.spans):
            yield Seen(
                process=named["service.name"],
                name=span.name,
                trace=span.trace_id.hex(),
                id=span.span_id.hex(),
                parent=span.parent_span_id.hex(),
                seconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
                failed=span.status.code == span.status.STATUS_CODE_ERROR,
                values={one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes},
                events=tuple(event.name for event in span.events),
            )


@contextmanager
def collecting() -> Iterator[Collector]:
    """Listen until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.bodies.append(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Collector(f"http://127.0.0.1:{server.server_port}{PATH}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join(5)
