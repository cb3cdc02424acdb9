"""Traces: one a job, whoever records them, and nothing at all when nobody does."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.collector import Collector, collecting
from worker.contract import tracing
from worker.contract.telemetry import Telemetry

JOB = "abcdefgh12"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as found:
        yield found
        tracing.start(None)


def recorded(collector: Collector, share: float = 1.0) -> Telemetry:
    telemetry = Telemetry("test", collector.url, share)
    tracing.start(telemetry)
    return telemetry


def test_without_a_recorder_nothing_is_loaded() -> None:
    code = (
        "import sys\nfrom worker.contract import tracing\n"
        f"with tracing.span('paint', '{JOB}') as span:\n    span.note(a=1)\n    span.event('octave')\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_two_processes_that_never_met_write_into_one_trace(collector: Collector) -> None:
    first = recorded(collector)
    with tracing.span("attempt", JOB, attempt=1), tracing.span("paint", JOB) as paint:
        paint.event("octave", octave=1)
        paint.note(outcome="done")
    first.stop()
    second = recorded(collector)
    tracing.passed("wait", JOB, datetime.now(UTC) - timedelta(seconds=3))
    tracing.whole(JOB, datetime.now(UTC) - timedelta(seconds=5), outcome="done")
    with tracing.span("attempt", "another123"):
        pass
    second.stop()
    spans = {span.name: span for span in collector.of(JOB)}
    trace_id, root_id = tracing.trace_of(JOB)
    assert {span.trace for span in spans.values()} == {f"{trace_id:032x}"}
    assert spans["job"].id == f"{root_id:016x}"
    assert spans["job"].parent == ""
    assert spans["attempt"].parent == spans["wait"].parent == spans["job"].id
    assert spans["paint"].parent == spans["attempt"].id
    assert spans["paint"].events == ("octave",)
    assert spans["paint"].values["outcome"] == "done"
    assert spans["wait"].seconds == pytest.approx(3, abs=0.5)
    assert spans["job"].seconds == pytest.approx(5, abs=0.5)
    (other,) = collector.of("another123")
    assert other.trace != spans["job"].trace


def test_an_error_is_told_by_its_kind_and_not_by_its_words(collector: Collector) -> None:
    telemetry = recorded(collector)
    with pytest.raises(ValueError, match="hidden"), tracing.span("store", JOB):
        raise ValueError("hidden")
    telemetry.stop()
    (span,) = collector.of(JOB)
    assert span.failed
    assert not [body for body in collector.bodies if b"hidden" in body]


def test_every_process_chooses_the_same_share_of_the_jobs(collector: Collector) -> None:
    chosen = []
    for _ in range(2):
        telemetry = recorded(collector, share=0.5)
        for number in range(200):
            with tracing.span("attempt", f"job0000{number}"):
                pass
        telemetry.stop()
        chosen.append({span.values["twobit.job"] for span in collector.spans()})
        collector.bodies.clear()
    assert chosen[0] == chosen[1]
    assert 60 < len(chosen[0]) < 140


def test_a_collector_that_is_away_holds_nothing_up() -> None:
    telemetry = Telemetry("test", "http://127.0.0.1:9/v1/traces", 1.0)
    tracing.start(telemetry)
    began = time.monotonic()
    for _ in range(100):
        with tracing.span("attempt", JOB):
            pass
    assert time.monotonic() - began < 1
    telemetry.stop()
    tracing.start(None)
    assert time.monotonic() - began < 6
