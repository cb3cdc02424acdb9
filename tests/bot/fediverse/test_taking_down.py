"""Our posts go when what they show, or whom they answered, is deleted, wherever that was asked for."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.community.posts import MOST_TRIES, Posts, said_at
from bot.community.privacy import Deleted
from bot.desk import OutOfReachError
from bot.desk.tables import Table
from bot.fediverse.platform import PlatformError
from bot.fediverse.receiving import Receiver
from tests.bot.fediverse.stage import HOUSE_DOODLE, ON_BOTH, Net, OnBluesky, OnMastodon, Said, Stage
from tests.networks.serving import Instead
from worker.contract import MissingPictureError

ON_MASTODON = pytest.mark.parametrize("net", ["mastodon"], indirect=True)


@pytest.fixture(autouse=True)
def _open_again(net: Net) -> Iterator[None]:
    yield
    net.server.instead.clear()


def there(stage: Stage, *posts: Said) -> list[bool]:
    found = {one.id for one in stage.net.said()}
    return [post.id in found for post in posts]


def painted(stage: Stage, who: str) -> tuple[Said, str]:
    """The post with the painting, and the job."""
    post = stage.painted(who)
    return post, stage.desk.last_jobs(stage.net.person(who))[0].job_id


def noted(stage: Stage, job: str = "") -> list[str]:
    return Posts(stage.desk).of(job)


def deletions(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, refuse: Callable[[str], None] = lambda _: None
) -> list[str]:
    """What is asked of the network from now on."""
    asked: list[str] = []
    delete = stage.parts.platform.delete

    def counted(post: str) -> None:
        asked.append(post)
        refuse(post)
        delete(post)

    monkeypatch.setattr(stage.parts.platform, "delete", counted)
    return asked


def everything_kept(stage: Stage) -> str:
    with stage.desk.database.read() as session:
        return str([tuple(row) for table in Table.metadata.sorted_tables for row in session.execute(sa.select(table))])


@ON_BOTH
def test_what_a_moderator_deletes_for_good_goes_once_and_nothing_else(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, job), (second, _) = painted(stage, "alice"), painted(stage, "bob")
    told = stage.answer("alice", "publish", to=first.id)
    asked = deletions(stage, monkeypatch)
    stage.parts.community.privacy.delete_job(job, None)
    _restarted(stage).remove()
    assert there(stage, first, told, second) == [False, False, True]
    stage.receiver.remove()
    assert asked == [first.id, told.id]
    assert noted(stage, job) == []


@ON_BOTH
def test_when_everything_of_a_person_goes_no_row_names_them_before_the_posts_are_gone(stage: Stage) -> None:
    first, job = painted(stage, "alice")
    told = stage.answer("alice", "styles")
    other = stage.answer("bob", "styles")
    stage.parts.community.privacy.delete(stage.net.person("alice"))
    assert len(noted(stage, job)) == len(noted(stage)) == 1
    assert stage.net.person("alice").removeprefix(f"{stage.net.name}:") not in everything_kept(stage)
    stage.receiver.remove()
    assert there(stage, first, told, other) == [False, False, True]
    assert noted(stage, job) == noted(stage) == []


@ON_BOTH
def test_who_asks_to_be_forgotten_is_named_nowhere_and_answered_no_more(stage: Stage) -> None:
    painted(stage, "alice")
    stage.answer("alice", "delete everything")
    stage.hear()  # Bluesky tells of the last minutes again and again
    stage.receiver.remove()
    assert stage.desk.last_jobs(stage.net.person("alice")) == []
    assert stage.net.person("alice").removeprefix(f"{stage.net.name}:") not in everything_kept(stage)


def test_deleting_again_after_a_crash_finds_what_it_was_about(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = painted(stage, "alice")
    post = stage.net.post("alice", "delete", to=first.id)
    with monkeypatch.context() as crashing:
        crashing.setattr(stage.parts.platform, "reply", _raises(PlatformError("away", permanent=False)))
        stage.hear()
    stage.receiver.remove()
    assert there(stage, first) == [False]
    _later(stage, seconds=5)
    stage.hear()
    assert ["Gone" in one.text for one in stage.replies(post)] == [True]


def test_forgetting_again_after_a_crash_forgets_the_same_person(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = painted(stage, "alice")
    kept = stage.answer("bob", "delete everything")
    post = stage.net.post("alice", "delete everything")
    with monkeypatch.context() as crashing:
        crashing.setattr(stage.parts.community.privacy, "delete", _raises(OutOfReachError("away")))
        with pytest.raises(OutOfReachError):
            stage.hear()
    stage.hear()
    stage.receiver.remove()
    assert len(stage.replies(post)) == 1
    assert there(stage, first, kept) == [False, True]
    assert stage.desk.last_jobs(stage.net.person("alice")) == []


@ON_BOTH
def test_a_painting_that_is_deleted_while_it_is_posted_goes_too(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    post = stage.net.post("alice", "night-harbour", [(HOUSE_DOODLE, "")])
    stage.hear()
    (job,) = stage.jobs("alice")
    reply = stage.parts.platform.reply

    def meanwhile(*words: Any, **more: Any) -> str:
        sent = reply(*words, **more)
        stage.parts.community.privacy.delete_job(job, None)
        return sent

    monkeypatch.setattr(stage.parts.platform, "reply", meanwhile)
    stage.finish("alice")
    assert len(stage.replies(post)) == 1
    stage.receiver.remove()
    assert stage.replies(post) == []


def test_a_painting_that_went_long_ago_is_deleted_by_a_reply_to_its_post(stage: Stage) -> None:
    first, _ = painted(stage, "alice")
    stage.parts.community.privacy.delete_old(stage.desk.clock() + timedelta(days=1))
    stage.receiver.remove()
    assert there(stage, first) == [True]
    assert "Gone" in stage.answer("alice", "delete", to=first.id).text
    stage.receiver.remove()
    assert there(stage, first) == [False]


@ON_BOTH
def test_so_is_one_that_hangs_and_only_by_whom_it_is(stage: Stage) -> None:
    first, job = painted(stage, "alice")
    told = stage.answer("alice", "publish", to=first.id)
    stage.parts.community.privacy.delete_old(stage.desk.clock() + timedelta(days=1))
    gallery, store = stage.parts.community.gallery, stage.desk.store
    work = gallery.of_job(job)
    assert work is not None
    assert "Only the one" in stage.answer("bob", "delete", to=first.id).text
    assert gallery.of_job(job) == work
    assert "Gone" in stage.answer("alice", "delete", to=first.id).text
    stage.receiver.remove()
    assert there(stage, first, told) == [False, False]
    assert gallery.of_job(job) is None
    with pytest.raises(MissingPictureError):
        store.get(work.result)


def test_what_is_deleted_on_the_page_past_its_time_goes_from_the_network_too(stage: Stage) -> None:
    (first, job), (other, _) = painted(stage, "alice"), painted(stage, "bob")
    told = stage.answer("alice", "publish", to=first.id)
    community = stage.parts.community
    community.privacy.delete_old(stage.desk.clock() + timedelta(days=1))
    assert community.privacy.delete_job(job, None) == Deleted(0, 1, 3)
    stage.receiver.remove()
    assert there(stage, first, told, other) == [False, False, True]


def test_who_takes_back_what_is_past_its_time_is_told_so_for_good(stage: Stage) -> None:
    first, job = painted(stage, "alice")
    stage.answer("alice", "publish", to=first.id)
    stage.parts.community.privacy.delete_old(stage.desk.clock() + timedelta(days=1))
    told = stage.answer("alice", "unpublish", to=first.id)
    stage.receiver.remove()
    assert stage.parts.community.gallery.of_job(job) is None
    assert there(stage, first, told) == [True, True]


def test_what_is_taken_back_hidden_or_past_its_time_stays_where_it_was_asked_for(stage: Stage) -> None:
    taken_back, hidden = painted(stage, "alice"), painted(stage, "bob")
    works = stage.parts.community.works
    works.unpublish(works.publish(taken_back[1], stage.net.person("alice")).id, stage.net.person("alice"))
    works.hide(works.publish(hidden[1], stage.net.person("bob")).id, "web:operator")
    stage.parts.community.privacy.delete_old(stage.desk.clock() + timedelta(days=1))
    stage.receiver.remove()
    assert there(stage, taken_back[0], hidden[0]) == [True, True]


def test_what_is_refused_is_tried_again_for_a_week_and_holds_up_no_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, job), (second, other) = painted(stage, "alice"), painted(stage, "bob")
    for one in (job, other):
        stage.parts.community.privacy.delete_job(one, None)

    def refuse(post: str) -> None:
        if post == first.id:
            raise PlatformError("no", permanent=True)

    asked = deletions(stage, monkeypatch, refuse)
    stage.receiver.remove()
    assert there(stage, first, second) == [True, False]
    stage.receiver.remove()
    assert asked == [first.id, second.id]  # not at once again
    for _ in range(MOST_TRIES):
        _later(stage, hours=6)
        _restarted(stage).remove()
    assert asked.count(first.id) == MOST_TRIES
    assert noted(stage, job) == []


def test_what_breaks_us_holds_up_no_others(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    (first, job), (second, other) = painted(stage, "alice"), painted(stage, "bob")
    for one in (job, other):
        stage.parts.community.privacy.delete_job(one, None)

    def broken(post: str) -> None:
        if post == first.id:
            raise ValueError("odd")

    deletions(stage, monkeypatch, broken)
    stage.receiver.remove()
    assert there(stage, first, second) == [True, False]
    assert len(noted(stage, job)) == 1


def test_a_network_that_lets_us_delete_less_often_still_gets_answers(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [painted(stage, who) for who in ("alice", "bob")]
    for _, job in posts:
        stage.parts.community.privacy.delete_job(job, None)

    def slower(_: str) -> None:
        raise PlatformError("slower", permanent=False, wait=900.0)

    asked = deletions(stage, monkeypatch, slower)
    stage.receiver.round()
    assert asked == [posts[0][0].id]
    post = stage.net.post("carol", "styles")
    stage.receiver._removed_at = stage.receiver._read_at = 0.0
    stage.receiver.round()
    assert len(stage.replies(post)) == 1
    assert len(asked) == 1


def test_a_post_that_is_gone_already_is_done(stage: Stage) -> None:
    first, job = painted(stage, "alice")
    stage.parts.platform.delete(first.id)
    stage.parts.community.privacy.delete_job(job, None)
    stage.receiver.remove()
    assert noted(stage, job) == []


def test_posts_of_another_account_are_left_to_it(stage: Stage) -> None:
    elsewhere = said_at(f"{stage.parts.inbox.place}s", "1")
    Posts(stage.desk).add("gone", elsewhere)
    stage.receiver.remove()
    assert noted(stage, "gone") == [elsewhere]


@ON_MASTODON
def test_an_account_whose_name_another_one_fits_is_another(stage: Stage) -> None:
    posts = Posts(stage.desk)
    posts.add("gone", said_at("mastodon:example.social/@my-bot", "1"))
    assert posts.out_of_place((said_at("mastodon:example.social/@my_bot"),)) == []


@pytest.mark.parametrize(
    ("net", "told"),
    [
        ("mastodon", Instead(403, json.dumps({"error": "Your login is currently disabled"}).encode())),
        ("mastodon", Instead(404, b"<html>This domain is for sale</html>")),
        ("bluesky", Instead(400, json.dumps({"error": "RepoTakendown", "message": "taken down"}).encode())),
    ],
    indirect=["net"],
)
def test_a_door_that_is_closed_to_us_does_not_count_as_done(stage: Stage, told: Instead) -> None:
    first, job = painted(stage, "alice")
    stage.parts.community.privacy.delete_job(job, None)
    if isinstance(stage.net, OnBluesky):
        stage.net.server.closed.add(stage.net.server.did("twobit"))
        stage.net.server.instead["com.atproto.repo.deleteRecord"] = told
    else:
        assert isinstance(stage.net, OnMastodon)
        stage.net.server.instead["/api/v1/statuses"] = told
    stage.receiver.remove()
    stage.net.server.instead.clear()
    if isinstance(stage.net, OnBluesky):
        stage.net.server.closed.clear()
    assert len(noted(stage, job)) == 1
    _later(stage, hours=1)
    stage.begin()
    stage.receiver.remove()
    assert there(stage, first) == [False]


def _raises(error: Exception) -> Callable[..., Any]:
    def raising(*_: Any, **__: Any) -> Any:
        raise error

    return raising


def _restarted(stage: Stage) -> Receiver:
    """The process has been begun again, on the same network."""
    return Receiver(stage.parts)


def _later(stage: Stage, **by: float) -> None:
    moment = stage.desk.clock()
    stage.desk.clock = lambda: moment + timedelta(**by)
