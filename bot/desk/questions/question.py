"""What all questions have in common, and how far an answer may be believed."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Self, TypeVar

import numpy as np

from worker.contract.pictures import MAX_PIXELS, MIN_SIDE, Rgb

T = TypeVar("T")
Header = dict[str, Any]
Message = tuple[Header, list[bytes]]  # what crosses the pipe: JSON, and bytes beside it

HEX = re.compile(r"#[0-9a-f]{6}")
HEADS = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF", "avif": b"\0\0\0"}
INSIDE = {"webp": (8, b"WEBP"), "avif": (4, b"ftypavif")}  # what stands where, beside the head


class Question(ABC, Generic[T]):
    """Something asked about pictures; T is what comes of it."""

    kind: ClassVar[str]

    @property
    @abstractmethod
    def called(self) -> str:
        """What to call the picture in a message."""

    @abstractmethod
    def asked(self) -> Message:
        """As it crosses the pipe."""

    @classmethod
    @abstractmethod
    def heard(cls, message: Message) -> Self:
        """And back."""

    @abstractmethod
    def answer(self) -> T:
        """What comes of it, read in this process. Raises PictureError, RefusedError."""

    @abstractmethod
    def told(self, answer: T) -> Message:
        """The answer as it crosses the pipe."""

    @abstractmethod
    def believed(self, message: Message) -> T:
        """And back: whoever broke into a reader may say anything. Raises nearly anything for what is no answer."""

    @classmethod
    @abstractmethod
    def samples(cls, data: bytes) -> list[Self]:
        """All that may be asked of this kind about these bytes, so that answering later needs nothing new."""


@dataclass(frozen=True)
class OnePicture(Question[T]):
    """About one picture."""

    data: bytes = field(repr=False)
    name: str = "the picture"

    @property
    def called(self) -> str:
        """See Question."""
        return self.name

    def asked(self) -> Message:
        """See Question."""
        return {"name": self.name}, [self.data]

    @classmethod
    def heard(cls, message: Message) -> Self:
        """See Question."""
        header, parts = message
        return cls(parts[0], header["name"])

    @classmethod
    def samples(cls, data: bytes) -> list[Self]:
        """See Question."""
        return [cls(data)]


def sides_of(one: Any, other: Any) -> tuple[int, int]:
    """Two sides of a picture that we take. Raises ValueError."""
    found = int(one), int(other)
    if min(found) < MIN_SIDE or found[0] * found[1] > MAX_PIXELS:
        raise ValueError("no picture has these sides")
    return found


def pixels_of(shape: Any, data: bytes) -> Rgb:
    """(H, W, 3) uint8 of that (height, width). Raises ValueError, TypeError."""
    height, width = sides_of(*shape)
    return np.frombuffer(data, np.uint8).reshape(height, width, 3)


def encoded(data: bytes, kind: str, most: int) -> bytes:
    """A file of that kind, by its first bytes, of at most `most`: passed on, and never read here. Raises ValueError."""
    place, inside = INSIDE.get(kind, (0, b""))
    if not data.startswith(HEADS[kind]) or data[place : place + len(inside)] != inside or len(data) > most:
        raise ValueError(f"no {kind}, or too large a one")
    return data


def share_of(value: Any) -> float:
    """A share, 0 to 1. Raises ValueError."""
    found = float(value)
    if not 0 <= found <= 1:  # no number is neither
        raise ValueError("no share")
    return found


def colour_of(value: Any) -> str:
    """`#rrggbb`. Raises ValueError."""
    if not isinstance(value, str) or not HEX.fullmatch(value):
        raise ValueError("no colour")
    return value


def text_of(value: Any, most: int) -> str:
    """A text of at most `most` characters. Raises ValueError."""
    if not isinstance(value, str) or len(value) > most:
        raise ValueError("no text, or too long a one")
    return value
