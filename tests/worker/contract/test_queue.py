"""The queue's calls and the event stream, on a real Valkey."""

import time
from pathlib import Path

import pytest

from tests.faults.proxy import to_unix
from tests.faults.tls import behind_tls, certificate
from worker.contract import EventStream, Job, JobQueue, Started, UnreachableError

DIGEST = "cd" * 32


def job(name: str, attempt: int = 1) -> Job:
    return Job(id=name, attempt=attempt, style=DIGEST, style_map=DIGEST, doodle=DIGEST)


def test_an_attempt_waits_until_it_is_withdrawn(redis_url: str) -> None:
    queue = JobQueue.at(redis_url)
    queue.put(job("aaaaaaaa"))
    queue.put(job("bbbbbbbb"))
    assert queue.waiting() == {"aaaaaaaa-1", "bbbbbbbb-1"}
    queue.withdraw("aaaaaaaa-1")
    queue.withdraw("aaaaaaaa-1")
    assert queue.waiting() == {"bbbbbbbb-1"}


def test_the_fence_lets_only_the_newest_attempt_paint(redis_url: str) -> None:
    queue = JobQueue.at(redis_url)
    queue.put(job("aaaaaaaa", 1))
    assert queue.may_paint(job("aaaaaaaa", 1))
    queue.put(job("aaaaaaaa", 2))
    assert not queue.may_paint(job("aaaaaaaa", 1))
    assert queue.may_paint(job("aaaaaaaa", 2))
    queue.forbid("aaaaaaaa")
    assert not queue.may_paint(job("aaaaaaaa", 2))
    queue.redis.flushall()
    assert queue.may_paint(job("aaaaaaaa", 2))


def test_an_absent_server_is_told_within_its_time_limit() -> None:
    queue = JobQueue.at("redis://127.0.0.1:1")
    began = time.monotonic()
    with pytest.raises(UnreachableError):
        queue.put(job("aaaaaaaa"))
    with pytest.raises(UnreachableError):
        queue.check()
    assert time.monotonic() - began < 3


def test_a_policy_that_drops_jobs_is_found(redis_url: str) -> None:
    queue = JobQueue.at(redis_url)
    assert queue.check() == []
    queue.redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        (trouble,) = queue.check()
        assert "noeviction" in trouble
    finally:
        queue.redis.config_set("maxmemory-policy", "noeviction")


def test_only_workers_that_give_signs_of_life_count(redis_url: str) -> None:
    queue = JobQueue.at(redis_url)
    assert queue.workers() == 0
    queue.redis.sadd("rq:workers:twobit", "rq:worker:alive", "rq:worker:dead")
    queue.redis.hset("rq:worker:alive", "pid", 1)
    assert queue.workers() == 1


def started(number: int) -> Started:
    return Started(job_id="aaaaaaaa", attempt=number, worker="w")


def test_events_arrive_in_order_and_once(redis_url: str) -> None:
    stream = EventStream.at(redis_url)
    for number in (1, 2, 3):
        stream.publish(started(number))
    heard = stream.read(10)
    assert [event.attempt for _, event in heard] == [1, 2, 3]
    stream.settled([entry for entry, _ in heard])
    assert stream.read(10) == []
    assert stream.redis.xlen("twobit:events") == 0


def test_events_survive_a_desk_that_dies_before_settling(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.contract.stream.STALE_MS", 1)
    first, second = EventStream.at(redis_url, "one"), EventStream.at(redis_url, "two")
    first.publish(started(1))
    assert len(first.read(10)) == 1
    time.sleep(0.05)
    assert [event.attempt for _, event in second.read(10)] == [1]


def test_a_wiped_server_gets_its_group_again(redis_url: str) -> None:
    stream = EventStream.at(redis_url)
    assert stream.read(10) == []
    stream.redis.flushall()
    stream.publish(started(1))
    assert [event.attempt for _, event in stream.read(10)] == [1]


def test_what_was_read_and_not_settled_comes_again(redis_url: str) -> None:
    stream = EventStream.at(redis_url)
    stream.publish(started(1))
    assert len(stream.read(10)) == 1
    assert stream.read(10) == []
    stream.again()
    assert [event.attempt for _, event in stream.read(10)] == [1]


@pytest.mark.parametrize("trouble", ["maxmemory", "readonly"])
def test_a_server_that_refuses_to_write_is_out_of_reach(redis_url: str, trouble: str) -> None:
    queue, stream = JobQueue.at(redis_url), EventStream.at(redis_url)
    if trouble == "maxmemory":
        queue.redis.config_set("maxmemory", "1")
    else:
        queue.redis.replicaof("127.0.0.1", "1")
    try:
        with pytest.raises(UnreachableError):
            queue.put(job("aaaaaaaa"))
        with pytest.raises(UnreachableError):
            stream.publish(started(1))
    finally:
        queue.redis.config_set("maxmemory", "0")
        queue.redis.replicaof("NO", "ONE")


def test_an_address_of_nothing_is_told_without_its_password() -> None:
    with pytest.raises(UnreachableError) as caught:
        JobQueue.at("http://:secret@x")
    assert "secret" not in str(caught.value)


def test_garbage_in_the_stream_is_left_out_and_gone(redis_url: str) -> None:
    stream = EventStream.at(redis_url)
    stream.redis.xadd("twobit:events", {"event": '{"version": 99}'})
    stream.redis.xadd("twobit:events", {"nothing": "here"})
    stream.publish(started(1))
    assert [event.attempt for _, event in stream.read(10)] == [1]


def test_by_tls_only_a_server_with_a_known_certificate_is_spoken_to(redis_url: str, tmp_path: Path) -> None:
    shown = certificate(tmp_path)
    with behind_tls(to_unix(redis_url.removeprefix("unix://")), shown) as port:
        address = f"rediss://localhost:{port}/0"
        known = f"{address}?ssl_ca_certs={shown}"
        queue, stream = JobQueue.at(known), EventStream.at(known)
        queue.require()
        queue.put(job("aaaaaaaa"))
        assert JobQueue.at(redis_url).waiting() == {"aaaaaaaa-1"}
        event = Started(job_id="aaaaaaaa", attempt=1, worker="w1")
        stream.publish(event)
        assert [each for _, each in stream.read(10)] == [event]
        for refused in (address, f"redis://localhost:{port}/0"):
            with pytest.raises(UnreachableError):
                JobQueue.at(refused).put(job("bbbbbbbb"))
        assert JobQueue.at(redis_url).waiting() == {"aaaaaaaa-1"}
