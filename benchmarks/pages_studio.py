"""How long a newcomer waits: `python -m benchmarks.pages_studio`. Writes benchmarks/results/studio.md.

A real `twobit serve` on an empty folder and a real Chromium: from the command to the first painting, then eight more.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.chromium import launch

PATIENCE_MS = 180_000
VIEWS = 5  # first views, each with an empty cache
STROKES = 5
ATTEMPTS = 8
RESULTS = Path(__file__).parent / "results" / "studio.md"


def main() -> None:
    """Serve, open, draw, paint; all seconds are wall time."""
    load = psutil.getloadavg()[0]
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, serving(Path(folder)) as address:
        ready = time.perf_counter() - began
        browser = launch(playwright)
        first = newcomer(browser, address)
        views = [first_view(browser, address) for _ in range(VIEWS)]
        page = fresh(browser, address)
        open_studio(page)
        previews = [colour_preview(page, number) for number in range(STROKES)]
        attempts = eight_attempts(page)
        browser.close()
    report(load, ready, first, median(views), max(previews), attempts)


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """A service on this folder; its page's address."""
    words = [sys.executable, "-m", "twobit", "serve", "--data", str(data)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as serve:
        assert serve.stdout is not None
        try:
            line = next(line for line in serve.stdout if "ready" in line and "/studio" in line)
            yield line.partition(" at ")[2].partition("/studio")[0]
        finally:
            serve.send_signal(signal.SIGINT)
            serve.wait(30)


def fresh(browser: Browser, address: str) -> Page:
    """A page with an empty cache."""
    page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 860}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def open_studio(page: Page) -> None:
    """Ready to draw."""
    page.goto("/studio/coast-dusk")
    page.wait_for_selector("html[data-ready=studio]")


def newcomer(browser: Browser, address: str) -> float:
    """From opening the page to the first painting: choose a style, draw two strokes, press Paint."""
    page = fresh(browser, address)
    began = time.perf_counter()
    page.goto("/studio")
    page.get_by_role("link", name="Coast at dusk").first.click()
    page.wait_for_selector("html[data-ready=studio]")
    page.locator("#legend .label").nth(3).click()
    stroke(page, 0.3)
    page.locator("#legend .label").nth(1).click()
    stroke(page, 0.7)
    page.locator("#paint").click()
    painted(page)
    return time.perf_counter() - began


def first_view(browser: Browser, address: str) -> float:
    """Until the studio can be drawn in."""
    page = fresh(browser, address)
    began = time.perf_counter()
    open_studio(page)
    took = time.perf_counter() - began
    page.context.close()
    return took


def colour_preview(page: Page, number: int) -> float:
    """From the end of a stroke to the colours of the doodle."""
    page.keyboard.press(str(1 + number % 4))
    before = page.locator("#painting").get_attribute("src")
    stroke(page, 0.2 + 0.12 * number)
    began = time.perf_counter()
    # Looked at in every frame: `expect` looks again after up to a second.
    page.wait_for_function("old => document.getElementById('painting').getAttribute('src') !== old", arg=before)
    return time.perf_counter() - began


def eight_attempts(page: Page) -> float:
    """Draw a stroke and paint, eight times, a draft of 512 px each."""
    page.locator("[name=preset]").select_option("draft")
    page.locator("[name=size]").select_option("512")
    began = time.perf_counter()
    for number in range(ATTEMPTS):
        page.keyboard.press(str(1 + number % 4))
        stroke(page, 0.15 + 0.09 * number)
        page.locator("#paint").click()
        painted(page)
    return time.perf_counter() - began


def painted(page: Page) -> None:
    """Until the painting is shown."""
    expect(page.locator("#finished")).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_function("() => document.getElementById('painting').complete")


def stroke(page: Page, height: float) -> None:
    """Across the doodle, at a share of its height."""
    box: Any = page.locator("#doodle").bounding_box()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + height * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + height * box["height"], steps=8)
    page.mouse.up()


def report(load: float, ready: float, first: float, view: float, preview: float, attempts: float) -> None:
    """Print and keep."""
    text = (
        "# A newcomer's seconds\n\n`python -m benchmarks.pages_studio`: an empty data folder, a real Chromium on the "
        f"same {psutil.cpu_count()} cores as the service, no GPU; load {load:.0f} before it began. Wall time, s.\n\n"
        "| what | measured | wanted |\n|---|---|---|\n"
        f"| the command, until the page is served and a painter is there | {ready:.1f} | |\n"
        f"| from opening the page to the first painting (fast, 512 px) | {first:.1f} | 60 |\n"
        f"| the studio, until one can draw (median of {VIEWS}, empty cache) | {view:.2f} | 1 |\n"
        f"| the doodle's colours after a stroke (slowest of {STROKES}) | {preview:.2f} | 1 |\n"
        f"| {ATTEMPTS} attempts: a stroke and a draft of 512 px each | {attempts:.0f} | 120 |\n"
    )
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
