"""Taking down when it does not go at once: refused, too much of it, in a forum; and what is done on the page alone."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.community.posts import FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES, SOON, Posts
from bot.desk import Delivery
from bot.desk.watch import readdress
from bot.discord.address import address_from
from bot.discord.front import final_post
from bot.discord.places import DOWN, WALL
from bot.discord.showings import THIN_OUT_SECONDS
from bot.discord.troubles import Trouble, TroubleError
from tests.bot.discord.stage import DOODLE, Stage, arranged, play
from tests.bot.discord.test_painting import own_style
from tests.bot.discord.test_sharing import finished, forum_posts, named, published, with_forum
from tests.bot.discord.test_taking_down import hidden, round_of, taken_back, there, with_pictures
from tests.loopback.faults import Fault
from tests.loopback.people import until
from tests.loopback.rest import ApiError, Call
from tests.loopback.world import THREAD, Channel
from worker.contract import CorruptPictureError, UnreachableError

DELETE = re.compile(r"^/channels/\d+/messages/\d+$")
REFUSED: dict[str, Any] = {"status": 403, "body": {"message": "Missing Permissions", "code": 50013}}


class Later:
    """The desk's clock, which the test puts on."""

    def __init__(self, stage: Stage) -> None:
        self._real, self._later = stage.desk.clock, timedelta()
        stage.desk.clock = lambda: self._real() + self._later

    def pass_(self, span: timedelta) -> None:
        self._later += span


def shown_again(stage: Stage, work: str) -> None:
    stage.parts.community.works.show(work)


def threads(stage: Stage) -> list[Channel]:
    return [one for one in stage.world.channels.values() if one.kind == THREAD]


async def on_the_wall(stage: Stage, name: str = "night") -> str:
    """The id of a work that hangs in this channel."""
    await (await stage.olga.slash("settings channels", gallery=named(stage, name))).private("Saved")
    return (await published(stage, stage.alice))[0]


@arranged(with_forum)
async def test_what_may_not_be_deleted_for_a_while_is_tried_again_ever_more_seldom(stage: Stage) -> None:
    work, clock = await on_the_wall(stage), Later(stage)
    (post,) = with_pictures(named(stage, "night"))
    fault = Fault("DELETE", DELETE, times=99, **REFUSED)
    stage.server.faults = [fault]
    hidden(stage, work)
    for tries in (1, 2, 3):
        for _ in range(2):  # the second round leaves it alone
            await round_of(stage)
            assert fault.seen == tries
        clock.pass_(FIRST_PAUSE * 2 ** (tries - 1) + timedelta(seconds=1))
    await stage.stop_bot()
    fault.times = 0  # the permission is back
    await stage.start_bot()
    await round_of(stage)
    await until(lambda: not there(stage, post))


@arranged(with_forum)
async def test_what_was_refused_through_a_week_is_forgotten(stage: Stage) -> None:
    work, clock = await on_the_wall(stage), Later(stage)
    fault = Fault("DELETE", DELETE, times=999, **REFUSED)
    stage.server.faults = [fault]
    began = stage.desk.clock()
    taken_back(stage, work)
    while stage.parts.posts.of(work):
        await round_of(stage)
        clock.pass_(LONGEST_PAUSE)
        assert stage.desk.clock() - began < timedelta(days=10)
    assert fault.seen == MOST_TRIES
    pauses = [min(FIRST_PAUSE * 2**number, LONGEST_PAUSE) for number in range(MOST_TRIES - 1)]
    assert timedelta(days=6) < sum(pauses, timedelta()) < timedelta(days=8)


@arranged(with_forum)
async def test_a_channel_that_is_gone_is_forgotten_at_once(stage: Stage) -> None:
    work = await on_the_wall(stage, "walls")
    (thread,) = threads(stage)
    del stage.world.channels[thread.id]
    taken_back(stage, work)
    await round_of(stage)
    assert stage.parts.posts.of(work) == []


@pytest.mark.parametrize("bad", [REFUSED, {"status": 503}])
@play
async def test_what_can_not_be_deleted_holds_up_nothing(stage: Stage, bad: dict[str, Any]) -> None:
    work, _ = await published(stage, stage.alice)
    pages = [await (await stage.bob.slash("gallery new")).says("Newest") for _ in range(3)]
    stage.bot.showings.seconds = 0.0  # one message a round
    taken_back(stage, work)
    stage.server.faults = [Fault("DELETE", re.compile(rf"/{page['id']}$"), times=99, **bad) for page in pages[:2]]
    for _ in pages:
        await round_of(stage)
    assert [there(stage, page) for page in pages] == [True, True, False]


@play
async def test_old_pages_are_forgotten_once_an_hour(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, done = time.monotonic(), []
    monkeypatch.setattr(Posts, "thin_out", lambda *given: done.append(given))
    for later, times in ((1, 1), (1.99, 1), (2, 2)):  # hours; the bot's own rounds may come before ours
        now = clock + later * THIN_OUT_SECONDS
        monkeypatch.setattr("bot.discord.showings.time", SimpleNamespace(monotonic=lambda now=now: now))
        await stage.bot.showings.round()
        await until(lambda: len(done) == times)  # noqa: B023  # awaited at once


@play
async def test_a_round_ends_in_time_and_the_next_goes_on(stage: Stage) -> None:
    work, _ = await published(stage, stage.alice)
    pages = [await (await stage.bob.slash("gallery new")).says("Newest") for _ in range(2)]
    stage.bot.showings.seconds = 0.0
    taken_back(stage, work)
    await round_of(stage)
    assert [there(stage, page) for page in pages] == [False, True]
    await round_of(stage)
    assert not there(stage, pages[1])


@play
async def test_an_outage_of_a_minute_costs_a_minute(stage: Stage) -> None:
    work, _ = await published(stage, stage.alice)
    clock = Later(stage)
    page = await (await stage.bob.slash("gallery new")).says("Newest")
    stage.server.faults = [Fault("DELETE", DELETE, times=4, status=503)]
    taken_back(stage, work)
    await round_of(stage)
    assert there(stage, page)
    clock.pass_(SOON)
    await round_of(stage)
    assert not there(stage, page)


@play
async def test_winners_are_told_before_anything_is_taken_down(stage: Stage) -> None:
    await (await stage.olga.slash("settings channels", challenge=stage.world.channel)).private("Saved")
    await (await stage.olga.slash("settings challenge", prompt="A storm", days=7)).says("A storm")
    work, _ = await published(stage, stage.alice)
    await (await stage.bob.slash("gallery new")).says("Newest")
    Later(stage).pass_(timedelta(days=8))
    taken_back(stage, work)
    before = len(stage.server.calls)
    await round_of(stage)
    sent = [call.method for call in stage.server.calls[before:] if "/channels/" in call.path]
    assert sent == ["POST", "DELETE"]


@play
async def test_a_challenge_that_fails_leaves_no_work_on_the_walls(stage: Stage) -> None:
    work, _ = await published(stage, stage.alice)
    page = await (await stage.bob.slash("gallery new")).says("Newest")
    taken_back(stage, work)

    def fails() -> None:
        raise ZeroDivisionError

    stage.parts.community.challenges.close_due = fails  # type: ignore[method-assign,assignment]
    await round_of(stage)
    assert not there(stage, page)


@pytest.mark.parametrize("gone", [taken_back, hidden])
@arranged(with_forum)
async def test_the_whole_thread_goes_where_the_bot_may(stage: Stage, gone: Any) -> None:
    stage.world.manage_threads = True
    work = await on_the_wall(stage, "walls")
    assert len(threads(stage)) == 1
    gone(stage, work)
    await round_of(stage)
    assert threads(stage) == []


@pytest.mark.parametrize("archived", [False, True])
@arranged(with_forum)
async def test_else_a_thread_says_nothing_of_the_work_any_more(stage: Stage, archived: bool) -> None:
    work = await on_the_wall(stage, "walls")
    await (await stage.olga.slash("settings language", language="de")).private()
    (thread,) = threads(stage)
    assert "Alice" in thread.name
    thread.archived = archived  # Discord does so after some days
    taken_back(stage, work)
    await round_of(stage)
    assert (thread.name, thread.archived, thread.messages) == ("Nicht mehr zu sehen", True, {})
    assert stage.parts.posts.of(work) == []


@arranged(with_forum)
async def test_a_locked_thread_is_tried_again(stage: Stage) -> None:
    work, clock = await on_the_wall(stage, "walls"), Later(stage)
    (thread,) = threads(stage)
    thread.archived = thread.locked = True
    taken_back(stage, work)
    await round_of(stage)
    assert "Alice" in thread.name
    stage.world.manage_threads = True
    clock.pass_(FIRST_PAUSE)
    await round_of(stage)
    assert threads(stage) == []


@pytest.mark.parametrize("wall", ["walls", "night"])
@arranged(with_forum)
async def test_what_is_shown_again_on_the_page_hangs_again_once(stage: Stage, wall: str) -> None:
    work = await on_the_wall(stage, wall)

    def hanging() -> list[str]:
        posts = forum_posts(stage) if wall == "walls" else with_pictures(named(stage, wall))
        return [post["id"] for post in posts]

    (first,) = hanging()
    for _ in range(2):
        hidden(stage, work)
        await round_of(stage)
        assert hanging() == []
        shown_again(stage, work)
        for _ in range(2):
            await round_of(stage)
        (second,) = hanging()
        assert second != first
    assert len(stage.parts.posts.of(work)) == 1


@arranged(with_forum)
async def test_what_can_not_be_hung_again_just_now_is_tried_again(stage: Stage) -> None:
    work, clock = await on_the_wall(stage), Later(stage)
    hidden(stage, work)
    await round_of(stage)
    fault = Fault("POST", re.compile("/messages$"), times=1, **REFUSED)
    stage.server.faults = [fault]
    shown_again(stage, work)
    for _ in range(2):
        await round_of(stage)
    assert (fault.seen, with_pictures(named(stage, "night"))) == (1, [])
    clock.pass_(FIRST_PAUSE)
    await round_of(stage)
    assert len(with_pictures(named(stage, "night"))) == 1


def lost(stage: Stage, digest: str) -> None:
    stage.desk.store.delete(digest)


def damaged(stage: Stage, digest: str) -> None:
    store = stage.desk.store
    store.delete(digest)
    store.get = _failing(store.get, digest, CorruptPictureError("damaged"))  # type: ignore[method-assign,assignment]


def unreachable(stage: Stage, digest: str) -> None:
    store = stage.desk.store
    store.get = _failing(store.get, digest, UnreachableError("away"))  # type: ignore[method-assign,assignment]


def too_slow(stage: Stage, digest: str) -> None:
    store = stage.desk.store
    store.get = _failing(store.get, digest, TroubleError(Trouble.TOO_SLOW))  # type: ignore[method-assign,assignment]


def _failing(get: Callable[[str], bytes], digest: str, error: Exception) -> Callable[[str], bytes]:
    def got(asked: str) -> bytes:
        if asked == digest:
            raise error
        return get(asked)

    return got


@pytest.mark.parametrize("bad", [lost, damaged, unreachable, too_slow])
@arranged(with_forum)
async def test_a_picture_that_can_not_be_read_holds_up_no_others(
    stage: Stage, bad: Callable[[Stage, str], None]
) -> None:
    first, wall = await on_the_wall(stage), named(stage, "night")
    await own_style(stage, stage.bob)
    job = await stage.job(2)
    stage.finish(job, 48, 48)  # another picture than the first
    await (await stage.bob.click(await stage.shown(job), "Publish")).private("Published")
    second = stage.parts.community.gallery.of_job(job)
    assert second is not None
    for work in (first, second.id):
        hidden(stage, work)
        await round_of(stage)
    assert with_pictures(wall) == []
    bad(stage, stage.parts.community.gallery.work(first).result)
    for work in (first, second.id):
        shown_again(stage, work)
    await round_of(stage)
    (post,) = with_pictures(wall)
    assert second.id in post["attachments"][0]["filename"]
    assert [one.work_id for one in stage.parts.posts.put_off_of(first, DOWN)] == [first]


@arranged(with_forum)
async def test_a_channel_of_an_unknown_kind_holds_up_no_others(stage: Stage) -> None:
    work = await on_the_wall(stage, "walls")
    page = await (await stage.bob.slash("gallery new")).says("Newest")

    async def unknown(_: int) -> Any:
        raise discord.InvalidData("Unknown channel type 99")

    stage.bot.get_channel = lambda _: None  # type: ignore[method-assign]
    stage.bot.fetch_channel = unknown  # type: ignore[method-assign]
    hidden(stage, work)
    await round_of(stage)
    assert not there(stage, page)
    assert len(stage.parts.posts.put_off_of(work, WALL)) == 1


@arranged(with_forum)
async def test_what_was_taken_down_by_half_goes_before_it_hangs_again(stage: Stage) -> None:
    work, clock = await on_the_wall(stage, "walls"), Later(stage)
    (thread,) = threads(stage)
    real, tried = stage.server.rest.answer, []

    def no_archive(call: Call) -> Any:
        if call.method == "PATCH" and call.path == f"/channels/{thread.id}" and call.json.get("archived"):
            tried.append(call)
            raise ApiError(503, 0, "bad day")
        return real(call)

    stage.server.rest.answer = no_archive  # type: ignore[method-assign]
    hidden(stage, work)
    await round_of(stage)
    assert (thread.messages, thread.archived) == ({}, False)
    shown_again(stage, work)
    await round_of(stage)
    assert tried
    assert threads(stage) == [thread]  # still by half: nothing hangs beside it
    stage.server.rest.answer = real  # type: ignore[method-assign]
    clock.pass_(FIRST_PAUSE)
    await round_of(stage)
    assert thread.archived
    (post,) = forum_posts(stage)
    assert work in post["attachments"][0]["filename"]
    (noted,) = stage.parts.posts.of(work)
    assert noted.startswith(f"{WALL}{post['channel_id']}/")


@arranged(with_forum)
async def test_what_never_hung_is_not_hung_for_being_shown_again(stage: Stage) -> None:
    work, _ = await published(stage, stage.alice)
    await (await stage.olga.slash("settings channels", gallery=named(stage, "night"))).private("Saved")
    hidden(stage, work)
    await round_of(stage)
    shown_again(stage, work)
    await round_of(stage)
    assert with_pictures(named(stage, "night")) == []


@pytest.mark.parametrize("by", ["job", "person"])
@play
async def test_what_is_deleted_on_the_page_leaves_discord(stage: Stage, by: str) -> None:
    _, others = await finished(stage, stage.bob)
    job, message = await finished(stage, stage.alice)
    underway = await (await own_style(stage, stage.alice)).says("Next in line")
    privacy = stage.parts.community.privacy
    if by == "job":
        for one in (job, await stage.job(3)):
            privacy.delete_job(one, None)
    else:
        privacy.delete(f"discord:{stage.world.alice.id}")
    await round_of(stage)
    assert [there(stage, one) for one in (message, underway, others)] == [False, False, True]
    assert stage.parts.posts.out_of_place(("discord",)) == []


@play
async def test_what_is_past_its_time_stays_on_discord(stage: Stage) -> None:
    _, message = await finished(stage, stage.alice)
    assert stage.parts.community.privacy.delete_old(stage.desk.clock() + timedelta(seconds=1)) == 1
    await round_of(stage)
    assert there(stage, message)


@play
async def test_what_is_deleted_on_discord_is_asked_for_once(stage: Stage) -> None:
    _, message = await finished(stage, stage.alice)
    await (await stage.alice.click(message, "Delete")).private("Gone")
    before = len(stage.server.calls)
    await round_of(stage)
    assert [call.path for call in stage.server.calls[before:] if call.method == "DELETE"] == []
    assert stage.parts.posts.out_of_place(("discord",)) == []


@pytest.mark.parametrize("by", ["job", "person"])
@play
async def test_an_answer_that_moves_while_it_is_deleted_does_not_stay(stage: Stage, by: str) -> None:
    """Its new place is noted by the deletion, and only the old one was read before."""
    job, message = await finished(stage, stage.alice)
    await until(lambda: not stage.desk.owes(job))
    text = stage.desk.recipe(job).address
    number = stage.world.next_id()
    moved = {**message, "id": str(number)}
    stage.world.channel.messages[number] = moved
    privacy, name = stage.parts.community.privacy, "delete_job" if by == "job" else "delete"
    real = getattr(privacy, name)

    def moving(*given: Any) -> Any:
        readdress(stage.desk, job, json.dumps({**json.loads(text), "message": number}))
        return real(*given)

    setattr(privacy, name, moving)
    if by == "job":
        await (await stage.alice.click(message, "Delete")).private("Gone")
    else:
        asked = await (await stage.alice.slash("privacy delete")).private("for ever")
        await stage.alice.click(asked, "Delete everything")
        await until(lambda: not there(stage, message))
    await round_of(stage)
    assert not there(stage, message)
    assert not there(stage, moved)


@play
async def test_an_answer_that_comes_after_the_deletion_does_not_stay(stage: Stage) -> None:
    job, message = await finished(stage, stage.alice)
    await until(lambda: not stage.desk.owes(job))
    standing, text = stage.desk.standing(job), stage.desk.recipe(job).address
    stage.parts.community.privacy.delete_job(job, None)
    await round_of(stage)
    assert not there(stage, message)
    address = replace(address_from(text), token=None)
    late = final_post(standing, address, DOODLE[1], None)
    await stage.bot.front.hand_over(Delivery(99, 1, text, standing), address, late)
    assert stage.copies(job) == 1
    await round_of(stage)
    assert stage.copies(job) == 0
