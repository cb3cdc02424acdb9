"""A doodle's colours in a style at once: an instant preview."""

import io
from dataclasses import dataclass, field
from typing import Self

from PIL import Image

from bot.desk.questions.question import Message, Question, encoded
from worker.contract import PaintOptions
from worker.contract.fitting import decode_fitting
from worker.contract.preview import paint_preview

MOST = 4 * 2**20  # bytes; a doodle is some hundreds of px wide


@dataclass(frozen=True)
class Glance(Question[bytes]):
    """WebP of the doodle in the style's colours."""

    kind = "glance"
    style: bytes = field(repr=False)
    style_map: bytes = field(repr=False)
    doodle: bytes = field(repr=False)

    @property
    def called(self) -> str:
        """See Question."""
        return "one of the pictures"

    def asked(self) -> Message:
        """See Question."""
        return {}, [self.style, self.style_map, self.doodle]

    @classmethod
    def heard(cls, message: Message) -> Self:
        """See Question."""
        _, parts = message
        return cls(*parts)

    def answer(self) -> bytes:
        """See Question."""
        pictures = {"style": self.style, "style_map": self.style_map, "doodle": self.doodle}
        options = PaintOptions()
        painted = paint_preview(decode_fitting(pictures, options), options)
        out = io.BytesIO()
        Image.fromarray(painted).save(out, "WEBP", quality=80, method=2)
        return out.getvalue()

    def told(self, answer: bytes) -> Message:
        """See Question."""
        return {}, [answer]

    def believed(self, message: Message) -> bytes:
        """See Question."""
        _, parts = message
        return encoded(parts[0], "webp", MOST)

    @classmethod
    def samples(cls, data: bytes) -> list[Self]:
        """See Question."""
        return [cls(data, data, data)]
