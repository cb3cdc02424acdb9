"""Maps by the page: suggested through the queue, and told about before anything is painted."""

import io
import json

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.bot.web.conftest import Person, Site
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from tests.worker.contract.maps.drawings import coloured, far_apart, saved, with_eyes
from worker.contract.maps import read_map
from worker.contract.maps.labels import label_map
from worker.contract.maps.named import NamedMap, write_named
from worker.contract.maps.names import hex_of
from worker.contract.pictures import decode

MAP = flat(64, 48, [SKY, SEA, SAND])
COLOURS = [SKY, SEA, SAND]


def ask_for_a_map(site: Site, client: Person, **fields: str) -> str:
    files = {"picture": ("p.png", png(painted(MAP)), "image/png")}
    answer = client.change("POST", "/api/v1/maps/suggest", data=fields, files=files)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def suggest(site: Site, job_id: str) -> None:
    """What a worker would do."""
    labels = np.zeros((48, 64), np.uint8)
    labels[16:32], labels[32:] = 1, 2
    named = NamedMap(labels, np.array(COLOURS, np.uint8), ("up", "<b>middle", "down"))
    site.paint(job_id, write_named(named))


def test_a_suggestion_goes_the_queues_way_and_comes_with_names_and_shares(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    job_id = ask_for_a_map(open_site, client, labels="3", key="once")
    assert ask_for_a_map(open_site, client, labels="3", key="once") == job_id
    waiting = client.get(f"/api/v1/jobs/{job_id}").json()
    assert (waiting["kind"], waiting["state"], waiting["map"], waiting["doodle"]) == ("suggest", "queued", None, None)
    early = client.get(f"/api/v1/jobs/{job_id}/map")
    assert early.status_code == 400
    suggest(open_site, job_id)
    done = client.get(f"/api/v1/jobs/{job_id}").json()
    assert (done["state"], done["painting"], done["map"]) == ("done", None, f"/api/v1/jobs/{job_id}/map")
    assert not open_site.desk.owes(job_id)
    found = client.get(done["map"]).json()
    assert {(one["name"], one["colour"]) for one in found["labels"]} == {
        (name, hex_of(np.array(colour, np.uint8)))
        for name, colour in zip(("up", "<b>middle", "down"), COLOURS, strict=True)
    }
    assert sum(one["share"] for one in found["labels"]) == pytest.approx(1, abs=1e-3)
    assert client.get(found["map"]).headers["content-type"] == "image/png"
    assert [one["kind"] for one in client.get("/api/v1/jobs").json()["jobs"]] == ["suggest"]
    assert client.get("/me").status_code == 200  # where only paintings are shown


def test_a_suggestion_is_its_owners_alone_and_no_painting(open_site: Site) -> None:
    alice, bob = open_site.visitor("web:a"), open_site.visitor("web:b")
    job_id = ask_for_a_map(open_site, alice)
    suggest(open_site, job_id)
    found = alice.get(f"/api/v1/jobs/{job_id}/map").json()
    assert bob.get(f"/api/v1/jobs/{job_id}/map").status_code == 404
    assert bob.get(found["map"]).status_code == 404
    assert alice.change("POST", f"/api/v1/jobs/{job_id}/publish", json={}).status_code == 400
    painting = open_site.ask(alice)
    assert alice.get(f"/api/v1/jobs/{painting}/map").status_code == 400
    assert open_site.stranger().post("/api/v1/maps/suggest", files={"picture": b"x"}).status_code == 401
    for fields, word in (({"labels": "1"}, "labels"), ({"labels": "many"}, "labels")):
        files = {"picture": ("p.png", png(painted(MAP)))}
        answer = alice.change("POST", "/api/v1/maps/suggest", data=fields, files=files)
        assert answer.status_code == 400
        assert word in answer.json()["error"]["message"]
    assert alice.change("POST", "/api/v1/maps/suggest", files={"picture": b"no picture"}).status_code == 400


def check(client: Person, query: str = "", **files: bytes) -> dict[str, object]:
    answer = client.change("POST", f"/api/v1/maps/check{query}", files=files)
    assert answer.status_code == 200, answer.text
    said: dict[str, object] = answer.json()
    return said


def test_a_map_is_told_about_before_anything_is_painted(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    labels = json.dumps([{"name": "sky", "colour": hex_of(np.array(SKY, np.uint8))}])
    answer = client.change("POST", "/api/v1/maps/check", data={"labels": labels}, files={"map": png(MAP)}).json()
    assert answer["ok"]
    assert "sky" in [one["name"] for one in answer["legend"]]
    assert sum(one["style"] for one in answer["legend"]) == pytest.approx(1)
    photo = check(client, map=png(painted(MAP)))
    assert not photo["ok"]
    other = check(client, map=png(MAP), doodle=png(flat(64, 48, [SKY, (250, 10, 240)])))
    assert [one["code"] for one in other["problems"]] == ["no counterpart"]  # type: ignore[attr-defined]
    shape = check(client, map=png(MAP), style=png(painted(flat(64, 64, [SKY]))))
    assert [one["code"] for one in shape["problems"]] == ["shape"]  # type: ignore[attr-defined]
    assert not open_site.desk.last_jobs("web:a")
    assert not open_site.desk.store.digests()  # nothing of it is kept


def test_soft_edges_are_gone_from_a_map_as_it_is_understood(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    soft = Image.fromarray(flat(256, 192, [SKY, SEA, SAND])).resize((200, 150), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    soft.save(out, "PNG")
    answer = client.change("POST", "/api/v1/maps/check?picture=map", files={"map": out.getvalue()})
    assert answer.headers["content-type"] == "image/png"
    assert len(np.unique(decode(answer.content, "x").reshape(-1, 3), axis=0)) == 3
    sheet = client.change("POST", "/api/v1/maps/check?picture=sheet", files={"map": out.getvalue()})
    with Image.open(io.BytesIO(sheet.content)) as image:
        assert image.width == 720
    assert client.change("POST", "/api/v1/maps/check?picture=x", files={"map": out.getvalue()}).status_code == 400
    painting = client.change("POST", "/api/v1/maps/check?picture=map", files={"map": png(painted(MAP))})
    assert painting.status_code == 400
    assert "flat colours" in painting.json()["error"]["message"]


def hard_map(seed: int) -> tuple[bytes, NDArray[np.uint8], list[tuple[int, int, int]]]:
    """A JPEG map that is read rightly only where one knows that it was one; what was meant, and in which colours.

    Its borders lie between the blocks of 8 px, so that most of it looks like an exact file.
    """
    palette = far_apart(np.random.default_rng(seed), 5)
    meant = with_eyes(np.repeat(np.arange(4, dtype=np.uint8), [128, 120, 120, 112])[:, None].repeat(640, 1), 4)
    return saved(coloured(meant, palette), "JPEG", quality=50), meant, palette


@pytest.mark.parametrize("seed", [3, 7, 8])
@pytest.mark.parametrize("way", ["check", "job", "ahead", "style"])
def test_a_hard_jpeg_map_is_known_for_one_whichever_way_it_comes(open_site: Site, seed: int, way: str) -> None:
    client = open_site.visitor("web:a")
    data, meant, palette = hard_map(seed)
    assert len(label_map(read_map(png(decode(data, "x")), "x")).colours) != 5  # saved as any PNG it is misread
    style = png(painted(coloured(meant, palette)))
    if way == "check":
        answer = client.change("POST", "/api/v1/maps/check?picture=map", files={"map": data, "style": style})
        stored = answer.content
    elif way == "job":
        files = {"style": style, "style_map": data, "doodle": data}
        job = client.change("POST", "/api/v1/jobs", files=files)
        assert job.status_code == 201, job.text
        stored = open_site.desk.store.get(open_site.desk.recipe(job.json()["id"]).style_map)
    elif way == "ahead":
        digest = client.change("POST", "/api/v1/pictures", files={"picture": data}).json()["digest"]
        stored = client.get(f"/picture/{digest}").content
    else:
        labels = [{"name": f"label {i}", "colour": hex_of(np.array(one, np.uint8))} for i, one in enumerate(palette)]
        said = {"name": "Bay", "labels": json.dumps(labels)}
        made = client.change("POST", "/api/v1/styles", data=said, files={"picture": style, "map": data}).json()
        stored = client.get(made["map"]).content
        assert [one["share"] for one in made["labels"]] == pytest.approx([0.26, 0.25, 0.25, 0.23, 0.003], abs=0.01)
    assert stored.startswith(b"\x89PNG")
    found = label_map(read_map(stored, "x"))
    nearest = ((found.colours[:, None].astype(int) - np.asarray(palette)[None]) ** 2).sum(-1).argmin(1)
    assert len(found.colours) == 5
    assert (nearest[found.labels] == meant).mean() > 0.995
    assert (nearest[found.labels] == meant)[meant == 4].mean() > 0.8  # the eyes
