"""The browser's own modules; a doodle from a file; a style of one's own."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser.checks import troubles
from tests.browser.conftest import Site
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from tests.worker.contract.maps.drawings import coloured, far_apart, saved, with_eyes
from worker.contract.pictures import decode


def module(page: Page, path: str, body: str) -> Any:
    """What `body`, with the module's exports as `m`, returns."""
    base = page.evaluate("document.querySelector('script[src*=studio]').src.replace('studio/main.js', '')")
    return page.evaluate(f"async () => {{ const m = await import('{base}{path}'); {body} }}")


def test_shapes_are_hard_and_exact(site: Site) -> None:
    page = site.somebody()
    page.goto("/studio/coast-dusk")
    sheet = """const d = { width: 20, height: 10, labels: new Uint8Array(200) };
        const count = (l) => d.labels.filter((x) => x === l).length;"""
    rectangle = """m.rectangle(d, {x: 17, y: 8}, {x: 2, y: 3}, 1);
        return [count(1), d.labels[3 * 20 + 2], d.labels[8 * 20 + 17]];"""
    outside = """m.rectangle(d, {x: -5, y: -5}, {x: 99, y: 99}, 1); m.disc(d, -3, -3, 2, 2);
        return [count(1), count(2)];"""
    polygon = "m.polygon(d, [{x: 0, y: 0}, {x: 10, y: 0}, {x: 10, y: 10}, {x: 0, y: 10}], 3); return count(3);"
    flood = """m.rectangle(d, {x: 10, y: 0}, {x: 10, y: 9}, 1); m.flood(d, 0, 0, 2);
        return [count(2), count(1), count(0)];"""
    disc = """m.disc(d, 10.5, 5.5, 3, 1);
        return [...d.labels].every((x, i) => (x === 1) === (Math.hypot(i % 20 - 10, Math.floor(i / 20) - 5) <= 3));"""
    line = """m.stroke(d, {x: 0.5, y: 5.5}, {x: 19.5, y: 5.5}, 0.5, 1);
        return [count(1), d.labels.slice(100, 120).every((x) => x === 1)];"""
    raster = "studio/raster.js"
    assert module(page, raster, sheet + rectangle) == [16 * 6, 1, 1]
    assert module(page, raster, sheet + outside) == [200, 0]
    assert module(page, raster, sheet + polygon) == 100
    assert module(page, raster, sheet + flood) == [100, 10, 90]
    assert module(page, raster, sheet + disc) is True
    assert module(page, raster, sheet + line) == [20, True]
    snap = (
        "const s = m.snap(new Uint8ClampedArray([255,0,0,255, 250,5,0,255, 0,0,255,255, 0,0,0,0]), "
        "[[255,0,0],[0,0,255],[255,255,255]]); return [[...s.labels], [...s.moved], s.count];"
    )
    assert module(page, raster, snap) == [[0, 0, 1, 2], [0, 1, 0, 0], 1]


def test_a_tall_sheet_leaves_room_for_its_labels_and_paint(site: Site) -> None:
    page = site.somebody()  # 1280x860
    page.goto("/studio/portrait")
    page.wait_for_selector("html[data-ready=studio]")
    for what in ("#doodle", "#undo", "#legend .label >> nth=0", "#result", "#paint"):
        box = page.locator(what).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 860, what


def test_a_hundred_steps_back_and_forth(site: Site) -> None:
    page = site.somebody()
    page.goto("/studio/coast-dusk")
    steps = """const d = new m.Doodle(30, 20); const seen = [];
        for (let i = 0; i < 120; i += 1) {
            d.begin(); d.labels[i * 5] = 1 + i % 7; if (!d.commit()) return "nothing"; seen.push(d.labels.join());
        }
        d.begin(); if (d.commit()) return "an empty step";
        let back = 0; let forth = 0;
        while (d.undo()) { back += 1; if (d.labels.join() !== seen[119 - back]) return `back ${back}`; }
        while (d.redo()) { forth += 1; if (d.labels.join() !== seen[19 + forth]) return `forth ${forth}`; }
        return [back, forth];"""
    assert module(page, "studio/doodle.js", steps) == [100, 100]


def test_an_imported_doodle_is_snapped_and_the_difference_shown(site: Site, tmp_path: Path) -> None:
    page = site.somebody()
    page.goto("/studio/coast-dusk")
    page.wait_for_selector("html[data-ready=studio]")
    file = tmp_path / "mine.png"
    file.write_bytes(png(flat(80, 60, [(90, 143, 214), (31, 79, 160), (35, 83, 164)])))  # sky, sea, nearly sea
    page.locator("#file").set_input_files(file)
    expect(page.locator("#import-dialog .found")).to_contain_text("33.3 %")
    page.get_by_role("button", name="Use it so").click()
    expect(page.locator("#legend .label", has_text="sea").locator(".share")).to_have_text("67 %")
    with page.expect_download() as download:
        page.locator("#export").click()
    assert download.value.suggested_filename == "coast-dusk-doodle.png"
    kept = decode(download.value.path().read_bytes(), "x")
    assert (kept == flat(80, 60, [(90, 143, 214), (31, 79, 160), (31, 79, 160)])).all()


def test_a_style_of_ones_own_from_a_picture_alone(site: Site, tmp_path: Path) -> None:
    page = site.somebody()
    page.goto("/studio/new")
    page.wait_for_selector("html[data-ready=bring]")
    style_map = flat(240, 180, [SKY, SEA, SAND])
    picture = tmp_path / "bay.png"
    picture.write_bytes(io.BytesIO(png(painted(style_map))).getvalue())
    page.locator("[name=picture]").set_input_files(picture)
    rows = page.locator("#names li")
    expect(rows.first).to_be_visible()  # suggested at once, by the queue's own way
    expect(page.locator("#findings li")).to_contain_text("Nothing is in doubt")
    assert not troubles(page)
    page.locator("#count").fill("4")
    page.locator("#suggest").click()
    expect(page.locator("#report")).to_contain_text("This is a suggestion")
    expect(rows).to_have_count(4)
    page.locator("#names .swatch").nth(0).click()
    page.locator("#names .swatch").nth(1).click()
    page.locator("#merge").click()
    expect(rows).to_have_count(3)
    page.locator("#back").click()
    expect(rows).to_have_count(4)
    page.locator("#names .swatch").nth(0).click()
    page.locator("#cut").click()  # the largest part, by what the picture shows there
    expect(rows).to_have_count(5)
    page.locator("#back").click()
    expect(rows).to_have_count(4)
    box: Any = page.locator("#map").bounding_box()
    page.locator("#map").click(position={"x": box["width"] / 2, "y": box["height"] * 0.1})
    expect(page.locator("#names li.chosen")).to_have_count(1)
    for index in range(4):
        rows.nth(index).locator("input").fill(["sky", "sea", "sand", "rest"][index])
    page.get_by_role("button", name="Keep it and draw").click()
    page.wait_for_selector("html[data-ready=studio]")
    expect(page.locator("h1")).to_have_text("bay")
    expect(page.locator("#legend .label")).to_have_count(4)
    expect(page.locator("#legend .label").nth(1)).to_contain_text("sea")


def test_a_style_of_ones_own_with_its_map_a_hard_jpeg(site: Site, tmp_path: Path) -> None:
    page = site.somebody()
    page.goto("/studio/new")
    page.wait_for_selector("html[data-ready=bring]")
    palette = far_apart(np.random.default_rng(3), 5)
    meant = with_eyes(np.repeat(np.arange(4, dtype=np.uint8), [128, 120, 120, 112])[:, None].repeat(640, 1), 4)
    picture, style_map = tmp_path / "bay.png", tmp_path / "map.jpg"
    picture.write_bytes(png(painted(coloured(meant, palette))))
    style_map.write_bytes(saved(coloured(meant, palette), "JPEG", quality=50))
    page.get_by_text("I have a map already").click()
    page.locator("[name=map]").set_input_files(style_map)
    page.locator("[name=picture]").set_input_files(picture)
    expect(page.locator("#report")).to_contain_text("The map has 5 labels")
    expect(page.locator("#names li")).to_have_count(5)
    page.locator("[name=name]").fill("A bay of the north with " + "Donaudampfschifffahrt" * 2)
    page.get_by_role("button", name="Keep it and draw").click()
    page.wait_for_selector("html[data-ready=studio]")
    expect(page.locator("#legend .label")).to_have_count(5)
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator("#see-style").click()  # where the way to rename it is on a phone
    expect(page.locator("#style-dialog").get_by_role("link", name="Rename or delete it")).to_be_visible()


def test_two_labels_of_one_name_are_refused_while_they_are_written(site: Site, tmp_path: Path) -> None:
    page = site.somebody()
    page.goto("/studio/new")
    page.wait_for_selector("html[data-ready=bring]")
    style_map = flat(240, 180, [SKY, SEA, SAND])
    picture, drawn = tmp_path / "bay.png", tmp_path / "map.png"
    picture.write_bytes(png(painted(style_map)))
    drawn.write_bytes(png(style_map))
    page.get_by_text("I have a map already").click()
    page.locator("[name=map]").set_input_files(drawn)
    page.locator("[name=picture]").set_input_files(picture)
    rows, fields = page.locator("#names li"), page.locator("#names input")
    expect(rows).to_have_count(3)
    said = rows.locator(".alike")
    assert not any(one.is_visible() for one in said.all())
    fields.nth(2).fill("Sky")
    fields.nth(1).fill("sand")
    top = "one => one.getBoundingClientRect().top + scrollY"
    place = fields.nth(0).evaluate(top)
    fields.nth(0).fill(" sky ")
    expect(said.nth(0)).to_have_text("Another label is called so, too: give each its own name.")
    expect(said.nth(0)).to_be_visible()
    expect(said.nth(2)).to_be_hidden()  # beside the one that is being written
    assert fields.nth(0).evaluate(top) == place
    assert fields.nth(0).get_attribute("aria-invalid") == "true"
    assert not troubles(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.get_by_role("button", name="Keep it and draw").click()
    expect(fields.nth(0)).to_be_focused()
    assert not [one for one in asked if one.startswith("POST") and one.endswith("/styles")]
    fields.nth(2).fill("sea ")  # either one will do; a space behind it is none of the name
    expect(said.nth(0)).to_be_hidden()
    page.get_by_role("button", name="Keep it and draw").click()
    page.wait_for_selector("html[data-ready=studio]")
    expect(page.locator("#legend .name")).to_have_text(["sky", "sand", "sea"])
