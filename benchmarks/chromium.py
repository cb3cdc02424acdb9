"""The Chromium that benchmarks and tests open pages in: the system's own, on a network that leads nowhere."""

import shutil

from playwright.sync_api import Browser, Playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def launch(playwright: Playwright) -> Browser:
    """One, headless. Raises playwright.sync_api.Error where there is none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))
