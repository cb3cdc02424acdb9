"""A style of one's own: renamed and deleted on its page and by the API, by its owner alone."""

import json
from typing import Any

import pytest

from bot.community import NewStyle
from tests.bot.web.conftest import Person, Site
from tests.pictures import SEA, SKY, flat, painted, png

PAGE = {"accept": "text/html"}
STYLE_MAP = flat(64, 48, [SKY, SEA])


def own_style(client: Person, name: str = "My bay") -> dict[str, Any]:
    """A new one, as the API tells it."""
    labels = [{"name": "up", "colour": "#508ce6"}, {"name": "down", "colour": "#143c78"}]
    files = {"picture": png(painted(STYLE_MAP)), "map": png(STYLE_MAP)}
    said = {"name": name, "labels": json.dumps(labels)}
    answer: dict[str, Any] = client.change("POST", "/api/v1/styles", data=said, files=files).json()
    return answer


def test_its_owner_renames_and_deletes_it_on_its_page(open_site: Site) -> None:
    alice = open_site.visitor("web:a")
    key = own_style(alice)["key"]
    assert f'href="/style/{key}#change"' in alice.get("/me").text
    assert f'href="/style/{key}#change"' in alice.get(f"/studio/{key}", headers=PAGE).text
    page = alice.get(f"/style/{key}").text
    assert f'action="/style/{key}/rename"' in page
    assert f'action="/style/{key}/delete"' in page
    renamed = alice.form(f"/style/{key}/rename", name="  Our   <b>cove</b> ")
    assert renamed.headers["location"] == f"/style/{key}?told=renamed"
    assert "It is called Our &lt;b&gt;cove&lt;/b&gt; now." in alice.get(renamed.headers["location"]).text
    said = alice.get(f"/api/v1/styles/{key}").json()
    assert (said["name"], said["slug"]) == ("Our <b>cove</b>", "our-b-cove-b")
    assert "My bay" not in alice.get("/me").text
    job = alice.change("POST", "/api/v1/jobs", data={"style": "our-b-cove-b"}, files={"doodle": png(STYLE_MAP)})
    assert job.status_code == 201, job.text
    assert job.json()["style"] == key
    deleted = alice.form(f"/style/{key}/delete")
    assert deleted.headers["location"] == "/studio?told=deleted"
    assert "The style is deleted." in alice.get("/studio?told=deleted").text
    assert alice.get(f"/style/{key}").status_code == 404
    assert alice.get(f"/api/v1/jobs/{job.json()['id']}").status_code == 200  # what is painted in it stays


def test_nobody_else_renames_or_deletes_it(open_site: Site) -> None:
    alice, bob, moderator = (open_site.visitor(f"web:{name}") for name in ("a", "b", "moderator"))
    key = own_style(alice)["key"]
    for other in (bob, moderator):
        assert other.get(f"/style/{key}").status_code == 404
        assert other.form(f"/style/{key}/rename", name="Mine").status_code == 404
        assert other.form(f"/style/{key}/delete").status_code == 404
        assert other.change("PATCH", f"/api/v1/styles/{key}", json={"name": "Mine"}).status_code == 404
        assert other.change("DELETE", f"/api/v1/styles/{key}").status_code == 404
    stranger = open_site.stranger()
    assert stranger.post(f"/style/{key}/delete").status_code == 401
    assert stranger.patch(f"/api/v1/styles/{key}", json={"name": "x"}).status_code == 401
    for path in ("rename", "delete"):  # another site's form has no token of this session
        assert alice.post(f"/style/{key}/{path}", data={"name": "x"}).status_code == 403
        assert alice.post(f"/style/{key}/{path}", data={"name": "x", "token": bob.token}).status_code == 403
    assert alice.patch(f"/api/v1/styles/{key}", json={"name": "x"}).status_code == 403
    assert alice.get(f"/api/v1/styles/{key}").json()["name"] == "My bay"


def test_a_style_of_the_house_stays_as_it_is(open_site: Site) -> None:
    alice = open_site.visitor("web:a")
    assert "Rename or delete" not in alice.get("/style/coast-dusk").text
    assert "Rename or delete" not in alice.get("/studio/coast-dusk", headers=PAGE).text
    assert alice.form("/style/coast-dusk/rename", name="Mine").status_code == 404
    assert alice.form("/style/coast-dusk/delete").status_code == 404


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "name is missing"), ("x" * 81, "81 characters and 80 are taken"), ("  Old  WALLS ", "there already")],
)
def test_a_name_that_does_not_do_is_told(open_site: Site, name: str, words: str) -> None:
    alice = open_site.visitor("web:a")
    own_style(alice, "Old walls")
    key = own_style(alice)["key"]
    for answer in (
        alice.form(f"/style/{key}/rename", name=name),
        alice.change("PATCH", f"/api/v1/styles/{key}", json={"name": name}),
    ):
        assert answer.status_code == 400
        assert words in answer.text
    assert alice.change("PATCH", f"/api/v1/styles/{key}", json={"name": ["x"]}).status_code == 400
    assert alice.get(f"/api/v1/styles/{key}").json()["name"] == "My bay"
    same = alice.change("PATCH", f"/api/v1/styles/{key}", json={"name": "My Bay"})  # its own name, written otherwise
    assert (same.status_code, same.json()["name"]) == (200, "My Bay")


def test_who_added_a_style_to_a_server_names_it_and_others_there_do_not(open_site: Site) -> None:
    styles = open_site.community.styles
    house = styles.get("coast-dusk", "")
    data = styles.data(house)
    new = NewStyle("Our coast", data.picture, data.map, house.labels)
    key = styles.add(new, "web:a", server="discord:5", moderator=True).key
    assert styles.rename(key, "web:a", "Our cliffs").name == "Our cliffs"
    bob = open_site.visitor("web:b")
    assert bob.form(f"/style/{key}/rename", name="Mine").status_code == 404
    assert styles.get(key, "web:b", "discord:5").name == "Our cliffs"
