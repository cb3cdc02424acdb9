"""Accounts that are suspended, people who block us, networks that have moved, and clocks that are wrong."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from email.utils import formatdate
from typing import Any

import pytest

from bot.desk import Desk
from bot.fediverse.checking import Checked, check
from bot.fediverse.platform import PlatformError, TokenError
from tests.bot.community.people import finish
from tests.bot.fediverse.stage import OWN, SAME_SHAPE, Net, OnMastodon, Stage
from tests.networks.bluesky import BOT
from tests.networks.serving import Instead

ON_MASTODON = pytest.mark.parametrize("net", ["mastodon"], indirect=True)
ON_BLUESKY = pytest.mark.parametrize("net", ["bluesky"], indirect=True)
PARKED = Instead(404, b"<html>This domain is for sale</html>")


@pytest.fixture(autouse=True)
def _open_again(net: Net) -> Iterator[None]:
    yield
    net.server.instead.clear()
    if not isinstance(net, OnMastodon):
        net.server.closed.clear()
        net.server.skew = timedelta()


def refusal(status: int, said: str, name: str = "") -> Instead:
    """In the network's own words."""
    return Instead(status, json.dumps({"error": name or said, "message": said}).encode())


def suspended(net: Net) -> None:
    """Our own account."""
    if isinstance(net, OnMastodon):
        net.server.instead["/api/"] = refusal(403, "Your login is currently disabled")
    else:
        net.server.closed.add(net.server.did(BOT))
        net.server.instead[""] = refusal(401, "Account has been taken down", "AccountTakedown")


def reopened(net: Net) -> None:
    net.server.instead.clear()
    if not isinstance(net, OnMastodon):
        net.server.closed.clear()


def later(stage: Stage, minutes: float) -> None:
    """The clock goes on, and the network's wish for quiet is over."""
    moment = stage.desk.clock()
    stage.desk.clock = lambda: moment + timedelta(minutes=minutes)
    stage.receiver._quiet_until = stage.receiver._read_at = 0.0


def test_what_waits_while_our_account_is_suspended_is_answered_afterwards(stage: Stage) -> None:
    painting = stage.net.post("alice", "", OWN)
    stage.hear()
    post = stage.net.post("bob", "help")
    stage.receiver.read()
    suspended(stage.net)
    with pytest.raises(TokenError):
        stage.receiver.work()
    stage.receiver.round()
    stage.receiver.round()  # it does not knock at a closed door for a minute
    stage.finish("alice")
    reopened(stage.net)
    assert stage.replies(post) == stage.replies(painting) == []
    later(stage, 5)
    stage.receiver.round()
    assert stage.deliver() == []
    assert (len(stage.replies(post)), len(stage.replies(painting))) == (1, 1)


def test_doctor_tells_of_a_suspended_account(stage: Stage) -> None:
    suspended(stage.net)
    stage.begin_unasked()
    (told,) = check(stage.platforms[-1])
    assert "does not let us" in told.found
    assert told.way_out


def closed_for(stage: Stage, who: str, post: str) -> None:
    """The asker's account is suspended, or they block us: networks hide their posts then."""
    if isinstance(stage.net, OnMastodon):
        stage.net.server.instead[f"/api/v1/statuses/{post}"] = refusal(404, "Record not found")
    else:
        stage.net.server.closed.add(stage.net.server.did(who))


def test_askers_who_are_suspended_or_block_us_meanwhile_keep_nobody_waiting(stage: Stage) -> None:
    painting = stage.net.post("alice", "", OWN)
    stage.hear()
    gone, post = stage.net.post("alice", "help"), stage.net.post("bob", "help")
    stage.receiver.read()
    for one in (painting, gone):
        closed_for(stage, "alice", one)
    said = len(stage.net.said())
    stage.receiver.work()
    assert stage.parts.inbox.due() == []
    assert len(stage.replies(post)) == 1
    for job_id in stage.jobs("alice"):
        finish(stage.desk, job_id, SAME_SHAPE)
    (error,) = stage.deliver()
    assert error.permanent
    assert len(stage.net.said()) == said + 1


@ON_MASTODON
@pytest.mark.parametrize("what", ["reading", "writing"])
def test_a_post_that_is_forbidden_keeps_nobody_waiting(stage: Stage, what: str) -> None:
    barred = stage.net.post("alice", "help")
    path = f"/api/v1/statuses/{barred}" if what == "reading" else "/api/v1/statuses"
    stage.receiver.read()
    stage.net.server.instead[path] = refusal(403, "This action is not allowed")
    stage.receiver.work()
    assert stage.parts.inbox.due() == []
    stage.net.server.instead.clear()
    assert stage.replies(barred) == []
    assert len(stage.ask("bob", "help")) == 1


@ON_MASTODON
def test_a_scope_that_is_missing_is_the_operators(stage: Stage) -> None:
    post = stage.net.post("alice", "help")
    stage.receiver.read()
    said = "This action is outside the authorized scopes"
    stage.net.server.instead["/api/v1/statuses"] = refusal(403, said)
    with pytest.raises(TokenError, match="scopes"):
        stage.receiver.work()
    stage.net.server.instead.clear()
    later(stage, 1)
    stage.receiver.round()
    assert len(stage.replies(post)) == 1


@pytest.mark.parametrize("instead", [PARKED, Instead(403, b"<html>Checking your browser</html>"), Instead(200, b"<p>")])
def test_a_server_that_is_none_any_more_takes_no_mention_with_it(stage: Stage, instead: Instead) -> None:
    painting = stage.net.post("alice", "", OWN)
    stage.hear()
    post = stage.net.post("bob", "help")
    stage.receiver.read()
    stage.net.server.instead["/" if isinstance(stage.net, OnMastodon) else ""] = instead
    stage.receiver.round()
    stage.finish("alice")
    stage.net.server.instead.clear()
    later(stage, 10)
    stage.receiver.round()
    assert stage.deliver() == []
    assert (len(stage.replies(post)), len(stage.replies(painting))) == (1, 1)


def test_what_a_proxy_finds_too_large_is_not_sent_again_and_again(stage: Stage) -> None:
    """A proxy before the network takes less than the network itself; it says so in a page of its own."""
    stage.net.post("alice", "", OWN)
    stage.hear()
    (job_id,) = stage.jobs("alice")
    finish(stage.desk, job_id, SAME_SHAPE)
    path = "/api/v2/media" if isinstance(stage.net, OnMastodon) else "com.atproto.repo.uploadBlob"
    stage.net.server.instead[path] = Instead(413, b"<html>Request Entity Too Large</html>")
    (error,) = stage.deliver()
    assert error.permanent


@ON_MASTODON
def test_an_instance_that_has_moved_is_told_and_nothing_is_lost(stage: Stage) -> None:
    post = stage.net.post("alice", "help")
    there = (b"location", b"https://new.example/api/v1/accounts/verify_credentials")
    stage.net.server.instead["/api/"] = Instead(301, b"", [there])
    with pytest.raises(PlatformError, match=r"https://new\.example: set TWOBIT_MASTODON_URL"):
        stage.receiver.read()
    stage.begin_unasked()
    (told,) = check(stage.platforms[-1])
    assert "https://new.example" in told.found
    stage.net.server.instead.clear()
    later(stage, 1)
    stage.receiver.round()
    assert len(stage.replies(post)) == 1


@ON_MASTODON
def test_doctor_tells_of_an_account_that_has_moved(stage: Stage) -> None:
    path = "/api/v1/accounts/verify_credentials"
    me: Any = stage.net.server.person(BOT).account_verify_credentials()
    moved = {"moved": {**json.loads(me.to_json()), "acct": "twobit@new.example"}}
    stage.net.server.instead[path] = Instead(200, json.dumps({**json.loads(me.to_json()), **moved}).encode())
    stage.begin_unasked()
    first: Checked = next(iter(check(stage.platforms[-1])))
    assert "moved to @twobit@new.example" in first.found
    assert first.way_out


@ON_MASTODON
@pytest.mark.parametrize("hours", [-26.0, 0.0, 26.0])
def test_a_pause_is_counted_by_the_instances_own_clock(stage: Stage, hours: float) -> None:
    now = time.time() + hours * 3600
    reset = formatdate(now + 90, usegmt=True) if hours else str(int(now + 90))
    headers = [(b"date", formatdate(now, usegmt=True).encode()), (b"x-ratelimit-reset", reset.encode())]
    headers.append((b"x-ratelimit-remaining", b"0"))
    stage.net.server.instead["/api/v1/notifications"] = Instead(429, b'{"error": "Too many requests"}', headers)
    with pytest.raises(PlatformError, match="slower") as told:
        stage.receiver.read()
    assert told.value.wait == pytest.approx(90, abs=5)


@ON_BLUESKY
@pytest.mark.parametrize("hours", [-26.0, 26.0])
def test_a_network_whose_clock_is_wrong_is_read_without_a_gap(net: Net, desk: Desk, hours: float) -> None:
    net.server.skew = timedelta(hours=hours)
    net.server.records.clear()
    stage = Stage(net, desk)
    asked = [stage.net.post("alice", "styles")]
    stage.hear()
    net.server.skew = timedelta(hours=hours, minutes=1)  # it goes on, at its own pace
    asked.append(stage.net.post("bob", "styles"))
    stage.begin()
    stage.hear()
    stage.hear()
    assert [len(stage.replies(one)) for one in asked] == [1, 1]
    said = stage.painted("carol")
    assert said.pictures
    stage.close()
    net.server.records.clear()


@ON_BLUESKY
def test_a_pause_is_never_longer_than_a_quarter_of_an_hour(stage: Stage) -> None:
    headers = [(b"ratelimit-reset", str(int(time.time() + 86400)).encode())]
    stage.net.server.instead["app.bsky"] = Instead(429, b'{"error": "RateLimitExceeded"}', headers)
    with pytest.raises(PlatformError, match="slower") as told:
        stage.receiver.read()
    assert told.value.wait == 900.0
