"""Smaller copies of a picture: read, scaled and written by a reader; whoever asked passes them on."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from PIL import Image

from bot.desk.questions.question import Message, OnePicture, encoded
from worker.contract.pictures import MAX_BYTES, decode, opened, read_recipe, reading

Format = Literal["webp", "avif", "jpeg"]
MOST_THUMB = 32 * 2**20  # bytes; a very long one of noise has half

QUALITIES = (92, 85, 75, 60)
SCALES = (1.0, 0.75, 0.5, 0.35, 0.25)
IMAGE_DESCRIPTION = 0x010E  # EXIF
MOST_EXIF = 60_000  # characters; JPEG has room for 65,533 bytes
KINDS = {".webp": "webp", ".jpg": "jpeg"}


@dataclass(frozen=True)
class Thumb(OnePicture[bytes]):
    """The picture at most `width` px wide."""

    kind = "thumb"
    width: int = 160
    format: Format = "webp"

    def asked(self) -> Message:
        """See Question."""
        return {"name": self.name, "width": self.width, "format": self.format}, [self.data]

    @classmethod
    def heard(cls, message: Message) -> Self:
        """See Question."""
        header, parts = message
        return cls(parts[0], header["name"], header["width"], header["format"])

    def answer(self) -> bytes:
        """See Question."""
        image = Image.fromarray(decode(self.data, self.name))
        if image.width > self.width:
            flat = image.getcolors(64) is not None
            height = max(1, round(image.height * self.width / image.width))
            image = image.resize((self.width, height), Image.Resampling.BOX if flat else Image.Resampling.LANCZOS)
        out = io.BytesIO()
        with reading(self.name):  # a format may not take so long a one
            if self.format == "avif":
                image.save(out, "AVIF", quality=60, speed=8, max_threads=1)  # a reader may start no thread
            elif self.format == "webp":
                image.save(out, "WEBP", quality=80, method=4)
            else:
                image.save(out, "JPEG", quality=85, optimize=True)
        return out.getvalue()

    def told(self, answer: bytes) -> Message:
        """See Question."""
        return {}, [answer]

    def believed(self, message: Message) -> bytes:
        """See Question."""
        _, parts = message
        return encoded(parts[0], self.format, MOST_THUMB)

    @classmethod
    def samples(cls, data: bytes) -> list[Self]:
        """See Question."""
        kinds: tuple[Format, ...] = ("webp", "avif", "jpeg")
        return [cls(data, width=width, format=kind) for kind in kinds for width in (48, 160)]


@dataclass(frozen=True, slots=True)
class Smaller:
    """The same picture in fewer bytes."""

    data: bytes
    ending: str  # of a file's name


@dataclass(frozen=True)
class Shrink(OnePicture[Smaller | None]):
    """A painting in at most `limit` bytes, with its recipe: first other encodings, then fewer pixels."""

    kind = "shrink"
    limit: int = 0
    endings: Sequence[str] = tuple(KINDS)

    def asked(self) -> Message:
        """See Question."""
        return {"name": self.name, "limit": self.limit, "endings": list(self.endings)}, [self.data]

    @classmethod
    def heard(cls, message: Message) -> Self:
        """See Question."""
        header, parts = message
        return cls(parts[0], header["name"], header["limit"], header["endings"])

    def answer(self) -> Smaller | None:
        """See Question."""
        exif = _exif_of(read_recipe(self.data))
        with opened(self.data, self.name) as image:
            picture = image.convert("RGB")
        for scale in SCALES:
            size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
            smaller = picture if scale == 1.0 else picture.resize(size, Image.Resampling.LANCZOS)
            for ending in self.endings:
                for quality in QUALITIES:
                    data = _written(smaller, KINDS[ending].upper(), quality, exif)
                    if data is not None and len(data) <= self.limit:
                        return Smaller(data, ending)
        return None

    def told(self, answer: Smaller | None) -> Message:
        """See Question."""
        return ({"ending": None}, []) if answer is None else ({"ending": answer.ending}, [answer.data])

    def believed(self, message: Message) -> Smaller | None:
        """See Question."""
        header, parts = message
        ending = header["ending"]
        if ending is None:
            return None
        if ending not in self.endings:
            raise ValueError("another kind than was asked for")
        return Smaller(encoded(parts[0], KINDS[ending], self.limit), ending)

    @classmethod
    def samples(cls, data: bytes) -> list[Self]:
        """See Question."""
        return [cls(data, limit=1), cls(data, limit=MAX_BYTES)]


def _exif_of(recipe: dict[str, Any] | None) -> bytes:
    """With the recipe in it, where it has room there."""
    exif, text = Image.Exif(), json.dumps(recipe, sort_keys=True)
    if recipe is not None and len(text) <= MOST_EXIF:
        exif[IMAGE_DESCRIPTION] = text
    return exif.tobytes()


def _written(image: Image.Image, kind: str, quality: int, exif: bytes) -> bytes | None:
    """The file; None where the format does not take so large a picture."""
    out = io.BytesIO()
    try:
        image.save(out, kind, quality=quality, exif=exif)
    except (OSError, ValueError):
        return None
    return out.getvalue()


@dataclass(frozen=True)
class Fewer(OnePicture[bytes]):
    """PNG of the picture in at most `pixels`."""

    kind = "fewer"
    pixels: int = 1 << 20

    def asked(self) -> Message:
        """See Question."""
        return {"name": self.name, "pixels": self.pixels}, [self.data]

    @classmethod
    def heard(cls, message: Message) -> Self:
        """See Question."""
        header, parts = message
        return cls(parts[0], header["name"], header["pixels"])

    def answer(self) -> bytes:
        """See Question."""
        with opened(self.data, self.name) as image:
            scale = min(1.0, (self.pixels / (image.width * image.height)) ** 0.5)
            size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
            smaller = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        out = io.BytesIO()
        smaller.save(out, "PNG")
        return out.getvalue()

    def told(self, answer: bytes) -> Message:
        """See Question."""
        return {}, [answer]

    def believed(self, message: Message) -> bytes:
        """See Question."""
        _, parts = message
        return encoded(parts[0], "png", 4 * self.pixels + 2**20)

    @classmethod
    def samples(cls, data: bytes) -> list[Self]:
        """See Question."""
        return [cls(data, pixels=1500)]
