"""Who has not signed in: drawing is free, its colours come at once, and Paint leads to the sign-in and back."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.web.settings import DiscordApp
from tests.bot.web.conftest import Site
from tests.bot.web.fake_discord import FakeDiscord
from tests.browser.board import Board
from tests.browser.checks import COVERED, SMALL, troubles
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.every import empty_site, served
from tests.networks.serving import free_port

SKETCH = [(0.2, 0.3), (0.7, 0.6)]


@dataclass
class Door:
    """A site where one signs in by Discord, and what its pages complain about."""

    site: Site
    address: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def stranger(self, **kind: Any) -> Page:
        """A page of somebody new."""
        context = self.browser.new_context(base_url=self.address, **{**DESKTOP, **kind})
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        return page


@pytest.fixture
def door(browser: Browser, valkey_url: str, tmp_path: Path) -> Iterator[Door]:
    """It, and a stand-in for Discord whose people say yes."""
    discord, port = FakeDiscord(), free_port()
    threading.Thread(target=discord.serve_forever, daemon=True).start()
    app = DiscordApp("42", "hush", f"{discord.address}/authorize", discord.address)
    settings = {"open": False, "discord": app, "public_url": f"http://127.0.0.1:{port}"}
    with empty_site(tmp_path / "door", valkey_url, **settings) as site, served(site, port) as address:
        opened = Door(site, address, browser)
        yield opened
        for context in opened.contexts:
            context.close()
        assert not opened.troubles
    discord.shutdown()
    discord.server_close()


@pytest.mark.parametrize("mouse", [True, False], ids=["mouse", "finger"])
def test_a_stranger_draws_sees_the_colours_and_comes_back_from_signing_in_to_the_doodle(
    door: Door, mouse: bool
) -> None:
    page = door.stranger(**({} if mouse else PHONE))
    board = Board(page, mouse).open()
    line = page.locator("#sign-in")
    expect(line).to_have_text("To paint, sign in by Discord: your doodle stays.")
    expect(line).to_be_in_viewport(ratio=1)
    sand = board.fresh("sand")
    board.pick("turf")
    board.drag(*SKETCH)
    expect(page.locator("#result")).to_have_attribute("data-state", "colours")
    expect(page.locator("#caption")).to_contain_text("Colour preview")
    page.locator("#paint").click()
    expect(page.locator("#sign-in a")).to_be_focused()
    expect(page.locator("#paint")).to_be_visible()
    assert not troubles(page)
    assert not page.evaluate(COVERED)
    assert mouse or not page.evaluate(SMALL)
    before = board.labels()
    board.drag((0.1, 0.9), (0.3, 0.9))  # drawn on at the last moment: it is kept before the page goes
    page.locator("#sign-in a").click()
    page.wait_for_url("**/studio/coast-dusk")
    board.ready()
    expect(line).to_be_hidden()
    expect(page.get_by_role("link", name="Yours")).to_be_visible()
    assert (board.labels() == sand).any()
    assert (board.labels() != before).any()
    page.locator("#paint").click()
    expect(page.locator("#caption")).to_contain_text("Waiting")
    assert len(door.site.desk.last_jobs("discord:1234")) == 1
    page.locator("#stop").click()
    expect(page.locator("#caption")).to_contain_text("cancelled")


def test_who_was_signed_out_meanwhile_is_shown_the_way_back(door: Door) -> None:
    page = door.stranger()
    page.goto("/sign-in?next=/studio/coast-dusk")
    board = Board(page).ready()
    board.fresh("sand")
    expect(page.locator("#sign-in")).to_be_hidden()
    page.context.clear_cookies()
    page.locator("#paint").click()
    expect(page.locator("#sign-in a")).to_be_focused()
    expect(page.locator("#caption")).to_have_text("Sign in first: this needs to know who you are.")
    page.locator("#sign-in a").click()
    board.ready()
    expect(page.locator("#sign-in")).to_be_hidden()
    assert (board.labels() == board.labels()[0, 0]).all()
    door.troubles[:] = [one for one in door.troubles if "401" not in one]
