"""What the page says of a doodle that the browser keeps: "yes" only when all of it is kept and nothing is to come."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.board import Board
from tests.browser.conftest import Site
from tests.browser.test_studio import paint

KEPT = "html[data-kept=yes]"
PICTURES = "**/picture/*"
# A second tab at the store, so to speak: whoever writes after it waits until it lets go.
HOLD = """(name) => {
    const asked = indexedDB.open("twobit", 1);
    asked.onsuccess = () => {
        const store = asked.result.transaction("doodles", "readwrite").objectStore("doodles");
        const hold = () => {
            document.documentElement.dataset.holding = name;
            if (window.letGo !== name) store.get("nothing").onsuccess = hold;
        };
        store.get("nothing").onsuccess = hold;
    };
}"""


@contextmanager
def held(page: Page) -> Iterator[list[Route]]:
    """The doodles that the page's script fetches wait for whoever goes on with them."""
    routes: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.resource_type == "fetch":
            routes.append(route)
        else:
            route.continue_()

    page.route(PICTURES, hold)
    yield routes
    page.unroute(PICTURES)


def until_asked(page: Page, routes: list[Route], count: int = 1) -> None:
    """Until so many were asked for."""
    while len(routes) < count:
        page.wait_for_timeout(20)


@pytest.fixture
def board(site: Site) -> Board:
    """A studio with something drawn and kept."""
    opened = Board(site.somebody()).open()
    opened.fresh()
    opened.page.wait_for_selector(KEPT)
    return opened


def test_starting_over_is_not_kept_before_it_has_come(board: Board) -> None:
    before = board.labels()
    with held(board.page) as routes:
        board.page.locator("#restart").click()
        until_asked(board.page, routes)
        expect(board.page.locator("html")).to_have_attribute("data-kept", "no")
        board.page.evaluate("window.dispatchEvent(new Event('pagehide'))")  # keeps what there is
        board.page.wait_for_timeout(300)
        expect(board.page.locator("html")).to_have_attribute("data-kept", "no")
        routes[0].continue_()
        board.page.wait_for_selector(KEPT)
    assert (board.labels() != before).any()


def test_starting_over_in_vain_leaves_what_was_kept(site: Site, board: Board) -> None:
    before = board.labels()
    board.page.route(PICTURES, lambda route: route.fulfill(status=503))
    board.page.locator("#restart").click()
    expect(board.page.locator("#caption")).to_contain_text("can't be loaded (503)")
    board.page.wait_for_selector(KEPT)
    assert (board.labels() == before).all()
    board.page.unroute(PICTURES)
    assert [trouble for trouble in site.troubles if "503" not in trouble] == []
    site.troubles.clear()  # the browser's own word on what was asked for here
    board.page.locator("#restart").click()
    board.page.wait_for_selector(KEPT)
    start = board.labels()
    board.page.locator("#restart").click()  # nothing changes any more
    board.page.wait_for_selector(KEPT)
    assert (board.labels() == start).all()


def test_a_stroke_during_a_save_is_not_called_kept(board: Board) -> None:
    page = board.page
    sand = board.pick("sand")
    page.evaluate(HOLD, "first")
    page.wait_for_selector("html[data-holding=first]")
    board.drag((0.1, 0.3), (0.4, 0.3))
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")  # begins to keep it, and can't yet
    page.evaluate(HOLD, "second")
    turf = board.pick("turf")
    board.drag((0.6, 0.7), (0.9, 0.7))
    page.evaluate("window.letGo = 'first'")
    page.wait_for_selector("html[data-holding=second]")  # the first save is done, the second can't be
    expect(page.locator("html")).to_have_attribute("data-kept", "no")
    page.evaluate("window.letGo = 'second'")
    page.wait_for_selector(KEPT)
    assert {sand, turf} <= set(board.labels().ravel().tolist())


def test_of_two_attempts_the_one_chosen_last_comes_back(board: Board) -> None:
    page = board.page
    first = board.labels()
    paint(page)
    board.pick("sand")
    board.drag((0.2, 0.4), (0.5, 0.5))
    second = board.labels()
    page.locator("#paint").click()
    expect(page.locator("#attempts li")).to_have_count(2, timeout=240_000)
    expect(page.locator("#finished")).to_be_visible()
    board.fresh("turf")
    page.wait_for_selector(KEPT)
    with held(page) as routes:
        page.locator("#attempts button").nth(1).click()
        until_asked(page, routes)
        page.locator("#attempts button").nth(0).click()
        until_asked(page, routes, 2)
        routes[1].continue_()
        expect(page.locator("#result")).to_have_attribute("data-state", "painting")
        routes[0].continue_()
        page.wait_for_selector(KEPT)
    assert (first != second).any()
    assert (board.labels() == second).all()


def test_on_an_empty_sheet_the_first_stroke_is_seen(site: Site) -> None:
    board = Board(site.somebody()).open()
    board.page.locator("#clear").click()
    expect(board.page.locator("html")).to_have_attribute("data-kept", "yes")
    board.page.reload()
    board.ready()
    assert len(set(board.labels().flatten())) == 1
    board.drag((0.3, 0.5), (0.7, 0.5))
    assert len(set(board.labels().flatten())) == 2
