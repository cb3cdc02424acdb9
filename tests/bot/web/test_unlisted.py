"""Paintings that hang nowhere: who was given the address sees them, nobody else, and nobody once they are deleted."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from bot.desk import OutOfReachError, Request
from bot.desk.tables import JobRow
from bot.styles import house_style
from bot.web.unlisted import UnlistedError, read_unlisted, unlisted_address
from tests.bot.community.people import NEW_STYLE
from tests.bot.web.conftest import DOODLE, SECRET, STYLE, Person, Site
from tests.pictures import png
from worker.contract import PaintOptions
from worker.contract.digest import digest_of

PAGE = {"accept": "text/html"}
WHO = "mastodon:carol.of.the.tests@example.social"
PHOTO = png(np.random.default_rng(3).integers(0, 255, (72, 96, 3), dtype=np.uint8))


def request() -> Request:
    """As a bot asks, with a photo."""
    return Request(
        style=STYLE.picture.read_bytes(),
        style_map=STYLE.map.read_bytes(),
        doodle=DOODLE,
        content=PHOTO,
        options=PaintOptions(seed=4711, preset="draft"),
        person=WHO,
        front="mastodon",
        address=json.dumps({"post": "9", "account": WHO, "place": "p", "author": "Carol of the tests"}),
        style_key=f"house:{STYLE.slug}",
    )


def painted(site: Site, wish: Request | None = None, *, adult: bool = False) -> tuple[str, str]:
    """A job that a bot has answered, and the path of its page."""
    job_id = site.desk.accept(wish or request()).job_id
    site.paint(job_id)
    return job_id, urlsplit(unlisted_address(SECRET, "https://paint.example/", job_id, adult=adult)).path


def own_style(site: Site, owner: str) -> Request:
    style = site.community.styles.add(NEW_STYLE, owner)
    data = site.community.styles.data(style)
    return replace(request(), style=data.picture, style_map=data.map, doodle=data.map, style_key=style.key)


def test_an_address_says_which_painting_and_cannot_be_made_up() -> None:
    job = "23456789abcd"
    address = unlisted_address(SECRET, "https://paint.example/", job, adult=True)
    assert re.fullmatch(r"https://paint\.example/p/[a-z0-9-]+", address)
    token = address.rpartition("/")[2]
    assert read_unlisted(SECRET, token) == (job, True)
    proof = token.rpartition("-")[2]
    assert len(proof) * 5 >= 128
    for other in (
        token[:-1],
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.replace("-a-", "-o-"),  # the mark is not the visitor's to take away
        f"23456789abce-a-{proof}",
        token.upper(),
        f"{token}\n",
        "",
    ):
        with pytest.raises(UnlistedError):
            read_unlisted(SECRET, other)
    with pytest.raises(UnlistedError):
        read_unlisted(b"another secret of another page..", token)


def test_who_has_the_address_sees_painting_doodle_and_recipe(open_site: Site) -> None:
    _, path = painted(open_site)
    stranger = open_site.stranger()
    page = stranger.get(path, headers=PAGE)
    assert page.status_code == 200
    assert "seed 4711" in page.text
    assert STYLE.name in page.text
    assert "draft" in page.text
    assert "one was used beside the doodle" in page.text
    for part in ("painting", "doodle"):
        picture = stranger.get(f"{path}/{part}")
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert digest_of(stranger.get(f"{path}/doodle").content) == digest_of(DOODLE)
    assert stranger.get(f"{path}/painting?width=320&format=webp").headers["content-type"] == "image/webp"


def test_no_search_engine_no_cache_and_no_other_site_learns_the_address(open_site: Site) -> None:
    _, path = painted(open_site)
    stranger = open_site.stranger()
    begun = f"/studio/{STYLE.slug}?like={path.rpartition('/')[2]}"
    for one in (path, f"{path}/painting", f"{path}/doodle", begun):
        answer = stranger.get(one, headers=PAGE)
        assert answer.status_code == 200
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "no-store" in answer.headers["cache-control"]
        assert "public" not in answer.headers["cache-control"]
    assert 'name="robots" content="noindex' in stranger.get(path, headers=PAGE).text
    token = path.rpartition("/")[2]
    for elsewhere in ("/", "/feed.atom", "/feed.json", f"/style/{STYLE.slug}", "/api/v1/works"):
        assert token not in stranger.get(elsewhere, headers=PAGE).text


def test_it_tells_nothing_of_who_asked_and_shows_no_photo(open_site: Site) -> None:
    _, path = painted(open_site)
    stranger = open_site.stranger()
    text = stranger.get(path, headers=PAGE).text
    for told in ("carol", "Carol", "example.social", digest_of(PHOTO), "mastodon"):
        assert told not in text
    for digest in re.findall(r"[0-9a-f]{64}", text):
        assert stranger.get(f"/picture/{digest}").status_code == 404
    assert stranger.get(f"/picture/{digest_of(PHOTO)}").status_code == 404
    assert stranger.get(f"{path}/content").status_code == 404


def test_a_style_of_ones_own_is_named_and_not_shown(open_site: Site) -> None:
    wish = own_style(open_site, WHO)
    _, path = painted(open_site, wish)
    stranger = open_site.stranger()
    text = stranger.get(path, headers=PAGE).text
    assert "Make your own like this" not in text
    for data in (wish.style, wish.style_map):
        assert digest_of(data) not in text
        assert stranger.get(f"/picture/{digest_of(data)}").status_code == 404
    assert wish.style_key is not None
    begun = stranger.get(f"/studio/{wish.style_key}?like={path.rpartition('/')[2]}", headers=PAGE)
    assert begun.status_code == 404
    _, path = painted(open_site, replace(wish, style_key=None))
    assert "not shown here" in stranger.get(path, headers=PAGE).text


def test_the_recipe_is_a_start_of_ones_own(open_site: Site) -> None:
    job_id, path = painted(open_site)
    client = open_site.visitor("web:dave", "Dave")
    token = path.rpartition("/")[2]
    assert f"/studio/{STYLE.slug}?like={token}" in client.get(path, headers=PAGE).text
    start = start_of(client, f"/studio/{STYLE.slug}?like={token}")
    assert start["doodle"] == f"{path}/doodle"
    assert start["options"]["seed"] == 4711
    assert (start["parent"], start["kept"]) == (None, job_id)
    other = house_style("night-harbour").slug
    assert client.get(f"/studio/{other}?like={token}", headers=PAGE).status_code == 400
    assert client.get(f"/studio/{STYLE.slug}?like={token}x", headers=PAGE).status_code == 404


def start_of(client: Person, path: str) -> dict[str, Any]:
    found = re.search(r'data-start="([^"]*)"', client.get(path, headers=PAGE).text)
    assert found is not None
    said: dict[str, Any] = json.loads(found[1].replace("&#34;", '"'))
    return said


def test_what_is_not_for_every_eye_waits_behind_a_click_and_begins_nothing(open_site: Site) -> None:
    _, path = painted(open_site, adult=True)
    stranger = open_site.stranger()
    text = stranger.get(path, headers=PAGE).text
    assert "Not for every eye" in text
    assert "Make your own like this" not in text
    begun = stranger.get(f"/studio/{STYLE.slug}?like={path.rpartition('/')[2]}", headers=PAGE)
    assert begun.status_code == 400
    assert "Not for every eye" not in stranger.get(painted(open_site)[1], headers=PAGE).text


def test_what_was_made_from_a_work_not_for_every_eye_is_not_either(open_site: Site) -> None:
    work = open_site.publish(open_site.visitor("web:a"), nsfw=True)
    _, path = painted(open_site, replace(request(), remix_of=work))
    assert "Not for every eye" in open_site.stranger().get(path, headers=PAGE).text


def test_nor_when_nobody_can_tell_any_more_what_it_was_made_from(open_site: Site) -> None:
    work = open_site.publish(open_site.visitor("web:a"))
    _, path = painted(open_site, replace(request(), remix_of=work))
    assert "Not for every eye" not in open_site.stranger().get(path, headers=PAGE).text
    open_site.community.works.unpublish(work, "web:a")
    assert "Not for every eye" in open_site.stranger().get(path, headers=PAGE).text


def test_once_published_it_leads_to_the_work_and_what_is_hidden_is_gone(open_site: Site) -> None:
    job_id, path = painted(open_site)
    work = open_site.community.works.publish(job_id, WHO)
    stranger = open_site.stranger()
    led = stranger.get(path, headers=PAGE)
    assert (led.status_code, led.headers["location"]) == (303, f"/work/{work.id}")
    open_site.community.works.hide(work.id, "web:moderator")
    for part in ("", "/painting", "/doodle"):
        assert stranger.get(path + part, headers=PAGE).status_code == 410
    open_site.community.works.unpublish(work.id, WHO)
    for part in ("", "/painting", "/doodle"):
        assert stranger.get(path + part, headers=PAGE).status_code == 410
    begun = f"/studio/{STYLE.slug}?like={path.rpartition('/')[2]}"
    assert stranger.get(begun, headers=PAGE).status_code == 410


def test_what_got_the_flag_on_the_walls_stays_veiled_when_it_is_taken_back(open_site: Site) -> None:
    (flagged, veiled), (other, plain) = painted(open_site), painted(open_site)
    works, stranger = open_site.community.works, open_site.stranger()
    work = works.publish(flagged, WHO)
    works.flag(work.id, None, nsfw=True)
    works.unpublish(work.id, WHO)
    works.unpublish(works.publish(other, WHO).id, WHO)
    assert "Not for every eye" in stranger.get(veiled, headers=PAGE).text
    page = stranger.get(plain, headers=PAGE)
    assert page.status_code == 200
    assert "Not for every eye" not in page.text


def by_its_maker(site: Site, job_id: str) -> None:
    site.community.privacy.delete_job(job_id, WHO)


def with_everything(site: Site, _: str) -> None:
    site.community.privacy.delete(WHO)


def past_its_time(site: Site, _: str) -> None:
    site.community.privacy.delete_old(site.desk.clock() + timedelta(days=31))


@pytest.mark.parametrize("gone", [by_its_maker, with_everything, past_its_time])
def test_it_goes_with_the_painting(open_site: Site, gone: Callable[[Site, str], None]) -> None:
    job_id, path = painted(open_site)
    gone(open_site, job_id)
    for part in ("", "/painting", "/doodle"):
        answer = open_site.stranger().get(path + part, headers=PAGE)
        assert answer.status_code == 404
        assert "was deleted" in answer.text


def test_there_is_nothing_before_the_painting_or_without_one(open_site: Site) -> None:
    job_id = open_site.desk.accept(request()).job_id
    path = urlsplit(unlisted_address(SECRET, "https://paint.example", job_id, adult=False)).path
    for part in ("", "/painting", "/doodle"):
        assert open_site.stranger().get(path + part, headers=PAGE).status_code == 404
    with open_site.desk.database.write() as session:
        session.execute(update(JobRow).values(kind="suggest", style_map=None, doodle=None))
    assert open_site.stranger().get(path, headers=PAGE).status_code == 404


def test_no_log_has_the_address(open_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    _, path = painted(open_site)

    def away(_: str) -> None:
        raise OutOfReachError("the database is away")

    monkeypatch.setattr(open_site.desk, "recipe", away)
    with capture_logs() as logs:
        assert open_site.stranger().get(path, headers=PAGE).status_code == 503
    assert [one["path"] for one in logs] == ["/p/..."]
