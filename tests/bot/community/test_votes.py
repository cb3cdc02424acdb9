"""Votes."""

from functools import partial

import pytest
from sqlalchemy import func, select

from bot.community import Community, NotThereError, Voted
from bot.community.tables import VoteRow
from bot.desk import RefusedError
from tests.bot.community.people import ALICE, BOB, CHARLIE, at_once, publish


def count(community: Community) -> int:
    with community.desk.database.read() as session:
        return session.execute(select(func.count()).select_from(VoteRow)).scalar_one()


def test_a_second_press_takes_it_back(community: Community) -> None:
    work = publish(community)
    assert community.votes.vote(work.id, BOB) == Voted(True, 1)
    assert community.votes.vote(work.id, CHARLIE) == Voted(True, 2)
    assert community.votes.voted(BOB, [work.id, "nothing"]) == {work.id}
    assert community.votes.vote(work.id, BOB) == Voted(False, 1)
    assert community.votes.vote(work.id, BOB, on=False) == Voted(False, 1)
    assert community.votes.vote(work.id, CHARLIE, on=True) == Voted(True, 1)
    assert community.gallery.work(work.id).votes == count(community) == 1


def test_not_for_ones_own_nor_for_what_is_hidden(community: Community) -> None:
    work = publish(community)
    with pytest.raises(RefusedError, match="your own"):
        community.votes.vote(work.id, ALICE)
    community.works.hide(work.id, "discord:mod")
    with pytest.raises(RefusedError, match="hidden"):
        community.votes.vote(work.id, BOB)
    with pytest.raises(NotThereError):
        community.votes.vote("nothing", BOB)


def test_the_count_is_right_when_many_press_at_once(community: Community) -> None:
    work = publish(community)
    presses = [partial(community.votes.vote, work.id, f"discord:{n % 8}") for n in range(24)]
    assert not [error for error in at_once(presses) if isinstance(error, Exception)]
    assert community.gallery.work(work.id).votes == count(community) == 8  # each pressed three times
    again = [lambda: community.votes.vote(work.id, "discord:0", on=True)] * 8
    at_once(again)
    assert community.gallery.work(work.id).votes == count(community) == 8
