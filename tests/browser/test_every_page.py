"""What holds for every page, refusals among them: read, named, reached, light, still, dark, narrow, at home."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import CONTRASTS, DARK, MOVING, SMALL, troubles, unreached
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.every import Every, View, every

pytestmark = pytest.mark.slow  # 150 pages take Chromium minutes
PARTS = 4  # that the pages are looked at in, so that no test takes long
HEAVIEST = 100_000  # bytes of a page without its pictures, as they travel


class Heard:
    """What a page asks for, and what it complains about."""

    def __init__(self, page: Page) -> None:
        """Listen from now on."""
        self.errors: list[object] = []
        self.urls: list[str] = []
        self._kinds: dict[str, str] = {}
        self._sizes: dict[str, float] = {}
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.urls.append(request.url))
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        client.send("Network.setCacheDisabled", {"cacheDisabled": True})
        client.on("Network.responseReceived", self._answered)
        client.on("Network.loadingFinished", self._came)

    def _answered(self, said: dict[str, Any]) -> None:
        self._kinds[said["requestId"]] = said["response"]["mimeType"]

    def _came(self, said: dict[str, Any]) -> None:
        self._sizes[said["requestId"]] = said["encodedDataLength"]

    def weights(self) -> list[float]:
        """Bytes of what was no picture, as they travelled."""
        return [size for one, size in self._sizes.items() if not self._kinds.get(one, "").startswith("image/")]

    def foreign(self, own: str) -> list[object]:
        """Requests to anybody else."""
        parts = [urlsplit(url) for url in self.urls]
        ours = urlsplit(own).netloc
        return [one.geturl() for one in parts if one.scheme not in ("blob", "data") and one.netloc != ours]


@pytest.fixture(scope="module")
def there(valkey_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Every]:
    """All of them."""
    with every(tmp_path_factory.mktemp("every") / "sites", valkey_url) as sites:
        yield sites


def opened(there: Every, browser: Browser, view: View, **kind: object) -> Page:
    page = there.context(browser, view.who, **kind).new_page()
    page.set_default_timeout(60_000)
    return page


@pytest.mark.parametrize("part", range(PARTS))
def test_on_a_desk_in_light(there: Every, browser: Browser, part: int) -> None:
    found: dict[str, list[object]] = {}
    for view in there.views[part::PARTS]:
        page = opened(there, browser, view, **DESKTOP, color_scheme="light")
        heard = Heard(page)
        there.show(page, view)
        weight = sum(heard.weights())
        wrong: list[object] = [*heard.errors, *heard.foreign(view.base or there.address)]
        wrong += [*troubles(page), *unreached(page)]
        if not 1_000 < weight < HEAVIEST:
            wrong.append(f"{weight} bytes")
        if page.evaluate(DARK):
            wrong.append("dark")
        if wrong:
            found[view.name] = wrong
        page.context.close()
    assert not found


@pytest.mark.parametrize("part", range(PARTS))
def test_on_a_phone_in_the_dark(there: Every, browser: Browser, part: int) -> None:
    found: dict[str, list[object]] = {}
    for view in there.views[part::PARTS]:
        page = opened(there, browser, view, **PHONE, color_scheme="dark", reduced_motion="reduce")
        there.show(page, view)
        wrong = [*troubles(page), *page.evaluate(SMALL), *page.evaluate(MOVING)]
        if not page.evaluate(DARK):
            wrong.append("not dark")
        if wrong:
            found[view.name] = wrong
        page.context.close()
    assert not found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_of_words_stand_out(there: Every, browser: Browser, scheme: str) -> None:
    view = there.views[0]
    page = opened(there, browser, view, **DESKTOP, color_scheme=scheme)
    there.show(page, view)
    assert not [(pair, round(ratio, 2)) for pair, ratio in page.evaluate(CONTRASTS) if ratio < 4.5]
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    expect(page.locator(":focus")).to_have_text("Skip to the content")
