"""CUDA out of memory and a broken device, injected below the real engine in the painter's own process."""

from collections.abc import Iterator

import pytest

from tests import short_painter
from tests.intruders.fuzz import MAP, STYLE
from worker.contract import Done, Event, EventStream, Failed, Job, JobQueue, PaintOptions, PictureStore
from worker.session import Session
from worker.warm import WarmPainter


@pytest.fixture
def session(redis_url: str, store: PictureStore) -> Iterator[Session]:
    painter = WarmPainter(short_painter.COMMAND)
    queue, stream = JobQueue.at(redis_url), EventStream.at(redis_url)
    yield Session(worker="w1", painter=painter, store=store, queue=queue, stream=stream)
    painter.kill()


def last(session: Session, number: int, seed: int) -> Event:
    """What becomes of a job on that device."""
    style, style_map = session.store.put(STYLE), session.store.put(MAP)
    options = PaintOptions(seed=seed, preset="draft")
    job = Job(id=f"aaaaaaa{number}", attempt=1, style=style, style_map=style_map, doodle=style_map, options=options)
    session.queue.put(job)
    session.run(job.model_dump_json())
    return [event for _, event in session.stream.read(10)][-1]


def test_a_device_out_of_memory_costs_no_painter_and_a_broken_one_does(session: Session) -> None:
    first = last(session, 1, short_painter.WELL)
    assert isinstance(first, Done)
    pid = session.painter.pid
    again = last(session, 2, short_painter.SHORT_ONCE)
    assert isinstance(again, Done)
    assert any("memory ran short" in note for note in again.notes)
    short = last(session, 3, short_painter.SHORT)
    assert isinstance(short, Failed)
    assert short.failure == "resource"
    assert "ran out of memory at 64x48 px: ask for a smaller painting" in short.message
    assert session.painter.pid == pid
    broken = last(session, 4, short_painter.BROKEN)
    assert isinstance(broken, Failed)
    assert broken.failure == "crashed"
    assert isinstance(last(session, 5, short_painter.WELL), Done)
    assert session.painter.pid != pid
