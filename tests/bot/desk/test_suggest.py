"""Suggested maps at the desk, on SQLite and PostgreSQL: recorded, queued, settled and read like any job."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.desk import Database, Desk, RefusedError, Request, SuggestRequest, UnknownJobError
from bot.desk.database import MIGRATIONS
from bot.desk.dispatch import dispatch
from bot.desk.settle import Outcome, settle
from bot.desk.tables import JobRow
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from worker.contract import Done, Event, Failed, Failure, PaintOptions, SuggestJob, SuggestOptions, task_from_json
from worker.contract.maps.named import NamedMap, write_named

PICTURE = png(painted(flat(64, 48, [SKY, SEA, SAND])))
WISH = SuggestRequest(PICTURE, SuggestOptions(labels=3), person="web:alice", front="web")
MAP = write_named(
    NamedMap(
        np.repeat(np.arange(2, dtype=np.uint8), 24 * 64).reshape(48, 64), np.array([SKY, SEA], np.uint8), ("a", "b")
    )
)


def hear(desk: Desk, event: Event) -> bool:
    with desk.database.write() as session:
        return settle(session, event, desk.clock(), desk.rules) is Outcome.SETTLED


def done(desk: Desk, job_id: str) -> Done:
    digest = desk.store.put(MAP)
    return Done(job_id=job_id, attempt=1, worker="w1", result=digest, width=64, height=48, seconds=2.0)


def failed(job_id: str, failure: Failure, attempt: int = 1) -> Failed:
    return Failed(job_id=job_id, attempt=attempt, worker="w1", failure=failure, message="No.")


def send(desk: Desk) -> int:
    return dispatch(desk.database, desk.queue, desk.clock, desk.rules)


def test_the_way_of_one_suggestion(desk: Desk) -> None:
    job_id = desk.suggest(WISH).job_id
    standing = desk.standing(job_id)
    assert (standing.state, standing.kind, standing.ahead) == ("queued", "suggest", 0)
    with pytest.raises(RefusedError, match="queued"):
        desk.suggestion(job_id)
    assert send(desk) == 1
    raw = desk.queue.redis.hget(f"rq:job:{job_id}-1", "data")
    assert raw is not None
    assert hear(desk, done(desk, job_id))
    assert not hear(desk, done(desk, job_id))  # once
    found = desk.suggestion(job_id)
    assert (found.png, found.labels) == (MAP, (("b", "#143c78"), ("a", "#508ce6")))
    assert found.digest == desk.standing(job_id).result
    assert desk.owes(job_id)
    desk.fetched(job_id)
    assert not desk.owes(job_id)


def test_the_worker_gets_the_picture_and_the_number_of_labels(desk: Desk) -> None:
    job_id = desk.suggest(WISH).job_id
    send(desk)
    from rq.job import Job as RqJob
    from rq.serializers import JSONSerializer

    queued = RqJob.fetch(f"{job_id}-1", connection=desk.queue.redis, serializer=JSONSerializer)
    assert queued.func_name == "twobit.suggest"
    job = task_from_json(queued.args[0])
    assert isinstance(job, SuggestJob)
    assert (job.id, job.attempt, job.options.labels) == (job_id, 1, 3)
    assert desk.store.get(job.picture) == PICTURE


def test_what_is_no_picture_is_refused_before_anything_is_stored(desk: Desk) -> None:
    with pytest.raises(RefusedError, match=r"my cat\.png is no picture"):
        desk.suggest(replace(WISH, picture=b"hello", name="my cat.png"))
    assert desk.store.digests() == []


def test_the_same_request_twice_is_one_job(desk: Desk) -> None:
    wish = replace(WISH, request_key="web:1")
    assert desk.suggest(wish) == desk.suggest(wish)


def test_a_failure_is_told_in_its_sentence(desk: Desk) -> None:
    job_id = desk.suggest(WISH).job_id
    send(desk)
    assert hear(desk, failed(job_id, "input"))
    assert (desk.standing(job_id).state, desk.standing(job_id).message) == ("failed", "No.")
    with pytest.raises(RefusedError, match=r"^No\.$"):
        desk.suggestion(job_id)


def test_three_crashes_set_a_suggestion_aside_in_its_own_words(desk: Desk) -> None:
    job_id = desk.suggest(WISH).job_id
    for attempt in (1, 2, 3):
        send(desk)
        assert hear(desk, failed(job_id, "crashed", attempt))
    standing = desk.standing(job_id)
    assert standing.state == "failed"
    assert "The suggested map broke off 3 times" in str(standing.message)


def test_only_its_owner_cancels_it(desk: Desk) -> None:
    job_id = desk.suggest(WISH).job_id
    with pytest.raises(RefusedError, match="Only the one who asked"):
        desk.cancel(job_id, "web:bob")
    assert desk.cancel(job_id, "web:alice").message == "The suggested map was cancelled."
    assert send(desk) == 0
    with pytest.raises(RefusedError, match="cancelled"):
        desk.suggestion(job_id)


def test_a_suggestion_is_no_painting_and_a_painting_no_suggestion(desk: Desk) -> None:
    style_map = flat(64, 48, [SKY, SEA])
    request = Request(style=PICTURE, style_map=png(style_map), doodle=png(style_map), options=PaintOptions())
    painting, suggestion = desk.accept(request).job_id, desk.suggest(WISH).job_id
    assert desk.standing(suggestion).ahead == 1  # one line for all
    with pytest.raises(RefusedError, match="is a painting"):
        desk.suggestion(painting)
    with pytest.raises(RefusedError, match="no painting"):
        desk.painting(suggestion)
    with pytest.raises(UnknownJobError):
        desk.suggestion("zzzzzzzz")


def test_choices_of_another_release_end_with_a_sentence(desk: Desk) -> None:
    job_id = desk.suggest(WISH).job_id
    with desk.database.write() as session:
        session.execute(sa.update(JobRow).where(JobRow.id == job_id).values(options={"labels": 3, "mood": "blue"}))
    assert send(desk) == 0
    assert desk.standing(job_id).state == "failed"


def test_a_suggestion_does_not_make_the_guess_for_a_painting_shorter(desk: Desk) -> None:
    first = desk.suggest(WISH).job_id
    send(desk)
    hear(desk, done(desk, first))
    style_map = png(flat(64, 48, [SKY, SEA]))
    painting = desk.accept(Request(style=PICTURE, style_map=style_map, doodle=style_map)).job_id
    assert desk.standing(painting).eta_seconds is None  # nothing is known of paintings yet
    again = desk.suggest(WISH).job_id
    assert desk.standing(again).eta_seconds is None  # a painting of unknown length goes before it


def test_the_migration_goes_up_and_down_again_with_the_paintings(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    columns = (
        "id, person, front, address, style, style_map, doodle, options, state, attempt, crashes, losses, created_at"
    )
    values = "'oldjob22', 'p', 'cli', '', 's', 'm', 'd', '{}', 'done', 1, 0, 0, '2026-01-01 00:00:00'"
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(f"INSERT INTO job ({columns}) VALUES ({values})")
        command.upgrade(config, "0002")
        assert connection.exec_driver_sql("SELECT id, kind, doodle FROM job").all() == [("oldjob22", "paint", "d")]
        copy = f"INSERT INTO job ({columns}, kind) VALUES ({values}, 'suggest')".replace("oldjob22", "newjob22")
        connection.exec_driver_sql(copy.replace("'m', 'd'", "NULL, NULL"))
        command.downgrade(config, "0001")
        assert connection.exec_driver_sql("SELECT id, doodle FROM job").all() == [("oldjob22", "d")]
    database.close()
