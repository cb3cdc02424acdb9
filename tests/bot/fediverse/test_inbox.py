"""What the bot remembers, on SQLite and on PostgreSQL."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.community import Community
from bot.community.tables import MentionRow
from bot.desk import Desk
from bot.fediverse.inbox import Inbox, Said
from bot.fediverse.platform import Mention
from tests.bot.fediverse.stage import ON_BOTH

pytestmark = ON_BOTH
ALICE = "mastodon:alice@example.social"
FRONT = "mastodon"


def mention(number: int) -> Mention:
    return Mention(str(number), "alice@example.social")


@pytest.fixture
def inbox(desk: Desk) -> Inbox:
    return Inbox(desk, "mastodon:example.social/@twobit")


def test_mentions_and_the_cursor_are_taken_in_together_and_once(inbox: Inbox) -> None:
    assert inbox.cursor() is None
    assert inbox.take_in([mention(1), mention(2)], "2", FRONT) == 2
    assert inbox.take_in([mention(2), mention(3)], "3", FRONT) == 1
    assert inbox.cursor() == "3"
    assert [(one.post, one.person, one.tries) for one in inbox.due()] == [
        ("1", ALICE, 0),
        ("2", ALICE, 0),
        ("3", ALICE, 0),
    ]


def test_two_processes_take_in_the_same_page(inbox: Inbox) -> None:
    new: list[int] = []
    page = [mention(number) for number in range(50)]
    threads = [
        threading.Thread(target=lambda: new.append(inbox.take_in(page, "49", FRONT)), daemon=True) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(new), sum(new)) == (4, 50)
    assert len(inbox.due(limit=100)) == 50


def test_what_is_done_is_due_no_more_and_what_was_said_is_known(inbox: Inbox) -> None:
    inbox.take_in([mention(1), mention(2)], "2", FRONT)
    said = Said("9", ALICE, "1", "question", None)
    inbox.done("1", "answered", said)
    inbox.done("1", "answered", said)  # again, after a crash
    inbox.done("2", "ignored")
    assert inbox.due() == []
    assert inbox.said("9") == said
    assert inbox.said(None) is None
    assert inbox.answered(ALICE, 3600.0) == 1


def test_a_mention_waits_longer_each_time(inbox: Inbox, desk: Desk) -> None:
    moment = desk.clock()
    desk.clock = lambda: moment
    inbox.take_in([mention(1)], "1", FRONT)
    (waiting,) = inbox.due()
    inbox.later(waiting)
    assert inbox.due() == []
    desk.clock = lambda: moment + timedelta(seconds=1.5)
    (again,) = inbox.due()
    assert again == replace(waiting, tries=1)
    inbox.later(again, wait=60.0)
    desk.clock = lambda: moment + timedelta(seconds=60)
    assert inbox.due() == []
    desk.clock = lambda: moment + timedelta(seconds=62)
    assert [one.tries for one in inbox.due()] == [2]


def test_accounts_have_nothing_in_common(inbox: Inbox, desk: Desk) -> None:
    other = Inbox(desk, "mastodon:elsewhere.social/@twobit")
    inbox.take_in([mention(1)], "1", FRONT)
    inbox.done("1", "answered", Said("9", ALICE, "1", "end", "job"))
    assert other.cursor() is None
    assert other.take_in([mention(1)], "1", FRONT) == 1
    assert other.said_of_job("job") == []


def test_silence_lasts_until_it_is_taken_back(inbox: Inbox, desk: Desk) -> None:
    for _ in range(2):
        inbox.set_silent(ALICE, silent=True)
    assert Inbox(desk, inbox.place).silent(ALICE)
    for _ in range(2):
        inbox.set_silent(ALICE, silent=False)
    assert not inbox.silent(ALICE)


def test_old_mentions_are_forgotten_and_the_cursor_is_kept(inbox: Inbox, desk: Desk) -> None:
    moment = desk.clock()
    desk.clock = lambda: moment - timedelta(days=61)
    inbox.take_in([mention(1), mention(2)], "2", FRONT)
    inbox.done("1", "answered", Said("9", ALICE, "1", "answer", None))
    desk.clock = lambda: moment
    inbox.tidy()
    assert [one.post for one in inbox.due()] == ["2"]  # still owed
    assert inbox.said("9") is None
    assert inbox.cursor() == "2"


def test_the_last_mentions_of_all_are_never_new_again(inbox: Inbox, desk: Desk) -> None:
    moment = desk.clock()
    desk.clock = lambda: moment
    inbox.take_in([mention(1)], "1", FRONT)
    inbox.done("1", "answered")
    desk.clock = lambda: moment + timedelta(days=400)
    inbox.tidy()
    assert inbox.take_in([mention(1)], "1", FRONT) == 0


def test_what_a_forgotten_person_said_is_known_by_its_hash_alone(inbox: Inbox, desk: Desk) -> None:
    inbox.take_in([mention(1), mention(2), mention(3)], "3", FRONT)
    inbox.done("1", "answered")
    inbox.nameless("3")
    Community(desk).privacy.delete(ALICE)
    assert [one.post for one in inbox.due()] == ["3"]  # the wish itself is still to be answered
    inbox.done("3", "answered")
    with desk.database.read() as session:
        posts = set(session.execute(select(MentionRow.post)).scalars())
    assert not posts & {"1", "2", "3"}
    assert inbox.take_in([mention(1), mention(2), mention(3), mention(4)], "4", FRONT) == 1
    assert [one.post for one in inbox.due()] == ["4"]
