"""No front reads the header of what a stranger sent in its own process."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import pytest

from bot.community.pictures import checked
from bot.community.reasons import refusal
from bot.desk import RefusedError, reading
from bot.desk.questions import Measure, Question
from bot.discord.asking import Choices
from bot.discord.reading import Reader
from bot.fediverse.commands import Heard
from bot.fediverse.roles import Sent, roles_of
from bot.fediverse.wishing import _options
from tests.intruders.fuzz import MAP, STYLE
from worker.contract import PictureError

T = TypeVar("T")


class Apart:
    """Refuses every header."""

    def ask(self, question: Question[T]) -> T:
        if isinstance(question, Measure):
            raise PictureError(f"{len(question.data)} bytes of {question.name} were read apart")
        return reading.HERE.ask(question)


@pytest.fixture(autouse=True)
def apart() -> Iterator[None]:
    reading.use(Apart())
    yield
    reading.use(reading.HERE)


def attachment() -> Any:
    async def read() -> bytes:
        return STYLE

    url = "https://cdn.discordapp.com/x.png"
    return SimpleNamespace(filename="x.png", content_type="image/png", size=len(STYLE), url=url, read=read)


def test_what_is_brought_to_the_shelf() -> None:
    with pytest.raises(RefusedError, match="of it were read apart"):
        checked(STYLE, "it")


def test_what_is_attached_on_discord() -> None:
    # In a thread of its own: a browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as own, pytest.raises(RefusedError, match=r"of x\.png were read apart"):
        own.submit(lambda: asyncio.run(Reader().read(attachment()))).result()


def test_a_doodle_whose_size_is_chosen() -> None:
    with pytest.raises(RefusedError, match="of The doodle were read apart"):
        Choices(size=128).options(STYLE)
    heard = cast("Heard", SimpleNamespace(choices={"size": 128}))
    with pytest.raises(PictureError, match="of The doodle were read apart"):
        _options(heard, STYLE)


def test_pictures_of_a_post_whose_roles_are_told_by_their_shapes() -> None:
    with pytest.raises(PictureError, match="of The style were read apart"):
        roles_of([Sent(STYLE), Sent(MAP), Sent(MAP)], "", styled=False)


def test_a_reader_that_names_a_reason_without_its_numbers_gets_its_own_words_told() -> None:
    assert refusal(PictureError("It is odd", "picture_heavy", name="it"), "de") == "It is odd"
