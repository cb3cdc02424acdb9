"""Caps."""

from dataclasses import replace

import pytest

from bot.community import Community
from bot.desk import RefusedError
from bot.desk.settle import settle
from tests.bot.community.people import ALICE, BOB, ELSEWHERE, REQUEST, SERVER, at_once, finish, paint, set_clock
from worker.contract import Failed


def test_jobs_waiting_are_capped_with_the_numbers(community: Community) -> None:
    desk = community.desk
    desk.rules = replace(desk.rules, most_waiting=2)
    first = desk.accept(REQUEST).job_id
    desk.accept(REQUEST)
    with pytest.raises(RefusedError, match="2 of your paintings are on the way and 2 may be"):
        desk.accept(REQUEST)
    desk.accept(replace(REQUEST, person=BOB))
    desk.accept(replace(REQUEST, front="cli"))  # who sits at the machine
    desk.cancel(first, ALICE)
    with pytest.raises(RefusedError):  # the command line's one counts for her other requests
        desk.accept(REQUEST)


def test_at_once_nobody_gets_more(community: Community) -> None:
    community.desk.rules = replace(community.desk.rules, most_waiting=3)
    outcomes = at_once([lambda: community.desk.accept(REQUEST)] * 8)
    assert sum(isinstance(outcome, RefusedError) for outcome in outcomes) == 5, outcomes
    assert community.limits.used(ALICE).waiting == 3


def test_a_day_is_24_hours_and_a_deleted_job_counts_on(community: Community) -> None:
    desk, clock = community.desk, set_clock(community.desk)
    desk.rules = replace(desk.rules, most_a_day=2)
    first = paint(desk)
    clock.pass_(hours=1)
    paint(desk)
    community.privacy.delete_job(first, ALICE)
    with pytest.raises(RefusedError, match="2 paintings in the last 24 hours and 2 are given"):
        desk.accept(REQUEST)
    clock.pass_(hours=23, minutes=1)
    desk.accept(REQUEST)
    community.sweeper.often()
    assert community.limits.used(ALICE).today == 2


def test_what_failed_is_given_back(community: Community) -> None:
    desk = community.desk
    desk.rules = replace(desk.rules, most_a_day=1)
    job_id = desk.accept(REQUEST).job_id
    desk.queue.workers()
    with desk.database.write() as session:
        event = Failed(job_id=job_id, attempt=1, worker="w", failure="resource", message="No memory.")
        settle(session, event.model_copy(update={"attempt": 0}), desk.clock(), desk.rules)
    assert desk.standing(job_id).state == "failed"
    desk.accept(REQUEST)


def test_bytes_a_day(community: Community) -> None:
    size = sum(map(len, REQUEST.pictures().values()))
    community.desk.rules = replace(community.desk.rules, most_bytes_a_day=2 * size)
    for _ in range(2):
        finish(community.desk, community.desk.accept(REQUEST).job_id)
    with pytest.raises(RefusedError, match="MiB"):
        community.desk.accept(REQUEST)
    assert community.limits.used(ALICE).bytes_today == 2 * size
    assert community.desk.store.digests()


def test_a_server_may_give_less(community: Community) -> None:
    community.servers.change(SERVER, "discord:mod", most_waiting=1, most_a_day=2)
    here = replace(REQUEST, server=SERVER)
    finish(community.desk, community.desk.accept(here).job_id)
    community.desk.accept(replace(REQUEST, server=ELSEWHERE))
    community.desk.accept(here)
    with pytest.raises(RefusedError, match="is on the way on this server and 1 may be"):
        community.desk.accept(here)


def test_a_refused_request_stores_nothing(community: Community) -> None:
    community.desk.rules = replace(community.desk.rules, most_waiting=0)
    with pytest.raises(RefusedError):
        community.desk.accept(REQUEST)
    assert community.desk.store.digests() == []
