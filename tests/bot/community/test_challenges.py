"""Challenges."""

from datetime import timedelta

import pytest

from bot.community import Challenge, Community, NotThereError, Publication, Work
from bot.desk import RefusedError
from tests.bot.community.people import (
    ALICE,
    BOB,
    CHARLIE,
    DOODLE,
    DORA,
    ELSEWHERE,
    SERVER,
    Clock,
    at_once,
    doodle,
    publish,
    set_clock,
)

MOD = "discord:mod"


@pytest.fixture
def clock(community: Community) -> Clock:
    return set_clock(community.desk)


def begin(community: Community, clock: Clock, **changes: object) -> Challenge:
    given = {"ends": clock() + timedelta(days=7), **changes}
    return community.challenges.begin(MOD, "Doodle week", "A harbour at night", **given)  # type: ignore[arg-type]


def enter(community: Community, challenge: Challenge, person: str, number: int) -> Work:
    return publish(community, person, Publication(challenge=challenge.id), doodle=doodle(number), server=SERVER)


def test_a_week_from_prompt_to_winners(community: Community, clock: Clock) -> None:
    challenge = begin(community, clock, doodle=DOODLE)
    assert community.desk.store.get(challenge.doodle or "") == DOODLE
    assert [one.id for one in community.challenges.open(SERVER)] == [challenge.id]
    first, second = enter(community, challenge, ALICE, 1), enter(community, challenge, BOB, 2)
    third = enter(community, challenge, CHARLIE, 3)
    community.challenges.vote(challenge.id, DORA, first.id)
    community.challenges.vote(challenge.id, DORA, second.id)  # moved
    community.challenges.vote(challenge.id, ALICE, second.id)
    community.challenges.vote(challenge.id, BOB, first.id)
    assert community.challenges.voted(challenge.id, DORA) == second.id
    with pytest.raises(RefusedError, match="your own"):
        community.challenges.vote(challenge.id, ALICE, first.id)
    assert [one.work for one in community.challenges.standings(challenge.id)] == [second.id, first.id, third.id]
    assert community.challenges.close_due() == []
    clock.pass_(days=7)
    with pytest.raises(RefusedError, match="is over"):
        community.challenges.vote(challenge.id, CHARLIE, first.id)
    [closed] = community.challenges.close_due()
    assert [(one.work, one.votes, one.place) for one in closed.winners or ()] == [(second.id, 2, 1), (first.id, 1, 2)]
    assert community.challenges.past() == [closed]
    with pytest.raises(RefusedError, match="not open"):
        enter(community, challenge, DORA, 4)


def test_winners_are_found_once_and_told_once_a_place(community: Community, clock: Clock) -> None:
    begin(community, clock)
    clock.pass_(days=7)
    closed = at_once([community.challenges.close_due] * 6)
    assert sum(len(one) for one in closed if not isinstance(one, Exception)) == 1
    claims = at_once([lambda: community.challenges.claim("discord:77/12", SERVER)] * 6)
    [announcement] = [claim for claim in claims if claim is not None]
    assert not isinstance(announcement, Exception)
    other = community.challenges.claim("web")
    assert other is not None
    assert other.nonce != announcement.nonce
    clock.pass_(seconds=61)  # the front that had it died
    again = community.challenges.claim("discord:77/12", SERVER)
    assert again is not None
    assert (again.nonce, again.token) == (announcement.nonce, 2)
    assert not community.challenges.announced(announcement)
    assert community.challenges.announced(again)
    clock.pass_(days=1)
    assert community.challenges.claim("discord:77/12", SERVER) is None


def test_a_servers_challenge_is_its_own(community: Community, clock: Clock) -> None:
    challenge = begin(community, clock, server=ELSEWHERE)
    assert community.challenges.open(SERVER) == []
    with pytest.raises(RefusedError, match="another server"):
        enter(community, challenge, ALICE, 1)
    clock.pass_(days=7)
    community.challenges.close_due()
    assert community.challenges.claim("discord:77/12", SERVER) is None
    assert community.challenges.claim("discord:88/5", ELSEWHERE) is not None


def test_a_published_work_enters_and_stays_what_it_is(community: Community, clock: Clock) -> None:
    work = publish(community, ALICE, Publication(title="Dusk"), server=SERVER)
    community.votes.vote(work.id, BOB)
    challenge, elsewhere = begin(community, clock), begin(community, clock, server=ELSEWHERE)
    with pytest.raises(RefusedError, match="Only the one who published"):
        community.works.enter(work.id, BOB, challenge.id)
    with pytest.raises(RefusedError, match="another server"):
        community.works.enter(work.id, ALICE, elsewhere.id)
    for _ in range(2):
        entered = community.works.enter(work.id, ALICE, challenge.id)
        assert (entered.id, entered.title, entered.votes, entered.challenge) == (work.id, "Dusk", 1, challenge.id)
    community.challenges.vote(challenge.id, BOB, work.id)
    clock.pass_(days=7)
    with pytest.raises(RefusedError, match="not open"):
        community.works.enter(work.id, ALICE, challenge.id)


def test_hidden_works_and_works_taken_back_win_nothing(community: Community, clock: Clock) -> None:
    challenge = begin(community, clock)
    hidden, gone = enter(community, challenge, ALICE, 1), enter(community, challenge, BOB, 2)
    community.challenges.vote(challenge.id, DORA, hidden.id)
    community.challenges.vote(challenge.id, CHARLIE, gone.id)
    community.works.hide(hidden.id, MOD)
    community.works.unpublish(gone.id, BOB)
    clock.pass_(days=7)
    [closed] = community.challenges.close_due()
    assert closed.winners == ()


def test_impossible_times_and_numbers(community: Community, clock: Clock) -> None:
    for ends in (clock() - timedelta(days=1), clock() + timedelta(days=400)):
        with pytest.raises(RefusedError, match="give other times"):
            begin(community, clock, ends=ends)
    with pytest.raises(NotThereError, match="no challenge 99"):
        community.challenges.get(99)
