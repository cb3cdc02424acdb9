"""The studio's board, as a hand and an eye have it."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import CDPSession, Locator, Page, expect

from worker.contract.pictures import Rgb, decode

CANVAS = "#doodle"
Place = tuple[float, float]  # in shares of what is seen of the sheet

# The labels as the browser keeps them, one character each: what a reload begins with.
KEPT = """async (key) => {
    const { load } = await import(document.querySelector("script[src*=studio]").src.replace("main.js", "save.js"));
    const { width, height, labels } = await load(key);
    let text = "";
    for (let at = 0; at < labels.length; at += 10000) text += String.fromCharCode(...labels.subarray(at, at + 10000));
    return [width, height, text];
}"""
SEEN = """() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
    const { width, height } = document.getElementById("doodle");
    const { data } = document.getElementById("doodle").getContext("2d").getImageData(0, 0, width, height);
    const colours = new Set();
    for (let at = 0; at < data.length; at += 4) colours.add(data.slice(at, at + 4).join());
    resolve([...colours]);
})))"""


FRAMES = "() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))"


def drawn(page: Page) -> None:
    """Until what was asked for is on the screen: the sheet is drawn in the next frame."""
    page.evaluate(FRAMES)


@dataclass(frozen=True)
class Board:
    """An open studio; `mouse` is False where a finger draws."""

    page: Page
    mouse: bool = True
    sessions: list[CDPSession] = field(default_factory=list)  # one, once a finger has touched

    def open(self, path: str = "/studio/coast-dusk") -> "Board":
        """Load the studio."""
        self.page.goto(path)
        return self.ready()

    def ready(self) -> "Board":
        """Wait until it can be drawn on."""
        self.page.wait_for_selector("html[data-ready=studio]")
        return self

    def at(self, x: float, y: float) -> Place:
        """A place on the canvas as the screen counts."""
        box: Any = self.page.locator(CANVAS).bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def drag(self, *places: Place) -> None:
        """Press, move, let go."""
        if self.mouse:
            self.page.mouse.move(*self.at(*places[0]))
            self.page.mouse.down()
            for place in places[1:]:
                self.page.mouse.move(*self.at(*place), steps=6)
            self.page.mouse.up()
            self.page.mouse.move(0, 0)  # else its ring is on the sheet
        else:
            self.fingers("touchStart", places[0])
            for (x0, y0), (x1, y1) in pairwise(places):
                for step in range(1, 7):
                    self.fingers("touchMove", (x0 + (x1 - x0) * step / 6, y0 + (y1 - y0) * step / 6))
            self.fingers("touchEnd")

    def press(self, *places: Place) -> None:
        """A click or a tap on each."""
        for place in places:
            self.drag(place)

    def fingers(self, kind: str, *places: Place) -> None:
        """A touch event with as many fingers as there are places."""
        if not self.sessions:
            self.sessions.append(self.page.context.new_cdp_session(self.page))
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(self.at(*place) for place in places)]
        self.sessions[0].send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def use(self, tool: str) -> None:
        """Take a tool from the rail."""
        self.choose(self.page.locator(f"button[data-tool={tool}]"), "aria-pressed")

    def pick(self, label: str) -> int:
        """Take a label from the legend; its number."""
        buttons = self.page.locator("#legend .label")
        names = buttons.locator(".name").all_inner_texts()
        self.choose(buttons.nth(names.index(label)), "aria-checked")
        return names.index(label)

    def choose(self, button: Locator, state: str) -> None:
        """Press a button until it is chosen.

        Right after a quick stroke of a finger Chromium takes a tap for the end of a fling: it is lost, as on any page.
        """
        for _ in range(3):
            button.click() if self.mouse else button.tap()
            with suppress(AssertionError):
                expect(button).to_have_attribute(state, "true", timeout=1000)
                return
        raise AssertionError(f"{state} never came: {button}")

    def fresh(self, label: str = "sky") -> int:
        """A sheet of one label; its number."""
        number = self.pick(label)
        button = self.page.locator("#clear")
        button.click() if self.mouse else button.tap()
        return number

    def share(self, label: str) -> int:
        """Percent of the sheet, as the legend tells it."""
        said = self.page.locator("#legend .label", has_text=label).locator(".share").inner_text()
        return int(re.sub(r"\D", "", said))

    def labels(self, parent: str = "") -> NDArray[np.uint8]:
        """(H, W) what the browser has kept."""
        self.page.wait_for_selector("html:not([data-kept=no])")
        key = self.page.evaluate("JSON.parse(document.getElementById('studio').dataset.style).key")
        width, height, text = self.page.evaluate(KEPT, f"{key} {parent}" if parent else key)
        return np.frombuffer(text.encode("latin-1"), np.uint8).reshape(height, width)

    def palette(self) -> NDArray[np.uint8]:
        """(L, 3) the labels' colours."""
        colours = self.page.evaluate(
            "JSON.parse(document.getElementById('studio').dataset.style).labels.map((label) => label.colour)"
        )
        return np.array([list(bytes.fromhex(colour[1:])) for colour in colours], np.uint8)

    def seen(self) -> set[tuple[int, ...]]:
        """The colours on the screen."""
        return {tuple(map(int, colour.split(","))) for colour in self.page.evaluate(SEEN)}

    def export(self) -> Rgb:
        """(H, W, 3) of the PNG that Export gives."""
        with self.page.expect_download() as download:
            self.page.locator("#export").click()
        return decode(Path(download.value.path()).read_bytes(), "The doodle")
