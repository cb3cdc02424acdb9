"""Reading what strangers send: here, or in a process that can do no harm, as the one who starts this process chose.

What crosses the pipe is JSON and bytes, and the answer is checked like any stranger's: a decoder that was broken into
may say anything. Every call raises PictureError `readers_busy` where nobody is free to read, besides what it says.
"""

import json
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any, Protocol, TypeVar

from bot.desk import questions
from bot.desk.errors import RefusedError
from bot.desk.questions import NamedLabels, Question, Seen, Show, Smaller
from bot.desk.questions.copies import Format
from bot.desk.questions.question import Header, Message
from bot.desk.questions.said import Told
from bot.desk.request import Wish
from worker.contract import PictureError
from worker.contract.pictures import MAX_BYTES, MAX_PIXELS, Rgb

MOST_HEADER = 2**20  # bytes of JSON
MOST_MESSAGE = max(MAX_BYTES, 3 * MAX_PIXELS) + 4096  # bytes of one part
MOST_PARTS = 8
OWN = {"self", "message", "code"}  # what an error's values can't be called
BUSY = "readers_busy"  # code of `busy`

T = TypeVar("T")


class Reader(Protocol):
    """Who reads."""

    def ask(self, question: Question[T]) -> T:
        """What comes of it. Raises PictureError, and RefusedError for a wish."""
        ...


class _Here:
    """In this process."""

    def ask(self, question: Question[T]) -> T:
        return question.answer()


HERE: Reader = _Here()
_readers: list[Reader] = [HERE, HERE]  # of what strangers just sent, and of what is kept


def use(reader: Reader, stored: Reader | None = None) -> None:
    """From now on this one reads for this process; `stored`: another for pictures that are kept already.

    Those were read in whole before they were kept, so that a picture made to hold its reader up holds up nobody's page.
    """
    _readers[:] = [reader, stored or reader]


def check(wish: Wish) -> int:
    """How many pixels a wish's result will have. Raises RefusedError."""
    try:
        return _readers[0].ask(questions.Check(wish))
    except PictureError as error:
        raise RefusedError(str(error), error.code, **error.values) from error


def decode(data: bytes, name: str, *, stored: bool = False) -> Rgb:
    """(H, W, 3) uint8 of a stranger's picture. Raises PictureError naming `name`."""
    return _readers[stored].ask(questions.Decode(data, name))


def measure(data: bytes, name: str, *, stored: bool = False) -> tuple[int, int]:
    """(width, height) in px of a stranger's picture, from its header alone. Raises PictureError naming `name`."""
    return _readers[stored].ask(questions.Measure(data, name))


def map_size(data: bytes, name: str) -> tuple[int, int]:
    """(width, height) in px of a map, which may be a stack of masks or an array. Raises PictureError naming `name`."""
    return _readers[0].ask(questions.MapSize(data, name))


def names(data: bytes) -> dict[str, str]:
    """What a stranger's map calls its labels, by colour `#rrggbb`; empty where it does not say, or can't be read."""
    try:
        return _readers[0].ask(questions.Names(data))
    except PictureError:
        return {}


def named(data: bytes, name: str, *, stored: bool = False) -> NamedLabels:
    """The labels of a map of flat colours. Raises PictureError naming `name`."""
    return _readers[stored].ask(questions.Named(data, name))


def understand(
    style: bytes | None,
    style_map: bytes,
    doodle: bytes,
    label_names: Mapping[str, str] | None = None,
    show: Show = "report",
) -> Seen:
    """What is understood of a style map and a doodle. Raises PictureError only where no reader could tell.

    style        the painting, for its shape; None leaves that out
    label_names  names by colour `#rrggbb`, as a style gives them; they go before those in the map's own file
    show         a picture of it: none, a sheet where there are doubts, a sheet in any case, the style map
    """
    return _readers[0].ask(questions.Understand(style, style_map, doodle, label_names or {}, show))


def thumb(data: bytes, width: int, kind: Format) -> bytes:
    """A stored picture at most `width` px wide, as a file of that kind. Raises PictureError."""
    return _readers[1].ask(questions.Thumb(data, "The picture", width, kind))


def shrunk(data: bytes, limit: int, endings: Sequence[str]) -> Smaller | None:
    """A stored painting in at most `limit` bytes, as WebP or JPEG, with its recipe; None where nothing fits.

    Raises PictureError.
    """
    return _readers[1].ask(questions.Shrink(data, "The picture", limit, tuple(endings)))


def fewer(data: bytes, pixels: int) -> bytes:
    """PNG of a stored picture in at most `pixels`. Raises PictureError."""
    return _readers[1].ask(questions.Fewer(data, "The picture", pixels))


def glance(style: bytes, style_map: bytes, doodle: bytes) -> bytes:
    """WebP of a doodle in the colours of a stored style. Raises PictureError where the maps don't fit."""
    return _readers[1].ask(questions.Glance(style, style_map, doodle))


def tells(data: bytes) -> Told:
    """Whether a stored file says more than its pixels and our own words. Raises PictureError where nobody knows."""
    return _readers[1].ask(questions.Tells(data, "The picture"))


def recipe_of(data: bytes) -> dict[str, Any] | None:
    """The recipe inside a stored painting; None where there is none. Raises PictureError."""
    return _readers[1].ask(questions.RecipeOf(data, "The painting"))


def question_to(question: Question[Any]) -> Message:
    """As it crosses the pipe."""
    header, parts = question.asked()
    return {**header, "ask": question.kind}, parts


def question_from(message: Message) -> Question[Any]:
    """And back."""
    return next(one for one in questions.ALL if one.kind == message[0]["ask"]).heard(message)


def refusal_to(error: PictureError | RefusedError) -> Message:
    """As it crosses the pipe."""
    return {"refused": str(error), "code": error.code, "values": error.values}, []


def refusal_from(header: Header) -> PictureError:
    """And back. Raises nearly anything for what is no refusal."""
    values = header["values"]
    if not isinstance(values, dict) or OWN & values.keys() or header["code"] == BUSY:
        raise ValueError("no refusal")
    return PictureError(str(header["refused"])[:2000], str(header["code"]), **values)


def send(connection: Connection, header: Header, parts: list[bytes]) -> None:
    """One message. Raises OSError when the other side is gone."""
    connection.send_bytes(json.dumps({**header, "parts": len(parts)}, default=str).encode())
    for part in parts:
        connection.send_bytes(part)


def receive(connection: Connection) -> Message:
    """One message. Raises EOFError or OSError when the other side is gone, ValueError for what is no message."""
    header = json.loads(connection.recv_bytes(MOST_HEADER))
    if not isinstance(header, dict) or not 0 <= int(header.get("parts", 0)) <= MOST_PARTS:
        raise ValueError("no message")
    return header, [connection.recv_bytes(MOST_MESSAGE) for _ in range(int(header.get("parts", 0)))]


def refusal(name: str, what: str) -> PictureError:
    """For a picture that broke its reader."""
    text = f"{name} can't be read ({what}): save it again as PNG"
    return PictureError(text, "picture_damaged", name=name)


def busy(name: str) -> PictureError:
    """For a picture that nobody is free to read."""
    return PictureError(f"{name} can't be read just now: try again in a moment", "readers_busy", name=name)
