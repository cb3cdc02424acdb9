"""Networks on bad days, people who do not want us, and what must not be seen by more than asked."""

import contextlib
import io
import socket
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import numpy as np
import pytest
from PIL import Image

from bot.desk import Desk, OutOfReachError, reading
from bot.desk.questions import Measure, Question, Understand
from bot.fediverse.fetching import Fetcher
from bot.fediverse.platform import GoneError, PlatformError, TokenError
from bot.fediverse.receiving import Receiver
from tests.bot.community.people import finish
from tests.bot.fediverse.stage import HOUSE_DOODLE, ON_BOTH, OWN, SAME_SHAPE, Net, OnBluesky, OnMastodon, Stage
from tests.networks.mastodon import BOT

T = TypeVar("T")

ON_MASTODON = pytest.mark.parametrize("net", ["mastodon"], indirect=True)
ON_BLUESKY = pytest.mark.parametrize("net", ["bluesky"], indirect=True)


def mastodon(stage: Stage) -> OnMastodon:
    assert isinstance(stage.net, OnMastodon)
    return stage.net


def bluesky(stage: Stage) -> OnBluesky:
    assert isinstance(stage.net, OnBluesky)
    return stage.net


def test_a_day_offline_leaves_no_gap(stage: Stage) -> None:
    asked = [stage.net.post(who, "styles") for _ in range(15) for who in ("alice", "bob", "carol")]
    stage.begin()
    stage.hear()
    while stage.parts.inbox.due():
        stage.receiver.work()
    stage.hear()
    parents = [one.parent for one in stage.net.said()]
    assert [parents.count(one) for one in asked] == [1] * len(asked)  # 45: more than a page


def test_a_network_that_is_down_is_waited_for(stage: Stage) -> None:
    post = stage.net.post("alice", "help")
    stage.net.server.down = 1
    stage.receiver.round()
    assert stage.replies(post) == []
    stage.receiver._quiet_until = 0.0
    stage.receiver.round()
    assert len(stage.replies(post)) == 1


def test_a_network_that_asks_us_to_be_slower_is_left_alone(stage: Stage) -> None:
    post = stage.net.post("alice", "help")
    stage.net.server.slow = 1
    with pytest.raises(PlatformError) as told:
        stage.receiver.read()
    assert told.value.wait is not None
    assert told.value.wait >= 1.0
    stage.net.server.slow = 1
    stage.receiver.round()
    before = len(stage.net.server.requests)
    stage.receiver.round()
    assert len(stage.net.server.requests) == before
    stage.receiver._quiet_until = 0.0
    stage.receiver.round()
    assert len(stage.replies(post)) == 1


@ON_BOTH
def test_a_lost_answer_is_no_second_post(stage: Stage) -> None:
    post = stage.net.post("alice", "help")
    stage.net.server.lost = 1
    stage.hear()
    moment = stage.desk.clock()
    stage.desk.clock = lambda: moment + timedelta(minutes=5)
    stage.receiver.work()
    assert len(stage.replies(post)) == 1
    assert stage.parts.inbox.due() == []


@ON_BOTH
def test_a_painting_whose_answer_is_lost_is_no_second_post(stage: Stage) -> None:
    post = stage.net.post("alice", "", OWN)
    stage.hear()
    stage.net.server.lost = 1
    stage.finish("alice")
    moment = stage.desk.clock()
    stage.desk.clock = lambda: moment + timedelta(minutes=5)
    assert stage.deliver() == []
    assert len(stage.replies(post)) == 1


@ON_BOTH
def test_two_bots_at_once_answer_once(stage: Stage) -> None:
    post = stage.net.post("alice", "", OWN)
    text = stage.net.post("bob", "styles")
    stage.receiver.read()
    others = [Receiver(stage.parts), stage.receiver]
    threads = [threading.Thread(target=one.work) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stage.finish("alice")
    assert (len(stage.replies(post)), len(stage.replies(text))) == (1, 1)
    assert stage.jobs("alice") == []


@ON_BOTH
def test_a_deleted_question_gets_no_answer(stage: Stage) -> None:
    post = stage.net.post("alice", "", OWN)
    stage.hear()
    gone = stage.net.post("bob", "help")
    for one, who in ((post, "alice"), (gone, "bob")):
        if isinstance(stage.net, OnMastodon):
            stage.net.server.person(who).status_delete(one)
        else:
            stage.net.server.records.pop(one)
    said = len(stage.net.said())
    stage.hear()
    for job_id in stage.jobs("alice"):
        finish(stage.desk, job_id, SAME_SHAPE)
    (error,) = stage.deliver()
    assert error.permanent
    assert len(stage.net.said()) == said
    assert stage.parts.inbox.due() == []


def test_no_bot_is_answered_and_nobody_who_wants_none(stage: Stage) -> None:
    if isinstance(stage.net, OnMastodon):
        api = stage.net.server.person("carol")
        for changes, back in (({"bot": True}, {"bot": False}), ({"note": "no <b>bots</b> #nobot"}, {"note": ""})):
            api.account_update_credentials(**changes)
            assert stage.ask("carol", "help") == []
            api.account_update_credentials(**back)
    else:
        server = bluesky(stage).server
        profile = server.profiles[server.did("carol")]
        profile["labels"] = [{"src": profile["did"], "val": "bot"}]
        assert stage.ask("carol", "help") == []
        profile["labels"] = [{"src": "did:plc:somebody", "val": "bot"}]  # others' labels are not hers
        assert len(stage.ask("carol", "help")) == 1
        profile["description"] = "no bots please #NoBot"
        assert stage.ask("carol", "help") == []
        profile["description"] = ""
        server.blocked.add(profile["did"])
        assert stage.ask("carol", "help") == []
        server.blocked.clear()
    assert len(stage.ask("carol", "help")) == 1


def test_a_loop_ends(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.fediverse.asking.MOST_AN_HOUR", 3)
    answers = [len(stage.ask("alice", "styles")) for _ in range(5)]
    assert answers == [1, 1, 1, 0, 0]
    assert len(stage.ask("bob", "styles")) == 1


@ON_BOTH
def test_what_breaks_us_is_told_once_and_keeps_nobody_else(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    real = stage.receiver._asking._acting.act

    def breaks(asked: Any) -> Any:
        if "break" in asked.post.text:
            raise ZeroDivisionError
        return real(asked)

    monkeypatch.setattr(stage.receiver._asking._acting, "act", breaks)
    poison = stage.net.post("alice", "help break")
    good = stage.net.post("bob", "help")
    moment = stage.desk.clock()
    stage.desk.clock = lambda: moment
    stage.hear()
    for minutes in (1, 2, 3):
        stage.desk.clock = lambda minutes=minutes: moment + timedelta(minutes=minutes)  # type: ignore[misc]
        stage.receiver.work()
    assert len(stage.replies(good)) == 1
    (told,) = stage.replies(poison)
    assert "number" in told.text


def test_a_long_wait_is_told_and_a_short_one_is_not(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    standing = stage.desk.standing

    def slow(job_id: str) -> Any:
        return replace(standing(job_id), ahead=4, eta_seconds=240.0)

    monkeypatch.setattr(stage.desk, "standing", slow)
    said = stage.answer("alice", "", OWN)
    assert "place 5" in said.text
    assert "4 min" in said.text
    monkeypatch.undo()
    assert "Cancelled" in stage.answer("alice", "cancel", to=said.id).text  # it is about that job


def test_a_challenge_by_its_hashtag(stage: Stage) -> None:
    ends = stage.desk.clock() + timedelta(days=7)
    begun = stage.parts.community.challenges.begin("cli:me", "Doodle Week", "Paint rain.", ends=ends)
    said = stage.painted("alice", "my rain #doodleweek")
    assert "Doodle Week" in said.text
    work = stage.parts.community.gallery.of_job(stage.desk.last_jobs(stage.net.person("alice"))[0].job_id)
    assert work is not None
    assert work.challenge == begun.id
    assert work.id in said.text
    assert "Taken out" in stage.answer("alice", "unpublish", to=said.id).text


@ON_MASTODON
def test_no_wider_than_the_question(stage: Stage) -> None:
    net = mastodon(stage)
    for asked, answered in (
        ("public", "unlisted"),
        ("unlisted", "unlisted"),
        ("private", "direct"),
        ("direct", "direct"),
    ):
        said = stage.answer("alice", "styles", visibility=asked)
        assert said.raw["visibility"] == answered
    stage.net.post("alice", "", OWN, visibility="direct", spoiler_text="eyes", sensitive=True, language="fr")
    stage.hear()
    stage.finish("alice")
    raw = net.said()[-1].raw
    assert (raw["visibility"], raw["spoiler_text"], raw["sensitive"], raw["language"]) == ("direct", "eyes", True, "fr")
    assert "graine" in net.said()[-1].text
    assert "croquis" in net.said()[-1].alts[0]


@ON_BLUESKY
def test_labels_of_adult_content_are_kept(stage: Stage) -> None:
    bluesky(stage)
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "nudity"}]}
    said = stage.painted("alice", labels=labels)
    assert said.raw["labels"]["values"] == [{"val": "nudity"}]
    stage.answer("alice", "publish", to=said.id)
    work = stage.parts.community.gallery.of_job(stage.desk.last_jobs(stage.net.person("alice"))[0].job_id)
    assert work is not None
    assert work.nsfw


def test_a_large_painting_is_made_to_fit(stage: Stage) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (900, 1200, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    post = stage.net.post("alice", "", OWN)
    stage.hear()
    if isinstance(stage.net, OnMastodon):
        limits = replace(stage.parts.platform.limits(), picture_bytes=1_500_000, picture_pixels=400_000)
        stage.parts.platform._limits = (1e12, limits)  # type: ignore[attr-defined]
    stage.finish("alice", out.getvalue())
    (said,) = stage.replies(post)
    (data,) = said.pictures
    with Image.open(io.BytesIO(data)) as image:
        if isinstance(stage.net, OnBluesky):
            assert len(data) <= 1_000_000
            assert said.raw["embed"]["images"][0]["aspectRatio"] == {"width": image.width, "height": image.height}
        else:
            assert image.width * image.height <= 400_000


@ON_BLUESKY
def test_links_are_links(stage: Stage) -> None:
    bluesky(stage)
    first = stage.painted("alice")
    said = stage.answer("alice", "publish", to=first.id)
    (facet,) = said.raw["facets"]
    text = said.text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
    assert facet["features"][0]["uri"] == text
    assert "/work/" in text


@ON_BLUESKY
def test_the_session_is_kept_and_renewed(stage: Stage) -> None:
    net = bluesky(stage)
    before = net.server.sign_ins
    stage.begin()
    assert net.server.sign_ins == before  # by the session of the last time
    token = stage.platforms[-1].client._signed_in()._session.access_jwt  # type: ignore[attr-defined]
    net.server.expired.add(token)
    assert len(stage.ask("alice", "help")) == 1
    assert net.session.stat().st_mode & 0o077 == 0


def test_a_wrong_password_is_the_operators(stage: Stage) -> None:
    from bot.fediverse.bluesky.network import BlueskyPlatform
    from bot.fediverse.mastodon.network import MastodonPlatform

    if isinstance(stage.net, OnMastodon):
        wrong: Any = MastodonPlatform(stage.net.server.url, "not a token")
    else:
        wrong = BlueskyPlatform(
            bluesky(stage).server.url, "twobit.test", "wrong", bluesky(stage).session.with_name("n")
        )
    with pytest.raises(TokenError):
        wrong.me()
    wrong.close()


def test_nothing_is_fetched_from_within_our_walls() -> None:
    fetcher = Fetcher("https://example.social")
    for url in (
        "http://example.social/a.png",
        "https://127.0.0.1/a.png",
        "https://169.254.169.254/",
        "file:///etc/passwd",
    ):
        with pytest.raises(GoneError):
            fetcher.get(url)


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n", b"HTTP/1.1 200 OK\r\nx: "])
def test_who_sends_a_byte_now_and_then_is_not_waited_for(begin: bytes) -> None:
    ended = threading.Event()

    def drip(server: socket.socket) -> None:
        line, _ = server.accept()
        with line, contextlib.suppress(OSError):
            line.recv(2**16)
            line.sendall(begin)
            while not ended.wait(0.1):
                line.sendall(b"a")

    with socket.create_server(("127.0.0.1", 0)) as server:
        dripping = threading.Thread(target=drip, args=(server,), daemon=True)
        dripping.start()
        own = f"http://127.0.0.1:{server.getsockname()[1]}"
        threading.Timer(20, ended.set).start()  # then the picture ends, cut off, for who would wait for it
        with pytest.raises(GoneError, match="did not come within 1 s"):
            Fetcher(own, whole_seconds=1.0).get(f"{own}/a.png")
        ended.set()
        dripping.join()


def test_what_was_asked_of_another_account_is_not_answered_by_this_one(net: Net, desk: Desk) -> None:
    stage = Stage(net, desk)
    stage.net.post("alice", "", OWN)
    stage.hear()
    stage.parts.inbox.place = f"{net.name}:elsewhere"
    stage.front = type(stage.front)(stage.parts)
    for job_id in stage.jobs("alice"):
        finish(stage.desk, job_id, SAME_SHAPE)
    (error,) = stage.deliver()
    assert error.permanent
    stage.close()


@ON_MASTODON
def test_the_stream_wakes_the_bot(stage: Stage) -> None:
    mastodon(stage)
    stop, woken = threading.Event(), threading.Event()
    listening = threading.Thread(target=stage.parts.platform.listen, args=(woken.set, stop), daemon=True)
    listening.start()
    assert woken.wait(20)  # the stream is open
    woken.clear()
    stage.net.post("alice", "help")
    assert woken.wait(20)
    stop.set()
    listening.join(20)
    assert not listening.is_alive()


@ON_MASTODON
def test_without_a_stream_the_bot_polls(stage: Stage) -> None:
    net = mastodon(stage)
    net.server.streams = False
    stop = threading.Event()
    receiver = Receiver(stage.parts, poll=0.05)
    running = threading.Thread(target=receiver.run, args=(stop,), daemon=True)
    running.start()
    post = net.post("alice", "help")
    give_up = threading.Event()
    for _ in range(400):
        if stage.replies(post):
            break
        give_up.wait(0.05)
    stop.set()
    running.join(20)
    net.server.streams = True
    assert len(stage.replies(post)) == 1


@ON_MASTODON
def test_the_bots_own_posts_are_no_questions(stage: Stage) -> None:
    net = mastodon(stage)
    before = len(net.said())
    net.post(BOT, "help")
    stage.hear()
    assert len(net.said()) == before + 1


class BusyFor:
    """A reader that has no time for some questions."""

    def __init__(self, kind: type[Question[Any]]) -> None:
        self.kind = kind

    def ask(self, question: Question[T]) -> T:
        if isinstance(question, self.kind):
            raise reading.busy(question.called)
        return reading.HERE.ask(question)


def unread(stage: Stage, *readers: reading.Reader) -> None:
    """The bot hears while these read for it, and comes to no end."""
    reading.use(*readers)
    try:
        with pytest.raises(OutOfReachError):
            stage.hear()
    finally:
        reading.use(reading.HERE)


def test_a_mention_is_answered_later_where_nobody_is_free_to_read_what_is_to_be_shown(stage: Stage) -> None:
    post = stage.net.post("alice", "show night-harbour")
    unread(stage, reading.HERE, BusyFor(Measure))
    assert stage.replies(post) == []
    stage.hear()
    (said,) = stage.replies(post)
    assert len(said.pictures) == 2


def test_a_doodle_that_nobody_is_free_to_read_waits_for_its_turn(stage: Stage) -> None:
    post = stage.net.post("alice", "in night-harbour", [(HOUSE_DOODLE, "the doodle")])
    unread(stage, BusyFor(Understand))
    assert stage.replies(post) == []
    assert stage.jobs("alice") == []
    stage.hear()
    assert len(stage.jobs("alice")) == 1
    assert stage.replies(post) == []
