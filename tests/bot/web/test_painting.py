"""A painting of one's own that does not hang: its page, gone on with, published and deleted, by its owner alone."""

import html
import json
import re
from typing import Any

import pytest

from bot.desk import Request
from tests.bot.web.conftest import STYLE, Person, Site
from tests.bot.web.test_own_style import STYLE_MAP, own_style
from tests.pictures import png

PAGE = {"accept": "text/html"}


def painted(site: Site, client: Person, **fields: str) -> str:
    """A painting's job."""
    job_id = site.ask(client, **fields)
    site.paint(job_id)
    return job_id


def begun(client: Person, path: str) -> dict[str, Any]:
    """What a studio begins with."""
    page = client.get(path, headers=PAGE)
    assert page.status_code == 200, page.text
    found = re.search(r'data-start="([^"]*)"', page.text)
    assert found is not None
    said: dict[str, Any] = json.loads(html.unescape(found[1]))
    return said


def test_what_a_bot_was_asked_for_is_not_said_to_be_seen_by_one_alone(open_site: Site) -> None:
    alice = open_site.visitor("web:a")
    wish = Request(
        style=STYLE.picture.read_bytes(),
        style_map=STYLE.map.read_bytes(),
        doodle=STYLE.doodle.read_bytes(),
        person="web:a",
        front="discord",
        address="{}",
    )
    job_id = open_site.desk.accept(wish).job_id
    open_site.paint(job_id)
    page = alice.get(f"/painting/{job_id}").text
    assert "only you see it" not in page
    assert "the bot posted it where you asked" in page


def test_ones_own_page_leads_to_each_painting_and_what_hangs_to_its_work(open_site: Site) -> None:
    alice = open_site.visitor("web:a")
    mine, work = painted(open_site, alice), open_site.publish(alice)
    waiting = open_site.ask(alice, seed="2")
    listed = alice.get("/me").text
    for path in (f"/painting/{mine}", f"/painting/{waiting}", f"/work/{work}"):
        assert f'href="{path}"' in listed
    assert 'href="/picture/' not in listed  # nobody is led to a bare file
    page = alice.get(f"/painting/{mine}").text
    assert f'href="/studio/coast-dusk?painting={mine}"' in page
    assert f'action="/painting/{mine}/publish"' in page
    assert f'action="/painting/{mine}/delete"' in page
    assert '?download=1" download' in page
    assert STYLE.name in page
    assert "only you see it" in page
    page = alice.get(f"/painting/{waiting}").text
    assert "Waiting for a painter" in page
    assert "publish" not in page
    assert f'action="/painting/{waiting}/delete"' in page
    hung = open_site.community.gallery.work(work).job_id
    assert alice.get(f"/painting/{hung}").headers["location"] == f"/work/{work}"


def test_it_is_published_from_its_page_with_what_its_maker_says(open_site: Site) -> None:
    alice = open_site.visitor("web:a")
    moderator = open_site.visitor("web:moderator")
    opened = moderator.form("/moderation/challenge", title="Arches", prompt="Draw an arch.", days="7")
    challenge = opened.headers["location"].rsplit("/", 1)[1]
    job_id = painted(open_site, alice)
    assert "Arches" in alice.get(f"/painting/{job_id}").text
    said = {"title": "My arch", "author": "Al", "nsfw": "on", "challenge": challenge}
    answer = alice.form(f"/painting/{job_id}/publish", **said)
    work = open_site.community.gallery.of_job(job_id)
    assert work is not None
    assert answer.headers["location"] == f"/work/{work.id}?told=published"
    assert (work.title, work.author, work.nsfw, work.challenge) == ("My arch", "Al", True, int(challenge))
    assert "It hangs in the gallery now." in alice.get(answer.headers["location"]).text
    second = painted(open_site, alice, seed="2")
    assert alice.form(f"/painting/{second}/publish", challenge="x").status_code == 400
    assert alice.form(f"/painting/{second}/publish", title="x" * 121).status_code == 400
    assert alice.form(f"/painting/{open_site.ask(alice, seed='3')}/publish").status_code == 400  # not painted yet


def test_it_is_deleted_on_its_page_after_a_word(open_site: Site) -> None:
    alice = open_site.visitor("web:a")
    job_id = painted(open_site, alice)
    assert 'type="checkbox" required> I won\'t need it again' in alice.get(f"/painting/{job_id}").text
    answer = alice.form(f"/painting/{job_id}/delete")
    assert answer.headers["location"] == "/me?told=deleted"
    listed = alice.get("/me?told=deleted").text
    assert "It is deleted." in listed
    assert job_id not in listed
    assert alice.get(f"/painting/{job_id}").status_code == 404
    assert alice.get(f"/api/v1/jobs/{job_id}").status_code == 404


def test_nobody_else_sees_or_changes_it(open_site: Site) -> None:
    alice, bob = open_site.visitor("web:a"), open_site.visitor("web:b")
    job_id = painted(open_site, alice)
    assert bob.get(f"/painting/{job_id}").status_code == 404
    assert bob.form(f"/painting/{job_id}/publish").status_code == 404
    assert bob.form(f"/painting/{job_id}/delete").status_code == 404
    for path in ("publish", "delete"):  # another site's form has no token of this session
        assert alice.post(f"/painting/{job_id}/{path}").status_code == 403
        assert alice.post(f"/painting/{job_id}/{path}", data={"token": bob.token}).status_code == 403
    assert open_site.stranger().get(f"/painting/{job_id}").status_code == 401
    assert alice.get(f"/painting/{job_id}").status_code == 200
    suggested = alice.change("POST", "/api/v1/maps/suggest", files={"picture": png(STYLE_MAP)}).json()["id"]
    assert alice.get(f"/painting/{suggested}").status_code == 404  # a map is none


def test_the_studio_goes_on_with_its_doodle_and_choices(open_site: Site) -> None:
    alice, bob = open_site.visitor("web:a"), open_site.visitor("web:b")
    job_id = painted(open_site, alice, seed="7", beta="80", size="384")
    path = f"/studio/coast-dusk?painting={job_id}"
    said = begun(alice, path)
    job = alice.get(f"/api/v1/jobs/{job_id}").json()
    assert (said["doodle"], said["kept"]) == (job["doodle"], job_id)
    assert said["options"] == {"preset": "draft", "seed": 7, "beta": 80.0, "gamma": 50.0, "size": 384}
    assert (said["attempt"]["id"], said["attempt"]["painting"]) == (job_id, job["painting"])
    assert said["parent"] is None
    assert alice.get(f"/studio/night-harbour?painting={job_id}").status_code == 400
    plain = begun(alice, "/studio/coast-dusk")
    assert begun(bob, path) == {**plain, "kept": job_id}  # as if there were none
    alice.form(f"/painting/{job_id}/delete")
    assert begun(alice, path) == {**plain, "kept": job_id}  # what was drawn since is in the browser


@pytest.mark.parametrize("gone", ["hidden", "taken back"])
def test_a_remix_gone_on_with_stays_one_while_its_parent_hangs(open_site: Site, gone: str) -> None:
    alice, bob, moderator = (open_site.visitor(f"web:{name}") for name in ("a", "b", "moderator"))
    work = open_site.publish(bob)
    path = f"/studio/coast-dusk?painting={painted(open_site, alice, parent=work, seed='9')}"
    assert begun(alice, path)["parent"] == work
    if gone == "hidden":
        moderator.form("/moderation/act", act="hide", work=work)
    else:
        bob.form(f"/work/{work}/delete")
    assert begun(alice, path)["parent"] is None  # else it could not be painted any more


def test_without_its_style_it_is_still_seen_published_and_deleted(open_site: Site) -> None:
    alice = open_site.visitor("web:a")
    key = own_style(alice)["key"]
    job_id = alice.change("POST", "/api/v1/jobs", data={"style": key}, files={"doodle": png(STYLE_MAP)}).json()["id"]
    open_site.paint(job_id)
    assert f'href="/studio/{key}?painting={job_id}"' in alice.get(f"/painting/{job_id}").text
    alice.form(f"/style/{key}/delete")
    page = alice.get(f"/painting/{job_id}").text
    assert "Its style is not among yours" in page
    assert "?painting=" not in page
    assert alice.form(f"/painting/{job_id}/publish", title="Left").status_code == 303
