"""Redis, PostgreSQL and the store away, hanging, full or lying. See docs/faults.md."""

import os
import resource
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from tests.e2e.service import TWOBIT
from tests.faults.process import RULES
from tests.faults.proxy import SLOW_SECONDS, Mode, Proxy, proxy, to_tcp, to_unix
from tests.faults.town import Town, town
from tests.stub_painter import COMMAND, SLOW, SLOW_AND_NEW
from worker.contract import JobQueue, UnreachableError
from worker.contract.digest import digest_of
from worker.service import run_worker


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("s")) as made:
        yield made


@pytest.fixture
def whole(place: Town) -> Town:
    """Everything runs."""
    place.heal()
    return place


@pytest.fixture
def cable(whole: Town) -> Iterator[Proxy]:
    """The way from the worker to Redis."""
    with proxy(to_unix(whole.redis_url.removeprefix("unix://"))) as made:
        yield made


def test_asking_needs_no_redis_that_answers(whole: Town, cable: Proxy) -> None:
    healthy = whole.desk.queue
    whole.desk.queue = JobQueue.at(f"redis://127.0.0.1:{cable.port}")
    troubles: tuple[Mode, ...] = ("cut", "hang")
    for trouble in troubles:
        cable.set(trouble)
        began = time.monotonic()
        job_id = whole.ask()
        assert time.monotonic() - began < 1.0  # asking is a matter of the database and the store alone
        whole.painted(job_id)
    whole.desk.queue = healthy


@pytest.mark.soak
def test_jobs_that_wait_survive_a_killed_redis(whole: Town) -> None:
    jobs = [whole.ask(SLOW), *(whole.ask(person=f"fake:{number}") for number in range(6))]
    whole.until(jobs[0], lambda standing: standing.state == "running")
    whole.restart_valkey()
    whole.heal()
    for job_id in jobs:
        whole.heal()  # a worker that meets a Redis which is away may end; it is started again
        whole.painted(job_id)


@pytest.mark.soak
@pytest.mark.parametrize("trouble", ["cut", "hang"])
def test_a_worker_without_a_line_to_redis_costs_one_repeat(whole: Town, cable: Proxy, trouble: Mode) -> None:
    whole.stop("worker")
    whole.start("worker", redis_url=f"redis://127.0.0.1:{cable.port}")
    job_id = whole.ask(SLOW)
    whole.until(job_id, lambda standing: standing.progress is not None)
    cable.set(trouble)
    whole.until(job_id, lambda standing: standing.attempt == 2)
    cable.set("open")
    whole.start("worker")
    assert whole.painted(job_id).attempt <= 3


@pytest.mark.soak
def test_a_redis_whose_disk_is_full_takes_nothing_and_later_everything(whole: Town) -> None:
    server = psutil.Process(whole.valkey.pid)
    server.rlimit(psutil.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    try:
        whole.wait_for(lambda: not writes(whole))
        job_id = whole.ask()
    finally:
        server.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    whole.wait_for(lambda: writes(whole))
    whole.heal()
    whole.painted(job_id)


def writes(place: Town) -> bool:
    """Whether Redis takes a write; another one makes it notice what its disk does."""
    try:
        place.desk.queue.forbid("nobody00")
    except UnreachableError:
        return False
    finally:
        time.sleep(0.2)
    return True


def test_a_redis_that_would_drop_jobs_is_refused_at_the_start(redis_url: str, tmp_path: Path) -> None:
    queue = JobQueue.at(redis_url)
    queue.redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        with pytest.raises(UnreachableError, match="noeviction"):
            run_worker(redis_url, tmp_path.as_uri(), painter_command=COMMAND)
        words = [*TWOBIT, "desk", "--data", str(tmp_path), "--redis-url", redis_url]
        ended = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    finally:
        queue.redis.config_set("maxmemory-policy", "noeviction")
    assert ended.returncode == 3
    assert "noeviction" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_damaged_pictures_are_noticed_and_told(whole: Town) -> None:
    whole.stop("worker")
    job_id = whole.ask()
    digest = whole.desk.recipe(job_id).doodle
    path = whole.folder / "pictures" / "sha256" / digest[:2] / digest
    data = path.read_bytes()
    path.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    assert digest_of(path.read_bytes()) != digest
    whole.heal()
    try:
        post = whole.answered(job_id)
    finally:
        path.write_bytes(data)
    assert post["state"] == "failed"
    assert "damaged" in post["message"]
    assert "send the pictures again" in post["message"]


@pytest.mark.soak
def test_a_store_that_is_busy_is_waited_for(
    s3_server: str, s3_bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with proxy(to_tcp(int(s3_server.rsplit(":", 1)[1]))) as cable:
        monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{cable.port}")
        with town(tmp_path, store_url=f"{s3_bucket}/{os.getpid()}") as place:
            place.heal()
            job_id = place.ask(SLOW)
            place.until(job_id, lambda standing: standing.progress is not None)
            cable.set("503")
            place.until(job_id, lambda standing: standing.attempt == 2)  # it could not be stored: handed back
            cable.set("open")
            assert place.painted(job_id).state == "done"


@pytest.mark.soak
def test_a_store_that_is_slow_costs_nothing_but_time(
    s3_server: str, s3_bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with proxy(to_tcp(int(s3_server.rsplit(":", 1)[1]))) as cable:
        monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{cable.port}")
        with town(tmp_path, store_url=f"{s3_bucket}/{os.getpid()}") as place:
            job_id = place.ask(SLOW_AND_NEW)
            cable.set("slow")
            place.heal()
            began = time.monotonic()
            assert place.painted(job_id).attempt == 1  # fetching alone took longer than a lease
            assert time.monotonic() - began > RULES.lease + SLOW_SECONDS


@pytest.fixture
def postgres_town(postgres_url: str, tmp_path: Path) -> Iterator[tuple[Town, Proxy]]:
    """A town whose PostgreSQL is at the end of a cable."""
    url = sa.make_url(postgres_url)
    folder = str(url.query.get("host") or url.host)
    reach = to_unix(f"{folder}/.s.PGSQL.{url.port or 5432}") if folder.startswith("/") else to_tcp(url.port or 5432)
    with proxy(reach) as cable:
        by_tcp = url.set(host="127.0.0.1", port=cable.port, query={})
        with town(tmp_path, by_tcp.render_as_string(hide_password=False)) as place:
            yield place, cable


def test_a_postgresql_that_goes_and_comes_back_loses_nothing(postgres_town: tuple[Town, Proxy]) -> None:
    place, cable = postgres_town
    place.heal()
    [desk] = place.parts["desk"]
    jobs = [place.ask(SLOW), *(place.ask(person=f"fake:{number}") for number in range(3))]
    place.until(jobs[0], lambda standing: standing.progress is not None)
    cable.set("cut")
    place.wait_for(lambda: any("desk_waits" in line for line in desk.lines))
    time.sleep(3.0)  # longer than a lease
    cable.set("open")
    for job_id in jobs:
        assert place.painted(job_id).attempt == 1
    assert desk.alive


@pytest.mark.soak
def test_machines_whose_clocks_are_hours_apart_agree(postgres_town: tuple[Town, Proxy]) -> None:
    place, _ = postgres_town
    place.start("desk", skew=3600.0)
    place.start("desk", skew=-3600.0)
    place.heal()
    assert place.painted(place.ask(SLOW)).attempt == 1  # nobody's lease runs out early
    job_id = place.ask(SLOW)
    place.until(job_id, lambda standing: standing.progress is not None)
    place.stop("worker")
    began = time.monotonic()
    place.heal()
    assert place.painted(job_id).attempt == 2  # nor an hour late
    assert time.monotonic() - began < 60
