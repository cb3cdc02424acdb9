"""What one has painted, found again later: looked at, gone on with, hung, deleted; by finger and without a script."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board import Board
from tests.browser.checks import SMALL, troubles, unreached
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.test_studio import paint

PLACES = (
    "() => [...document.querySelectorAll('.acts > *, .act > summary')].map((one) => one.getBoundingClientRect().top)"
)


def drawn_and_painted(site: Site, **kind: Any) -> Board:
    """A studio in which a stroke of turf was painted, and another one drawn since."""
    board = Board(site.somebody(**kind)).open()
    board.pick("turf")
    board.drag((0.2, 0.4), (0.5, 0.5))
    paint(board.page)
    return board


def look(page: Page) -> None:
    """From one's own page to the last painting."""
    page.goto("/me")
    page.locator(".wall a").first.click()
    page.wait_for_selector("html[data-ready=work]")


def test_a_painting_is_gone_on_with_in_the_studio(site: Site) -> None:
    board = drawn_and_painted(site)
    page, painted = board.page, board.labels()
    job = page.evaluate("JSON.parse(sessionStorage.getItem('twobit attempts'))[0].id")
    board.fresh("sand")
    page.wait_for_selector("html[data-kept=yes]")
    look(page)
    assert page.url.endswith(f"/painting/{job}")
    assert not [*troubles(page), *unreached(page)]
    page.get_by_role("link", name="Continue").click()
    board.ready()
    expect(page.locator("#result")).to_have_attribute("data-state", "painting")  # as one left it
    expect(page.locator("#caption")).to_have_text("Seed 0, draft")
    expect(page.locator("[name=preset]")).to_have_value("draft")
    expect(page.locator("[name=size]")).to_have_value("256")
    expect(page.locator("#undo")).to_be_disabled()
    board.page.evaluate("window.dispatchEvent(new Event('pagehide'))")  # keeps it
    assert (board.labels(job) == painted).all()
    sand = board.pick("sand")
    board.drag((0.1, 0.1), (0.3, 0.1))
    expect(page.locator("#result")).to_have_attribute("data-state", "colours")
    page.wait_for_selector("html[data-kept=yes]")
    page.reload()
    board.ready()  # with what was drawn since
    assert (board.labels(job) != painted).any()
    page.locator("#attempts button").first.click()
    expect(page.locator("#caption")).to_have_text("Seed 0, draft. Your drawing is one Undo away.")
    page.locator("#undo").click()
    labels = board.labels(job)
    assert (labels != painted).any()
    assert labels[int(0.1 * labels.shape[0]), int(0.2 * labels.shape[1])] == sand
    board.open()  # what one draws in the style otherwise is another sheet
    assert len(set(board.labels().flatten())) == 1


@pytest.mark.parametrize("kind", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_painting_is_hung_and_another_deleted_without_a_search(site: Site, kind: dict[str, Any]) -> None:
    page = drawn_and_painted(site, **kind).page
    page.locator("#again").click()
    expect(page.locator("#attempts li")).to_have_count(2)
    look(page)
    for name in ("Publish", "Delete"):
        expect(page.get_by_text(name, exact=True)).to_be_in_viewport(ratio=1)
    assert kind is DESKTOP or not page.evaluate(SMALL)
    before = page.evaluate(PLACES)
    page.get_by_text("Delete", exact=True).click()
    assert page.evaluate(PLACES) == before  # it opens below
    page.get_by_role("button", name="Delete it for good").click()
    assert "/painting/" in page.url  # not without a word
    page.get_by_label("I won't need it again").check()
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.get_by_role("status")).to_have_text("It is deleted.")
    expect(page.locator(".wall li")).to_have_count(1)
    look(page)
    page.get_by_text("Publish", exact=True).click()
    assert not troubles(page)
    page.get_by_label("Title").fill("Found again")
    page.get_by_role("button", name="Hang it in the gallery").click()
    expect(page).to_have_url(re.compile("/work/"))
    expect(page.get_by_role("status")).to_have_text("It hangs in the gallery now.")
    expect(page.locator("h1")).to_have_text("Found again")
    page.goto("/me")
    page.locator(".wall a").first.click()
    expect(page).to_have_url(re.compile("/work/"))


def test_all_of_it_works_without_a_script(site: Site) -> None:
    page = drawn_and_painted(site).page
    state: Any = page.context.storage_state()
    plain = site.somebody(java_script_enabled=False, storage_state=state)
    plain.goto("/me")
    plain.locator(".wall a").first.click()
    expect(plain.locator(".compare input")).to_be_hidden()
    plain.get_by_text("Publish", exact=True).click()
    plain.get_by_label("Title").fill("No script")
    plain.get_by_role("button", name="Hang it in the gallery").click()
    expect(plain.locator("h1")).to_have_text("No script")
