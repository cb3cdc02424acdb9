"""The desk on SQLite and on PostgreSQL, with a real Valkey and a folder as store; workers are played by events."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.desk import (
    Database,
    Delivery,
    Desk,
    FrontError,
    OutOfReachError,
    RefusedError,
    Request,
    Standing,
    UnknownJobError,
)
from bot.desk.dispatch import dispatch
from bot.desk.loop import DeskLoop
from bot.desk.reconcile import expire_leases, requeue_lost
from bot.desk.settle import Outcome, settle
from bot.desk.tables import JobRow, Table
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from worker.contract import (
    Done,
    Event,
    EventStream,
    Failed,
    Failure,
    Job,
    JobQueue,
    PaintOptions,
    Started,
    Stepped,
    UnreachableError,
)

STYLE_MAP = flat(64, 48, [SKY, SEA, SAND])
REQUEST = Request(
    style=png(painted(STYLE_MAP)),
    style_map=png(STYLE_MAP),
    doodle=png(flat(64, 48, [SKY, SAND])),
    person="cli:alice",
    address="out.png",
)
DIGEST = "ab" * 32


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(desk: Desk) -> Clock:
    """The desk's clock."""
    clock = Clock()
    desk.clock = clock
    return clock


def accept(desk: Desk, **changes: object) -> str:
    return desk.accept(replace(REQUEST, **changes)).job_id  # type: ignore[arg-type]


def send(desk: Desk) -> int:
    return dispatch(desk.database, desk.queue, desk.clock, desk.rules)


def hear(desk: Desk, event: Event) -> bool:
    with desk.database.write() as session:
        return settle(session, event, desk.clock(), desk.rules) is Outcome.SETTLED


def started(job_id: str, attempt: int = 1, worker: str = "w1") -> Started:
    return Started(job_id=job_id, attempt=attempt, worker=worker)


def done(job_id: str, attempt: int = 1, worker: str = "w1", result: str = DIGEST) -> Done:
    return Done(job_id=job_id, attempt=attempt, worker=worker, result=result, width=64, height=48, seconds=2.0)


def failed(job_id: str, failure: Failure, attempt: int = 1, worker: str = "w1") -> Failed:
    return Failed(job_id=job_id, attempt=attempt, worker=worker, failure=failure, message="Something happened.")


class Recorder:
    """A front that remembers."""

    name = "cli"

    def __init__(self, on_deliver: Callable[[Delivery], None] | None = None) -> None:
        self.delivered: list[tuple[str, bytes | None]] = []
        self._on_deliver = on_deliver

    def announce(self, address: str, standing: Standing) -> None: ...

    def progress(self, address: str, standing: Standing) -> None: ...

    def deliver(self, delivery: Delivery, painting: bytes | None) -> None:
        if self._on_deliver is not None:
            self._on_deliver(delivery)
        self.delivered.append((delivery.standing.job_id, painting))


def test_the_migrations_make_the_tables_that_the_code_uses(database: Database) -> None:
    database.migrate()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_the_way_of_one_request(desk: Desk) -> None:
    job_id = accept(desk)
    assert (desk.standing(job_id).state, desk.standing(job_id).ahead) == ("queued", 0)
    assert send(desk) == 1
    assert desk.queue.waiting() == {f"{job_id}-1"}
    assert hear(desk, started(job_id))
    step = Stepped(
        job_id=job_id, attempt=1, worker="w1", octave=2, octaves=3, iteration=1, iterations=4, done=0.25, seconds=2.0
    )
    assert hear(desk, step)
    standing = desk.standing(job_id)
    assert standing.state == "running"
    assert standing.progress is not None
    assert standing.progress.octave == 2
    assert standing.eta_seconds == pytest.approx(6.0)
    assert hear(desk, done(job_id, result=desk.store.put(b"painting")))
    front = Recorder()
    delivered = desk.deliver(front)
    assert delivered is not None
    assert delivered.state == "done"
    assert front.delivered == [(job_id, b"painting")]
    assert desk.deliver(front) is None


def test_a_late_or_second_worker_changes_nothing(desk: Desk) -> None:
    job_id = accept(desk)
    send(desk)
    assert hear(desk, started(job_id, worker="w1"))
    assert not hear(desk, started(job_id, worker="w2"))
    assert not hear(desk, done(job_id, worker="w2"))
    assert hear(desk, failed(job_id, "crashed", worker="w1"))
    send(desk)
    assert not hear(desk, done(job_id, attempt=1, worker="w1"))
    assert hear(desk, started(job_id, attempt=2, worker="w2"))
    assert hear(desk, done(job_id, attempt=2, worker="w2"))
    assert not hear(desk, done(job_id, attempt=2, worker="w2"))
    assert desk.standing(job_id).attempt == 2


def test_three_crashes_set_a_job_aside_and_the_next_goes_on(desk: Desk) -> None:
    poison, healthy = accept(desk), accept(desk)
    for attempt in (1, 2, 3):
        send(desk)
        hear(desk, started(poison, attempt))
        hear(desk, failed(poison, "crashed", attempt))
    standing = desk.standing(poison)
    assert standing.state == "failed"
    assert "3 times" in (standing.message or "")
    send(desk)
    hear(desk, started(healthy, desk.standing(healthy).attempt))
    assert desk.standing(healthy).state == "running"


def test_a_job_handed_back_is_nobodys_fault(desk: Desk) -> None:
    job_id = accept(desk)
    for attempt in range(1, 6):
        send(desk)
        hear(desk, started(job_id, attempt))
        hear(desk, failed(job_id, "returned", attempt))
    assert desk.standing(job_id).state == "queued"


@pytest.mark.parametrize("failure", ["input", "resource"])
def test_a_failure_of_the_input_is_told_at_once(desk: Desk, failure: Failure) -> None:
    job_id = accept(desk)
    send(desk)
    hear(desk, failed(job_id, failure))
    front = Recorder()
    standing = desk.deliver(front)
    assert standing is not None
    assert (standing.state, standing.message) == ("failed", "Something happened.")
    assert front.delivered == [(job_id, None)]


def test_only_what_the_workers_will_take_next_lies_in_redis(desk: Desk) -> None:
    jobs = [accept(desk) for _ in range(5)]
    assert send(desk) == desk.rules.spare
    assert desk.queue.waiting() == {f"{jobs[0]}-1"}
    assert [desk.standing(job).ahead for job in jobs] == [0, 1, 2, 3, 4]


def test_an_orphan_is_queued_again_at_its_old_place(desk: Desk, clock: Clock) -> None:
    first, _second = accept(desk), accept(desk)
    send(desk)
    hear(desk, started(first))
    clock.pass_(desk.rules.lease - 1)
    hear(desk, started(first))  # a sign of life
    clock.pass_(desk.rules.lease - 1)
    assert expire_leases(desk.database, desk.clock(), desk.rules) == 0
    clock.pass_(2)
    assert expire_leases(desk.database, desk.clock(), desk.rules) == 1
    send(desk)
    assert f"{first}-2" in desk.queue.waiting()
    assert not hear(desk, done(first, attempt=1))


def fall_silent(desk: Desk, clock: Clock, job_id: str, attempt: int) -> None:
    """A worker takes an attempt and is not heard for a lease."""
    send(desk)
    hear(desk, started(job_id, attempt))
    clock.pass_(desk.rules.lease + 1)
    assert expire_leases(desk.database, desk.clock(), desk.rules) == 1


def test_a_worker_that_was_only_slow_does_not_set_a_job_aside(desk: Desk, clock: Clock) -> None:
    job_id = accept(desk)
    for attempt in range(1, 6):
        fall_silent(desk, clock, job_id, attempt)
        send(desk)
        assert not hear(desk, started(job_id, attempt))  # late: it lives, the machine was busy
        assert not hear(desk, started(job_id, attempt))
    hear(desk, started(job_id, 6))
    assert hear(desk, done(job_id, attempt=6))


def test_a_job_that_keeps_every_worker_silent_does_not_go_round_for_ever(desk: Desk, clock: Clock) -> None:
    job_id = accept(desk)
    attempt = 0
    while desk.standing(job_id).state != "failed":
        attempt += 1
        assert attempt < 2 * desk.rules.losses
        fall_silent(desk, clock, job_id, attempt)
        send(desk)
        hear(desk, started(job_id, attempt))  # late: it lives
    assert attempt > desk.rules.losses
    assert "3 times" in (desk.standing(job_id).message or "")


def test_workers_that_stay_silent_set_a_job_aside(desk: Desk, clock: Clock) -> None:
    job_id = accept(desk)
    for attempt in (1, 2):
        fall_silent(desk, clock, job_id, attempt)
        send(desk)
        assert not hear(desk, failed(job_id, "crashed", attempt))  # late, and no excuse
    fall_silent(desk, clock, job_id, 3)
    standing = desk.standing(job_id)
    assert standing.state == "failed"
    assert "3 times" in (standing.message or "")


def test_a_slow_worker_heard_before_another_takes_its_job_goes_on(desk: Desk, clock: Clock) -> None:
    job_id = accept(desk)
    fall_silent(desk, clock, job_id, 1)
    assert hear(desk, started(job_id, 1))
    for attempt in (1, 2, 3):  # three of its own
        assert desk.standing(job_id).state != "failed"
        assert hear(desk, failed(job_id, "crashed", attempt))
        send(desk)
        hear(desk, started(job_id, attempt + 1))
    assert desk.standing(job_id).state == "failed"


def test_a_desk_that_got_no_processor_blames_no_worker(desk: Desk, clock: Clock) -> None:
    job_id = accept(desk)
    send(desk)
    heard_until = desk.clock()
    hear(desk, started(job_id))
    clock.pass_(desk.rules.lease + 1)  # between hearing and looking
    assert expire_leases(desk.database, heard_until, desk.rules) == 0
    assert desk.standing(job_id).state == "running"


def test_what_labels_are_called_goes_to_the_worker(desk: Desk) -> None:
    names = {"#508ce6": "sky"}
    accept(desk, label_names=names)
    with patch.object(desk.queue, "put", wraps=desk.queue.put) as put:
        send(desk)
    assert put.call_args.args[0].label_names == names
    doodle = png(flat(64, 48, [SKY, (255, 0, 255)]))
    with pytest.raises(RefusedError, match="the nearest there is the deep #508ce6"):
        accept(desk, doodle=doodle, label_names={"#508ce6": "the deep"})


def test_what_a_wiped_redis_lost_is_queued_again(desk: Desk, clock: Clock) -> None:
    waiting, running = accept(desk), accept(desk)
    send(desk)
    hear(desk, started(waiting))
    send(desk)
    desk.queue.redis.flushall()
    missing: dict[str, datetime] = {}
    assert requeue_lost(desk.database, desk.queue, desk.clock, desk.rules, missing) == 0
    clock.pass_(desk.rules.lost + 1)
    assert requeue_lost(desk.database, desk.queue, desk.clock, desk.rules, missing) == 1
    send(desk)
    assert desk.queue.waiting() == {f"{running}-2"}
    assert hear(desk, done(waiting))


def test_lost_attempts_come_back_in_order(desk: Desk, clock: Clock) -> None:
    desk.rules = replace(desk.rules, spare=10)
    jobs = [accept(desk) for _ in range(4)]
    send(desk)
    desk.queue.redis.flushall()
    missing: dict[str, datetime] = {}
    requeue_lost(desk.database, desk.queue, desk.clock, desk.rules, missing)
    clock.pass_(desk.rules.lost + 1)
    assert requeue_lost(desk.database, desk.queue, desk.clock, desk.rules, missing) == 4
    send(desk)
    waiting = [str(key, "ascii") for key in desk.queue.redis.lrange("rq:queue:twobit", 0, -1)]  # type: ignore[arg-type]
    assert waiting == [f"{job}-2" for job in jobs]


def test_what_a_worker_has_just_taken_is_not_lost(desk: Desk, clock: Clock) -> None:
    job_id = accept(desk)
    send(desk)
    missing: dict[str, datetime] = {}
    clock.pass_(3600)
    desk.queue.withdraw(f"{job_id}-1")  # as a worker does that takes it
    assert requeue_lost(desk.database, desk.queue, desk.clock, desk.rules, missing) == 0
    clock.pass_(1)
    assert hear(desk, started(job_id))
    clock.pass_(desk.rules.lost + 1)
    assert requeue_lost(desk.database, desk.queue, desk.clock, desk.rules, missing) == 0


def test_what_vanishes_again_and_again_is_given_up(desk: Desk, clock: Clock) -> None:
    job_id = accept(desk)
    missing: dict[str, datetime] = {}
    for _ in range(desk.rules.losses):
        assert desk.standing(job_id).state == "queued"
        send(desk)
        desk.queue.redis.flushall()
        requeue_lost(desk.database, desk.queue, desk.clock, desk.rules, missing)
        clock.pass_(desk.rules.lost + 1)
        requeue_lost(desk.database, desk.queue, desk.clock, desk.rules, missing)
    assert desk.standing(job_id).state == "failed"


def test_a_redis_that_refuses_costs_no_attempt_too_many(desk: Desk) -> None:
    job_id = accept(desk)
    desk.queue.redis.config_set("maxmemory", "1")
    try:
        for _ in range(60):
            with pytest.raises(UnreachableError):
                send(desk)
    finally:
        desk.queue.redis.config_set("maxmemory", "0")
    assert desk.standing(job_id).state == "queued"
    assert send(desk) == 1


def test_choices_of_another_release_end_and_the_next_goes_on(desk: Desk) -> None:
    old, new = accept(desk), accept(desk)
    with desk.database.write() as session:
        session.execute(update(JobRow).where(JobRow.id == old).values(options={"method": "of the future"}))
    assert send(desk) == 1
    assert desk.standing(old).state == "failed"
    assert desk.queue.waiting() == {f"{new}-1"}


def test_a_worker_of_an_ended_job_is_told_to_stop(desk: Desk, redis_url: str) -> None:
    job_id = accept(desk)
    send(desk)
    job = Job(id=job_id, attempt=1, style=DIGEST, style_map=DIGEST, doodle=DIGEST)
    healthy, desk.queue = desk.queue, JobQueue.at("redis://127.0.0.1:1")
    desk.cancel(job_id, by=None)  # Redis is away: the worker is not told
    desk.queue = healthy
    assert desk.queue.may_paint(job)
    stream = EventStream.at(redis_url)
    stream.publish(started(job_id))
    DeskLoop(desk, stream).round()
    assert not desk.queue.may_paint(job)


def test_an_event_that_breaks_does_not_keep_the_others_out(
    desk: Desk, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, healthy = accept(desk), accept(desk)
    desk.rules = replace(desk.rules, spare=10)
    send(desk)

    def break_on_poison(session: Session, event: Event, *rest: Any) -> Outcome:
        if event.job_id == poison:
            raise OverflowError("too large")
        return settle(session, event, *rest)

    monkeypatch.setattr("bot.desk.loop.settle", break_on_poison)
    stream = EventStream.at(redis_url)
    stream.publish(done(poison))
    stream.publish(done(healthy))
    loop = DeskLoop(desk, stream)
    loop.round()
    loop.round()
    assert desk.standing(healthy).state == "done"
    assert stream.redis.xlen("twobit:events") == 0


def test_what_the_database_did_not_take_is_settled_later(
    desk: Desk, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = accept(desk)
    send(desk)
    stream = EventStream.at(redis_url)
    loop = DeskLoop(desk, stream)
    loop.round()
    stream.publish(done(job_id))
    with monkeypatch.context() as broken:

        def away(*_: Any) -> Outcome:
            raise OperationalError("statement", {}, Exception("the database is away"))

        broken.setattr("bot.desk.loop.settle", away)
        with pytest.raises(OutOfReachError):
            loop.round()
        stream.again()  # as DeskLoop.run does
    loop.round()
    assert desk.standing(job_id).state == "done"


def test_what_still_waits_in_redis_is_left_alone(desk: Desk, clock: Clock) -> None:
    accept(desk)
    send(desk)
    clock.pass_(3600)
    assert requeue_lost(desk.database, desk.queue, desk.clock, desk.rules, {}) == 0


def test_accepting_needs_no_redis(desk: Desk) -> None:
    healthy = desk.queue
    desk.queue = JobQueue.at("redis://127.0.0.1:1")
    job_id = accept(desk)
    with pytest.raises(UnreachableError):
        send(desk)
    assert desk.standing(job_id).state == "queued"
    desk.queue = healthy
    assert send(desk) == 1


def test_the_same_request_twice_is_one_job(desk: Desk) -> None:
    assert accept(desk, request_key="k") == accept(desk, request_key="k")
    assert accept(desk, request_key="l") != accept(desk, request_key="k")


def test_the_same_request_from_eight_threads_is_one_job(desk: Desk) -> None:
    tickets: list[str] = []
    threads = [threading.Thread(target=lambda: tickets.append(accept(desk, request_key="k"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tickets) == 8
    assert len(set(tickets)) == 1


def test_two_desks_dispatch_each_job_once(desk: Desk) -> None:
    desk.rules = replace(desk.rules, spare=100)
    for _ in range(20):
        accept(desk)
    sent: list[int] = []
    threads = [threading.Thread(target=lambda: sent.append(send(desk))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 20
    assert len(desk.queue.waiting()) == 20


def test_one_delivery_goes_to_one_front(desk: Desk) -> None:
    for _ in range(10):
        job_id = accept(desk)
        desk.cancel(job_id, by=None)
    front = Recorder()

    def deliver_all() -> None:
        while desk.deliver(front) is not None:
            pass

    threads = [threading.Thread(target=deliver_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({job for job, _ in front.delivered}) == len(front.delivered) == 10


def test_a_delivery_that_breaks_is_tried_again_unless_it_never_can(desk: Desk, clock: Clock) -> None:
    job_id = accept(desk)
    desk.cancel(job_id, by=None)

    def stumble(_delivery: Delivery) -> None:
        raise FrontError("a stumble", permanent=False)

    def give_up(_delivery: Delivery) -> None:
        raise FrontError("gone", permanent=True)

    with pytest.raises(FrontError):
        desk.deliver(Recorder(stumble))
    assert desk.deliver(Recorder()) is None  # after a pause only
    assert desk.owes(job_id)
    clock.pass_(2)
    with pytest.raises(FrontError):
        desk.deliver(Recorder(give_up))
    clock.pass_(3600)
    assert desk.deliver(Recorder()) is None
    assert not desk.owes(job_id)


def test_a_claim_that_was_taken_over_can_not_free_the_new_one(desk: Desk, clock: Clock) -> None:
    job_id = accept(desk)
    desk.cancel(job_id, by=None)
    second = Recorder()

    def too_slow(_delivery: Delivery) -> None:
        clock.pass_(desk.rules.claim + 1)
        desk.deliver(second)
        raise FrontError("late", permanent=False)

    with pytest.raises(FrontError):
        desk.deliver(Recorder(too_slow))
    clock.pass_(3600)
    assert desk.deliver(Recorder()) is None
    assert second.delivered == [(job_id, None)]


def test_who_comes_for_the_answer_is_owed_nothing_more(desk: Desk) -> None:
    job_id = accept(desk)
    desk.cancel(job_id, by=None)
    assert desk.owes(job_id)
    desk.fetched(job_id)
    assert not desk.owes(job_id)
    assert desk.deliver(Recorder()) is None


def test_a_front_that_died_while_delivering_is_followed_by_another(desk: Desk, clock: Clock) -> None:
    job_id = accept(desk)
    desk.cancel(job_id, by=None)

    def die(_delivery: Delivery) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.deliver(Recorder(die))
    assert desk.deliver(Recorder()) is None
    clock.pass_(desk.rules.claim + 1)
    front = Recorder()
    desk.deliver(front)
    assert front.delivered == [(job_id, None)]


def test_only_the_owner_or_the_operator_cancels(desk: Desk) -> None:
    job_id = accept(desk)
    send(desk)
    with pytest.raises(RefusedError, match="Only the one who asked"):
        desk.cancel(job_id, by="cli:bob")
    assert desk.cancel(job_id, by="cli:alice").state == "cancelled"
    assert desk.queue.waiting() == set()
    assert not hear(desk, done(job_id))
    assert desk.cancel(job_id, by=None).state == "cancelled"


def test_what_is_done_stays_done(desk: Desk) -> None:
    job_id = accept(desk)
    send(desk)
    hear(desk, done(job_id))
    assert desk.cancel(job_id, by=None).state == "done"


def test_the_eta_counts_the_line_and_the_painters(desk: Desk, clock: Clock) -> None:
    for attempt_worker in ("w1", "w2"):
        job_id = accept(desk)
        send(desk)
        hear(desk, started(job_id, worker=attempt_worker))
        clock.pass_(10)
        hear(desk, done(job_id, worker=attempt_worker))
    running, waiting = accept(desk), accept(desk)
    send(desk)
    hear(desk, started(running))
    clock.pass_(4)
    assert desk.standing(running).eta_seconds == pytest.approx(6)
    assert desk.standing(waiting).eta_seconds == pytest.approx(16)


def test_before_the_first_painting_is_done_the_one_under_way_tells_the_time(desk: Desk) -> None:
    running, waiting = accept(desk), accept(desk)
    send(desk)
    hear(desk, started(running))
    assert desk.standing(waiting).eta_seconds is None
    for share, expected in ((0.1, None), (0.25, 6.0 + 8.0)):
        step = Stepped(
            job_id=running,
            attempt=1,
            worker="w1",
            octave=1,
            octaves=3,
            iteration=1,
            iterations=4,
            done=share,
            seconds=2,
        )
        assert hear(desk, step)
        assert desk.standing(waiting).eta_seconds == (None if expected is None else pytest.approx(expected))


def test_an_unknown_job_is_told(desk: Desk) -> None:
    with pytest.raises(UnknownJobError, match="nosuchjob"):
        desk.standing("nosuchjob")
    with pytest.raises(UnknownJobError):
        desk.cancel("nosuchjob", by=None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"doodle": b"not a picture", "names": {"doodle": "The doodle d.png"}}, r"The doodle d.png is no picture"),
        ({"style": png(flat(64, 96, [SKY]))}, "the style is 64x96 and the style map is 64x48"),
        ({"content": png(flat(64, 96, [SKY]))}, "the doodle is 64x48 and the content is 64x96"),
        ({"options": PaintOptions(width=64, height=64)}, "64x64 and the doodle is 64x48"),
    ],
)
def test_what_can_not_be_painted_is_refused_before_anything_is_stored(
    desk: Desk, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        accept(desk, **changes)
    assert desk.store.digests() == []
    assert send(desk) == 0


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "oracle:///"])
def test_a_database_nobody_knows_is_told_in_one_line(url: str) -> None:
    with pytest.raises(OutOfReachError, match="give sqlite") as caught:
        Database(url)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("hello " * 500)
    with pytest.raises(OutOfReachError, match="not a database"):
        Database(f"sqlite:///{tmp_path / 'x'}").migrate()


def test_a_database_of_a_newer_release_is_told(tmp_path: Path) -> None:
    newer = Database(f"sqlite:///{tmp_path / 'x'}")
    newer.migrate()
    with newer.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(OutOfReachError, match="9999"):
        newer.migrate()


def test_a_database_that_is_away_is_told_in_one_line() -> None:
    with pytest.raises(OutOfReachError, match="does not answer") as caught:
        Database("postgresql://u:secret@127.0.0.1:1/none").migrate()
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
