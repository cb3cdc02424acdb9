"""The drawing tools one by one, with a mouse and with a finger: what they leave on the sheet, pixel by pixel."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.board import CANVAS, Board
from tests.browser.checks import COVERED, SMALL
from tests.browser.conftest import ASIDE, DESKTOP, PHONE, Site
from tests.pictures import flat

SIZES = (0.012, 0.035, 0.09)  # radius of the brush, as a share of the shorter side


@pytest.fixture(params=["mouse", pytest.param("finger", marks=pytest.mark.slow)])
def board(site: Site, request: pytest.FixtureRequest) -> Board:
    """A studio with an even sheet of sky."""
    mouse = request.param == "mouse"
    opened = Board(site.somebody(**({} if mouse else PHONE)), mouse).open()
    opened.fresh()
    return opened


@pytest.mark.parametrize("size", [0, 1, 2])
def test_a_brush_has_a_hard_edge_and_the_width_of_its_size(board: Board, size: int) -> None:
    board.page.locator(f"[data-size='{size}']").click()
    sand = board.pick("sand")
    board.drag((0.2, 0.5), (0.8, 0.5))
    labels = board.labels()
    height, width = labels.shape
    assert set(np.unique(labels)) == {0, sand}
    radius = SIZES[size] * min(height, width)
    thick = (labels[:, width // 2] == sand).sum()
    assert thick == pytest.approx(2 * radius, abs=1)
    drawn = np.flatnonzero((labels == sand).any(0))
    assert drawn[0] == pytest.approx(0.2 * width - radius, abs=2)
    assert drawn[-1] == pytest.approx(0.8 * width + radius, abs=2)
    assert np.flatnonzero(labels[:, width // 2] == sand).mean() + 0.5 == pytest.approx(0.5 * height, abs=1.5)
    allowed = {(*map(int, colour), 255) for colour in board.palette()[[0, sand]]}
    assert board.seen() == allowed  # on the screen, too, at whatever scale
    assert (board.export() == board.palette()[labels]).all()


def test_fill_takes_one_region_and_stops_at_its_border(board: Board) -> None:
    sand = board.pick("sand")
    board.drag((0.5, 0.01), (0.5, 0.99))  # a wall from rim to rim
    water = board.pick("sea")
    board.use("fill")
    board.press((0.2, 0.3))
    labels = board.labels()
    wall = np.flatnonzero(labels[0] == sand)
    assert (labels[:, : wall[0]] == water).all()
    assert (labels[:, wall[-1] + 1 :] == 0).all()


def test_a_line_is_straight(board: Board) -> None:
    sand = board.pick("sand")
    board.use("line")
    board.drag((0.2, 0.8), (0.5, 0.1), (0.8, 0.8))  # on the way it may wander
    labels = board.labels()
    height, width = labels.shape
    rows, columns = np.nonzero(labels == sand)
    assert rows.min() + 0.5 == pytest.approx(0.8 * height - SIZES[1] * height, abs=1.5)
    assert (columns.min(), columns.max()) == pytest.approx(
        (0.2 * width - SIZES[1] * height, 0.8 * width + SIZES[1] * height), abs=2
    )


def test_a_rectangle_has_its_corners_where_the_pointer_was(board: Board) -> None:
    sand = board.pick("sand")
    board.use("rectangle")
    board.drag((0.75, 0.6), (0.25, 0.2))
    labels = board.labels()
    height, width = labels.shape
    rows, columns = np.nonzero(labels == sand)
    found = (rows.min(), rows.max(), columns.min(), columns.max())
    assert found == pytest.approx((0.2 * height, 0.6 * height, 0.25 * width, 0.75 * width), abs=1.5)
    assert (labels[found[0] : found[1] + 1, found[2] : found[3] + 1] == sand).all()


@pytest.mark.parametrize("tool", ["rectangle", "line", "brush"])
def test_a_drag_may_begin_beyond_the_sheets_rim(site: Site, tool: str) -> None:
    board = Board(site.somebody()).open()
    board.fresh()
    sand = board.pick("sand")
    board.use(tool)
    board.drag((-0.02, 0.3), (0.4, 0.6))
    labels = board.labels()
    height, width = labels.shape
    assert set(np.unique(labels)) == {0, sand}
    edge = np.flatnonzero(labels[:, 0] == sand)
    assert len(edge)  # up to the rim itself
    assert edge.min() == pytest.approx((0.3 - (0 if tool == "rectangle" else SIZES[1])) * height, abs=0.03 * height)
    reach = np.flatnonzero((labels == sand).any(0)).max()
    assert reach == pytest.approx(0.4 * width + (0 if tool == "rectangle" else SIZES[1] * height), abs=2)
    assert board.page.evaluate("getSelection().isCollapsed")
    board.page.locator("#undo").click()
    assert (board.labels() == 0).all()  # one step
    board.drag((-0.02, 0.3), (-0.015, 0.7))  # beside it all the way
    board.press((-0.02, 0.5))
    expect(board.page.locator("#undo")).to_be_enabled()  # the sheet of sky
    assert (board.labels() == 0).all()


def test_a_finger_beside_the_sheet_scrolls_the_page(site: Site) -> None:
    board = Board(site.somebody(**PHONE), mouse=False).open("/studio/portrait")
    board.fresh(board.page.locator("#legend .name").first.inner_text())
    board.use("rectangle")
    before = board.labels()
    board.drag((-0.1, 0.9), (-0.1, 0.2))
    while board.page.evaluate("scrollY") < 50:
        board.page.wait_for_timeout(20)
    board.page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    board.drag((-0.1, 0.3), (0.5, 0.35))
    assert (board.labels() == before).all()


def test_a_polygon_is_closed_by_its_first_corner(board: Board) -> None:
    sand = board.pick("sand")
    board.use("polygon")
    expect(board.page.locator("#polygon-hint")).to_be_visible()
    board.press((0.2, 0.2), (0.8, 0.2), (0.8, 0.8))
    assert (board.labels() == 0).all()  # not closed yet
    board.press((0.2, 0.2))
    labels = board.labels()
    assert set(np.unique(labels)) == {0, sand}
    assert (labels == sand).mean() == pytest.approx(0.18, abs=0.004)
    height, width = labels.shape
    assert labels[int(0.3 * height), int(0.7 * width)] == sand
    assert labels[int(0.7 * height), int(0.3 * width)] == 0
    board.page.locator("#undo").click()
    assert (board.labels() == 0).all()  # one step


# Where everything stands that a hand may be on its way to.
PLACES = """() => Object.fromEntries([...document.querySelectorAll(
    "#studio button, #studio canvas, #studio img, #studio summary, #studio select:not(#erase-to)"
)].map((one, index) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return [`${index} ${one.id || one.title || one.textContent.trim()}`, [x + scrollX, y + scrollY, width, height]];
}))"""


@pytest.mark.parametrize("kind", [DESKTOP, PHONE, ASIDE], ids=["desktop", "phone", "aside"])
def test_nothing_moves_when_another_tool_is_taken(site: Site, kind: dict[str, Any]) -> None:
    board = Board(site.somebody(**kind), mouse=kind is DESKTOP).open()
    board.page.wait_for_selector("#result[data-state=colours]")
    before = board.page.evaluate(PLACES)
    for tool, said in (("eraser", "#erase-to"), ("polygon", "#polygon-hint"), ("brush", "#undo")):
        board.use(tool)
        expect(board.page.locator(said)).to_be_in_viewport(ratio=1)
        assert board.page.evaluate(PLACES) == before, tool
        assert not board.page.evaluate(COVERED)
        assert kind is DESKTOP or not board.page.evaluate(SMALL)
        slot = board.page.locator(".slot")
        assert slot.evaluate("one => one.scrollHeight <= one.clientHeight && one.scrollWidth <= one.clientWidth"), tool


def test_the_eraser_leaves_the_label_one_chose(board: Board) -> None:
    sand = board.fresh("sand")
    board.pick("sea")
    board.use("eraser")
    board.page.locator("#erase-to").select_option(label="turf")
    board.drag((0.2, 0.5), (0.8, 0.5))
    labels = board.labels()
    names = board.page.locator("#legend .name").all_inner_texts()
    assert set(np.unique(labels)) == {sand, names.index("turf")}
    assert labels[labels.shape[0] // 2, labels.shape[1] // 2] == names.index("turf")


def test_the_eyedropper_takes_the_label_under_it(board: Board) -> None:
    sand = board.pick("sand")
    board.use("rectangle")
    board.drag((0.6, 0.1), (0.9, 0.9))
    board.pick("sea")
    board.use("pick")
    board.press((0.75, 0.5))
    expect(board.page.locator("#legend .label[aria-checked=true] .name")).to_have_text("sand")
    expect(board.page.locator("button[data-tool=brush]")).to_have_attribute("aria-pressed", "true")
    before = (board.labels() == sand).sum()
    board.drag((0.2, 0.5), (0.3, 0.5))
    assert (board.labels() == sand).sum() > before


@pytest.mark.parametrize("tool", ["brush", "line", "rectangle", "polygon", "fill", "eraser"])
def test_a_mirror_draws_both_sides_alike(board: Board, tool: str) -> None:
    board.page.locator("#mirror").click()
    board.pick("sand")
    if tool == "fill":
        board.drag((0.3, 0.01), (0.3, 0.99))
        board.pick("sea")
    board.use(tool)
    if tool == "eraser":
        board.page.locator("#erase-to").select_option(label="sand")
    if tool == "polygon":
        board.press((0.1, 0.2), (0.4, 0.3), (0.2, 0.9), (0.1, 0.2))
    elif tool == "fill":
        board.press((0.1, 0.5))
    else:
        board.drag((0.1, 0.2), (0.37, 0.7))
    labels = board.labels()
    assert len(np.unique(labels)) == (3 if tool == "fill" else 2)
    assert (labels == labels[:, ::-1]).all()


def test_a_pen_draws_as_well(site: Site) -> None:
    board = Board(site.somebody()).open()
    board.fresh()
    sand = board.pick("sand")
    client = board.page.context.new_cdp_session(board.page)
    for kind, place in (("mousePressed", (0.2, 0.5)), ("mouseMoved", (0.5, 0.5)), ("mouseReleased", (0.8, 0.5))):
        x, y = board.at(*place)
        pen = {"pointerType": "pen", "button": "left", "buttons": 1, "clickCount": 1, "force": 0.5}
        client.send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, **pen})
    labels = board.labels()
    assert set(np.unique(labels)) == {0, sand}
    assert labels[labels.shape[0] // 2, int(labels.shape[1] * 0.45)] == sand


def test_at_any_zoom_what_is_drawn_lands_under_the_pointer(board: Board) -> None:
    sand = board.pick("sand")
    board.page.locator("[data-size='0']").click()
    for _ in range(3):
        board.page.locator("#zoom-in").click()  # 3.4 times, about the middle
    board.press((0.25, 0.25))
    labels = board.labels()
    height, width = labels.shape
    rows, columns = np.nonzero(labels == sand)
    middle = (0.5 - 0.25 / 1.5**3, 0.5 - 0.25 / 1.5**3)
    assert (rows.mean() + 0.5, columns.mean() + 0.5) == pytest.approx((middle[1] * height, middle[0] * width), abs=1)
    board.use("hand")
    board.drag((0.5, 0.5), (0.9, 0.7))  # the sheet goes with the hand, and what was drawn on it
    board.use("brush")
    assert len(board.seen()) == 2
    turf = board.pick("turf")
    board.press((0.65, 0.45))  # where the dot has gone
    labels = board.labels()
    assert (labels == turf).sum() == pytest.approx(len(rows), rel=0.2)
    rows, columns = np.nonzero(labels == turf)
    assert (rows.mean() + 0.5, columns.mean() + 0.5) == pytest.approx((middle[1] * height, middle[0] * width), abs=1.5)
    board.page.locator("#zoom-whole").click()
    board.press((0.9, 0.9))
    labels = board.labels()
    assert labels[int(0.9 * height), int(0.9 * width)] == turf


def test_the_wheel_zooms_where_the_pointer_is(site: Site) -> None:
    board = Board(site.somebody()).open()
    board.fresh()
    sand = board.pick("sand")
    board.page.mouse.move(*board.at(0.8, 0.3))
    board.page.mouse.wheel(0, -800)
    board.press((0.8, 0.3))
    labels = board.labels()
    rows, columns = np.nonzero(labels == sand)
    height, width = labels.shape
    assert (rows.mean() + 0.5, columns.mean() + 0.5) == pytest.approx((0.3 * height, 0.8 * width), abs=1)
    allowed = {(*map(int, colour), 255) for colour in board.palette()[[0, sand]]}
    assert board.seen() == allowed


@pytest.mark.parametrize("tool", ["brush", "fill", "polygon", "pick", "rectangle"])
def test_two_fingers_draw_nothing_with_any_tool(site: Site, tool: str) -> None:
    board = Board(site.somebody(**PHONE), mouse=False).open()
    board.fresh()
    board.pick("sand")
    board.use(tool)
    if tool == "polygon":
        board.press((0.2, 0.2), (0.8, 0.2))
    before = board.labels()
    board.fingers("touchStart", (0.45, 0.5))
    board.fingers("touchStart", (0.45, 0.5), (0.55, 0.5))
    for step in range(1, 6):
        board.fingers("touchMove", (0.45 - step * 0.02, 0.5), (0.55 + step * 0.02, 0.5))
    board.fingers("touchEnd")
    assert (board.labels() == before).all()
    expect(board.page.locator("#legend .label[aria-checked=true] .name")).to_have_text("sand")
    if tool == "polygon":  # the corners are still there
        board.page.locator("#zoom-whole").tap()
        board.press((0.8, 0.8), (0.2, 0.2))
        assert (board.labels() != before).mean() == pytest.approx(0.18, abs=0.01)


def test_a_hundred_steps_back_and_forth_by_keys(site: Site) -> None:
    board = Board(site.somebody()).open()
    board.fresh()
    board.page.locator("[data-size='0']").click()
    board.pick("sand")
    for step in range(103):
        x, y = board.at(0.05 + step % 20 * 0.045, 0.1 + step // 20 * 0.15)
        board.page.mouse.click(x, y)
    board.page.mouse.move(0, 0)
    full = board.labels()
    sheets = [full]
    for step in range(100):
        board.page.keyboard.press("Control+z")
        if step in (0, 98, 99):
            sheets.append(board.labels())
    expect(board.page.locator("#undo")).to_be_disabled()
    dots = [(sheet != 0).sum() for sheet in sheets]
    one = dots[0] / 103
    assert [count / one for count in dots] == pytest.approx([103, 102, 4, 3], abs=0.2)
    for key in ("Control+Shift+z", "Control+y") * 50:
        board.page.keyboard.press(key)
    expect(board.page.locator("#redo")).to_be_disabled()
    assert (board.labels() == full).all()


def test_keys_choose_labels_tools_and_sizes(site: Site) -> None:
    board = Board(site.somebody()).open()
    names = board.page.locator("#legend .name").all_inner_texts()
    for number, name in enumerate(names[:9], 1):
        board.page.keyboard.press(str(number))
        expect(board.page.locator("#legend .label[aria-checked=true] .name")).to_have_text(name)
        expect(board.page.locator("#legend .label[aria-checked=true] kbd")).to_have_text(str(number))
    for key, tool in zip(
        "bflrpeih", ("brush", "fill", "line", "rectangle", "polygon", "eraser", "pick", "hand"), strict=True
    ):
        board.page.keyboard.press(key)
        expect(board.page.locator("button[data-tool][aria-pressed=true]")).to_have_attribute("data-tool", tool)
    board.page.keyboard.press("L")  # as with Caps Lock
    expect(board.page.locator("button[data-tool][aria-pressed=true]")).to_have_attribute("data-tool", "line")
    for key, size in (("[", 0), ("[", 0), ("]", 1), ("]", 2), ("]", 2)):
        board.page.keyboard.press(key)
        expect(board.page.locator("[data-size][aria-pressed=true]")).to_have_attribute("data-size", str(size))
    board.page.keyboard.press("m")
    expect(board.page.locator("#mirror")).to_have_attribute("aria-pressed", "true")
    board.page.locator("#choices summary").click()
    field = board.page.locator("[name=seed]")
    field.fill("")
    field.press_sequentially("73")  # a field's keys are its own
    expect(field).to_have_value("73")
    expect(board.page.locator("#legend .label[aria-checked=true] .name")).to_have_text(names[min(9, len(names)) - 1])


def tab_to(page: Page, selector: str) -> None:
    """Only by the Tab key."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


def steps(page: Page, **keys: int) -> None:
    """So many presses of each arrow."""
    for key, count in keys.items():
        for _ in range(count):
            page.keyboard.press(f"Arrow{key.capitalize()}")


def test_each_tool_by_keyboard_alone(site: Site) -> None:
    page = site.somebody()
    board = Board(page).open()
    tab_to(page, "#legend .label")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("1")
    tab_to(page, "#clear")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    while not page.evaluate("document.activeElement.id === 'doodle'"):
        page.keyboard.press("Shift+Tab")
    assert (board.labels() == 0).all()
    for key in ("2", "r", "Enter"):
        page.keyboard.press(key)
    steps(page, right=8, down=8)
    page.keyboard.press("Enter")
    labels = board.labels()
    width = labels.shape[1]
    step = max(4, round(width / 48))
    rows, columns = np.nonzero(labels == 1)
    assert (columns.max() - columns.min(), rows.max() - rows.min()) == (8 * step, 8 * step)
    for key in ("3", "f", "Enter"):  # the pen is at the rectangle's corner
        page.keyboard.press(key)
    assert set(np.unique(board.labels())) == {0, 2}
    for key in ("4", "p", "Enter"):
        page.keyboard.press(key)
    steps(page, left=10)
    page.keyboard.press("Enter")
    steps(page, up=10)
    page.keyboard.press("Enter")
    steps(page, right=10, down=10)
    page.keyboard.press("Enter")
    assert (board.labels() == 3).sum() == pytest.approx((10 * step) ** 2 / 2, rel=0.1)
    for key in ("i", "Enter"):
        page.keyboard.press(key)
    before = board.labels()
    for key in ("5", "l", "Enter"):
        page.keyboard.press(key)
    steps(page, up=3)
    page.keyboard.press("Escape")  # given up
    assert (board.labels() == before).all()
    for key in ("b", "Enter"):
        page.keyboard.press(key)
    steps(page, up=12)
    page.keyboard.press("Enter")
    assert (board.labels() == 4).any()
    for key in ("+", "+", "+"):
        page.keyboard.press(key)
    steps(page, left=30)  # out of what was seen: the sheet follows the pen
    assert any(colour[:3] == (0, 0, 0) for colour in board.seen())


def test_a_reload_begins_where_one_was(board: Board) -> None:
    board.pick("sand")
    board.drag((0.2, 0.3), (0.7, 0.6))
    before = board.labels()
    board.page.reload()
    board.ready()
    assert (board.labels() == before).all()
    assert (board.export() == board.palette()[before]).all()
    board.page.locator("#restart").click()  # and there is a way back to where it all began
    start = board.labels()
    assert (start != before).any()
    board.page.locator("#undo").click()
    assert (board.labels() == before).all()


def doodle_file(folder: Path, picture: Any, kind: str = "PNG", **settings: int) -> Path:
    """A doodle of somebody's own."""
    out = io.BytesIO()
    Image.fromarray(picture).save(out, kind, **settings)
    path = folder / f"mine.{kind.lower()}"
    path.write_bytes(out.getvalue())
    return path


def test_a_doodle_of_another_size_comes_in_and_can_be_undone(site: Site, tmp_path: Path) -> None:
    board = Board(site.somebody()).open()
    board.fresh()
    even = board.labels()
    palette = board.palette()
    file = doodle_file(tmp_path, flat(90, 120, [tuple(palette[1]), tuple(palette[3])]))
    board.page.locator("#file").set_input_files(file)
    expect(board.page.locator("#shape")).to_have_value("3:4")
    labels = board.labels()
    assert labels.shape == (120, 90)
    assert (labels[:60] == 1).all()
    assert (labels[60:] == 3).all()
    assert (board.export() == palette[labels]).all()
    board.page.locator("#undo").click()
    assert (board.labels() == even).all()
    board.page.locator("#redo").click()
    assert (board.labels() == labels).all()
    board.page.locator("#shape").select_option("1:1")
    assert board.labels().shape == (120, 120)
    board.page.locator("#undo").click()
    assert (board.labels() == labels).all()


DIFFERENCES = """() => {
    const canvas = document.querySelector("#import-dialog canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const at = (x, y) => [...data.slice((y * canvas.width + x) * 4, (y * canvas.width + x) * 4 + 3)];
    return [canvas.width, canvas.height, at(5, 5), at(5, canvas.height - 5)];
}"""


def test_what_an_import_changes_is_shown_before_it_is_done(site: Site, tmp_path: Path) -> None:
    board = Board(site.somebody()).open()
    board.fresh()
    before = board.labels()
    palette = board.palette()
    red, green, blue = (int(value) for value in np.clip(palette[3].astype(int) + 9, 0, 255))
    file = doodle_file(tmp_path, flat(80, 60, [tuple(palette[1]), (red, green, blue)]))
    board.page.locator("#file").set_input_files(file)
    dialog = board.page.locator("#import-dialog")
    expect(dialog.locator(".found")).to_contain_text("50.0 %")
    width, height, same, moved = board.page.evaluate(DIFFERENCES)
    assert (width, height) == (80, 60)
    assert moved == palette[3].tolist()  # bright: it takes another colour
    assert same != palette[1].tolist()  # dimmed: it stays
    board.page.get_by_role("button", name="Leave it").click()
    assert (board.labels() == before).all()
    board.page.locator("#file").set_input_files(file)
    board.page.get_by_role("button", name="Use it so").click()
    expect(dialog).to_be_hidden()
    labels = board.labels()
    assert (labels[:30] == 1).all()
    assert (labels[30:] == 3).all()


def test_a_jpeg_of_a_doodle_comes_in_without_rims(site: Site, tmp_path: Path) -> None:
    board = Board(site.somebody()).open()
    palette = board.palette()
    meant = np.repeat(np.repeat(np.array([[0, 3, 1], [2, 0, 4]]), 80, 0), 90, 1)
    file = doodle_file(tmp_path, palette[meant], "JPEG", quality=40)
    board.page.locator("#file").set_input_files(file)
    board.page.get_by_role("button", name="Use it so").click()
    board.page.wait_for_selector("html[data-kept=yes]")  # nothing was kept before
    assert (board.labels() == meant).mean() > 0.999


def test_what_is_no_picture_is_told(site: Site, tmp_path: Path) -> None:
    board = Board(site.somebody()).open()
    file = tmp_path / "no.png"
    file.write_bytes(b"no picture")
    board.page.locator("#file").set_input_files(file)
    expect(board.page.locator("#caption")).to_contain_text("no picture that the browser can read")
    assert board.page.locator(CANVAS).is_visible()
