"""One attempt on real processes: a stub painter in its child, a real Valkey, a folder as store."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import psutil
import pytest

from tests import stub_painter
from tests.pictures import SKY, flat, png
from worker.contract import (
    ContractError,
    Done,
    Event,
    EventStream,
    Failed,
    Job,
    JobQueue,
    PaintOptions,
    PictureStore,
    Started,
    Stepped,
    UnreachableError,
)
from worker.contract.digest import digest_of
from worker.limits import Limits
from worker.previews import KEPT, Previews
from worker.service import run_worker
from worker.session import Session
from worker.warm import WarmPainter

LIMITS = Limits(tick=0.05, fence=0.1, beat=0.2, step=0.0, silence=6.0, service=1.0)
PICTURE = png(flat(64, 48, [SKY]))


@pytest.fixture
def session(redis_url: str, store: PictureStore) -> Iterator[Session]:
    painter = WarmPainter(stub_painter.COMMAND)
    yield Session(
        worker="w1",
        painter=painter,
        store=store,
        queue=JobQueue.at(redis_url),
        stream=EventStream.at(redis_url),
        limits=LIMITS,
    )
    painter.kill()


def job_for(session: Session, behaviour: int) -> Job:
    digest = session.store.put(PICTURE)
    job = Job(
        id="aaaaaaaa",
        attempt=1,
        style=digest,
        style_map=digest,
        doodle=digest,
        options=PaintOptions(seed=behaviour),
    )
    session.queue.put(job)
    return job


def told(session: Session) -> list[Event]:
    return [event for _, event in session.stream.read(10)]


def test_waiting_for_a_slow_store_gives_signs_of_life(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    job = job_for(session, stub_painter.QUICK)
    session.painter.wait_ready(60)  # a painter that starts is waited for with signs of life too
    get = session.store.get

    def slow(digest: str) -> bytes:
        time.sleep(4 * LIMITS.beat)
        return get(digest)

    monkeypatch.setattr(session.store, "get", slow)
    session.run(job.model_dump_json())
    events = told(session)
    assert isinstance(events[-1], Done)
    assert sum(isinstance(event, Started) for event in events) > 6  # three pictures, each longer than several beats


def test_a_painting_is_stored_and_told(session: Session) -> None:
    job = job_for(session, stub_painter.QUICK)
    session.run(job.model_dump_json())
    first, *steps, last = told(session)
    assert isinstance(first, Started)
    assert all(isinstance(step, Started | Stepped) for step in steps)
    assert isinstance(last, Done)
    assert session.store.get(last.result) == PICTURE
    assert (last.width, last.height, last.notes) == (128, 96, ("a note",))


def test_the_painter_stays_warm(session: Session) -> None:
    job = job_for(session, stub_painter.QUICK)
    session.run(job.model_dump_json())
    pid = session.painter.pid
    took = []
    for _ in range(5):
        began = time.monotonic()
        session.run(job.model_dump_json())
        took.append(time.monotonic() - began)
    assert session.painter.pid == pid
    assert min(took) < 0.1  # a painter that begins anew takes longer each time; others may only wait for the machine


def test_a_refusal_is_the_persons_to_mend(session: Session) -> None:
    session.run(job_for(session, stub_painter.REFUSES).model_dump_json())
    last = told(session)[-1]
    assert isinstance(last, Failed)
    assert (last.failure, last.message) == ("input", "The doodle has a colour that the style map lacks.")


def test_a_dead_painter_is_told_and_replaced(session: Session) -> None:
    session.run(job_for(session, stub_painter.DIES).model_dump_json())
    last = told(session)[-1]
    assert isinstance(last, Failed)
    assert last.failure == "crashed"
    assert "signal 9" in last.message
    session.run(job_for(session, stub_painter.QUICK).model_dump_json())
    assert isinstance(told(session)[-1], Done)


def test_a_hanging_painter_is_ended(session: Session) -> None:
    began = time.monotonic()
    session.run(job_for(session, stub_painter.HANGS).model_dump_json())
    last = told(session)[-1]
    assert isinstance(last, Failed)
    assert "hung" in last.message
    assert time.monotonic() - began < 30
    assert session.painter.pid is None


def test_a_cancelled_job_ends_at_once_and_silently(session: Session) -> None:
    job = job_for(session, stub_painter.HANGS)
    session.painter.start()
    threading.Timer(1.0, session.queue.forbid, [job.id]).start()
    began = time.monotonic()
    session.run(job.model_dump_json())
    assert time.monotonic() - began < 3
    assert all(isinstance(event, Started | Stepped) for event in told(session))


def test_an_overtaken_attempt_never_starts(session: Session) -> None:
    old = job_for(session, stub_painter.QUICK)
    session.queue.put(old.model_copy(update={"attempt": 2}))
    session.run(old.model_dump_json())
    assert told(session) == []


def test_signs_of_life_come_while_the_painter_is_silent(session: Session) -> None:
    session.run(job_for(session, stub_painter.SLOW).model_dump_json())
    assert len(told(session)) > stub_painter.SLOW_SECONDS / LIMITS.beat / 2


def test_signs_of_life_come_while_the_store_is_away(session: Session) -> None:
    job = job_for(session, stub_painter.QUICK)
    whole, calls = session.store.get, []

    def away(digest: str) -> bytes:
        calls.append(digest)
        if len(calls) < 4:
            raise UnreachableError("The picture store can't read")
        return whole(digest)

    session.store.get = away  # type: ignore[method-assign]
    session.run(job.model_dump_json())
    assert isinstance(told(session)[-1], Done)
    assert len(calls) >= 4


def test_a_store_that_stays_away_hands_the_job_back(session: Session) -> None:
    job = job_for(session, stub_painter.QUICK)

    def away(digest: str) -> bytes:
        raise UnreachableError("The picture store can't read")

    session.store.get = away  # type: ignore[method-assign]
    session.run(job.model_dump_json())
    *signs, last = told(session)
    assert len(signs) >= 3
    assert isinstance(last, Failed)
    assert last.failure == "returned"


def test_a_painter_that_never_gets_ready_is_no_jobs_fault(session: Session) -> None:
    session.painter = WarmPainter((stub_painter.COMMAND[0], "-c", "raise SystemExit(1)"))
    session.run(job_for(session, stub_painter.QUICK).model_dump_json())
    last = told(session)[-1]
    assert isinstance(last, Failed)
    assert last.failure == "returned"
    assert session.broken is not None


def sleepy(seconds: float) -> tuple[str, ...]:
    """A stub painter that takes so long to start."""
    code = (
        f"import runpy, sys, time; time.sleep({seconds}); runpy.run_path({stub_painter.__file__!r}, None, '__main__')"
    )
    return stub_painter.COMMAND[0], "-c", code


def test_a_painter_slow_to_start_is_not_taken_for_one_that_hangs(session: Session) -> None:
    session.painter = WarmPainter(sleepy(2.0))
    session.limits = replace(LIMITS, silence=1.0)
    session.run(job_for(session, stub_painter.QUICK).model_dump_json())
    *signs, last = told(session)
    assert isinstance(last, Done)
    assert len(signs) > 2.0 / LIMITS.beat / 2
    session.painter.kill()


def test_a_painter_that_hangs_as_it_starts_is_no_jobs_fault(session: Session) -> None:
    session.painter = WarmPainter(sleepy(3600))
    session.limits = replace(LIMITS, start=1.0)
    session.run(job_for(session, stub_painter.QUICK).model_dump_json())
    last = told(session)[-1]
    assert isinstance(last, Failed)
    assert last.failure == "returned"
    assert session.broken is not None
    assert session.painter.pid is None


@pytest.mark.timeout(60)
def test_a_worker_whose_painter_hangs_as_it_starts_does_not_wait_for_ever(redis_url: str, store: PictureStore) -> None:
    with pytest.raises(UnreachableError, match="said nothing for 1 s before it could take a job"):
        run_worker(redis_url, store.url, painter_command=sleepy(3600), limits=replace(LIMITS, start=1.0))
    assert JobQueue.at(redis_url).workers() == 0


def test_a_worker_whose_painter_can_not_start_takes_no_job(redis_url: str, store: PictureStore) -> None:
    with pytest.raises(UnreachableError, match="before it could take a job"):
        run_worker(redis_url, store.url, painter_command=(stub_painter.COMMAND[0], "-c", "raise SystemExit(1)"))
    assert JobQueue.at(redis_url).workers() == 0


def test_missing_pictures_are_told(session: Session) -> None:
    job = job_for(session, stub_painter.QUICK).model_copy(update={"style": "ef" * 32})
    session.run(job.model_dump_json())
    last = told(session)[-1]
    assert isinstance(last, Failed)
    assert last.failure == "resource"


def test_a_job_of_another_version_is_refused(session: Session) -> None:
    with pytest.raises(ContractError, match="version"):
        session.run('{"version": 99}')
    assert told(session) == []


def test_the_painter_ends_with_its_worker() -> None:
    code = (
        "import time\nfrom tests.stub_painter import COMMAND\nfrom worker.warm import WarmPainter\n"
        "painter = WarmPainter(COMMAND)\npainter.start()\ntime.sleep(60)\n"
    )
    with psutil.Popen([stub_painter.COMMAND[0], "-c", code], stdout=-1) as worker:
        child = psutil.Process(int(worker.stdout.readline().split(b"pid=")[1]))
        time.sleep(0.5)
        os.kill(worker.pid, signal.SIGKILL)
        child.wait(5)


def test_previews_come_with_the_steps_and_none_is_left(session: Session) -> None:
    session.run(job_for(session, stub_painter.SHOWS).model_dump_json())
    events = told(session)
    shown = [event.preview for event in events if isinstance(event, Stepped) and event.preview is not None]
    assert isinstance(events[-1], Done)
    assert len(set(shown)) >= 2
    assert shown[-1] == digest_of(b"preview 4")
    wait_until(lambda: session.store.previews.digests() == [])
    assert session.store.digests() == [digest_of(PICTURE)]


def test_only_the_last_previews_lie_in_the_store(store: PictureStore) -> None:
    previews = Previews(store)
    for number in range(5):
        picture = b"%d" % number
        previews.offer(picture)
        wait_until(lambda picture=picture: previews.latest == digest_of(picture))  # type: ignore[misc]
    wait_until(lambda: len(store.previews.digests()) == KEPT)
    previews.end()
    wait_until(lambda: store.previews.digests() == [])


def test_a_store_that_hangs_holds_no_step_up(store: PictureStore, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(PictureStore, "put", lambda self, data: release.wait(10) and "ab" * 32)
    previews = Previews(store)
    began = time.monotonic()
    for _ in range(100):
        previews.offer(b"preview")
    assert previews.latest is None
    assert time.monotonic() - began < 5  # one that waited for the store would take ten
    release.set()
    previews.end()


def wait_until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)
