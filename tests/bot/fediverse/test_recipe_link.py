"""The painting's reply links to its recipe, without publishing it; where there is no page, it does not."""

import json
from dataclasses import replace
from typing import Any

import pytest
from atproto_client.utils import facet_detection
from sqlalchemy import update

from bot.community import Publication
from bot.community.catalogues import LANGUAGES
from bot.desk import Delivery
from bot.desk.tables import JobRow
from bot.fediverse.acting import recipe_link
from bot.fediverse.address import Address
from bot.fediverse.front import FediverseFront
from bot.fediverse.parts import Parts
from bot.web.unlisted import read_unlisted
from tests.bot.fediverse.stage import GALLERY, HOUSE_DOODLE, OnBluesky, OnMastodon, Stage

ON_MASTODON = pytest.mark.parametrize("net", ["mastodon"], indirect=True)
ON_BLUESKY = pytest.mark.parametrize("net", ["bluesky"], indirect=True)
SECRET = b"a secret of the tests, 32 bytes."
HOUSE = ("night-harbour", [(HOUSE_DOODLE, "")])


@pytest.fixture
def linked(stage: Stage) -> Stage:
    """A bot beside a page."""
    stage.parts = replace(stage.parts, link_secret=SECRET)
    stage.receiver = type(stage.receiver)(stage.parts)
    stage.front = FediverseFront(stage.parts)
    return stage


def links_in(text: str) -> list[str]:
    return [one for one in text.split() if one.startswith(GALLERY)]


def meant(link: str) -> tuple[str, bool]:
    assert link.startswith(f"{GALLERY}/p/")
    return read_unlisted(SECRET, link.rpartition("/")[2])


def job_of(stage: Stage, who: str) -> str:
    return stage.desk.last_jobs(stage.net.person(who))[0].job_id


def test_a_painting_comes_with_credit_alt_text_and_a_link_to_its_recipe(linked: Stage) -> None:
    said = linked.painted("alice", *HOUSE)
    (link,) = links_in(said.text)
    assert meant(link) == (job_of(linked, "alice"), False)
    assert "Style:" in said.text
    assert said.alts[0]
    assert len(said.text) <= linked.parts.platform.limits().letters
    assert linked.parts.community.gallery.of_job(job_of(linked, "alice")) is None


def test_without_a_page_there_is_no_link(linked: Stage) -> None:
    for parts in (replace(linked.parts, public_url=None), replace(linked.parts, link_secret=b"")):
        linked.front = FediverseFront(parts)
        assert "/p/" not in linked.painted("alice", *HOUSE).text


@ON_BLUESKY
def test_the_link_is_a_link(linked: Stage) -> None:
    said = linked.painted("alice", *HOUSE)
    (link,) = links_in(said.text)
    (facet,) = [one for one in said.raw["facets"] if one["features"][0].get("uri") == link]
    text = said.text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
    assert text == link


@ON_MASTODON
def test_a_direct_one_is_as_direct_and_an_adult_one_is_marked(linked: Stage) -> None:
    assert isinstance(linked.net, OnMastodon)
    said = linked.painted("alice", *HOUSE, visibility="direct", spoiler_text="eyes", sensitive=True)
    assert said.raw["visibility"] == "direct"
    assert meant(links_in(said.text)[0]) == (job_of(linked, "alice"), True)


@ON_MASTODON
def test_a_warning_alone_veils_the_page_and_bars_no_work_from_the_walls(linked: Stage) -> None:
    asked = Address("1", "alice@example.social", linked.parts.inbox.place, warning="food").to_text()
    said = linked.painted("alice", *HOUSE)
    job_id = job_of(linked, "alice")
    with linked.desk.database.write() as session:
        session.execute(update(JobRow).values(address=asked))  # as other software than Mastodon sends it
    link = recipe_link(linked.parts, linked.desk.recipe(job_id), None)
    assert link is not None
    assert meant(link) == (job_id, True)
    linked.answer("alice", "publish", to=said.id)
    work = linked.parts.community.gallery.of_job(job_id)
    assert work is not None
    assert not work.nsfw


def test_what_is_made_from_an_adult_work_is_marked_so_and_what_was_hidden_has_no_link(linked: Stage) -> None:
    parts = linked.parts
    linked.painted("alice", *HOUSE)
    job_id = job_of(linked, "alice")
    works, person = parts.community.works, linked.net.person("alice")
    parent = works.publish(job_id, person, Publication(nsfw=True))
    remix = replace(linked.desk.recipe(job_id), job_id="23456789abcd", remix_of=parent.id)
    for _ in range(2):
        link = recipe_link(parts, remix, None)
        assert link is not None
        assert meant(link) == ("23456789abcd", True)
        if parts.community.gallery.of_job(job_id) is not None:
            works.hide(parent.id, "web:operator")
            works.unpublish(parent.id, person)  # and nobody can tell what it was made from
    assert recipe_link(parts, linked.desk.recipe(job_id), None) is None


@ON_BLUESKY
def test_labels_of_adult_content_mark_it(linked: Stage) -> None:
    assert isinstance(linked.net, OnBluesky)
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "nudity"}]}
    said = linked.painted("alice", *HOUSE, labels=labels)
    assert meant(links_in(said.text)[0])[1]


def test_recipe_tells_the_same_link_and_the_works_once_it_is_published(linked: Stage) -> None:
    said = linked.painted("alice", *HOUSE)
    assert "Only the one" in linked.answer("bob", "recipe", to=said.id).text
    assert links_in(linked.answer("alice", "recipe", to=said.id).text) == links_in(said.text)
    linked.answer("alice", "publish", to=said.id)
    work = linked.parts.community.gallery.of_job(job_of(linked, "alice"))
    assert work is not None
    assert links_in(linked.answer("alice", "recipe", to=said.id).text) == [f"{GALLERY}/work/{work.id}"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_style_credit_and_link_have_room_in_every_language(
    linked: Stage, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what a reply may have on Bluesky, for a seed of ten digits and a page with a long name."""
    post = linked.net.post("alice", "night-harbour size 1024 seed 1234567890", HOUSE[1], language=language)
    linked.hear()
    parts: Parts = replace(linked.parts, public_url="https://paintings.example-of-a-house.org")
    texts: list[str] = []

    class Watched(FediverseFront):
        def deliver(self, delivery: Delivery, painting: bytes | None) -> None:
            standing = replace(delivery.standing, width=1024, height=1024, seconds=5025.0)
            super().deliver(replace(delivery, standing=standing), painting)

    reply = parts.platform.reply

    def seen(said: Any, *words: Any, **more: Any) -> str:
        texts.append(said.text)
        return reply(said, *words, **more)

    monkeypatch.setattr(parts.platform, "reply", seen)
    linked.front = Watched(parts)
    linked.finish("alice")
    assert len(linked.replies(post)) == 1
    (text,) = texts
    assert "/p/" in text.splitlines()[-1] or "/p/" in text.splitlines()[-2]
    assert text.count("CC0") == 1
    assert len(text) <= linked.parts.platform.limits().letters
    uris = json.dumps([one.model_dump() for one in facet_detection.detect_facets(text)])
    assert "https://paintings.example-of-a-house.org/p/" in uris
