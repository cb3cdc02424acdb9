"""Export, deletion, and what the sweeper finds. After a deletion database, store and Redis are searched."""

import io
import json
import threading
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.community import Community, NewStyle, Publication, Query
from bot.community.bans import hashed
from bot.community.references import naming_columns
from bot.community.tables import AnnouncementRow
from bot.desk import OutOfReachError, RefusedError, UnknownJobError
from bot.desk.clock import utc_now
from bot.desk.dispatch import dispatch
from bot.desk.loop import DeskLoop
from bot.desk.tables import JobRow, Table
from tests.bot.community.people import (
    ALICE,
    BOB,
    CHARLIE,
    NEW_STYLE,
    REQUEST,
    SERVER,
    doodle,
    paint,
    publish,
    set_clock,
)
from tests.pictures import SAND, SEA, flat, png
from tests.redis_contents import in_redis
from worker.contract import Done, EventStream, PictureStore, Started, UnreachableError
from worker.contract.digest import digest_of


def a_full_life(community: Community, person: str) -> None:
    """Something of the person in every table."""
    desk = community.desk
    bobs = publish(community, BOB, doodle=doodle(50), result=b"bob's")
    challenge = community.challenges.begin(person, "Week", "Draw", ends=desk.clock() + timedelta(days=3))
    said = Publication(author="A", challenge=challenge.id)
    work = publish(community, person, said, doodle=doodle(51), result=b"hers", server=SERVER)
    publish(community, BOB, doodle=doodle(52), remix_of=work.id, result=b"bob's remix")
    community.tray.put(person, "content", doodle(53), "tray.png")
    community.styles.add(style_of(1), person)
    community.styles.add(style_of(2), person, server=SERVER, moderator=True)
    community.votes.vote(bobs.id, person)
    community.votes.vote(work.id, BOB)
    community.reports.report(bobs.id, person, "spam")
    community.reports.resolve(bobs.id, person, "hide")
    community.challenges.vote(challenge.id, BOB, work.id)
    community.bans.ban(person, "publish", BOB, "spam")
    community.bans.ban(BOB, "publish", person, "spam")
    community.servers.change(SERVER, person, language="de")
    community.privacy.delete_job(paint(desk, person=person, doodle=doodle(54), result=b"deleted"), person)
    desk.accept(replace(REQUEST, person=person, doodle=doodle(55)))
    dispatch(desk.database, desk.queue, desk.clock, desk.rules)


def style_of(number: int) -> NewStyle:
    picture = png(flat(64, 48, [SAND, SEA], slope=0.1 * number))
    return replace(NEW_STYLE, name=f"Style {number}", picture=picture, map=picture)


def everything(community: Community) -> str:
    """All that database, store and Redis say."""
    desk = community.desk
    with desk.database.read() as session:
        rows = [str(tuple(row)) for table in Table.metadata.sorted_tables for row in session.execute(select(table))]
    drawers = [*desk.store.digests(), *desk.store.previews.digests()]
    return " ".join([*rows, *drawers, *in_redis(desk.queue.redis)])


def test_what_a_person_deletes_is_gone_everywhere(community: Community) -> None:
    kept = paint(community.desk, person=BOB, doodle=doodle(1), result=b"kept")
    shared = paint(community.desk, person=ALICE, doodle=doodle(1), result=b"kept")  # the same pictures
    before = set(community.desk.store.digests())
    a_full_life(community, ALICE)
    mine = [digest_of(doodle(number)) for number in (51, 53, 54, 55)] + [digest_of(style_of(1).picture)]
    jobs = {standing.job_id: standing.state for standing in community.desk.last_jobs(ALICE)}
    shown = community.desk.store.previews.put(b"shown")
    with community.desk.database.write() as session:
        session.execute(update(JobRow).where(JobRow.person == ALICE).values(preview=shown))
    assert all(digest in everything(community) for digest in (digest_of(doodle(55)), shown, ALICE))
    deleted = community.privacy.delete(ALICE)
    assert (deleted.jobs, deleted.works) == (3, 1)
    found = everything(community)
    assert ALICE not in found
    assert shown not in found
    assert hashed(ALICE) in found  # the ban holds
    keys = {str(key, "ascii") for key in community.desk.queue.redis.scan_iter()}
    stopped = {f"twobit:fence:{job_id}" for job_id, state in jobs.items() if state == "queued"}
    assert {key for key in keys if any(job_id in key for job_id in jobs)} == stopped
    with pytest.raises(UnknownJobError):
        community.desk.standing(shared)
    bobs_remix = community.gallery.page(Query()).works[0]
    assert bobs_remix.parent is None
    for digest in mine:
        assert (digest in found) == (digest == bobs_remix.style), digest
    assert before <= set(community.desk.store.digests())
    assert community.desk.painting(kept) == b"kept"
    assert community.bans.banned(ALICE, "publish") is not None
    [reported] = community.gallery.page(Query(person=BOB, hidden=True)).works[1:]
    assert (reported.hidden, reported.hidden_by, reported.votes) == (True, "", 0)
    assert community.privacy.delete(ALICE).jobs == 0


def test_everything_of_a_person_is_in_the_file(community: Community) -> None:
    a_full_life(community, ALICE)
    out = io.BytesIO()
    exported = community.privacy.export(ALICE, out)
    with zipfile.ZipFile(out) as archive:
        said = json.loads(archive.read("data.json"))
        pictures = {name for name in archive.namelist() if name.startswith("pictures/")}
        assert archive.read(f"pictures/{digest_of(doodle(53))}.png") == doodle(53)
    assert {name for name, rows in said.items() if rows} == {
        "ban",
        "challenge",
        "job",
        "report",
        "spent",
        "style",
        "tray",
        "vote",
        "work",
    }
    assert BOB not in json.dumps(said["vote"])
    assert (exported.pictures, exported.left_out) == (len(pictures), 0)
    small = community.privacy.export(ALICE, io.BytesIO(), most_bytes=2000)
    assert small.left_out > 0
    assert community.privacy.export(CHARLIE, io.BytesIO()).rows == 0


def test_a_job_is_its_owners_to_delete_at_any_stage(community: Community) -> None:
    desk = community.desk
    waiting = desk.accept(replace(REQUEST, doodle=doodle(1))).job_id
    running = desk.accept(replace(REQUEST, doodle=doodle(2))).job_id
    dispatch(desk.database, desk.queue, desk.clock, replace(desk.rules, spare=5))
    published = publish(community, doodle=doodle(3), result=b"three")
    with pytest.raises(RefusedError, match="Only the one who asked"):
        community.privacy.delete_job(waiting, BOB)
    for job_id in (waiting, running, published.job_id):
        assert community.privacy.delete_job(job_id, ALICE).jobs == 1
        with pytest.raises(UnknownJobError):
            community.privacy.delete_job(job_id, ALICE)
    assert desk.queue.waiting() == set()
    assert desk.store.digests() == []
    assert community.gallery.page(Query()).works == ()
    moderated = paint(desk, doodle=doodle(4))
    assert community.privacy.delete_job(moderated, None).jobs == 1


def test_a_late_result_of_a_deleted_job_is_dropped(community: Community, redis_url: str) -> None:
    desk = community.desk
    job_id = desk.accept(REQUEST).job_id
    dispatch(desk.database, desk.queue, desk.clock, desk.rules)
    stream = EventStream.at(redis_url, "desk-1")
    loop = DeskLoop(desk, stream)
    loop.on_late_result = community.references.release_late
    stream.publish(Started(job_id=job_id, attempt=1, worker="w1"))
    loop.round()
    assert desk.standing(job_id).state == "running"
    community.privacy.delete_job(job_id, ALICE)
    late = desk.store.put(b"late")
    stream.publish(Done(job_id=job_id, attempt=1, worker="w1", result=late, width=64, height=48, seconds=1.0))
    loop.round()
    assert desk.store.digests() == []


def test_a_result_heard_twice_is_not_taken_away(community: Community, redis_url: str) -> None:
    desk = community.desk
    job_id = desk.accept(REQUEST).job_id
    dispatch(desk.database, desk.queue, desk.clock, desk.rules)
    stream = EventStream.at(redis_url, "desk-1")
    loop = DeskLoop(desk, stream)
    loop.on_late_result = community.references.release_late
    result = desk.store.put(b"painting")
    for _ in range(2):
        stream.publish(Done(job_id=job_id, attempt=1, worker="w1", result=result, width=64, height=48, seconds=1.0))
    loop.round()
    assert desk.painting(job_id) == b"painting"


def test_a_picture_put_again_while_its_last_row_goes_stays(community: Community) -> None:
    """Alice deletes what Bob sends at the same moment, again and again."""
    desk = community.desk
    desk.rules = replace(desk.rules, most_waiting=10_000, most_a_day=10_000)
    stop, errors = threading.Event(), []

    def send_and_delete() -> None:
        while not stop.is_set():
            try:
                community.privacy.delete_job(desk.accept(replace(REQUEST, person=ALICE)).job_id, ALICE)
            except Exception as error:  # noqa: BLE001 - the test looks at it
                errors.append(error)

    thread = threading.Thread(target=send_and_delete)
    thread.start()
    try:
        for _ in range(15):
            job_id = desk.accept(replace(REQUEST, person=BOB)).job_id
            digests = set(desk.recipe(job_id).pictures().values())
            assert digests <= set(desk.store.digests())
            community.privacy.delete_job(job_id, BOB)
    finally:
        stop.set()
        thread.join()
    assert errors == []
    assert desk.store.digests() == []


def test_every_column_that_looks_like_a_picture_is_known(community: Community) -> None:
    known = {str(column) for column in naming_columns()}
    lengths = {
        str(column)
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if getattr(getattr(column.type, "impl", column.type), "length", None) == 64
    }
    assert lengths - known == {"job.preview", "token.digest"}  # in a drawer of its own; of a secret, no picture
    assert "work.result" in known


def test_the_sweeper_takes_what_nobody_names(community: Community) -> None:
    desk, clock = community.desk, set_clock(community.desk)
    clock.now = utc_now()  # files have the machine's time
    job_id = paint(desk, doodle=doodle(1))
    community.tray.put(BOB, "doodle", doodle(2), "tray")
    orphan = desk.store.put(b"orphan")
    shown, left = desk.store.previews.put(b"shown"), desk.store.previews.put(b"left")
    with desk.database.write() as session:
        session.execute(update(JobRow).values(preview=shown))
    assert community.sweeper.seldom() == community.sweeper.previews() == 0
    clock.pass_(hours=25)
    assert community.sweeper.seldom() == 1
    assert orphan not in desk.store.digests()
    assert community.sweeper.previews() == 1
    assert desk.store.previews.digests() == [shown]
    assert left != shown
    community.sweeper.often()
    assert desk.painting(job_id) == b"painting"
    clock.pass_(days=30)
    community.sweeper.often()
    with pytest.raises(UnknownJobError):
        desk.standing(job_id)
    assert desk.store.digests() == desk.store.previews.digests() == []


def test_a_work_outlives_its_job(community: Community) -> None:
    clock = set_clock(community.desk)
    work = publish(community)
    clock.pass_(days=31)
    community.sweeper.often()
    assert community.gallery.work(work.id) == work
    assert community.desk.store.get(work.result) == b"painting"
    assert set(community.desk.store.digests()) == {work.style, work.style_map, work.doodle, work.result}


def test_tables_without_a_person_name_none() -> None:
    assert {column.name for column in AnnouncementRow.__table__.columns} == {
        "challenge_id",
        "place",
        "tries",
        "claimed_until",
        "announced_at",
    }


def test_a_store_away_keeps_the_promise_for_later(community: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = paint(community.desk)

    def away(self: PictureStore, digest: str) -> None:
        raise UnreachableError("The picture store can't delete")

    with monkeypatch.context() as patch:
        patch.setattr(PictureStore, "delete", away)
        with pytest.raises(OutOfReachError):
            community.privacy.delete_job(job_id, ALICE)
    with pytest.raises(UnknownJobError):
        community.desk.standing(job_id)
    set_clock(community.desk).now = utc_now() + timedelta(days=2)
    community.sweeper.seldom()
    assert community.desk.store.digests() == []
