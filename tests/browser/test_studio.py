"""Draw, paint, hang: as people do it, with a mouse and with a finger."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.styles import house_styles
from tests.browser.board import Board, drawn
from tests.browser.checks import COVERED, SMALL, troubles
from tests.browser.conftest import ASIDE, DESKTOP, PHONE, Site

CANVAS = "#doodle"


def open_studio(page: Page, path: str = "/studio/coast-dusk") -> None:
    page.goto(path)
    page.wait_for_selector("html[data-ready=studio]")


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """A place on the doodle, in shares of its sides, as the screen counts."""
    box: Any = page.locator(CANVAS).bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def drag(page: Page, *points: tuple[float, float]) -> None:
    page.mouse.move(*at(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*at(page, *point), steps=6)
    page.mouse.up()


def share(page: Page, label: str) -> int:
    said = page.locator("#legend .label", has_text=label).locator(".share").inner_text()
    return int(re.sub(r"\D", "", said))


def paint(page: Page, preset: str = "draft", size: str = "256") -> None:
    page.locator("[name=preset]").select_option(preset)
    page.locator("[name=size]").select_option(size)
    page.locator("#paint").click()
    expect(page.locator("#finished")).to_be_visible(timeout=240_000)
    expect(page.locator("#result")).to_have_attribute("data-state", "painting")


def publish(page: Page, title: str) -> str:
    page.locator("#publish").click()
    page.locator("#publish-form [name=title]").fill(title)
    page.locator("#publish-form [name=author]").fill("Alice")
    page.locator("#publish-form button").click()
    expect(page.locator("#published")).to_be_visible()
    return str(page.locator("#published a").get_attribute("href"))


def test_from_a_doodle_to_the_wall_and_off_it_again(site: Site) -> None:
    alice = site.somebody()
    open_studio(alice)
    before = share(alice, "sand")
    alice.keyboard.press("4")
    drag(alice, (0.1, 0.1), (0.5, 0.2), (0.9, 0.1))
    assert share(alice, "sand") > before
    alice.locator("#undo").click()
    assert share(alice, "sand") == before
    alice.locator("#redo").click()
    expect(alice.locator("#result")).to_have_attribute("data-state", "colours")
    watch = """() => { window.seen = []; new MutationObserver(() => window.seen.push(
        [document.getElementById("result").dataset.state, document.getElementById("painting").getAttribute("src")]))
        .observe(document.getElementById("painting"), { attributes: true, attributeFilter: ["src"] }) }"""
    alice.evaluate(watch)
    paint(alice, "best", "1024")  # long enough for several previews
    seen = alice.evaluate("window.seen")
    assert len({address for state, address in seen if state == "live"}) >= 2, seen  # it could be watched
    assert seen[-1][1].startswith("/picture/")
    alice.locator("#split").fill("40")
    assert "60%" in str(alice.locator("#beside").get_attribute("style"))
    with alice.expect_download() as download:
        alice.locator("#download").click()
    assert b"twobit:recipe" in download.value.path().read_bytes()[:4000]
    work = publish(alice, "My arch")

    bob = site.somebody()
    bob.goto("/")
    bob.get_by_role("heading", name="My arch").get_by_role("link").click()
    bob.wait_for_selector("html[data-ready=work]")
    vote = bob.locator("[data-vote] button")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(bob.locator("[data-votes]")).to_have_text("1")
    bob.get_by_role("link", name="Remix").click()
    bob.wait_for_selector("html[data-ready=studio]")
    expect(bob.locator("[name=preset]")).to_have_value("best")
    bob.keyboard.press("2")
    bob.keyboard.press("f")
    bob.mouse.click(*at(bob, 0.5, 0.7))
    paint(bob)
    remix = publish(bob, "Cloudy arch")
    alice.goto(work)
    expect(alice.locator(".tree")).to_contain_text("Cloudy arch")

    bob.goto(work)
    bob.get_by_text("Report it").click()
    bob.locator("[name=reason]").fill("Just to see")
    bob.get_by_role("button", name="Send to the moderators").click()
    expect(bob.get_by_role("status")).to_contain_text("Thank you")
    moderator = site.somebody(moderator=True)
    moderator.goto("/moderation")
    expect(moderator.get_by_text("Just to see")).to_be_visible()
    moderator.get_by_role("button", name="Hide").click()
    expect(moderator.get_by_text("Nothing was reported")).to_be_visible()
    gone = bob.request.get(work)
    assert gone.status == 410
    bob.goto(remix)
    expect(bob.locator(".family")).to_contain_text("taken off the walls")

    alice.goto(work)
    alice.get_by_text("Change or take it back").click()
    alice.get_by_label("Delete the painting itself, too").check()
    alice.get_by_role("button", name="Take it off the wall").click()
    expect(alice).to_have_url(re.compile("/me$"))
    assert alice.request.get(work).status == 404
    expect(alice.locator(".work")).to_have_count(0)


def test_with_a_finger_on_a_phone(site: Site) -> None:
    page = site.somebody(**PHONE)
    open_studio(page)
    before = share(page, "turf")
    page.locator("#legend .label", has_text="turf").tap()
    client = page.context.new_cdp_session(page)
    points = [{"x": x, "y": y} for x, y in (at(page, 0.2 + step * 0.1, 0.3) for step in range(6))]
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
    for point in points[1:]:
        client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("#undo")).to_be_enabled()
    assert share(page, "turf") > before
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.wait_for_selector("html[data-kept=yes]")
    page.reload()  # what was drawn is still there
    page.wait_for_selector("html[data-ready=studio]")
    assert share(page, "turf") > before
    paint(page)
    assert not page.evaluate(COVERED)
    for button in ("#again", "#vary", "#download", "#publish", "#delete"):
        expect(page.locator(button)).to_be_in_viewport(ratio=1)  # beside the painting, without a search for them
    page.locator("#publish").tap()
    expect(page.locator("#publish-form .primary")).to_be_in_viewport(ratio=1)
    assert not page.evaluate(COVERED)
    assert not page.evaluate(SMALL)
    assert not troubles(page)


@pytest.mark.parametrize("style", [style.slug for style in house_styles()])
def test_a_phone_shows_sheet_tools_labels_and_paint_at_once(site: Site, style: str) -> None:
    page = site.somebody(**PHONE)
    open_studio(page, f"/studio/{style}")
    for part in (CANVAS, "#undo", "#mirror", "#paint", "#peek"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    for label in page.locator("#legend .label").all():
        expect(label).to_be_in_viewport(ratio=1)
    assert not page.evaluate(COVERED)
    shown = page.locator("#painting").get_attribute("src")
    page.locator("#clear").tap()
    expect(page.locator("#painting")).not_to_have_attribute("src", str(shown))
    assert page.locator("#peek img").get_attribute("src") == page.locator("#painting").get_attribute("src")
    page.locator("#shape").select_option("9:16")  # a sheet on its end leaves room for the tools
    page.evaluate("window.scrollTo({ top: 0, behavior: 'instant' })")
    expect(page.locator(CANVAS)).to_be_in_viewport(ratio=1)
    expect(page.locator("#mirror")).to_be_in_viewport(ratio=1)
    assert not page.evaluate(COVERED)
    page.locator("#peek").tap()
    expect(page.locator("#result")).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("style", ["coast-dusk", "portrait"])
@pytest.mark.parametrize("size", [(844, 390), (667, 375), (1008, 448)])
def test_a_phone_on_its_side_shows_tools_sheet_labels_and_paint_at_once(
    site: Site, style: str, size: tuple[int, int]
) -> None:
    page = site.somebody(**{**ASIDE, "viewport": {"width": size[0], "height": size[1]}})
    board = Board(page, mouse=False).open(f"/studio/{style}")
    for part in (CANVAS, "#undo", "#redo", "#mirror", "#paint", "#peek", "#legend .label >> nth=0"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    for tool in page.locator(".rail button").all():
        expect(tool).to_be_in_viewport(ratio=1)
    box: Any = page.locator(CANVAS).bounding_box()
    assert box["height"] > 0.5 * size[1]
    board.use("rectangle")
    board.choose(page.locator("#legend .label").last, "aria-checked")
    board.drag((0.25, 0.25), (0.75, 0.75))
    height, width = board.labels().shape
    middle = board.labels()[height * 3 // 10 : height * 7 // 10, width * 3 // 10 : width * 7 // 10]
    assert (middle == page.locator("#legend .label").count() - 1).all()
    assert page.evaluate("scrollY") == 0
    if size[0] > 700:  # on a smaller one the labels scroll by themselves
        assert not page.evaluate(COVERED)
        expect(page.locator("#legend .label").last).to_be_in_viewport(ratio=1)
    assert not page.evaluate(SMALL)
    assert not troubles(page)


def test_on_its_side_cancel_stays_at_hand_while_it_paints(site: Site) -> None:
    page = site.somebody(**ASIDE)
    open_studio(page)
    page.locator("[name=preset]").select_option("best")
    page.locator("[name=size]").select_option("1024")
    page.evaluate("window.scrollTo({ top: 0, behavior: 'instant' })")
    page.locator("#paint").tap()
    while page.evaluate("scrollY") < 100:  # to the picture, far below
        page.wait_for_timeout(20)
    for place in ("document.getElementById('result').offsetTop", "document.body.scrollHeight"):
        page.evaluate(f"window.scrollTo({{ top: {place}, behavior: 'instant' }})")
        expect(page.locator("#stop")).to_be_in_viewport(ratio=1)
        bottom = page.evaluate("document.getElementById('legend').getBoundingClientRect().bottom")
        assert bottom < 0  # far from its place
    page.locator("#stop").tap()
    expect(page.locator("#caption")).to_contain_text("cancelled")


@pytest.mark.parametrize("kind", [DESKTOP, PHONE, ASIDE], ids=["desktop", "phone", "aside"])
def test_the_style_can_be_looked_at_while_one_draws(site: Site, kind: dict[str, Any]) -> None:
    board = Board(site.somebody(**kind), mouse=kind is DESKTOP).open()
    board.fresh()
    page, before = board.page, board.labels()
    page.locator("#see-style").click()
    dialog = page.get_by_role("dialog", name="Rocky coast at dusk")
    expect(dialog).to_be_visible()
    for image in dialog.locator("img").all():
        image.evaluate("(one) => one.decode()")  # it has come, and is a picture
        expect(image).to_be_in_viewport(ratio=0.9)
    assert dialog.locator("li").all_inner_texts() == page.locator("#legend .name").all_inner_texts()
    assert not troubles(page)
    assert not page.evaluate(SMALL)
    page.keyboard.press("f")  # no key of the board's
    expect(page.locator("button[data-tool=brush]")).to_have_attribute("aria-pressed", "true")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#see-style")).to_be_focused()
    assert (board.labels() == before).all()


LOOKED = "() => [...document.querySelectorAll('#legend .name')].map((one) => [one.textContent, one.title])"


def test_a_labels_whole_name_is_told_where_it_is_cut_off(site: Site) -> None:
    page = site.somebody()
    open_studio(page)
    names = page.evaluate(LOOKED)
    assert names
    assert all(title == name for name, title in names)


@pytest.mark.parametrize("kind", ["desktop", "phone"])
def test_what_is_published_or_deleted_is_said_and_the_buttons_keep_their_places(site: Site, kind: str) -> None:
    page = site.somebody(**(PHONE if kind == "phone" else {}))
    open_studio(page)
    page.on("dialog", lambda dialog: dialog.accept())
    paint(page)
    places = "() => [...document.querySelectorAll('.acts > *')].map((one) => [one.offsetLeft, one.offsetTop])"
    before = page.evaluate(places)
    publish(page, "To be deleted")
    assert page.evaluate(places) == before
    expect(page.locator("#publish")).to_be_disabled()
    expect(page.locator("#publish")).to_have_text("Published")
    expect(page.locator("#published a")).to_be_focused()
    assert kind == "desktop" or not page.evaluate(COVERED)
    page.locator("#delete").click()
    expect(page.locator("#result")).to_have_attribute("data-state", "colours")
    expect(page.locator("#caption")).to_have_text("Deleted. Your doodle is still here; these are its colours.")
    expect(page.locator("#finished")).to_be_hidden()
    paint(page)
    expect(page.locator("#publish")).to_be_enabled()
    expect(page.locator("#publish")).to_have_text("Publish")


def test_two_fingers_move_the_sheet_and_draw_nothing(site: Site) -> None:
    page = site.somebody(**PHONE)
    open_studio(page)
    client = page.context.new_cdp_session(page)

    def fingers(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(at(page, *place) for place in places)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (0.45, 0.5))
    fingers("touchStart", (0.45, 0.5), (0.55, 0.5))
    for step in range(1, 6):
        fingers("touchMove", (0.45 - step * 0.05, 0.5), (0.55 + step * 0.05, 0.5))
    fingers("touchEnd")
    drawn(page)
    assert page.locator("#undo").is_disabled()
    pixels = "() => document.getElementById('doodle').getContext('2d').getImageData(0, 0, 900, 600).data.join()"
    zoomed = page.evaluate(pixels)
    page.locator("#zoom-whole").click()
    drawn(page)
    assert page.evaluate(pixels) != zoomed


def test_by_keyboard_alone(site: Site) -> None:
    page = site.somebody()
    open_studio(page)
    before = share(page, "turf")
    page.locator(CANVAS).focus()
    page.keyboard.press("7")
    page.keyboard.press("r")
    page.locator(CANVAS).focus()
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert share(page, "turf") > before
    page.keyboard.press("Control+z")
    assert share(page, "turf") == before
    page.keyboard.press("Control+Shift+z")
    assert share(page, "turf") > before


def test_a_painting_is_stopped(site: Site) -> None:
    page = site.somebody()
    open_studio(page)
    page.locator("[name=preset]").select_option("best")
    page.locator("[name=size]").select_option("1024")
    page.locator("#paint").click()
    expect(page.locator("#caption")).to_contain_text("ainting", timeout=120_000)
    page.locator("#stop").click()
    expect(page.locator("#caption")).to_contain_text("cancelled", timeout=30_000)
    expect(page.locator("#paint")).to_be_visible()


def again(page: Page, button: str, attempts: int) -> dict[str, str]:
    """Paint by this button; the choices that it was painted with."""
    page.locator(button).click()
    expect(page.locator("#attempts li")).to_have_count(attempts, timeout=240_000)
    expect(page.locator("#finished")).to_be_visible()
    form = "Object.fromEntries(new FormData(document.getElementById('choices')))"
    said: dict[str, str] = page.evaluate(form)
    return said


def test_again_vary_and_back_to_an_earlier_attempt(site: Site) -> None:
    board = Board(site.somebody()).open()
    page = board.page
    board.pick("turf")
    board.drag((0.2, 0.4), (0.5, 0.5))
    first = board.labels()
    paint(page)
    page.locator("#choices summary").click()
    said = again(page, "#again", 2)
    assert said["seed"] != "0"
    assert (said["beta"], said["gamma"], said["preset"]) == ("50", "50", "draft")
    board.drag((0.3, 0.8), (0.6, 0.8))  # drawn on: its colours come, and take what is for the painting before away
    expect(page.locator("#finished")).to_be_hidden()
    assert again(page, "#paint", 3) == said
    varied = again(page, "#vary", 4)
    assert varied["seed"] != said["seed"]
    assert {varied["beta"], varied["gamma"]} != {"50"}
    for name in ("beta", "gamma"):
        if varied[name] != "50":  # what counts for the next painting, too, is told
            expect(page.locator("#caption")).to_contain_text(f"{name} {varied[name]}")
    second = board.labels()
    assert (second != first).any()
    thumbs = page.locator("#attempts img")
    assert [image.get_attribute("alt") for image in thumbs.all()] == [
        f"Attempt {number}, seed {seed}"
        for number, seed in ((4, varied["seed"]), (3, said["seed"]), (2, said["seed"]), (1, "0"))
    ]
    page.locator("#attempts button").nth(3).click()
    expect(page.locator("#caption")).to_have_text("Seed 0, draft. Your drawing is one Undo away.")
    expect(page.locator("[name=seed]")).to_have_value("0")
    expect(page.locator("[name=beta]")).to_have_value("50")
    assert (board.labels() == first).all()
    page.locator("#undo").click()
    assert (board.labels() == second).all()
    page.locator("#attempts button").nth(0).click()  # of the very doodle that is there: nothing to undo
    expect(page.locator("#caption")).to_have_text(re.compile(r"^Seed .+, draft$"))


@pytest.mark.parametrize("width", [1024, 1280, 1440])
def test_many_attempts_widen_no_page(site: Site, width: int) -> None:
    page = site.somebody(viewport={"width": width, "height": 800})
    open_studio(page)
    paint(page)
    page.evaluate("""() => { const list = document.getElementById("attempts");
        for (let more = 0; more < 12; more++) list.append(list.firstElementChild.cloneNode(true)); }""")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box: Any = page.locator("#paint").bounding_box()
    assert box["x"] + box["width"] <= width


def test_who_waits_is_told_the_place_and_the_time(site: Site) -> None:
    pages = [Board(site.somebody()).open().page for _ in range(3)]
    for page in pages:
        page.locator("[name=preset]").select_option("best")
        page.locator("[name=size]").select_option("1024")
        page.locator("#paint").click()
        expect(page.locator("#caption")).to_contain_text(re.compile("Waiting|ainting|painter"))
    first, second, third = (page.locator("#caption") for page in pages)
    expect(second).to_have_text(re.compile(r"^Waiting: you are next, about .+ to go$"))
    expect(third).to_have_text(re.compile(r"^Waiting: 1 ahead of you, about .+ to go$"))
    pages[1].locator("#stop").click()
    expect(second).to_contain_text("cancelled")
    expect(third).to_have_text(re.compile(r"^Waiting: you are next, about .+ to go$"))
    pages[0].locator("#stop").click()
    expect(first).to_contain_text("cancelled")
    expect(third).to_have_text(re.compile(r"^(A painter has begun|Painting: octave \d of \d)"))
    pages[2].locator("#stop").click()
    expect(third).to_contain_text("cancelled")
