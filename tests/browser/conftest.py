"""A real Chromium on a real service: queue, desk, worker and engine."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright
from starlette.responses import Response

from benchmarks.chromium import launch
from bot.web.session import Sessions
from bot.web.settings import WebSettings
from tests.e2e.service import Service, serving

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
ASIDE: dict[str, Any] = {**PHONE, "viewport": {"width": 844, "height": 390}}  # the same phone on its side
MODERATOR = "web:moderator"
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; skipped, with the reason, where there is none."""
    with sync_playwright() as playwright:
        try:
            opened = launch(playwright)
        except Error as error:
            pytest.skip(f"no Chromium can be started ({str(error).splitlines()[0]}): install the package chromium")
        yield opened
        opened.close()


@dataclass
class Site:
    """A running service and the pages opened on it."""

    service: Service
    address: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def somebody(self, *, moderator: bool = False, **kind: Any) -> Page:
        """A page of a new person; everything it complains about is kept."""
        context = self.browser.new_context(base_url=self.address, **{**DESKTOP, **kind})
        if moderator:
            context.add_cookies([self._moderators_cookie()])  # type: ignore[list-item]
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._hear(page, said))
        page.on("request", lambda request: self._check(request.url))
        return page

    def _hear(self, page: Page, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.troubles.append(f"{page.url}: {said.text} {said.location.get('url', '')}")

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("blob", "data") and f"{parts.scheme}://{parts.netloc}" != self.address:
            self.troubles.append(f"a request to {url}")

    def _moderators_cookie(self) -> dict[str, str]:
        sessions = Sessions(WebSettings(secret=(self.service.data / "web.key").read_bytes(), open=True))
        response = Response()
        sessions.write(response, sessions.sign_in(sessions.first(), MODERATOR, "Moderator"))
        name, _, value = response.headers["set-cookie"].split(";")[0].partition("=")
        return {"name": name, "value": value, "url": self.address}


@pytest.fixture(scope="session")
def running(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    """One service for all tests of a browser: the painter warms up once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWOBIT_OPEN", "true")
        patch.setenv("TWOBIT_MODERATORS", MODERATOR)
        with serving(tmp_path_factory.mktemp("browser") / "data") as service:
            yield service, service.page


@pytest.fixture
def site(browser: Browser, running: tuple[Service, str]) -> Iterator[Site]:
    """The service; in the end no page had anything to complain about."""
    opened = Site(*running, browser)
    yield opened
    for context in opened.contexts:
        context.close()
    assert not opened.troubles
