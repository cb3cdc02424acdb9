"""Processes killed, stopped and hung at the worst moments: every job is answered once. See docs/faults.md."""

import os
import resource
import signal
from collections.abc import Iterator

import psutil
import pytest

from tests.faults.process import POINTS
from tests.faults.town import Town, town
from tests.stub_painter import DEVICE_FAILS, DIES, HANGS_IN_C, SLOW, SLOW_AND_NEW


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("t")) as made:
        yield made


@pytest.fixture
def whole(place: Town) -> Town:
    """Everything runs."""
    place.heal()
    return place


SELDOM = ("worker: told the end", "front: claimed, not posted", "desk: in Redis")  # in the long run only
OFTEN = [point for point in POINTS if point and point not in SELDOM]


@pytest.mark.parametrize("point", [*OFTEN, *(pytest.param(point, marks=pytest.mark.soak) for point in SELDOM)])
def test_killed_at(whole: Town, point: str) -> None:
    part = point.split(":")[0]
    whole.stop(part)
    broken = whole.start(part, point)
    job_id = whole.ask()
    assert broken.wait() == -signal.SIGKILL
    whole.heal()
    assert whole.painted(job_id).attempt <= 2


def test_a_worker_stopped_past_its_lease_commits_nothing_when_it_wakes(whole: Town) -> None:
    [sleeper] = whole.parts["worker"]
    job_id = whole.ask(SLOW)
    first = whole.until(job_id, lambda standing: standing.progress is not None)
    assert first.attempt == 1
    sleeper.process.suspend()
    whole.start("worker")
    standing = whole.painted(job_id)
    assert standing.attempt == 2
    sleeper.process.resume()
    whole.wait_for(lambda: any("job_ended" in line for line in sleeper.lines))
    assert whole.desk.standing(job_id) == standing
    whole.answered(job_id)
    whole.parts["worker"][1].end()
    whole.painted(whole.ask())  # and the one that slept works on


@pytest.mark.parametrize(
    "behaviour", [DIES, *(pytest.param(each, marks=pytest.mark.soak) for each in (DEVICE_FAILS, HANGS_IN_C))]
)
def test_a_picture_that_breaks_the_painter_three_times_is_set_aside_and_the_next_goes_on(
    whole: Town, behaviour: int
) -> None:
    poison, healthy = whole.ask(behaviour), whole.ask(person="fake:bob")
    assert whole.painted(healthy).attempt == 1
    post = whole.answered(poison)
    assert post["state"] == "failed"
    assert not post["painting"]
    assert "3 times and was set aside" in post["message"]


def test_a_worker_told_to_stop_ends_after_the_job_in_hand(whole: Town) -> None:
    [worker] = whole.parts["worker"]
    job_id = whole.ask(SLOW)
    whole.until(job_id, lambda standing: standing.progress is not None)
    assert worker.end(signal.SIGTERM) == 0
    assert whole.painted(job_id).attempt == 1


def test_a_disk_that_is_full_at_the_result_costs_a_repeat_and_no_painting(whole: Town) -> None:
    [worker] = whole.parts["worker"]
    job_id = whole.ask(SLOW_AND_NEW)
    whole.until(job_id, lambda standing: standing.progress is not None)
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    limited = psutil.Process(worker.process.pid)
    limited.rlimit(psutil.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    whole.until(job_id, lambda standing: standing.attempt == 2)
    limited.rlimit(psutil.RLIMIT_FSIZE, unlimited)
    assert whole.painted(job_id).state == "done"


@pytest.mark.soak
def test_the_painter_ends_when_its_worker_alone_is_killed(whole: Town) -> None:
    [worker] = whole.parts["worker"]
    job_id = whole.ask(SLOW)
    whole.until(job_id, lambda standing: standing.progress is not None)
    below = worker.process.children(recursive=True)
    os.kill(worker.process.pid, signal.SIGKILL)
    assert psutil.wait_procs(below, timeout=5)[1] == []
    whole.heal()
    assert whole.painted(job_id).attempt == 2


def test_two_desks_and_the_same_request_twice(whole: Town) -> None:
    whole.start("desk")
    jobs = [whole.ask(person=f"fake:{number % 3}", key=f"key-{number // 2}") for number in range(16)]
    assert len(set(jobs)) == 8
    for job_id in set(jobs):
        assert whole.painted(job_id).attempt == 1
