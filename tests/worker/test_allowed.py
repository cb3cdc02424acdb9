"""Whoever can write to Redis can't run anything by it."""

import tracemalloc
import zlib
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

from worker.allowed import allow_only
from worker.contract.queue import PAINT, QUEUE_NAME


@pytest.fixture
def redis(redis_url: str) -> Redis:
    return Redis.from_url(redis_url)


def run_burst(redis: Redis, done: list[str]) -> None:
    worker = SimpleWorker(
        [QUEUE_NAME], connection=redis, serializer=JSONSerializer, job_class=allow_only({PAINT: done.append})
    )
    worker.work(burst=True, logging_level="CRITICAL")


def test_the_listed_function_runs(redis: Redis) -> None:
    done: list[str] = []
    Queue(QUEUE_NAME, connection=redis, serializer=JSONSerializer).enqueue_call(PAINT, args=("hello",), timeout=-1)
    run_burst(redis, done)
    assert done == ["hello"]


@pytest.mark.parametrize("name", ["os.system", "subprocess.call", "worker.session.Session.run"])
def test_any_other_name_is_refused(redis: Redis, tmp_path: Path, name: str) -> None:
    trap = tmp_path / "trap"
    queue = Queue(QUEUE_NAME, connection=redis, serializer=JSONSerializer)
    job = queue.enqueue_call(name, args=(f"touch {trap}",), timeout=-1)
    run_burst(redis, [])
    assert not trap.exists()
    assert redis.hget(f"rq:job:{job.id}", "status") == b"failed"


@pytest.mark.parametrize("field", ["success_callback_name", "failure_callback_name", "stopped_callback_name"])
def test_no_callback_is_imported(redis: Redis, tmp_path: Path, field: str) -> None:
    (tmp_path / "trap.py").write_text(
        "import pathlib; pathlib.Path(__file__).with_name('sprung').touch()\ndef f(*a): ...\n"
    )
    done: list[str] = []
    queue = Queue(QUEUE_NAME, connection=redis, serializer=JSONSerializer)
    job = queue.enqueue_call(PAINT, args=("hello",), timeout=-1)
    redis.hset(f"rq:job:{job.id}", field, "trap.f")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        run_burst(redis, done)
    assert done == ["hello"]
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("field", ["data", "exc_info"])
def test_a_bomb_in_a_jobs_hash_is_not_unpacked_and_the_next_job_runs(redis: Redis, field: str) -> None:
    queue = Queue(QUEUE_NAME, connection=redis, serializer=JSONSerializer)
    bomb = queue.enqueue_call(PAINT, args=("bomb",), timeout=-1)
    redis.hset(f"rq:job:{bomb.id}", field, zlib.compress(bytes(200 * 2**20)))
    queue.enqueue_call(PAINT, args=("next",), timeout=-1)
    done: list[str] = []
    tracemalloc.start()
    try:
        run_burst(redis, done)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert done == ["next"]
    assert most < 20 * 2**20


def test_what_is_no_jobs_hash_is_passed_over(redis: Redis) -> None:
    queue = Queue(QUEUE_NAME, connection=redis, serializer=JSONSerializer)
    broken = queue.enqueue_call(PAINT, args=("broken",), timeout=-1)
    redis.hset(f"rq:job:{broken.id}", "created_at", "yesterday")
    queue.enqueue_call(PAINT, args=("next",), timeout=-1)
    done: list[str] = []
    run_burst(redis, done)
    assert done == ["next"]
