"""Reports and bans."""

from dataclasses import replace
from functools import partial

import pytest

from bot.community import Community
from bot.desk import RefusedError
from tests.bot.community.people import (
    ALICE,
    BOB,
    CHARLIE,
    DORA,
    ELSEWHERE,
    REQUEST,
    SERVER,
    at_once,
    doodle,
    paint,
    publish,
    set_clock,
)

MOD = "discord:mod"


def test_a_person_reports_once_and_many_hide(community: Community) -> None:
    work = publish(community)
    for _ in range(5):
        reported = community.reports.report(work.id, BOB, "spam")
    assert (len(reported.reports), reported.work.hidden) == (1, False)
    with pytest.raises(RefusedError, match="your own"):
        community.reports.report(work.id, ALICE, "mine")
    with pytest.raises(RefusedError, match="reason is missing"):
        community.reports.report(work.id, CHARLIE, " ")
    community.reports.report(work.id, CHARLIE, "rude")
    assert community.reports.report(work.id, DORA, "rude").work.hidden
    [listed] = community.reports.open()
    assert [report.person for report in listed.reports] == [BOB, CHARLIE, DORA]
    back = community.reports.resolve(work.id, MOD, "dismiss")
    assert (back.hidden, community.reports.open()) == (False, [])
    assert not community.reports.report(work.id, BOB, "again").work.hidden  # said already


def test_three_reports_at_once_hide_it(community: Community) -> None:
    work = publish(community)
    at_once([partial(community.reports.report, work.id, person, "spam") for person in (BOB, CHARLIE, DORA)])
    assert community.gallery.work(work.id).hidden


def test_moderators_decide_about_their_own_server(community: Community) -> None:
    here = publish(community, server=SERVER)
    there = publish(community, server=ELSEWHERE, doodle=doodle(1))
    for work in (here, there):
        community.reports.report(work.id, BOB, "spam")
    assert [one.work.id for one in community.reports.open(server=SERVER)] == [here.id]
    assert [one.work.id for one in community.reports.open()] == [here.id, there.id]
    with pytest.raises(RefusedError, match="another server"):
        community.reports.resolve(there.id, MOD, "hide", server=SERVER)
    hidden = community.reports.resolve(here.id, MOD, "hide", server=SERVER)
    assert (hidden.hidden, hidden.hidden_by, hidden.hidden_reason) == (True, MOD, "spam")
    assert community.reports.open(server=SERVER) == []


def test_a_servers_moderators_undo_each_others_hiding_and_not_the_operators(community: Community) -> None:
    work = publish(community, server=SERVER)
    other = "discord:another-moderator"
    community.reports.resolve(work.id, MOD, "hide", server=SERVER)
    assert [one.id for one in community.gallery.hidden()] == [work.id]
    assert not community.reports.resolve(work.id, other, "dismiss", server=SERVER).hidden
    assert community.gallery.hidden() == []
    community.reports.resolve(work.id, MOD, "hide", server=SERVER)
    community.reports.resolve(work.id, "web:operator", "hide")  # theirs goes before a server's
    for verdict in ("dismiss", "hide", "dismiss"):
        found = community.reports.resolve(work.id, other, verdict, server=SERVER)
        assert (found.hidden, found.hidden_by) == (True, "web:operator")
    assert not community.works.show(work.id).hidden  # any operator


def test_a_ban_holds_where_and_as_long_as_it_says(community: Community) -> None:
    clock = set_clock(community.desk)
    job_id = paint(community.desk, server=SERVER)
    week = clock().replace(day=8)
    community.bans.ban(ALICE, "publish", MOD, "Spam.", server=SERVER, until=week)
    with pytest.raises(RefusedError, match=r"publish works on this server until 2026-01-08 00:00 UTC \(Spam\)"):
        community.works.publish(job_id, ALICE)
    paint(community.desk, doodle=doodle(1), server=SERVER)
    community.bans.ban(ALICE, "paint", MOD, "Flood.")
    with pytest.raises(RefusedError, match=r"can't ask for paintings \(Flood\)"):
        community.desk.accept(replace(REQUEST, server=ELSEWHERE))
    assert [ban.act for ban in community.bans.list()] == ["paint"]
    assert community.bans.banned(ALICE, "paint", SERVER) is not None
    community.bans.unban(ALICE, "paint")
    clock.pass_(days=8)
    assert community.bans.list(server=SERVER) == []
    community.desk.accept(REQUEST)
    assert community.works.publish(job_id, ALICE)
