"""Reading what strangers send: here, or in a process that can do no harm, as the one who starts this process chose.

What crosses the pipe is JSON and bytes, and the answer is checked like any stranger's: a decoder that was broken into
may say anything.
"""

import json
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Literal, Protocol

import numpy as np

from bot.desk import intake
from bot.desk.request import Request, SuggestRequest, Wish
from worker.contract import PaintOptions, PictureError, SuggestOptions
from worker.contract.maps.named import checked_names, read_names
from worker.contract.options import MapOptions
from worker.contract.pictures import MAX_BYTES, MAX_PIXELS, MIN_SIDE, Rgb, picture_size
from worker.contract.pictures import decode as decode_here

MOST_MESSAGE = max(MAX_BYTES, 3 * MAX_PIXELS) + 4096  # bytes of one part
MOST_PARTS = 8
MOST_SIZE = 2**31  # px of a result; the database counts so far
OWN = {"self", "message", "code"}  # what an error's values can't be called
Ask = Literal["decode", "measure", "names"]  # what may be asked about one picture


class Reader(Protocol):
    """Who reads."""

    def check(self, wish: Wish) -> int:
        """As bot.desk.intake.check."""
        ...

    def decode(self, data: bytes, name: str) -> Rgb:
        """As worker.contract.pictures.decode."""
        ...

    def measure(self, data: bytes, name: str) -> tuple[int, int]:
        """As worker.contract.pictures.picture_size."""
        ...

    def names(self, data: bytes) -> dict[str, str]:
        """As worker.contract.maps.named.read_names."""
        ...


class _Here:
    """In this process."""

    def check(self, wish: Wish) -> int:
        return intake.check(wish)

    def decode(self, data: bytes, name: str) -> Rgb:
        return decode_here(data, name)

    def measure(self, data: bytes, name: str) -> tuple[int, int]:
        return picture_size(data, name)

    def names(self, data: bytes) -> dict[str, str]:
        return read_names(data)


HERE: Reader = _Here()
_readers: list[Reader] = [HERE]


def use(reader: Reader) -> None:
    """From now on this one reads for this process."""
    _readers[:] = [reader]


def check(wish: Wish) -> int:
    """How many pixels a wish's result will have. Raises RefusedError."""
    return _readers[0].check(wish)


def decode(data: bytes, name: str) -> Rgb:
    """(H, W, 3) uint8 of a stranger's picture. Raises PictureError naming `name`."""
    return _readers[0].decode(data, name)


def measure(data: bytes, name: str) -> tuple[int, int]:
    """(width, height) in px of a stranger's picture, from its header alone. Raises PictureError naming `name`."""
    return _readers[0].measure(data, name)


def names(data: bytes) -> dict[str, str]:
    """What a stranger's map calls its labels, by colour `#rrggbb`; empty where it does not say."""
    return _readers[0].names(data)


@dataclass(frozen=True, slots=True)
class Question:
    """A wish to check, or else something about one picture."""

    wish: Wish | None = None
    data: bytes = field(default=b"", repr=False)
    name: str = "the picture"
    ask: Ask = "decode"

    @property
    def called(self) -> str:
        """What to call the picture in a message."""
        if self.wish is None:
            return self.name
        return self.wish.name if isinstance(self.wish, SuggestRequest) else "one of the pictures"

    @staticmethod
    def of_every_kind(data: bytes) -> "list[Question]":
        """All that may be asked about these bytes."""
        wishes: list[Wish] = [SuggestRequest(data)]
        for mode in ("labels", "colours", "embedding"):
            options = PaintOptions(maps=MapOptions(mode=mode))
            wishes.append(Request(data, data, data, data, options))
        asks: tuple[Ask, ...] = ("decode", "measure", "names")
        return [*(Question(data=data, ask=ask) for ask in asks), *(Question(wish=wish) for wish in wishes)]


@dataclass(frozen=True, slots=True)
class Answer:
    """One of them."""

    size: int | None = None
    pixels: Rgb | None = field(default=None, repr=False)
    sides: tuple[int, int] | None = None  # width, height
    names: dict[str, str] | None = None
    refused: tuple[str, str, dict[str, Any]] | None = None  # message, code and values of the error


def question_to(question: Question) -> tuple[dict[str, Any], list[bytes]]:
    """As it crosses the pipe."""
    wish = question.wish
    if wish is None:
        return {"ask": question.ask, "name": question.name}, [question.data]
    options = wish.options.model_dump(mode="json")
    if isinstance(wish, SuggestRequest):
        return {"ask": "suggest", "options": options, "name": wish.name}, [wish.picture]
    pictures = wish.pictures()
    said = {"options": options, "names": wish.names, "label_names": wish.label_names, "roles": list(pictures)}
    return {"ask": "paint", **said}, list(pictures.values())


def question_from(header: dict[str, Any], parts: list[bytes]) -> Question:
    """And back."""
    if header["ask"] in ("decode", "measure", "names"):
        return Question(data=parts[0], name=header["name"], ask=header["ask"])
    if header["ask"] == "suggest":
        options = SuggestOptions.model_validate(header["options"])
        return Question(SuggestRequest(picture=parts[0], options=options, name=header["name"]))
    pictures = dict(zip(header["roles"], parts, strict=True))
    options_of_it = PaintOptions.model_validate(header["options"])
    wish = Request(**pictures, options=options_of_it, names=header["names"], label_names=header["label_names"])
    return Question(wish)


def answer_to(answer: Answer) -> tuple[dict[str, Any], list[bytes]]:
    """As it crosses the pipe."""
    if answer.pixels is not None:
        return {"shape": answer.pixels.shape[:2]}, [answer.pixels.tobytes()]
    if answer.sides is not None:
        return {"sides": answer.sides}, []
    if answer.names is not None:
        return {"names": answer.names}, []
    if answer.refused is not None:
        message, code, values = answer.refused
        return {"refused": message, "code": code, "values": values}, []
    return {"size": answer.size}, []


def answer_from(header: dict[str, Any], parts: list[bytes]) -> Answer:
    """And back. Raises nearly anything for what is no answer."""
    if "refused" in header:
        values = header["values"]
        if not isinstance(values, dict) or OWN & values.keys():
            raise ValueError("no values")
        return Answer(refused=(str(header["refused"])[:2000], str(header["code"]), values))
    if "size" in header:
        size = int(header["size"])
        if not 0 < size < MOST_SIZE:
            raise ValueError("no size")
        return Answer(size=size)
    if "sides" in header:
        return Answer(sides=_sides(*header["sides"]))
    if "names" in header:
        if not isinstance(header["names"], dict):
            raise ValueError("no names")
        said = [{"name": name, "colour": colour} for colour, name in header["names"].items()]
        return Answer(names=checked_names(said))
    height, width = _sides(*header["shape"])
    pixels = np.frombuffer(parts[0], np.uint8)
    return Answer(pixels=pixels.reshape(height, width, 3))


def _sides(one: Any, other: Any) -> tuple[int, int]:
    found = int(one), int(other)
    if min(found) < MIN_SIDE or found[0] * found[1] > MAX_PIXELS:
        raise ValueError("no picture has these sides")
    return found


def send(connection: Connection, header: dict[str, Any], parts: list[bytes]) -> None:
    """One message. Raises OSError when the other side is gone."""
    connection.send_bytes(json.dumps({**header, "parts": len(parts)}, default=str).encode())
    for part in parts:
        connection.send_bytes(part)


def receive(connection: Connection) -> tuple[dict[str, Any], list[bytes]]:
    """One message. Raises EOFError or OSError when the other side is gone, ValueError for what is no message."""
    header = json.loads(connection.recv_bytes(MOST_MESSAGE))
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
