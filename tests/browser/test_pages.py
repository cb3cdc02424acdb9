"""What holds for every page: contrast, names, focus; the browser's own modules; a style of one's own."""

import io
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Site
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from worker.contract.pictures import decode

OF_TEXT = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (text) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const over = ([r, g, b, a], [R, G, B]) => [r, g, b].map((v, i) => (v * a + [R, G, B][i] * (255 - a)) / 255);
    const ground = (one) => {
        const chain = [];
        for (let at = one; at; at = at.parentElement) chain.push(rgba(getComputedStyle(at).backgroundColor));
        return chain.reverse().reduce((under, colour) => over(colour, under), [255, 255, 255]);
    };
    const light = (colour) => colour.map((value) => value / 255)
        .map((share) => (share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const weak = [];
    for (const one of document.querySelectorAll("body *")) {
        const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        const seen = own && one.getClientRects().length && !one.closest("[hidden], .hidden-word, .skip, :disabled");
        if (!seen) continue;
        const style = getComputedStyle(one);
        const under = ground(one);
        const [low, high] = [light(over(rgba(style.color), under)), light(under)].sort((a, b) => a - b);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.6 && style.fontWeight >= 700);
        const ratio = (high + 0.05) / (low + 0.05);
        if (ratio < (large ? 3 : 4.5)) weak.push([one.outerHTML.slice(0, 90), Math.round(ratio * 100) / 100]);
    }
    return weak;
}"""

# Where the keyboard goes: one stop after the other, each with its ring, until it leaves the page.
STOPS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const ring = getComputedStyle(one);
    const pane = one.parentElement && getComputedStyle(one.parentElement);
    const drawn = (style) => style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const seen = [ring, pane].some(drawn);
    one.dataset.visited = "yes";
    return [one.outerHTML.slice(0, 90), seen];
}"""
UNREACHED = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, canvas[tabindex]")]
    .filter((one) => one.getClientRects().length && !one.disabled && one.type !== "hidden" && one.tabIndex >= 0)
    .filter((one) => one.localName === "summary" || !one.closest("details:not([open])"))
    .filter((one) => !one.closest("[hidden]") && one.dataset.visited !== "yes")
    .map((one) => one.outerHTML.slice(0, 90))"""
HEAVIEST = 100_000  # bytes of a page without its pictures, as they travel

PAGES = ("/", "/studio", "/studio/coast-dusk", "/studio/new", "/style/coast-dusk", "/challenges", "/me", "/api")

NAMELESS = """() => [...document.querySelectorAll("a, button, input, select, textarea, canvas, summary")]
.filter((one) => {
    if (one.type === "hidden" || one.hidden || !one.getClientRects().length) return false;
    const named = one.getAttribute("aria-label") || one.title || one.textContent.trim() || one.labels?.length;
    return !named && !one.querySelector("img[alt]:not([alt=''])");
}).map((one) => one.outerHTML.slice(0, 120))"""

CONTRASTS = """() => {
    const style = getComputedStyle(document.documentElement);
    const probe = document.body.appendChild(document.createElement("i"));
    const light = (name) => {
        probe.style.color = style.getPropertyValue(name);
        const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map((value) => {
            const share = value / 255;
            return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const pairs = [["--ink", "--paper"], ["--ink", "--card"], ["--soft", "--paper"], ["--soft", "--card"],
        ["--accent", "--paper"], ["--accent", "--card"], ["--on-accent", "--accent"], ["--warn", "--card"],
        ["--ink", "--accent-soft"], ["--soft", "--accent-soft"]];
    const found = pairs.map(([one, other]) => {
        const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
        return [`${one} on ${other}`, (bright + 0.05) / (dark + 0.05)];
    });
    probe.remove();
    return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_named_and_reached(site: Site, scheme: str) -> None:
    page = site.somebody(color_scheme=scheme, reduced_motion="reduce")
    for path in PAGES:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate(NAMELESS) == [], path
        assert page.locator("h1").count() == 1, path
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.evaluate("document.getAnimations().length") == 0
        assert page.evaluate(OF_TEXT) == [], path
    weak = [(pair, round(ratio, 2)) for pair, ratio in page.evaluate(CONTRASTS) if ratio < 4.5]
    assert not weak
    page.goto("/studio/coast-dusk")
    page.keyboard.press("Tab")
    focused: Any = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert focused == "3px"
    expect(page.locator(":focus")).to_have_text("Skip to the content")


def test_everything_is_reached_by_tab_and_seen_to_be(site: Site) -> None:
    page = site.somebody()
    for path in ("/", "/studio/coast-dusk", "/studio/new", "/me"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        for _ in range(120):
            page.keyboard.press("Tab")
            stop = page.evaluate(STOPS)
            if stop is None:
                break
            assert stop[1], f"{path}: no ring at {stop[0]}"
        assert page.evaluate(UNREACHED) == [], path


def test_pages_are_light(site: Site) -> None:
    page = site.somebody()
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    client.on("Network.responseReceived", lambda said: kinds.update({said["requestId"]: said["response"]["mimeType"]}))
    client.on("Network.loadingFinished", lambda said: sizes.update({said["requestId"]: said["encodedDataLength"]}))
    for path in PAGES:
        kinds.clear()
        sizes.clear()
        page.goto(path)
        page.wait_for_load_state("networkidle")
        weight = sum(size for one, size in sizes.items() if not kinds.get(one, "").startswith("image/"))
        assert 1_000 < weight < HEAVIEST, (path, weight)


def test_no_page_is_wider_than_a_phone(site: Site) -> None:
    page = site.somebody(**PHONE)
    for path in PAGES:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


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
    disc = """m.disc(d, 10, 5, 3, 1);
        return [...d.labels].every((x, i) => (x === 1) === (Math.hypot(i % 20 - 10, Math.floor(i / 20) - 5) <= 3));"""
    line = """m.stroke(d, {x: 0, y: 5}, {x: 19, y: 5}, 0.5, 1);
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
    box: Any = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.1)
    expect(page.locator("#names li.chosen")).to_have_count(1)
    for index in range(4):
        rows.nth(index).locator("input").fill(["sky", "sea", "sand", "rest"][index])
    page.get_by_role("button", name="Keep it and draw").click()
    page.wait_for_selector("html[data-ready=studio]")
    expect(page.locator("h1")).to_have_text("bay")
    expect(page.locator("#legend .label")).to_have_count(4)
    expect(page.locator("#legend .label").nth(1)).to_contain_text("sea")
