"""What fronts show, tell and pass on of strangers' pictures is read apart; where nobody reads, nothing leaves."""

import io
import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from bot.community.library_style import StyleData, house
from bot.community.sheets import named_labels, sheet_of
from bot.community.shrinking import shrunk
from bot.desk import OutOfReachError, RefusedError, reading
from bot.desk.questions import Question
from bot.desk.suggest import suggested
from bot.discord import mapping
from bot.discord.address import Address
from bot.discord.doubts import doubts_of
from bot.discord.pictures import row_of
from bot.discord.telling import told
from bot.discord.words import LANGUAGES, say
from bot.fediverse import front
from bot.fediverse.answering import Shown, pictures_of
from bot.fediverse.platform import Limits
from bot.fediverse.roles import _map_and_doodle
from bot.web.cleaning import shareable
from bot.web.preview import instant
from bot.web.styles import _shares
from bot.web.thumbs import Thumbs
from tests.intruders.fuzz import MAP, STYLE
from tests.pictures import SAND, SEA, SKY, flat, png
from twobit.wiring import read_apart
from worker.contract import PictureError
from worker.contract.pictures import RECIPE_KEY, read_recipe

T = TypeVar("T")
LIMITS = Limits(letters=500, alt_letters=500, picture_bytes=2000, picture_pixels=None, suffixes=(".jpg",))


class Nobody:
    """Reads nothing, for a reason."""

    def __init__(self, error: Callable[[str], PictureError]) -> None:
        self.error = error

    def ask(self, question: Question[T]) -> T:
        raise self.error(question.called)


@pytest.fixture(params=["broken", "busy"])
def nobody(request: pytest.FixtureRequest) -> Iterator[str]:
    """Nobody reads; the code of the error."""
    error = reading.busy if request.param == "busy" else lambda name: reading.refusal(name, "its reader broke off")
    reading.use(Nobody(error))
    yield error("it").code
    reading.use(reading.HERE)


STYLES: Any = SimpleNamespace(data=lambda _: StyleData(STYLE, MAP, None))
DOODLE = flat(64, 48, [SKY, SEA, SAND])


CALLS: dict[str, Callable[[], object]] = {
    "a map report on Discord": lambda: doubts_of(STYLE, MAP, MAP, {}),
    "the thumbnails of a tray": lambda: row_of([STYLE]),
    "a style's labels": lambda: named_labels(MAP),
    "a style's sheet": lambda: sheet_of(house()[0], StyleData(STYLE, MAP, None), "how"),
    "a suggested map": lambda: suggested("digest", MAP),
    "a painting that is too large": lambda: shrunk(STYLE, 2000),
    "a picture of a post": lambda: pictures_of([Shown(STYLE, "alt")], LIMITS),
    "which map is which": lambda: _map_and_doodle(STYLE, MAP, MAP),
    "a thumbnail": lambda: Thumbs(lambda _: STYLE).thumb("digest", 160, "webp"),
    "a stored picture": lambda: shareable(STYLE),
    "a map's shares": lambda: _shares(MAP + b"read by nobody before"),
    "a doodle's colours": lambda: instant(STYLES, cast("Any", SimpleNamespace(style=None)), DOODLE, lossy=False),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_where_nobody_reads_it_is_told_and_not_read_here(nobody: str, call: Callable[[], object]) -> None:
    with pytest.raises((PictureError, RefusedError)) as told:
        call()
    assert getattr(told.value, "code", "") == nobody


def test_they_come_through_where_somebody_reads() -> None:
    for name, call in CALLS.items():
        assert call() is not None, name


def test_a_suggested_map_waits_for_a_reader_and_is_handed_over_where_the_tray_has_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    standing = cast("Any", SimpleNamespace(state="done", job_id="job", person="discord:1"))
    address = Address(user=1, channel=1, purpose="paint", language="en", style="mine")
    errors: list[Exception] = [reading.busy("it"), RefusedError("Other.", "readers_busy"), RefusedError("The tray.")]

    def raising(*_: object) -> None:
        raise errors.pop(0)

    monkeypatch.setattr(mapping, "_to_paint", raising)
    for _ in range(2):
        with pytest.raises(OutOfReachError):
            mapping.mapped(cast("Any", None), standing, address, MAP)
    assert mapping.mapped(cast("Any", None), standing, address, MAP).picture == MAP


def test_a_suggested_map_in_a_post_waits_for_a_reader_too() -> None:
    reading.use(Nobody(reading.busy))
    try:
        with pytest.raises(PictureError, match="try again in a moment"):
            front._map("en", "", MAP)
        reading.use(Nobody(lambda name: reading.refusal(name, "it broke")))
        assert front._map("en", "", MAP).pictures[0].png == MAP
    finally:
        reading.use(reading.HERE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bot_says_of_readers_that_are_busy_to_come_again_and_nothing_of_the_picture(language: str) -> None:
    said = {told(error, language, 1) for error in (reading.busy("it"), RefusedError("It.", "readers_busy", name="it"))}
    assert said == {say(language, "refused.readers_busy", name="it")}
    assert said != {say(language, "refused.picture_damaged", name="it")}


@pytest.mark.parametrize("page", [False, True])
def test_in_service_there_are_readers_of_both_kinds(monkeypatch: pytest.MonkeyPatch, page: bool) -> None:
    used: list[tuple[Any, ...]] = []
    monkeypatch.setattr(reading, "use", lambda *readers: used.append(readers))
    read_apart(page=page)
    ((fresh, stored),) = used
    try:
        assert len(fresh.pids()) == 1  # begins to be warm at once
        assert len(stored.pids()) == page  # and else when it is needed
    finally:
        fresh.close()
        stored.close()


def long_one() -> bytes:
    """More than WebP takes in one direction."""
    return png(np.zeros((20_000, 40, 3), np.uint8))


def test_a_picture_that_a_format_does_not_take_is_a_sentence() -> None:
    with pytest.raises(PictureError, match="The picture is damaged and can't be read"):
        reading.thumb(long_one(), 160, "webp")
    assert reading.thumb(long_one(), 160, "jpeg").startswith(b"\xff\xd8")
    found = shrunk(long_one(), 100_000)
    assert found is not None
    assert found[1] == ".jpg"


@pytest.mark.parametrize("words", ["no JSON", "[" * 100_000, "[1]", json.dumps({"seed": "x" * 100_000})])
def test_a_recipe_that_anybody_may_have_written_breaks_nothing(words: str) -> None:
    info, out = PngImagePlugin.PngInfo(), io.BytesIO()
    info.add_text(RECIPE_KEY, words)
    Image.fromarray(DOODLE).save(out, "PNG", pnginfo=info)
    assert (read_recipe(out.getvalue()) is None) == (not words.startswith("{"))
    found = shrunk(out.getvalue(), 10_000, (".jpg",))  # whose EXIF has no room for so much
    assert found is not None
