"""Paintings asked for by program and by page: what is taken, who may see it, and what is never done."""

import io
import json
from collections.abc import Callable
from typing import Any

import httpx2
import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from bot.desk import Request
from bot.desk.dispatch import dispatch
from bot.desk.settle import settle
from bot.styles import house_style
from bot.web.cleaning import clean, shareable
from tests.bot.web.conftest import DOODLE, STYLE, Site
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from worker.contract import PaintOptions, Stepped
from worker.contract.digest import digest_of
from worker.contract.pictures import LOSSY_KEY, decode, encode_png, is_lossy

MakeSite = Callable[..., Site]
GPS_IFD, MAKER = 0x8825, 0x010F


def photo() -> bytes:
    """A JPEG that says where it was taken and by what, lying on its side."""
    exif = Image.Exif()
    exif[MAKER] = "A camera of mine"
    exif[0x0112] = 6
    exif.get_ifd(GPS_IFD)[1] = "N"
    exif.get_ifd(GPS_IFD)[2] = (48.0, 12.0, 30.0)
    out = io.BytesIO()
    Image.fromarray(painted(flat(64, 48, [SKY, SEA]))).save(out, "JPEG", exif=exif, comment=b"my street 7")
    return out.getvalue()


def test_a_job_by_form_in_a_style_of_the_house(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    files = {"doodle": ("../../etc/passwd", DOODLE, "text/html")}
    said = {"style": "coast-dusk", "preset": "draft", "size": "256", "seed": "7", "beta": "80"}
    job = client.change("POST", "/api/v1/jobs", data=said, files=files).json()
    assert job["state"] == "queued"
    assert job["style"] == "house:coast-dusk"
    options = {"preset": "draft", "width": 256, "height": 192, "seed": 7, "beta": 80.0, "gamma": 50.0}
    assert options.items() <= job["options"].items()
    recipe = open_site.desk.recipe(job["id"])
    assert recipe.style == digest_of(STYLE.picture.read_bytes())
    assert (recipe.person, recipe.front) == ("web:a", "web")
    assert recipe.label_names == {label.colour: label.name for label in STYLE.label}
    open_site.paint(job["id"])
    done = client.get(f"/api/v1/jobs/{job['id']}").json()
    assert done["state"] == "done"
    assert not open_site.desk.owes(job["id"])
    assert client.get(done["painting"]).headers["content-type"] == "image/png"
    assert client.get("/api/v1/jobs").json()["jobs"][0]["id"] == job["id"]


def test_a_job_by_json_with_digests_of_what_was_sent_ahead(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    style_map = flat(64, 48, [SKY, SEA, SAND])
    sent = {"style": painted(style_map), "style_map": style_map, "doodle": flat(64, 48, [SKY, SAND])}
    digests = {
        role: client.change("POST", "/api/v1/pictures", files={"picture": png(picture)}).json()["digest"]
        for role, picture in sent.items()
    }
    job = client.change("POST", "/api/v1/jobs", json={**digests, "key": "once", "seed": 3})
    assert job.status_code == 201
    again = client.change("POST", "/api/v1/jobs", json={**digests, "key": "once", "seed": 3})
    assert again.json()["id"] == job.json()["id"]
    other = open_site.visitor("web:b").change("POST", "/api/v1/jobs", json={**digests, "key": "once"})
    assert other.status_code == 404  # a digest is a name, not a key
    assert len(open_site.desk.last_jobs("web:a")) == 1


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"preset": "quick"}, "preset"),
        ({"size": "9000"}, "size"),
        ({"size": "big"}, "size"),
        ({"seed": "-1"}, "seed"),
        ({"beta": "nan"}, "beta"),
        ({"style": "no-such"}, "no-such"),
        ({"style": "ab" * 32}, "no such picture"),
        ({"parent": "no-such-work"}, "no such work"),
    ],
)
def test_bad_choices_are_told_by_name(open_site: Site, said: dict[str, str], word: str) -> None:
    client = open_site.visitor("web:a")
    answer = client.change("POST", "/api/v1/jobs", data={"style": "coast-dusk", **said}, files={"doodle": DOODLE})
    assert answer.status_code in (400, 404)
    assert word in answer.json()["error"]["message"]
    assert not open_site.desk.last_jobs("web:a")


BOMB = io.BytesIO()
Image.new("1", (9000, 9000)).save(BOMB, "PNG")
HTML = b"GIF89a/*<html><script>alert(document.cookie)</script>*/=1;" + bytes(400)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" width="64" height="64"/>'


@pytest.mark.parametrize("data", [b"", b"no picture", HTML, SVG, BOMB.getvalue(), DOODLE[:200]])
def test_what_is_no_picture_is_refused_in_one_sentence(open_site: Site, data: bytes) -> None:
    client = open_site.visitor("web:a")
    for path in ("/api/v1/jobs", "/api/v1/preview"):
        answer = client.change("POST", path, data={"style": "coast-dusk"}, files={"doodle": ("d.png", data)})
        assert answer.status_code == 400, path
        assert "oodle" in answer.json()["error"]["message"]
    assert not open_site.desk.last_jobs("web:a")


@pytest.mark.parametrize("size", [(3000, 2700), (4200, 40)])
def test_a_picture_larger_than_the_web_takes_is_refused_by_its_header(open_site: Site, size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    client = open_site.visitor("web:a")
    answer = client.change("POST", "/api/v1/pictures", files={"picture": out.getvalue()})
    assert answer.status_code == 400
    assert f"{size[0]}x{size[1]} px" in answer.json()["error"]["message"]
    assert not open_site.desk.store.digests()


def test_a_photo_is_stored_without_what_the_camera_wrote_and_the_right_way_up(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    data = photo()
    assert b"A camera of mine" in data
    sent = client.change("POST", "/api/v1/pictures", files={"picture": ("x.jpg", data)}).json()
    assert (sent["width"], sent["height"]) == (48, 64)
    stored = open_site.desk.store.get(sent["digest"])
    assert b"camera" not in stored
    assert b"street" not in stored
    with Image.open(io.BytesIO(stored)) as image:
        assert (image.format, dict(image.getexif())) == ("PNG", {})
        assert not [key for key in image.info if key not in ("transparency", "srgb", "gamma", LOSSY_KEY)]
    assert np.array_equal(decode(stored, "x"), decode(data, "x"))
    assert open_site.desk.store.digests() == [sent["digest"]]  # the original is kept nowhere


def test_what_was_stored_as_it_came_is_shown_without_what_the_camera_wrote(open_site: Site) -> None:
    owner = open_site.visitor("web:a")
    flat_map = png(flat(48, 64, [SKY, SEA]))
    wish = Request(photo(), flat_map, flat_map, None, PaintOptions(), person="web:a", front="web", address="here")
    job_id = open_site.desk.accept(wish).job_id
    assert b"street" in open_site.desk.store.get(digest_of(photo()))
    open_site.paint(job_id)
    open_site.publish(owner, job_id)
    shown = open_site.stranger().get(f"/picture/{digest_of(photo())}")
    assert shown.headers["content-type"] == "image/png"
    assert b"street" not in shown.content
    assert b"camera" not in shown.content
    assert np.array_equal(decode(shown.content, "x"), decode(photo(), "x"))


def test_a_paintings_recipe_is_no_secret_and_other_words_in_a_file_are() -> None:
    with_recipe = encode_png(np.zeros((40, 40, 3), np.uint8), {"seed": 1})
    assert shareable(with_recipe) == with_recipe
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "my name")
    out = io.BytesIO()
    Image.new("RGB", (40, 40)).save(out, "PNG", pnginfo=info)
    assert b"my name" not in shareable(out.getvalue())


def test_a_polyglot_that_is_a_picture_too_loses_what_else_it_was(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    data = DOODLE + b"<script>alert(1)</script>"
    sent = client.change("POST", "/api/v1/pictures", files={"picture": ("x.html", data, "text/html")}).json()
    answer = client.get(f"/picture/{sent['digest']}")
    assert b"<script>" not in answer.content
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"].startswith("inline; filename=")
    download = client.get(f"/picture/{sent['digest']}?download=1")
    assert download.headers["content-disposition"].startswith("attachment; filename=")


@pytest.mark.parametrize(
    ("data", "kind", "where"),
    [
        (HTML, "image/gif", "inline"),
        (b"\xff\xd8" + SVG, "image/jpeg", "inline"),
        (SVG, "application/octet-stream", "attachment"),
        (b"<html><script>alert(1)</script>", "application/octet-stream", "attachment"),
        (b"PK\x03\x04x", "application/octet-stream", "attachment"),
    ],
)
def test_what_got_into_the_store_otherwise_runs_nowhere(open_site: Site, data: bytes, kind: str, where: str) -> None:
    digest = open_site.app.state.parts.uploads.put("web:a", data)
    answer = open_site.visitor("web:a").get(f"/picture/{digest}")
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-disposition"].startswith(f"{where}; filename=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("colours", [2, 256, 4000])
def test_cleaning_keeps_every_pixel(colours: int) -> None:
    rng = np.random.default_rng(colours)
    palette = rng.integers(0, 256, (colours, 3), np.uint8)
    pixels = palette[rng.integers(0, colours, (70, 90))]
    data, seen = clean(png(pixels), "x")
    assert np.array_equal(decode(data, "x"), pixels)
    assert np.array_equal(seen, pixels)
    assert clean(data, "x")[0] == data


@pytest.mark.parametrize("colours", [2, 4000])
def test_what_was_lossy_stays_known_as_that_however_often_it_is_cleaned(colours: int) -> None:
    palette = np.random.default_rng(1).integers(0, 256, (colours, 3), np.uint8)
    pixels = palette[np.arange(6300).reshape(70, 90) % colours]
    data = encode_png(pixels, lossy=True)
    cleaned = clean(data, "x")[0]
    assert is_lossy(cleaned)
    assert clean(cleaned, "x")[0] == cleaned
    assert shareable(cleaned) == cleaned
    assert not is_lossy(clean(png(pixels), "x")[0])


def begin(site: Site, job_id: str, preview: bytes) -> None:
    """What a worker tells on its way."""
    dispatch(site.desk.database, site.desk.queue, site.desk.clock, site.desk.rules)
    attempt = site.desk.standing(job_id).attempt
    digest = site.desk.store.previews.put(preview)
    event = Stepped(
        job_id=job_id,
        attempt=attempt,
        worker="w",
        octave=1,
        octaves=3,
        iteration=1,
        iterations=4,
        done=0.1,
        seconds=1.0,
        preview=digest,
    )
    with site.desk.database.write() as session:
        settle(session, event, site.desk.clock(), site.desk.rules)


def test_another_persons_job_is_as_if_it_were_not_there(open_site: Site) -> None:
    alice, bob = open_site.visitor("web:a"), open_site.visitor("web:b")
    job_id = open_site.ask(alice)
    path = f"/api/v1/jobs/{job_id}"
    answers = [
        bob.get(path),
        bob.change("POST", f"{path}/cancel"),
        bob.change("DELETE", path),
        open_site.stranger().get(path),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 401]
    assert open_site.desk.standing(job_id).state == "queued"
    assert alice.get(f"{path}/preview").status_code == 204
    begin(open_site, job_id, preview=DOODLE)
    assert alice.get(f"{path}/preview").content == DOODLE
    assert bob.get(f"{path}/preview").status_code == 404
    open_site.paint(job_id)
    assert alice.get(f"{path}/preview").status_code == 204  # asked for too late: no fault
    assert bob.get(f"{path}/events").status_code == 404
    painting = alice.get(path).json()["painting"]
    doodle = alice.get(path).json()["doodle"]
    assert bob.change("POST", f"{path}/publish", json={}).status_code == 404
    for address in (painting, doodle, f"{painting}?width=160"):
        assert bob.get(address).status_code == 404
        assert open_site.stranger().get(address).status_code == 404
        answer = alice.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"].startswith("private")


def test_cancel_and_delete(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    job_id = open_site.ask(client)
    assert client.change("POST", f"/api/v1/jobs/{job_id}/cancel").json()["state"] == "cancelled"
    second = open_site.ask(client, seed="5")
    open_site.paint(second)
    painting = client.get(f"/api/v1/jobs/{second}").json()["painting"]
    assert client.change("DELETE", f"/api/v1/jobs/{second}").status_code == 204
    assert client.get(f"/api/v1/jobs/{second}").status_code == 404
    assert client.get(painting).status_code == 404
    assert painting.rsplit("/", 1)[1] not in open_site.desk.store.digests()


def test_the_events_of_a_job_end_with_it(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    job_id = open_site.ask(client)
    open_site.paint(job_id)
    answer = client.get(f"/api/v1/jobs/{job_id}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    name, data = answer.text.strip().split("\n")
    assert name == "event: standing"
    assert json.loads(data.removeprefix("data: "))["state"] == "done"
    assert open_site.app.state.listening == {}


def test_the_colours_of_a_doodle_come_at_once(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    answer = client.change("POST", "/api/v1/preview", data={"style": "coast-dusk"}, files={"doodle": DOODLE})
    assert answer.headers["content-type"] == "image/webp"
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (384, 288)
        seen = np.asarray(image.convert("RGB"), float)
    house = house_style("coast-dusk")
    sky = next(label.rgb for label in house.label if label.name == "sky")
    doodle = decode(DOODLE, "x")
    where = (np.asarray(Image.fromarray(doodle).resize((384, 288), Image.Resampling.NEAREST)) == sky).all(-1)
    style_sky = decode(house.picture.read_bytes(), "x")[(decode(house.map.read_bytes(), "x") == sky).all(-1)]
    assert np.abs(seen[where].mean(0) - style_sky.mean(0)).max() < 20


def test_a_token_is_its_person_until_it_is_taken_back(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    page = client.form("/me/token", name="my <b>script</b>")
    token = page.text.partition("<code>")[2].partition("</code>")[0]
    assert token.startswith("twobit_")
    assert "my <b>script" not in page.text
    assert token not in client.get("/me").text
    program = open_site.stranger()
    bearer = {"authorization": f"Bearer {token}"}
    files = {"doodle": DOODLE}
    made = program.post("/api/v1/jobs", data={"style": "coast-dusk"}, files=files, headers=bearer)
    assert made.status_code == 201
    assert open_site.desk.recipe(made.json()["id"]).person == "web:a"
    assert program.post("/me/delete", data={"sure": "delete"}, headers=bearer).status_code == 403
    token_id = client.get("/me").text.partition('name="id" value="')[2].partition('"')[0]
    open_site.visitor("web:b").form("/me/token/delete", id=token_id)
    assert program.get("/api/v1/jobs", headers=bearer).status_code == 200  # another's hand changes nothing
    client.form("/me/token/delete", id=token_id)
    assert program.get("/api/v1/jobs", headers=bearer).status_code == 401


@pytest.mark.parametrize("labels", [[{"name": "sky", "colour": "#5a8fd6"}], [], {"sky": "#5a8fd6"}, 7, True])
def test_labels_that_are_no_text_are_refused_and_not_passed_over(open_site: Site, labels: object) -> None:
    client = open_site.visitor("web:a")
    doodle = client.change("POST", "/api/v1/pictures", files={"picture": DOODLE}).json()["digest"]
    said = {"style": "coast-dusk", "doodle": doodle}
    answer = client.change("POST", "/api/v1/jobs", json={**said, "labels": labels})
    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == (
        'labels has to be a text with JSON in it, as "[{\\"name\\": \\"sky\\", \\"colour\\": \\"#5a8fd6\\"}]": '
        "put the list between quotes."
    )
    assert not open_site.desk.last_jobs("web:a")
    text = '[{"name": "sky", "colour": "#5a8fd6"}]'
    assert client.change("POST", "/api/v1/jobs", json={**said, "labels": text}).status_code == 201
    assert client.change("POST", "/api/v1/jobs", json={**said, "labels": None}).status_code == 201


def test_a_style_of_ones_own_is_ones_own(open_site: Site) -> None:
    alice, bob = open_site.visitor("web:a"), open_site.visitor("web:b")
    style_map = flat(64, 48, [SKY, SEA])
    labels = [{"name": "up", "colour": "#508ce6"}, {"name": "down", "colour": "#143c78"}]
    files = {"picture": png(painted(style_map)), "map": png(style_map)}
    said = {"name": "My bay", "labels": json.dumps(labels)}
    style: Any = alice.change("POST", "/api/v1/styles", data=said, files=files).json()
    assert [round(label["share"], 2) for label in style["labels"]] == [0.5, 0.5]
    assert alice.get(style["studio"]).status_code == 200
    assert bob.get(style["studio"]).status_code == 404
    assert bob.get(style["picture"]).status_code == 404
    assert bob.change("DELETE", f"/api/v1/styles/{style['key']}").status_code == 404
    bad = alice.change("POST", "/api/v1/styles", data={"name": "x", "labels": "[[[]"}, files=files)
    assert bad.status_code == 400
    assert alice.change("DELETE", f"/api/v1/styles/{style['key']}").status_code == 204
    assert alice.get(style["picture"]).status_code == 404


def test_what_a_person_deletes_is_gone(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    work = open_site.publish(client)
    client.change("POST", "/api/v1/pictures", files={"picture": photo()})
    client.form("/me/token", name="x")
    export = client.get("/me/export")
    assert export.content[:2] == b"PK"
    assert client.form("/me/delete", sure="perhaps").status_code == 400
    answer: httpx2.Response = client.form("/me/delete", sure="delete")
    assert answer.status_code == 303
    assert "twobit=" in answer.headers["set-cookie"]
    assert open_site.stranger().get(f"/work/{work}").status_code == 404
    assert open_site.desk.store.digests() == []
    assert not open_site.app.state.parts.tokens.of("web:a")
