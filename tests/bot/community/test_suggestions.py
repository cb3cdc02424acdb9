"""A wish for a map stands under the same caps, bans and promises of deletion as one for a painting."""

from dataclasses import replace

import pytest

from bot.community import Community
from bot.desk import Desk, RefusedError, SuggestRequest
from bot.desk.dispatch import dispatch
from bot.desk.settle import settle
from tests.bot.community.people import ALICE, BOB, REQUEST, SERVER, STYLE, finish, paint
from worker.contract import Started

WISH = SuggestRequest(STYLE, person=ALICE, front="discord", address="channel/message")


def test_a_suggestion_counts_for_the_caps_and_is_stopped_by_them(community: Community) -> None:
    desk = community.desk
    desk.rules = replace(desk.rules, most_waiting=2)
    desk.suggest(WISH)
    assert community.limits.used(ALICE).bytes_today == len(STYLE)
    desk.accept(REQUEST)
    with pytest.raises(RefusedError, match="2 may be"):
        desk.suggest(WISH)
    desk.suggest(replace(WISH, person=BOB))
    desk.rules = replace(desk.rules, most_waiting=0)
    before = desk.store.digests()
    with pytest.raises(RefusedError):
        desk.suggest(replace(WISH, picture=REQUEST.doodle))
    assert desk.store.digests() == before


def test_a_server_and_a_ban_hold_for_suggestions(community: Community) -> None:
    desk = community.desk
    community.servers.change(SERVER, "discord:mod", most_waiting=1)
    desk.suggest(replace(WISH, server=SERVER))
    with pytest.raises(RefusedError, match="on this server"):
        desk.suggest(replace(WISH, server=SERVER))
    community.bans.ban(ALICE, "paint", BOB, "spam")
    with pytest.raises(RefusedError, match="spam"):
        desk.suggest(WISH)


def test_what_is_deleted_is_gone_with_picture_and_map(community: Community) -> None:
    desk = community.desk
    first, running = desk.suggest(WISH).job_id, desk.suggest(WISH).job_id
    finish(desk, first, b"a map")
    with desk.database.write() as session:
        settle(session, Started(job_id=running, attempt=1, worker="w1"), desk.clock(), desk.rules)
    assert community.privacy.delete_job(first, ALICE).pictures == 1  # the other job still names the picture
    assert community.privacy.delete(ALICE).jobs == 1
    assert desk.store.digests() == []
    assert desk.queue.redis.get(f"twobit:fence:{running}") == b"0"


def test_a_picture_deleted_while_it_is_named_comes_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    put = desk.store.put

    def and_somebody_deletes_it(data: bytes) -> str:
        digest = put(data)
        desk.store.delete(digest)
        monkeypatch.setattr(desk.store, "put", put)
        return digest

    monkeypatch.setattr(desk.store, "put", and_somebody_deletes_it)
    desk.suggest(WISH)
    assert len(desk.store.digests()) == 1


def test_a_suggested_map_is_no_recipe_and_no_work(community: Community) -> None:
    desk = community.desk
    job_id = desk.suggest(WISH).job_id
    finish(desk, job_id, b"a map")
    with pytest.raises(RefusedError, match="only a painting has a recipe"):
        desk.recipe(job_id)
    with pytest.raises(RefusedError, match="only a painting"):
        desk.again(job_id, ALICE, address="")
    with pytest.raises(RefusedError, match="suggested map: only a painting"):
        community.works.publish(job_id, ALICE)
    with desk.database.write() as session, pytest.raises(RefusedError, match="can be published"):
        community.works._publishable(session, job_id, ALICE)
    assert [standing.kind for standing in desk.last_jobs(ALICE)] == ["suggest"]


def test_the_guess_for_a_new_painting_adds_up_both_kinds(desk: Desk) -> None:
    paint(desk)
    assert desk.overview().eta_seconds is not None
    desk.suggest(replace(WISH, person=BOB))  # who was not served lately, and asked first
    assert desk.overview().eta_seconds is None  # how long a suggestion takes nobody knows yet
    assert dispatch(desk.database, desk.queue, desk.clock, desk.rules) == 1
