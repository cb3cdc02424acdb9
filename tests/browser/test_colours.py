"""The doodle's colours beside it, however fast the strokes, and however the server feels."""

from itertools import pairwise

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.board import Board
from tests.browser.conftest import PHONE, Site

COLOURS = "**/api/v1/preview"
AGAIN_MS = 450  # the studio asks every 500 ms at most; the browser's clocks differ a little


def test_fast_strokes_ask_for_two_previews_a_second_at_most_and_the_last_is_shown(site: Site) -> None:
    board = Board(site.somebody()).open()
    asked: list[Request] = []
    board.page.on("requestfinished", lambda one: asked.append(one) if one.url.endswith("/preview") else None)
    for number in range(12):
        board.drag((0.1, 0.05 + number * 0.07), (0.9, 0.05 + number * 0.07))
        board.page.wait_for_timeout(170)  # longer than the moment without a change that a preview waits for
    last = board.page.evaluate("performance.timeOrigin + performance.now()")
    while not asked or asked[-1].timing["startTime"] < last - 170:
        board.page.wait_for_timeout(100)
    times = [one.timing["startTime"] for one in asked]
    assert min(after - before for before, after in pairwise(times)) >= AGAIN_MS, times


def test_colours_that_were_too_many_come_a_little_later(site: Site) -> None:
    board = Board(site.somebody()).open()
    expect(board.page.locator("#result")).to_have_attribute("data-state", "colours")
    shown = board.page.locator("#painting").get_attribute("src")
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.fulfill(status=429, json={"error": {"code": "too_many", "message": "Wait 1 s."}})
        board.page.unroute(COLOURS)

    board.page.route(COLOURS, refuse)
    board.drag((0.1, 0.5), (0.9, 0.5))
    expect(board.page.locator("#painting")).not_to_have_attribute("src", str(shown))
    assert len(refused) == 1
    site.troubles[:] = [one for one in site.troubles if "429" not in one]  # the browser's own line


@pytest.mark.parametrize("late", [False, True])
def test_who_looks_at_the_picture_sees_all_of_it_also_when_a_higher_one_comes(site: Site, late: bool) -> None:
    page = site.somebody(**PHONE)
    Board(page, mouse=False).open()
    expect(page.locator("#result")).to_have_attribute("data-state", "colours")
    held: list[Route] = []
    if late:
        page.route(COLOURS, lambda route: held.append(route))
    before = page.locator("#painting").get_attribute("src")
    page.locator("#shape").select_option("9:16")
    if not late:
        expect(page.locator("#painting")).not_to_have_attribute("src", str(before))
    page.locator("#peek").tap()
    expect(page.locator("#result")).to_be_in_viewport(ratio=0.9)
    if late:
        while not held:
            page.wait_for_timeout(50)
        held[0].continue_()
        page.unroute(COLOURS)
    expect(page.locator("#painting")).not_to_have_attribute("src", str(before))
    expect(page.locator("#result")).to_be_in_viewport(ratio=0.9)
