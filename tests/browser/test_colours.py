"""What is to be seen beside the doodle, however fast the strokes, slow the line, and whatever the server says."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.board import Board, drawn
from tests.browser.conftest import PHONE, Site

COLOURS = "**/api/v1/preview"
LINE = """async () => {
    const main = document.querySelector("script[src*=studio]").src;
    const { Result } = await import(main.replace("main.js", "result.js"));
    const part = (id) => document.getElementById(id);
    window.line = [];
    window.fetch = (url) => new Promise((come, broken) => window.line.push({ url, broken,
        come: (status) => come(new Response(status === 200 ? new Blob([url]) : null, { status })) }));
    const [made, make] = [new Map(), URL.createObjectURL];
    URL.createObjectURL = (blob) => { const url = make(blob); made.set(url, blob); return url; };
    window.text = async () => made.get(part("painting").src)?.text();
    window.slow = new Result({ pane: part("result"), image: part("painting"), doodle: part("beside"),
        slider: part("split"), caption: part("caption"), bar: part("progress"), peek: part("peek") });
}"""
EVERY_MS = 500  # the studio asks no more often
NOW = "performance.timeOrigin + performance.now()"  # as requests are timed


def test_fast_strokes_ask_for_two_previews_a_second_at_most_and_the_last_is_shown(site: Site) -> None:
    board = Board(site.somebody()).open()
    asked: list[float] = []
    board.page.on(
        "requestfinished", lambda one: asked.append(one.timing["startTime"]) if one.url.endswith("/preview") else None
    )
    expect(board.page.locator("#result")).to_have_attribute("data-state", "colours")
    begin = board.page.evaluate(f"""() => {{ const now = () => {NOW}; window.addEventListener("pointerup",
        () => {{ window.drawn = now(); }}, true); return now(); }}""")
    for number in range(12):
        board.drag((0.1, 0.05 + number * 0.07), (0.9, 0.05 + number * 0.07))
        board.page.wait_for_timeout(170)  # longer than the moment without a change that a preview waits for
    while not asked or max(asked) < board.page.evaluate("window.drawn"):
        board.page.wait_for_timeout(100)
    # A request leaves some time after it was decided on: so many at most can have been since the beginning.
    count = sum(one > begin for one in asked)
    assert count <= (max(asked) - begin) / EVERY_MS + 2, (begin, asked)


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


def test_on_a_slow_line_the_painters_looks_are_shown_as_they_come(site: Site) -> None:
    page = site.somebody()
    Board(page).open()
    page.evaluate(LINE)
    fetching = "() => window.line.map((one) => one.url)"

    def shows(url: str) -> None:
        page.wait_for_function("async (url) => (await window.text()) === url", arg=url)

    page.evaluate("['a', 'b', 'c'].forEach((url) => window.slow.live(url))")
    assert page.evaluate(fetching) == ["a"]
    page.evaluate("window.line[0].come(200)")
    page.wait_for_function("window.line.length === 2")
    shows("a")
    assert page.evaluate(fetching) == ["a", "c"]  # what came between is out of date
    page.evaluate("void window.slow.live('d')")
    page.evaluate("window.line[1].broken(new TypeError('the line broke'))")
    page.wait_for_function("window.line.length === 3")
    page.evaluate("window.line[2].come(204)")
    page.evaluate("void window.slow.live('e')")
    page.wait_for_function("window.line.length === 4")
    page.evaluate("window.line[3].come(200)")
    shows("e")
    page.evaluate("void window.slow.live('f')")
    page.wait_for_function("window.line.length === 5")
    page.evaluate("window.slow.painting(document.querySelector('link[rel=icon]').href, 'the painting', '')")
    page.evaluate("window.line[4].come(200)")
    drawn(page)
    expect(page.locator("#painting")).to_have_attribute("src", re.compile("icon"))  # too late
